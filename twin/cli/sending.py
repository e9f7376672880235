"""Sending learning records while a command runs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.console import err

if TYPE_CHECKING:
    from twin.teaching import Outbox

LrsOption = Annotated[
    str | None,
    typer.Option(
        "--lrs", metavar="URL",
        help="Send what was learnt to a learning record store's xAPI; SWAPTWIN_LRS_KEY and SWAPTWIN_LRS_SECRET let in.",
    ),
]  # fmt: skip


@contextlib.contextmanager
def sending(lrs: str | None, files: Iterable[Path]) -> Iterator[Outbox | None]:
    """Where learning records go while a command runs; None without a store.

    Args:
        files: beside sessions, of which those that wait from before are sent.

    Raises:
        InputError: as of :meth:`twin.teaching.lrs.RecordStore.of`.
    """
    from twin.teaching.lrs import Outbox, RecordStore, waiting

    if lrs is None:
        yield None
        return
    outbox = Outbox(RecordStore.of(lrs), waiting(files), lambda line: err.print(line, markup=False))
    try:
        yield outbox
    finally:
        outbox.close()
