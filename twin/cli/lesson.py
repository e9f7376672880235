"""`swaptwin lesson`: what is taught, whether a lesson can be passed and failed, playing it, and what came of it."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Column, Table

from twin.cli.console import (
    DONE,
    NOT_COMPLETED,
    MapOption,
    SeedOption,
    app,
    check_place,
    err,
    existing,
    fresh_record,
    out,
    seconds,
    stoppable,
    told,
)
from twin.cli.importing import as_record
from twin.cli.sending import LrsOption, sending
from twin.cli.view import announce
from twin.errors import InputError
from twin.files import write_json

if TYPE_CHECKING:
    from twin.lesson import Lesson
    from twin.training import Cut, Played


lesson_app = typer.Typer(help="Lessons: what they teach, whether each can be passed and failed, playing them.")
app.add_typer(lesson_app, name="lesson")


@lesson_app.command(name="list")
def list_lessons(
    json_out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="All of it as JSON.")] = None,
) -> None:
    """Print which lesson teaches which procedure and trains which competencies."""
    from twin.lesson import competencies, lesson_paths, load_lesson

    with told():
        check_place("--json", json_out)
        lessons = [load_lesson(path) for path in lesson_paths().values()]
        known = competencies()
        if json_out is not None:
            write_json(json_out, [_as_data(lesson) for lesson in lessons])
    numbers = {name: str(number) for number, name in enumerate(known, 1)}
    # Names are typed: they stand whole, also in a narrow window.
    widest = max(len(lesson.name) for lesson in lessons)
    columns = Column("lesson", min_width=widest), Column("procedure", overflow="fold")
    table = Table(*columns, box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for number in numbers.values():
        table.add_column(number, justify="center")
    for lesson in lessons:
        marks = ["●" if name in lesson.competencies else "" for name in numbers]
        table.add_row(f"{lesson.name}\n{lesson.text.en}  {lesson.text.zh}", lesson.procedure, *marks)
    out.print(table)
    for name, number in numbers.items():
        text = known[name]
        out.print(f"{number:>3}  {name}: {text.en}  {text.zh}", markup=False)


def _as_data(lesson: Lesson) -> dict[str, object]:
    return {
        "name": lesson.name, "text": lesson.text.model_dump(), "goal": lesson.goal.model_dump(),
        "procedure": lesson.procedure, "competencies": lesson.competencies, "time_limit_s": lesson.time_limit_s,
        "steps": list(lesson.steps), "pass_mark": lesson.scoring.pass_mark,
    }  # fmt: skip


@lesson_app.command()
def check(
    lesson: Annotated[str, typer.Argument(metavar="LESSON", help="Name of a shipped lesson, or a file.")],
    keep: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where the sessions that are played go.")] = None,
) -> None:
    """Read a lesson, then play it: its oracle must pass; nobody, and each script that must fail, must not.

    Exits with 1 when the lesson cannot be passed or cannot be failed."""
    from twin.lesson import find_lesson, load_lesson
    from twin.training import Checked, check_lesson, check_signals
    from twin.worker import require_simulation

    with told():
        file = find_lesson(lesson)
        loaded = load_lesson(file)
        check_signals(loaded, file)
        require_simulation()
        if keep is not None and not keep.is_dir():
            raise InputError(key="--keep", expected="a folder that exists", got=str(keep))
        with tempfile.TemporaryDirectory(prefix="swaptwin-") as folder:
            played = []
            for one in check_lesson(loaded, keep or Path(folder)):
                played.append(one)
                _print_played(one)
    checked = Checked(loaded, played)
    for draw in checked.draws:
        worth = ", ".join(f"{script} {total:.2f}" for script, total in draw.totals.items())
        done = "the oracle does not come to its end"
        if draw.done_s is not None and draw.spare_s is not None:
            done = f"done at {draw.done_s:.1f} s, {draw.spare_s:.1f} s to spare"
        out.print(f"  {draw.name}: {worth}; {done}", markup=False)
    wrong = checked.wrong
    for line in wrong:
        out.print(f"wrong: {line}", markup=False)
    if not wrong:
        out.print(f"{loaded.name}: can be passed and failed", markup=False)
    raise typer.Exit(NOT_COMPLETED if wrong else DONE)


def _print_played(one: Played) -> None:
    verdict = "passed" if one.score.passed else "not passed"
    undone = [name for name, step in one.scored.progress.steps.items() if step.done_ns is None]
    broken = [name for name, found in one.scored.progress.broken.items() if found]
    more = "".join(
        f"; {word}: {', '.join(names)}" for word, names in (("not done", undone), ("broken", broken)) if names
    )
    out.print(f"  {one.title:<24} {one.score.total:>6}  {verdict}{more}", markup=False)


@lesson_app.command(name="play")
def play_lesson(
    lesson: Annotated[
        str, typer.Argument(metavar="LESSON", help="A shipped lesson, a file, or a session that was broken off.")
    ],
    mode: Annotated[
        Literal["guided", "practice", "exam"],
        typer.Option(help="guided shows the next step, practice gives hints when asked, exam neither."),
    ] = "guided",
    out_path: Annotated[
        Path | None, typer.Option("--out", metavar="SESSION.mcap", help="The session; further attempts lie beside it.")
    ] = None,
    number: Annotated[str, typer.Option(help="The trainee's staff number.")] = "",
    name: Annotated[str, typer.Option(help="The trainee's name.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: the usual one, or a free one.")] = 0,
    seed: SeedOption = None,
    lrs: LrsOption = None,
) -> None:
    """Take a lesson in the browser: operate the station, back up, read the score. It waits until it is begun there.

    A session that was broken off, given instead of a lesson, is gone on with where it was."""
    from twin.lesson import Person, find_lesson, load_lesson
    from twin.teaching import Teacher
    from twin.training import check_signals
    from twin.viewing import free_port, teaching_of
    from twin.worker import require_simulation
    from web import serve

    stoppable()
    with told(), contextlib.ExitStack() as stack:
        require_simulation()
        if lesson.endswith(".mcap"):
            place = existing(Path(lesson))
            given = {"--out": out_path, "--number": number, "--name": name, "--seed": seed}
            if beside := [option for option, value in given.items() if value not in (None, "")]:
                expected = "none of it beside a session, which has its own"
                raise InputError(key=beside[0], expected=expected, got=given[beside[0]])
            outbox = stack.enter_context(sending(lrs, place.parent.glob("*")))
            teacher = Teacher.taking_up(place, outbox=outbox)
        else:
            file = find_lesson(lesson)
            loaded = load_lesson(file)
            check_signals(loaded, file)
            check_place("--out", out_path)
            if loaded.situation.draw and seed is None:
                seed = secrets.randbelow(2**32)  # what goes wrong is not known beforehand
            place, trainee = out_path or fresh_record(loaded.name), Person(number=number, name=name)
            outbox = stack.enter_context(sending(lrs, place.parent.glob("*")))
            teacher = Teacher.beginning(loaded, mode, place, trainee=trainee, seed=seed, outbox=outbox)

        def begin(address: str) -> None:
            teacher.start()
            announce(address)

        try:
            host = "127.0.0.1"
            serve([], teaching=teaching_of(teacher), port=port or free_port(host), announce=begin)
        finally:
            teacher.close()
    for attempt in teacher.attempts:
        if attempt.scored is not None:
            score = attempt.scored.score
            counts = ", counts" if attempt.session.counts else ""
            passed = "passed" if score.passed else "not passed"
            out.print(f"attempt {attempt.session.attempt}{counts}: {score.total}, {passed}", markup=False)
            out.print(f"  session       {attempt.record}", markup=False)
        elif attempt.wrong:
            err.print(f"attempt {attempt.session.attempt}: {attempt.wrong}", markup=False)


@lesson_app.command()
def cut(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A record, or another log.")],
    begin: Annotated[str, typer.Option("--from", metavar="83.2s", help="The lesson begins here.")],
    end: Annotated[str, typer.Option("--to", metavar="140s", help="The stretch ends here.")],
    fault: Annotated[
        str, typer.Option(metavar="NAME", help="What is wrong: a name of `swaptwin faults`, or all of it as YAML.")
    ],
    target: Annotated[str, typer.Option(help="Where, as of `swaptwin faults`.")] = "",
    name: Annotated[str, typer.Option(help="The lesson's name.")] = "",
    text: Annotated[str, typer.Option(help="Its title; the fault's without.")] = "",
    out_path: Annotated[
        Path | None, typer.Option("--out", metavar="LESSON.yaml", help="The file; NAME.yaml without.")
    ] = None,
    map_path: MapOption = None,
) -> None:
    """Make a lesson of a stretch of a log: it begins as the station stood then, with a fault that is there or comes.

    What can be derived is, by simulating it. Exits with 1 where something is left for its author to write."""
    from twin.worker import require_simulation

    with told():
        if out_path is None and not name:
            raise InputError(key="--name", expected="a name for the lesson, or --out", got="neither")
        path = out_path or Path(f"{name}.yaml")
        if name and path.stem != name:
            raise InputError(key="--name", expected=f"the name of the file, {path.stem}, or none", got=name)
        check_place("--out", path)
        require_simulation()
        from twin.training import cut, fault_of

        broken = fault_of(fault, target)
        record = as_record(log, map_path)
        at_ns, to_ns = (
            record.start_ns + round(seconds(option, said) * 1e9) for option, said in (("--from", begin), ("--to", end))
        )
        found = cut(record, at_ns, to_ns, broken, path, text=text)
    _print_cut(found)
    raise typer.Exit(NOT_COMPLETED if found.draft.open else DONE)


def _print_cut(found: Cut) -> None:
    from twin.training import doubts

    for line in doubts(found.start, found.draft):
        out.print(line.en, markup=False)
    data = found.draft.data
    if "steps" in data:
        out.print(f"  steps: {', '.join(data['steps'])}", markup=False)
        out.print(f"  never: {', '.join(data['never']) or 'none'}", markup=False)
    for key, what in found.draft.open.items():
        out.print(f"to be written, {key}: {what}", markup=False)
    out.print(f"written: {found.path}", markup=False)
    out.print(f"next: swaptwin lesson check {found.path}", markup=False)


@lesson_app.command()
def debrief(
    session: Annotated[Path, typer.Argument(metavar="SESSION.mcap", help="A session that has ended.")],
    out_folder: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the pages go; it is made.")],
    best: Annotated[bool, typer.Option(help="Play the best path too; needs the simulation.")] = True,
) -> None:
    """Write the debrief: what was done and what should have been, the 3D at each mistake, the best path beside it."""
    from twin.record import Record
    from twin.report.debrief import write_debrief
    from twin.teaching.play import play_best
    from twin.worker import simulation_available

    with told(), tempfile.TemporaryDirectory(prefix="swaptwin-") as folder:
        record = Record.open(existing(session))
        path = play_best(record, Path(folder)) if best and simulation_available() else None
        written = write_debrief(record, None if path is None else Record.open(path), out_folder)
    for page in written:
        out.print(f"written: {page}", markup=False)


@lesson_app.command()
def sign(
    session: Annotated[Path, typer.Argument(metavar="SESSION.mcap", help="A session that is finished.")],
    key: Annotated[Path, typer.Option(metavar="FILE", help="The class's key: any 16 bytes or more.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who signs, as it is told.")],
) -> None:
    """Sign a session with the class's key, in a file beside it."""
    from twin.lesson import session_of
    from twin.lesson import signature as signing
    from twin.record import Record

    with told():
        record = Record.open(existing(session))
        session_of(record)
        if not record.finished:
            raise InputError(key="session", expected="a session that is finished", got="one that is not", file=session)
        signing.sign(session, signing.read_key(key), by=by)
    out.print(f"written: {signing.signature_path(session)}", markup=False)
