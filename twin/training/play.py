"""A lesson run by a script instead of a person: a session like any other."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from twin.event import ScenarioEvent
from twin.lesson import SESSION, Lesson, Session, parse_lesson, session_of
from twin.process import Job, run_job
from twin.record import Record

#: The script of somebody who does nothing.
IDLE = "idle"
#: The script that shows how it is done.
ORACLE = "oracle"


def script_of(lesson: Lesson, name: str) -> Sequence[ScenarioEvent]:
    """What a script does."""
    if name in (IDLE, ""):
        return ()
    return lesson.oracle if name == ORACLE else lesson.fails[name].events


def play(lesson: Lesson, script: str, out: Path, *, seed: int | None = None) -> Path:
    """Run a lesson with one of its scripts and write the session.

    Raises:
        SwapTwinError: the run could not begin.
    """
    scenario = lesson.scenario(script_of(lesson, script), seed)
    session = Session(lesson=lesson.name, text=lesson.to_yaml(), seed=scenario.seed, mode="exam", script=script)
    with tempfile.TemporaryDirectory(prefix="swaptwin-") as folder:
        path = scenario.write(Path(folder))
        run_job(Job(str(path), out, attachments={SESSION: session.model_dump_json(indent=1)}))
    return out


def play_best(record: Record, folder: Path) -> Path:
    """How a session's lesson is done: its oracle, from the session's own lesson and seed.

    Raises:
        InputError: it is no session. SwapTwinError: the run could not begin.
    """
    session = session_of(record)
    lesson = parse_lesson(session.text, name=session.lesson)
    return play(lesson, ORACLE, folder / "best.mcap", seed=session.seed)
