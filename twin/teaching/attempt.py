"""One run of a lesson in a process of its own: what holds it still, and how the trainee gets on."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from twin.errors import InputError, SwapTwinError
from twin.lesson import Following, Person, Progress, Scored, Session, score_session
from twin.process import RunProcess
from twin.record import Record

_logger = logging.getLogger(__name__)
#: Why a session stands still whatever its trainee wants: the instructor wants it so, no page shows it, or it is over
#: and waits for the instructor's word.
Held = Literal["instructor", "away", "over"]


@dataclass
class Attempt:
    """One run of a lesson.

    Args:
        from_ns: where it begins to be another than the one before it; of the first where the lesson begins.
        speed: as its trainee wants it; nothing moves while it is held.
        hints: steps whose hint was asked for, also where the run stands and has not noted it. answers: so too.
        seen_ns: what was recorded before is in ``progress``. over: somebody said so.
        wrong: why it cannot be followed or its outcome cannot be kept, or, where it ``failed``, why it has no score.
        kept: what it came to is written.
    """

    session: Session
    process: RunProcess
    from_ns: int
    speed: float | None
    held: set[Held] = field(default_factory=set)
    hints: set[str] = field(default_factory=set)
    answers: dict[str, str] = field(default_factory=dict)
    following: Following | None = None
    progress: Progress | None = None
    seen_ns: int = 0
    scored: Scored | None = None
    over: bool = False
    wrong: str = ""
    failed: bool = False
    kept: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    @property
    def record(self) -> Path:
        """The session's file."""
        return self.process.job.out

    @property
    def running(self) -> bool:
        return self.process.running

    @property
    def ended(self) -> bool:
        """Whether it has ended and was looked at since."""
        return self.scored is not None or self.failed

    @property
    def result(self) -> Scored | None:
        """What it came to; nothing before somebody said that it is over, for until then it can be taken up again."""
        return self.scored if self.over else None

    @property
    def t_ns(self) -> int:
        """How far it is, as it said last or as is recorded."""
        return max(int(self.process.progress.get("t_ns", 0)), self.seen_ns)

    def pace(self, speed: float | None) -> None:
        """Set the speed that the trainee wants; 0 stands.

        Raises:
            InputError: it is an exam, which goes as fast as the clock.
        """
        if self.session.mode == "exam" and speed != 1.0:
            raise InputError(key="speed", expected="1 in an exam", got=speed)
        with self._turn:
            self.speed = speed
            self._set_speed()

    def hold(self, why: Held, by: Person | None = None) -> None:
        """Hold it still; nothing happens where it is held for that already, or is over."""
        with self._turn:
            if why in self.held or self.over or not self.running:
                return
            self.held.add(why)
            self.remark("frozen", by, why)
            self._set_speed()

    def let_go(self, why: Held, by: Person | None = None) -> None:
        """What held it is no more; it goes on where nothing else holds it, if it is not over."""
        with self._turn:
            if why not in self.held or self.over:
                return
            self.held.discard(why)
            self.remark("resumed", by, why)
            self._set_speed()

    def _set_speed(self) -> None:
        self.process.set_speed(0.0 if self.held else self.speed)

    def remark(self, what: str, by: Person | None = None, text: str = "") -> None:
        """Write into its Record what happens around it, as of :class:`twin.event.Remark`."""
        self.process.cause({"remark": {"what": what, "by": by.name if by else "", "text": text[:2000]}})

    def finish(self, what: str = "finished", by: Person | None = None, text: str = "") -> None:
        """Somebody says that it is over, and it ends."""
        with self._turn:
            if self.running and not self.over:
                self.over = True
                self.remark(what, by, text)
                self.process.stop()

    def look(self) -> None:
        """Take in what was recorded since; score it when it has ended. May take long. What goes wrong is told."""
        if self.ended:
            return
        running = self.running
        with self.telling():
            if running:
                self._follow()
            else:
                self.scored = score_session(Record.open(self.record))
                self.progress, self.following = self.scored.progress, None
            self.wrong = ""
        self.failed = not running and self.scored is None

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What goes wrong within, whatever it is, is told in :attr:`wrong` and ends nothing else."""
        try:
            yield
        except (SwapTwinError, OSError) as error:
            self._tell(str(self.process.error or error), error)
        except Exception as error:
            self._tell(f"{type(error).__name__}: {error}", error)

    def _tell(self, what: str, error: Exception) -> None:
        said = what.replace(f"{self.record.parent}{os.sep}", "")
        if said != self.wrong:
            _logger.warning("%s: %s", self.record, said, exc_info=error)
        self.wrong = said

    def _follow(self) -> None:
        if not self.process.progress:
            return
        if self.following is None:
            try:
                record = Record.open(self.record)
            except (SwapTwinError, OSError):
                return  # its beginning is being written
            self.following = Following(record, self.session.taught())
        self.following.record.refresh()
        self.progress, self.seen_ns = self.following.advance(), self.following.record.end_ns
