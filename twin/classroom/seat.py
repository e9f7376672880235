"""One trainee's session while it runs: its process, what holds it still, and how he gets on."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from twin.clock import NS_PER_S
from twin.errors import InputError, SwapTwinError
from twin.lesson import Following, Lesson, Person, Progress, Scored, Session, score_session
from twin.lesson.xapi import statements
from twin.process import RunProcess, write_json
from twin.record import Record

#: Why a session stands still: the instructor wants it so, no browser shows it, or it is over and waits for his word.
Held = Literal["instructor", "away", "over"]


@dataclass(frozen=True)
class Word:
    """What the instructor said to a trainee, and when, ns of the session."""

    t_ns: int
    by: str
    text: str


class Seat:
    """A session in a process of its own. Safe to ask from several threads.

    It begins held still, as nobody looks at it yet.

    Args:
        process: the run, not started; its job's record is the session.
    """

    def __init__(self, process: RunProcess, session: Session, lesson: Lesson) -> None:
        self.process, self.session, self.lesson = process, session, lesson
        self.words: list[Word] = []
        self._held: set[Held] = {"away"}
        self._speed: float | None = 1.0
        self._lock = threading.Lock()
        self._following: Following | None = None
        self._record: Record | None = None
        self._progress: Progress | None = None
        self._scored: Scored | None = None

    @property
    def record(self) -> Path:
        """The session's file."""
        return self.process.job.out

    @property
    def running(self) -> bool:
        return self.process.running

    @property
    def held(self) -> frozenset[Held]:
        """Why it stands still; nothing where it goes."""
        return frozenset(self._held)

    @property
    def t_ns(self) -> int:
        """How far it is."""
        return int(self.process.progress.get("t_ns", 0))

    # -- what holds it -------------------------------------------------------------------------------------------

    def freeze(self, why: Held, by: Person | None = None) -> None:
        """Hold it still; nothing happens where it is held for that already."""
        with self._lock:
            if why in self._held or not self.running:
                return
            self._held.add(why)
            self._remark("frozen", by, why)
            self.process.set_speed(0.0)

    def resume(self, why: Held, by: Person | None = None) -> None:
        """What held it is no more; it goes on where nothing else holds it."""
        with self._lock:
            if why not in self._held:
                return
            self._held.discard(why)
            # That nobody looked at it before its beginning is no event.
            if self.t_ns:
                self._remark("resumed", by, why)
            self._set_speed()

    def pace(self, speed: float | None) -> None:
        """The speed that the trainee wants; nothing moves while it is held.

        Raises:
            InputError: it is an exam, which goes as fast as the clock.
        """
        if self.session.mode == "exam" and speed != 1.0:
            raise InputError(key="speed", expected="1 in an exam", got=speed)
        with self._lock:
            self._speed = speed
            self._set_speed()

    def _set_speed(self) -> None:
        self.process.set_speed(0.0 if self._held else self._speed)

    # -- what the instructor does --------------------------------------------------------------------------------

    def say(self, text: str, by: Person) -> None:
        """A message to the trainee."""
        with self._lock:
            self._remark("message", by, text)
            self.words.append(Word(self.t_ns, by.name, text))

    def observe(self, text: str, by: Person) -> None:
        """What the instructor saw; the trainee is not told."""
        with self._lock:
            self._remark("observed", by, text)

    def confirm(self, text: str, by: Person) -> None:
        """The instructor stands for the session, which ends."""
        with self._lock:
            self._remark("confirmed", by, text)
        self.process.stop()

    def cause(self, action: Mapping[str, Any]) -> Future[int]:
        """Let something happen, as of :meth:`RunProcess.cause`; a held session comes to it when it goes on."""
        return self.process.cause(action)

    def _remark(self, what: str, by: Person | None, text: str) -> None:
        self.process.cause({"remark": {"what": what, "by": by.name if by else "", "text": text[:2000]}})

    # -- its end -------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """The trainee is done. An exam waits for the instructor's word; anything else ends now."""
        if self.session.mode == "exam":
            self.freeze("over")
        else:
            self.process.stop()

    def end_in_time(self) -> None:
        """End it where its lesson's time is up."""
        if self.running and "over" not in self._held and self.t_ns >= self.lesson.time_limit_s * NS_PER_S:
            self.end()

    # -- how he gets on ------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Take in what was written since; may take long.

        Raises:
            SwapTwinError: nothing can be told of what was recorded.
        """
        with self._lock:
            if self.running:
                self._follow()
            elif self._scored is None and self.process.summary is not None:
                record = Record.open(self.record)
                self._scored = score_session(record)
                self._progress = self._scored.progress
                self._following = self._record = None
                write_json(self.record.with_suffix(".xapi.json"), statements(record, self._scored))

    def _follow(self) -> None:
        if self._following is None or self._record is None:
            if not self.t_ns or not self.record.is_file():
                return
            try:
                self._record = Record.open(self.record)
                self._following = Following(self._record)
            except (SwapTwinError, OSError):
                return  # its beginning is being written
        self._record.refresh()
        self._progress = self._following.advance()

    def standing(self, *, for_trainee: bool = False) -> dict[str, Any]:
        """Where the session stands, as data for a page; to a trainee only what his mode shows."""
        session, progress = self.session, self._progress
        told: dict[str, Any] = {
            "lesson": session.lesson, "text": self.lesson.text.model_dump(), "mode": session.mode,
            "attempt": session.attempt, "t_s": self.t_ns / NS_PER_S, "limit_s": self.lesson.time_limit_s,
            "running": self.running, "held": sorted(self._held) if self.running else [],
            "state": self.process.progress.get("state", ""), "phase": self.process.progress.get("phase", ""),
            "problem": str(self.process.error or "") or (self.process.summary or {}).get("verdict") or "",
            "words": [{"t_s": one.t_ns / NS_PER_S, "by": one.by, "text": one.text} for one in self.words],
        }  # fmt: skip
        if progress is not None and (not for_trainee or session.mode == "guided" or not self.running):
            told["steps"] = [
                {
                    "name": name, "text": self.lesson.steps[name].text.model_dump(), "late": step.late,
                    "done_s": None if step.done_ns is None else step.done_ns / NS_PER_S,
                    "turn": step.turn_ns is not None and step.done_ns is None,
                }
                for name, step in progress.steps.items()
            ]  # fmt: skip
            told["broken"] = [
                self.lesson.never_text(name).model_dump() for name, found in progress.broken.items() if found
            ]
            told["mistakes"] = sum(map(len, progress.mistakes.values()))
        if self._scored is not None:
            score = self._scored.score
            told["score"] = {"total": score.total, "pass_mark": score.pass_mark, "passed": score.passed}
        return told
