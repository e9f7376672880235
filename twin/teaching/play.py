"""A lesson run by a script instead of a person: a session like any other; how it is done, beside what somebody did."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from twin.event import ScenarioEvent
from twin.lesson import SESSION, Lesson, Session, session_of
from twin.process import Job, RunProcess, run_job
from twin.record import Record

_logger = logging.getLogger(__name__)
#: The script of somebody who does nothing.
IDLE = "idle"
#: The script that shows how it is done.
ORACLE = "oracle"
#: How far below others a best path's process stands that nobody waits for.
_NICENESS = 10


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
    with tempfile.TemporaryDirectory(prefix="swaptwin-") as folder:
        run_job(_job(lesson, script, out, Path(folder), seed))
    return out


def _job(lesson: Lesson, script: str, out: Path, folder: Path, seed: int | None, niceness: int = 0) -> Job:
    scenario = lesson.scenario(script_of(lesson, script), seed)
    session = Session(lesson=lesson.name, text=lesson.to_yaml(), seed=scenario.seed, mode="exam", script=script)
    attachments = {SESSION: session.model_dump_json(indent=1)}
    path = str(scenario.write(folder))
    return Job(path, out, attachments=attachments, ahead_ns=lesson.begin_ns, niceness=niceness)


def play_best(record: Record, folder: Path) -> Path:
    """How a session's lesson is done: its oracle, from the session's own lesson and seed.

    Raises:
        InputError: it is no session. SwapTwinError: the run could not begin.
    """
    session = session_of(record)
    lesson = session.taught()
    return play(lesson, ORACLE, folder / "best.mcap", seed=session.seed)


class BestPath:
    """How a lesson is done: its oracle, played in the background once it is wanted; to be closed.

    One plays at a time, and below others: the sessions that go on need the processors.

    Args:
        folder: where its files go; it is made.
    """

    _turn = threading.Lock()

    def __init__(self, lesson: Lesson, seed: int, folder: Path) -> None:
        self._lesson, self._seed, self._folder = lesson, seed, folder
        self._process: RunProcess | None = None
        self._begun = self._closed = self._failed = False
        self._lock = threading.Lock()

    @property
    def state(self) -> Literal["unasked", "playing", "there", "failed"]:
        """How far it is."""
        if not self._begun:
            return "unasked"
        process = self._process
        if self._failed:
            return "failed"
        if process is None or process.running:
            return "playing"
        # One that did not end by itself shows a part of it.
        return "there" if process.summary is not None and "verdict" not in process.summary else "failed"

    @property
    def record(self) -> Path | None:
        """Its session, once it is there."""
        return self._process.job.out if self._process is not None and self.state == "there" else None

    def begin(self) -> None:
        """Play it, if it was not begun."""
        if not self._begun:
            self._begun = True
            threading.Thread(target=self._play, daemon=True).start()

    def _play(self) -> None:
        with self._turn:
            with self._lock:
                if self._closed:
                    return
                try:
                    self._folder.mkdir(parents=True, exist_ok=True)
                    out = self._folder / f"{self._lesson.name}-best.mcap"
                    job = _job(self._lesson, ORACLE, out, self._folder, self._seed, _NICENESS)
                    self._process = RunProcess(job).start()
                except Exception:
                    # Nobody calls: its state is all that tells.
                    _logger.exception("the best path of %s is not played", self._lesson.name)
                    self._failed = True
                    return
            self._process.wait()

    def close(self) -> None:
        """End it, wherever it is."""
        with self._lock:
            self._closed = True
        if self._process is not None:
            self._process.stop()
            self._process.wait()
