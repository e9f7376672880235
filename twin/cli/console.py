"""What every command shares: the app, where it prints, its options, and how errors are told."""

from __future__ import annotations

import contextlib
import datetime
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from twin.errors import InputError, SwapTwinError

DONE, NOT_COMPLETED, BAD_INPUT = 0, 1, 2

app = typer.Typer(
    name="swaptwin",
    help="Digital twin of a heavy-truck battery swap station.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a key of the scenario: truck.parking.offset_y_mm=35."),
]
SettingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="A setting of the controller: controller.shuttle.lift.fast_m_s=0.06."
    ),
]
SeedOption = Annotated[int | None, typer.Option(help="Seed instead of the scenario's.")]
ControllerOption = Annotated[
    str | None,
    typer.Option(metavar="SPEC", help="Controller instead of the station's own: MODULE:CLASS, process:COMMAND."),
]
MapOption = Annotated[
    Path | None, typer.Option("--map", metavar="MAP.yaml", help="What the tags are; a shipped map if left out.")
]


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Errors that a user can act on are told in one line."""
    try:
        yield
    except SwapTwinError as error:
        err.print(f"swaptwin: {error}", markup=False)
        raise typer.Exit(BAD_INPUT) from None


def stoppable() -> None:
    """Let Ctrl-C end a server, also where a shell started it in the background and left interrupts ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def existing(path: Path) -> Path:
    """The path of a record that is there."""
    if not path.is_file():
        raise InputError(key="log", expected="a record", got="no such file", file=path)
    return path


def check_place(option: str, path: Path | None) -> None:
    """A file that is to be written can be written.

    Raises:
        InputError: it is a folder, or its folder is not there.
    """
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise InputError(key=option, expected="a file in a folder that exists", got=str(path))


def fresh_record(name: str) -> Path:
    """Where a record goes that nobody gave a place: ``runs/<name>-<date>-<time>.mcap``."""
    stamp = datetime.datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    path = Path("runs", f"{name}-{stamp}.mcap")
    path.parent.mkdir(exist_ok=True)
    return path


_TIME = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d+)?)\s*s?")


def seconds(option: str, text: str) -> float:
    """A time since a log's start as a person types it: ``83.2s``, ``83.2``, ``1:23.2`` or ``0:01:23.2``.

    Raises:
        InputError: it is no time.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None or (match[2] and float(match[3]) >= 60) or (match[1] and int(match[2]) >= 60):
        raise InputError(key=option, expected="a time since the log's start, as 83.2s or 1:23.2", got=repr(text))
    return int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + float(match[3])
