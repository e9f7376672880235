"""Whether a session is what it says: run again from its scenario, seed and requests, and compared bit for bit.

What a trainee did and answered are inputs of the run: a session that was made again with others is another session, and
only the class's signature tells that it is not the one of that day.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from twin.branch.past import first_difference
from twin.clock import ns_to_s
from twin.errors import InputError
from twin.lesson import Lesson, Session, find_lesson, load_lesson, session_of
from twin.process import Job, run_job
from twin.program import Handover
from twin.record import Event, Record
from twin.rerun import Rerun, rerun_of
from twin.scenario import Scenario, parse_scenario
from twin.teaching.play import IDLE, ORACLE, script_of

_VERSIONS = ("version", "python", "numpy", "pybullet")
#: What follows from the run; what was asked is what it is run with.
_FOLLOWS = frozenset({"state", "mode", "phase", "alarm", "fault", "event", "lesson"})


@dataclass(frozen=True)
class Verified:
    """What came of it.

    Args:
        wrong: what is not as it says, in plain sentences; nothing where the session is what it says.
        versions: what it was made with that this installation has otherwise: then a difference says nothing.
        own: whether the lesson is this installation's of that name, word for word.
    """

    wrong: list[str]
    versions: list[str]
    own: bool

    @property
    def holds(self) -> bool:
        return not self.wrong


def verify(record: Record) -> Verified:
    """Run a session again and compare.

    Raises:
        InputError: it is no session. SwapTwinError: it cannot be run.
    """
    session = session_of(record)
    lesson = session.taught()
    again = rerun_of(record)
    wrong = [*_not_its_lesson(record, session, lesson), *_not_its_controller(again)]
    if not record.finished:
        wrong.append("the record was not closed by its run: its end is missing")
    with tempfile.TemporaryDirectory(prefix="swaptwin-") as folder:
        made = _run(again, record, Path(folder))
        versions = _other_versions(record, made)
        differs_ns = first_difference(record, made, record.end_ns + 1)
        if differs_ns is not None:
            since = f"from {ns_to_s(differs_ns):.2f} s on its signals"
            wrong.append(f"{since} are not those of a run of its scenario and requests")
        elif _events(record, record.end_ns) != _events(made, record.end_ns):
            wrong.append("its events are not those of a run of its scenario and requests")
    return Verified(wrong, versions, _is_own(lesson))


def _not_its_lesson(record: Record, session: Session, lesson: Lesson) -> list[str]:
    """The scenario in the Record is the lesson's, with what the script did where there was one."""
    if session.script not in ("", IDLE, ORACLE, *lesson.fails):
        return [f"its lesson has no script {session.script}"]
    expected = lesson.scenario(script_of(lesson, session.script), session.seed, guarded=session.guarded)
    text = record.attachment("scenario.yaml").decode()
    found: Scenario = parse_scenario(text, name=record.metadata.get("scenario", "scenario"))
    if found.to_yaml() == expected.to_yaml():
        return []
    return ["its scenario is not that of its lesson"]


def _not_its_controller(again: Rerun) -> list[str]:
    return [] if again.by_own else ["it was not run by the station's own controller"]


def _run(again: Rerun, record: Record, folder: Path) -> Record:
    path, out = again.scenario.write(folder), folder / "again.mcap"
    program = again.program
    job = Job(
        str(path), out, controller=program.controller or None, until_ns=record.end_ns + 1,
        handovers=tuple(program.to_list()) if isinstance(program, Handover) else (),
    )  # fmt: skip
    run_job(job)
    return Record.open(out)


def _other_versions(record: Record, made: Record) -> list[str]:
    return [
        f"{name} {record.metadata.get(name, 'unknown')}, here {made.metadata.get(name, 'unknown')}"
        for name in _VERSIONS
        if record.metadata.get(name) != made.metadata.get(name)
    ]


def _events(record: Record, until_ns: int) -> list[tuple[int, str, str, str]]:
    """What follows from the run, without the ids under which a script's events stand."""
    found = [event for event in record.events() if event.kind in _FOLLOWS and event.t_ns <= until_ns]
    return sorted((event.t_ns, event.kind, event.name, _data(event)) for event in found)


def _data(event: Event) -> str:
    return repr(sorted((key, repr(value)) for key, value in event.data.items() if key != "id"))


def _is_own(lesson: Lesson) -> bool:
    try:
        return load_lesson(find_lesson(lesson.name)).to_yaml() == lesson.to_yaml()
    except InputError:
        return False
