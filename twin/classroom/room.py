"""A class that runs: each trainee's session in a process of its own, so many at once, its record in a folder of his."""

from __future__ import annotations

import re
import secrets
import threading
from pathlib import Path
from types import TracebackType

from twin.classroom.roster import Roster
from twin.errors import InputError
from twin.lesson import Lesson, Person, lesson_paths, load_lesson
from twin.lesson.session import Mode
from twin.teaching import Limits, Outbox, Teacher, broken_off, kept_sessions

_SEEDS = 2**31
#: What each session's process may take in a class.
LIMITS = Limits(memory_bytes=4 * 2**30, processor=4.0)


class Classroom:
    """Who is there and what each runs; a context manager that ends every session at its end.

    Args:
        folder: where the sessions go, as ``<staff number>/<lesson>-<attempt>.mcap``.
        lessons: what is taught, by name; all shipped ones if left out.
        at_once: sessions that run at once, at most. outbox: where learning records go.
    """

    def __init__(
        self, roster: Roster, folder: Path, *, lessons: dict[str, Lesson] | None = None, at_once: int = 8,
        limits: Limits = LIMITS, outbox: Outbox | None = None,
    ) -> None:  # fmt: skip
        self.roster, self.folder, self._at_once, self._limits = roster, folder, at_once, limits
        self._outbox = outbox
        self.lessons = lessons or {name: load_lesson(path) for name, path in lesson_paths().items()}
        #: By staff number, the last session of each.
        self.seats: dict[str, Teacher] = {}
        self._left = {number: left for number in roster.people if (left := _left_in(folder / number)) is not None}
        self._lock = threading.Lock()

    def seat(self, number: str) -> tuple[Teacher, bool] | None:
        """The session that a person sits at, and whether as its guardian; None where he sits at none."""
        own = self.seats.get(number)
        if own is not None and own.running:
            return own, False
        # Another thread may begin one meanwhile.
        seats = list(self.seats.values())
        guarded = [seat for seat in seats if seat.running and seat.session.guardian.number == number]
        if guarded:
            return guarded[0], True
        return None if own is None else (own, False)

    def left(self, number: str) -> Path | None:
        """A session of his that was broken off and can be taken up again."""
        seat = self.seats.get(number)
        if seat is None:
            return self._left.get(number)
        return None if seat.running or seat.now.over or not seat.now.record.is_file() else seat.now.record

    def begin(
        self, number: str, lesson: str, mode: Mode, *, guardian: str = "", instructor: Person | None = None
    ) -> Teacher:
        """Start a session of a trainee.

        Args:
            guardian: staff number of who confirms; scripted where it is empty.

        Raises:
            InputError: there is no such lesson, one of the two sits at a session that runs, the lesson has no guardian,
                or as many run as may.
        """
        if lesson not in self.lessons:
            raise InputError(key="lesson", expected="one of " + ", ".join(self.lessons), got=lesson)
        taught = self.lessons[lesson]
        if guardian and (guardian == number or guardian not in self.roster.people or not taught.has_guardian):
            expected = "another of the class, in a lesson with a guardian"
            raise InputError(key="guardian", expected=expected, got=guardian)

        def make() -> Teacher:
            folder = self.folder / number
            folder.mkdir(parents=True, exist_ok=True)
            attempt = 1 + max(map(_attempt, folder.glob(f"{lesson}-*.mcap")), default=0)
            return Teacher.beginning(
                taught, mode, folder / f"{lesson}-{attempt}.mcap", trainee=self.roster.person(number),
                guardian=self.roster.person(guardian) if guardian else None, instructor=instructor,
                home=self.roster.home, seed=secrets.randbelow(_SEEDS), attempt=attempt, supervised=True,
                limits=self._limits, outbox=self._outbox,
            )  # fmt: skip

        with self._lock:
            self._free(number, guardian)
            return self._start(number, make())

    def take_up(self, number: str) -> Teacher:
        """Go on with a session of a trainee that was broken off.

        Raises:
            InputError: he has none, he sits at one that runs, or as many run as may.
        """
        with self._lock:
            self._free(number)
            path = self.left(number)
            if path is None:
                raise InputError(key="session", expected="one that was broken off", got="none")
            taken_up = Teacher.taking_up(path, supervised=True, limits=self._limits, outbox=self._outbox)
            return self._start(number, taken_up)

    def _free(self, *numbers: str) -> None:
        for number in filter(None, numbers):
            place = self.seat(number)
            if place is not None and place[0].running:
                raise InputError(key="session", expected="the one before ended", got="one that runs")
        if sum(seat.running for seat in self.seats.values()) >= self._at_once:
            expected = f"at most {self._at_once} sessions at once"
            raise InputError(key="session", expected=expected, got="one more", hint="wait until one has ended")

    def _start(self, number: str, seat: Teacher) -> Teacher:
        if number in self.seats:
            self.seats[number].close()
        seat.start()
        self.seats[number] = seat
        return seat

    def close(self) -> None:
        """End every session and close its record; what nobody ended can be taken up again."""
        with self._lock:
            for seat in self.seats.values():
                seat.stop()
            for seat in self.seats.values():
                seat.close()

    def __enter__(self) -> Classroom:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _attempt(path: Path) -> int:
    found = re.search(r"(\d+)$", path.stem)
    return int(found[1]) if found else 0


def _left_in(folder: Path) -> Path | None:
    """Somebody's last session, if it was broken off."""
    last = max(kept_sessions(folder), key=lambda path: path.stat().st_mtime, default=None)
    return last if last is not None and broken_off(last) else None
