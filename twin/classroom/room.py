"""A class that runs: each trainee's session in a process of its own, so many at once, its record in a folder of his."""

from __future__ import annotations

import re
import secrets
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from twin.classroom.roster import Roster
from twin.classroom.seat import Seat
from twin.errors import InputError
from twin.lesson import SESSION, Lesson, Person, Session, lesson_paths, load_lesson
from twin.lesson.session import Mode
from twin.process import Job, RunProcess

_SEEDS = 2**31


@dataclass(frozen=True)
class Limits:
    """What a class may take.

    Args:
        sessions: that run at once. memory_bytes: address space of each.
        processor: processor time of each, by its lesson's time limit; a minute more is for its start.
    """

    sessions: int = 8
    memory_bytes: int = 4 * 2**30
    processor: float = 4.0


class Classroom:
    """Who is there and what each runs; a context manager that ends every session at its end.

    Args:
        folder: where the sessions go, as ``<staff number>/<lesson>-<attempt>.mcap``.
        lessons: what is taught, by name; all shipped ones if left out.
    """

    def __init__(
        self, roster: Roster, folder: Path, *, lessons: dict[str, Lesson] | None = None, limits: Limits | None = None
    ) -> None:
        self.roster, self.folder, self.limits = roster, folder, limits or Limits()
        self.lessons = lessons or {name: load_lesson(path) for name, path in lesson_paths().items()}
        #: By staff number, the last session of each.
        self.seats: dict[str, Seat] = {}
        self._lock = threading.Lock()
        self._scenarios = tempfile.TemporaryDirectory(prefix="swaptwin-class-")

    def begin(self, number: str, lesson: str, mode: Mode, instructor: Person | None = None) -> Seat:
        """Start a session of a trainee.

        Raises:
            InputError: there is no such lesson, he has a session that runs, or as many run as may.
        """
        if lesson not in self.lessons:
            raise InputError(key="lesson", expected="one of " + ", ".join(self.lessons), got=lesson)
        with self._lock:
            running = [seat for seat in self.seats.values() if seat.running]
            if number in self.seats and self.seats[number].running:
                raise InputError(key="session", expected="the one before ended", got="one that runs")
            if len(running) >= self.limits.sessions:
                expected = f"at most {self.limits.sessions} sessions at once"
                raise InputError(key="session", expected=expected, got="one more", hint="wait until one has ended")
            seat = self._seat(number, self.lessons[lesson], mode, instructor or Person())
            seat.process.start()
            self.seats[number] = seat
            return seat

    def _seat(self, number: str, lesson: Lesson, mode: Mode, instructor: Person) -> Seat:
        folder = self.folder / number
        folder.mkdir(parents=True, exist_ok=True)
        attempt = 1 + max(map(_attempt, folder.glob(f"{lesson.name}-*.mcap")), default=0)
        scenario = lesson.scenario(seed=secrets.randbelow(_SEEDS))
        session = Session(
            lesson=lesson.name, text=lesson.to_yaml(), seed=scenario.seed, mode=mode,
            trainee=self.roster.person(number), instructor=instructor, attempt=attempt,
        )  # fmt: skip
        place = Path(tempfile.mkdtemp(dir=self._scenarios.name))
        job = Job(
            str(scenario.write(place)), folder / f"{lesson.name}-{attempt}.mcap", watched=True, speed=0.0,
            attachments={SESSION: session.model_dump_json(indent=1)},
            memory_limit_bytes=self.limits.memory_bytes,
            processor_limit_s=60 + round(self.limits.processor * lesson.time_limit_s),
        )  # fmt: skip
        return Seat(RunProcess(job), session, lesson)

    def close(self) -> None:
        """End every session and close its record."""
        running = [seat for seat in self.seats.values() if seat.running]
        for seat in running:
            seat.process.stop()
        for seat in running:
            seat.process.wait()
        self._scenarios.cleanup()

    def __enter__(self) -> Classroom:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _attempt(path: Path) -> int:
    found = re.search(r"-(\d+)$", path.stem)
    return int(found[1]) if found else 0
