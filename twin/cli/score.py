"""`swaptwin score`: what a session is worth, point by point, and whether it is what it says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from twin.cli.console import DONE, NOT_COMPLETED, app, check_place, err, existing, out, told
from twin.files import write_json

if TYPE_CHECKING:
    from twin.lesson import Scored
    from twin.record import Record


@app.command()
def score(
    session: Annotated[Path, typer.Argument(metavar="SESSION.mcap", help="The record of a session.")],
    json_out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="All of it as JSON.")] = None,
    xapi: Annotated[bool, typer.Option(help="Write xAPI statements beside it: NAME.xapi.json.")] = False,
    verify: Annotated[bool, typer.Option(help="Run it again from scenario, seed and requests, and compare.")] = False,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="The class's key: the signature must hold.")] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language of the reasons.")] = "en",
) -> None:
    """Score a session from its record alone, each point with its instant and reason.

    Exits with 1 when it was not passed, or is not what it says."""
    from twin.lesson import score_session
    from twin.record import Record

    with told():
        check_place("--json", json_out)
        record = Record.open(existing(session))
        scored = score_session(record)
        if json_out is not None:
            write_json(json_out, scored.score.model_dump(mode="json"))
        _print(record, scored, lang)
        if xapi:
            _write_xapi(session, record, scored)
        as_it_says = _signed(session, key) if key is not None else True
        if verify:
            as_it_says = _verified(record) and as_it_says
    raise typer.Exit(DONE if scored.score.passed and as_it_says else NOT_COMPLETED)


def _print(record: Record, scored: Scored, lang: Literal["en", "zh"]) -> None:
    from twin import __version__

    found, session = scored.score, scored.session
    table = Table("at s", "what", "points", "of", "reason", box=SIMPLE_HEAD, pad_edge=False)
    for item in found.items:
        at = "" if item.t_ns is None else f"{item.t_ns / 1e9:.2f}"
        points = f"× {item.leaves_percent} %" if item.leaves_percent is not None else item.points
        of = item.of if item.of != "0.00" else ""
        table.add_row(at, f"{item.name}: {getattr(item.text, lang)}", points, of, getattr(item.reason, lang))
    who = " ".join(filter(None, [session.trainee.number, session.trainee.name])) or session.script or "nobody named"
    out.print(f"{session.lesson}, {session.mode}, attempt {session.attempt}, {who}", markup=False)
    out.print(table)
    verdict = "passed" if found.passed else "not passed"
    out.print(f"{found.quality} × {found.factor} = {found.total}, pass mark {found.pass_mark}: {verdict}", markup=False)
    made = record.metadata.get("version", "unknown")
    if made != __version__:
        err.print(f"made with swaptwin {made}, scored by {__version__}: rules may have changed", markup=False)


def _write_xapi(session: Path, record: Record, scored: Scored) -> None:
    from twin.lesson.xapi import statements

    path = session.with_suffix(".xapi.json")
    write_json(path, statements(record, scored))
    out.print(f"written: {path}", markup=False)


def _signed(session: Path, key: Path) -> bool:
    from twin.lesson.signature import is_signed, read_key

    holds, word = is_signed(session, read_key(key))
    out.print(f"signature: {'holds, ' if holds else ''}{word}", markup=False)
    return holds


def _verified(record: Record) -> bool:
    from twin.training import verify
    from twin.worker import require_simulation

    require_simulation()
    found = verify(record)
    for line in found.wrong:
        out.print(f"not what it says: {line}", markup=False)
    for line in found.versions:
        out.print(f"made with {line}", markup=False)
    if not found.own:
        out.print("its lesson is not the one that is installed here under this name", markup=False)
    if found.holds:
        out.print("run again, it is the same bit for bit", markup=False)
    return found.holds
