"""The ``swaptwin`` command: the one place for prints, exit codes and wall time. A module per group of commands.

Exit codes: 0 done, 1 the swap did not complete, 2 bad input; `validate`: 1 objection, 3 not enough evidence.
"""

from __future__ import annotations

from typing import Annotated

import typer

from twin import __version__
from twin.cli import (
    branch,
    compare,
    controller,
    export,
    faults,
    importing,
    incident,
    lesson,
    note,
    phases,
    record,
    run,
    score,
    search,
    train,
    validate,
    view,
    why,
)
from twin.cli.console import DONE, app, out

__all__ = [
    "branch",
    "compare",
    "controller",
    "export",
    "faults",
    "importing",
    "incident",
    "lesson",
    "main",
    "note",
    "phases",
    "record",
    "run",
    "score",
    "search",
    "train",
    "validate",
    "view",
    "why",
]


def _print_version(asked: bool) -> None:
    if asked:
        out.print(f"swaptwin {__version__}")
        raise typer.Exit(DONE)


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Say the version and leave.")
    ] = False,
) -> None:
    """Digital twin of a heavy-truck battery swap station."""


def main() -> None:
    """Entry point of the ``swaptwin`` command."""
    app()
