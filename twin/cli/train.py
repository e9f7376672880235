"""`swaptwin train`: a class in the browser, and who is in it."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.console import DONE, NOT_COMPLETED, app, check_place, err, existing, out, stoppable, told
from twin.cli.sending import LrsOption, sending
from twin.errors import InputError
from twin.worker import require_simulation

if TYPE_CHECKING:
    from twin.teaching.lrs import NotSentError, RecordStore

train_app = typer.Typer(help="Serve a class of trainees, and keep its roster.", invoke_without_command=True)
app.add_typer(train_app, name="train")

SessionsOption = Annotated[
    Path, typer.Option(metavar="FOLDER", help="Where the sessions are, in a folder for each staff number.")
]
RosterOption = Annotated[Path | None, typer.Option("--roster", metavar="ROSTER.yaml", help="Who is in the class.")]


@train_app.callback()
def train(
    context: typer.Context,
    roster: RosterOption = None,
    lesson: Annotated[
        list[str] | None,
        typer.Option(metavar="LESSON", help="What is taught: names or files; all shipped if left out."),
    ] = None,
    sessions: SessionsOption = Path("sessions"),
    at_once: Annotated[int, typer.Option(min=1, max=64, help="Sessions that run at once.")] = 8,
    lan: Annotated[
        bool, typer.Option("--lan", help="Listen to the local network, with a certificate of its own.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: the usual one, or a free one.")] = 0,
    lrs: LrsOption = None,
) -> None:
    """Serve a class: each trainee signs in and drives a simulation of his own; the instructor sees all of them."""
    if context.invoked_subcommand is not None:
        return
    from twin.classroom import Classroom, load_roster
    from twin.lesson import find_lesson, load_lesson
    from twin.viewing import free_port, serve_class

    stoppable()
    with told():
        if roster is None:
            hint = "`swaptwin train enrol ROSTER.yaml NUMBER NAME` makes one"
            raise InputError(key="--roster", expected="a class's file", got="none", hint=hint)
        people = load_roster(roster)
        loaded = [load_lesson(find_lesson(name)) for name in lesson or ()]
        require_simulation()
        lessons = {one.name: one for one in loaded} or None
        host = "0.0.0.0" if lan else "127.0.0.1"
        with (
            sending(lrs, sessions.rglob("*")) as outbox,
            Classroom(people, sessions, lessons=lessons, at_once=at_once, outbox=outbox) as room,
        ):
            serve_class(room, host=host, port=port or free_port(host), announce=_announce)


def _announce(address: str, picture: str) -> None:
    out.print(picture, markup=False, end="")
    out.print(f"The class is at {address}", markup=False)
    out.print("Press Ctrl-C to end; every session is closed then.")
    sys.stdout.flush()


@train_app.command()
def enrol(
    roster: Annotated[Path, typer.Argument(metavar="ROSTER.yaml", help="The class's file; made where there is none.")],
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Staff number.")],
    name: Annotated[str, typer.Argument(metavar="NAME")],
    instructor: Annotated[bool, typer.Option("--instructor", help="An instructor; a trainee otherwise.")] = False,
    card: Annotated[
        Path | None, typer.Option(metavar="CARD.html", help="A card to print, with code and address as a QR code.")
    ] = None,
    address: Annotated[
        str | None, typer.Option(metavar="URL", help="The class's address for the card, as `swaptwin train` prints it.")
    ] = None,
) -> None:
    """Put a person into a class and print the code to sign in with, this once; who is in it gets a new one."""
    from twin.classroom import enrol as put
    from twin.classroom import load_roster
    from twin.classroom.card import check_address, write_card
    from twin.classroom.qr import check_qr
    from twin.lesson import Person

    with told():
        # A card that cannot be made costs nobody his code.
        if card is not None or address is not None:
            address = check_address(address or "")
            check_place("--card", card)
            check_qr()
        code = put(roster, number, name, "instructor" if instructor else "trainee")
        out.print(f"{number} {name}: {code}", markup=False)
        if card is not None and address is not None:
            write_card(card, load_roster(roster).name, Person(number=number, name=name), code, address)
            out.print(f"written: {card}; it has the code: print it, then delete it", markup=False)


@train_app.command()
def report(
    roster: Annotated[Path, typer.Argument(metavar="ROSTER.yaml", help="The class's file.")],
    out_folder: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where it goes; it is made.")],
    sessions: SessionsOption = Path("sessions"),
    valid_months: Annotated[int, typer.Option(min=1, max=120, help="How long an exam is valid.")] = 12,
    key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The class's key: an exam counts only where its signature holds."),
    ] = None,
) -> None:
    """Write a spreadsheet of the class, and a page to print of each trainee: competencies, exams, all sessions."""
    from twin.classroom import load_roster
    from twin.classroom.report import check_spreadsheet, read_class, write_page, write_spreadsheet
    from twin.lesson import lesson_paths, load_lesson
    from twin.lesson.signature import read_key

    with told():
        people = load_roster(roster)
        check_spreadsheet()
        if not sessions.is_dir():
            raise InputError(key="--sessions", expected="a folder of sessions", got="none there", file=sessions)
        secret = read_key(key) if key is not None else None
        lessons = {name: load_lesson(path) for name, path in lesson_paths().items()}
        made = datetime.datetime.now().astimezone()
        found = read_class(people, sessions, lessons, made=made, valid_months=valid_months, key=secret)
        pages = {out_folder / f"{one.person.number}.html": one for one in found.people}
        try:
            out_folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            expected = "a folder that can be made"
            raise InputError(key="--out", expected=expected, got=error.strerror, file=out_folder) from None
        write_spreadsheet(found, out_folder / "class.xlsx")
        for path, one in pages.items():
            write_page(found, one, path)
    for path, one in pages.items():
        day = made.date()
        told_of = f"{one.valid(day)} of {len(one.competencies)} competencies valid, {len(one.sessions)} sessions"
        out.print(f"{one.person.number} {one.person.name}: {told_of}: {path}", markup=False)
        for entry in one.sessions:
            if entry.scored is None:
                err.print(f"  {entry.file}: {entry.against[0].en}", markup=False)
    out.print(f"written: {out_folder / 'class.xlsx'}", markup=False)
    for number in found.strangers:
        err.print(f"left out: sessions of {number}, who is not in the roster", markup=False)


@train_app.command()
def send(
    lrs: Annotated[str, typer.Option("--lrs", metavar="URL", help="Address of the store's xAPI.")],
    session: Annotated[
        list[Path] | None,
        typer.Argument(metavar="SESSION.mcap", help="Which sessions; those that wait to be sent if left out."),
    ] = None,
    sessions: SessionsOption = Path("sessions"),
) -> None:
    """Send learning records to a learning record store. Sent twice, they are stored once.

    Exits with 1 when the store did not take all."""
    from twin.teaching.lrs import RecordStore, waiting

    failed = False
    with told():
        store = RecordStore.of(lrs)
        for path in map(existing, session) if session else waiting(sessions.rglob("*")):
            error = _send(path, store)
            failed = failed or error is not None
            if error is not None and error.later:
                break
    raise typer.Exit(NOT_COMPLETED if failed else DONE)


def _send(path: Path, store: RecordStore) -> NotSentError | None:
    from twin.teaching.lrs import NotSentError, send_session

    try:
        out.print(f"{path}: sent, {send_session(path, store)}", markup=False)
    except NotSentError as error:
        err.print(f"{path}: {error}", markup=False)
        return error
    return None
