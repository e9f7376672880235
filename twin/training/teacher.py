"""A person in a lesson: attempts, each a run in a process of its own, followed while it goes on.

The first attempt is the one that counts. Backing up ends an attempt and begins another: the same scenario, seed and
requests up to an instant, run again, and from there on what the trainee does then. Each is a session of its own.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from twin.clock import ms_to_ns, s_to_ns
from twin.errors import InputError, SwapTwinError
from twin.event import Action, ClearAction, GiveAnswer, TakeHint, action_of
from twin.lesson import SESSION, Following, Lesson, Person, Progress, Scored, Session
from twin.lesson.session import Mode
from twin.process import Job, RunProcess
from twin.rebuild.asked import asked_for
from twin.record import Record
from twin.training.told import may_answer, remedies, told
from twin.viewing import live_run
from web import LiveRun, Teaching

#: How often a session is followed, s of wall time.
_LOOK_S = 0.2
#: A page that was not heard of for so long is gone: the lesson stands still until somebody is there again.
AWAY_S = 10.0


@dataclass
class Attempt:
    """One run of the lesson. ``from_ns``: where it begins to be another than the one before it; 0 of the first.

    ``speed``: as it is set. ``hints``: steps whose hint was asked for, also where the run stands and has not noted it.
    """

    session: Session
    process: RunProcess
    from_ns: int
    speed: float | None
    following: Following | None = None
    progress: Progress | None = None
    scored: Scored | None = None
    wrong: str = ""
    hints: set[str] = field(default_factory=set)
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def record(self) -> Path:
        return self.process.job.out

    @property
    def ended(self) -> bool:
        return self.scored is not None or bool(self.wrong)

    @property
    def t_ns(self) -> int:
        return int(self.process.progress.get("t_ns", 0))

    def pace(self, speed: float | None) -> None:
        """Set its speed; 0 stands."""
        self.speed = speed
        self.process.set_speed(speed)

    def look(self) -> None:
        """Take in what was recorded since; score it when it has ended."""
        running = self.process.running
        if self.following is None:
            if not self.process.progress and running:
                return
            try:
                self.following = Following(Record.open(self.record))
            except (SwapTwinError, OSError) as error:
                self.wrong = "" if running else str(self.process.error or error)
                return
        self.following.record.refresh()
        self.progress = self.following.advance()
        self.hints |= {step for _, step in self.progress.hints}
        if not running:
            self.scored = self.following.finish()
            self.progress = self.scored.progress
        elif self.progress.over:
            self.process.stop()


class Teacher:
    """Takes one person through a lesson. Safe to ask from any thread; call :meth:`close` at the end.

    Args:
        out: the first attempt's Record; the others lie beside it, ``NAME-attempt2.mcap`` and so on.
        seed: instead of the scenario's. speed: simulated seconds per second of wall time at first; 0 waits for a page.
    """

    def __init__(
        self, lesson: Lesson, mode: Mode, out: Path, *, trainee: Person | None = None, seed: int | None = None,
        speed: float = 0.0,
    ) -> None:  # fmt: skip
        self.lesson, self.mode, self._out = lesson, mode, out
        self._trainee = trainee or Person()
        scenario = lesson.scenario(seed=seed)
        self._seed, self._limit_ns = scenario.seed, s_to_ns(lesson.time_limit_s)
        self._scan_ns = ms_to_ns(scenario.scan_ms)
        self._folder = tempfile.TemporaryDirectory(prefix="swaptwin-")
        self._scenario = scenario.write(Path(self._folder.name))
        self._remedies = remedies()
        self._lock = threading.RLock()
        self._seen_s, self._closed = time.monotonic(), threading.Event()
        self.attempts: list[Attempt] = []
        self._add(0, (), speed)

    @property
    def now(self) -> Attempt:
        """The present attempt."""
        return self.attempts[-1]

    def start(self) -> None:
        """Begin the first attempt and follow it."""
        self.now.process.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def close(self) -> None:
        """End every attempt and close its Record."""
        self._closed.set()
        for attempt in self.attempts:
            if attempt.process.started and attempt.process.running:
                attempt.process.stop()
                attempt.process.wait()
        with self._lock:
            for attempt in self.attempts:
                if attempt.process.started and not attempt.ended:
                    attempt.look()
        self._folder.cleanup()

    @property
    def live(self) -> LiveRun:
        """The first attempt as the viewer sees it."""
        return _live(self.attempts[0])

    @property
    def teaching(self) -> Teaching:
        """The lesson as the viewer may ask about it."""
        return Teaching(self.told, self.ask, self.back, self.finish, self.debrief)

    # -- what a page asks ------------------------------------------------------------------------------------------

    def told(self) -> dict[str, Any]:
        """What a page may show now, in the lesson's mode; asking also says that somebody is there."""
        self._seen_s = time.monotonic()
        with self._lock:
            attempt = self.now
            state = "going" if attempt.speed != 0 else "standing"
            if attempt.following is None or attempt.following.record.end_ns + self._scan_ns < attempt.from_ns:
                # What is told below is of what was recorded, which is later than the run itself.
                state = "building"
            if not attempt.process.running or attempt.process.progress.get("closing"):
                state = "ended" if attempt.ended else "closing"
            return {
                **told(self.lesson, self.mode, attempt.progress, attempt.hints, attempt.answers, attempt.scored),
                "state": state, "t_ns": attempt.t_ns, "limit_ns": self._limit_ns, "wrong": attempt.wrong,
                "remedies": self._remedies,
                "attempts": [_listed(one) for one in self.attempts],
            }  # fmt: skip

    def ask(self, action: Mapping[str, Any]) -> Future[int]:
        """Let the trainee ask for a hint, answer a question or remove a cause at the station.

        Raises:
            InputError: it is none of these, or not now.
        """
        if list(action) not in ([TakeHint.tag], [GiveAnswer.tag], [ClearAction.tag]):
            raise InputError(key="action", expected="take_hint, give_answer or clear", got=", ".join(action))
        asked = action_of(action)
        with self._lock:
            attempt = self.now
            if attempt.progress is None or not attempt.process.running:
                raise InputError(key="action", expected="an attempt that goes on", got="one that does not")
            if isinstance(asked, TakeHint):
                if self.mode != "practice" or asked.step not in attempt.progress.turn:
                    raise InputError(key="hint", expected="the step whose turn it is, in practice", got=asked.step)
                attempt.hints.add(asked.step)
            if isinstance(asked, GiveAnswer):
                if not may_answer(self.lesson, attempt.progress, asked.question, asked.answer, attempt.answers):
                    raise InputError(key="answer", expected="one of those offered, once", got=asked.answer)
                attempt.answers[asked.question] = asked.answer
            return attempt.process.cause(asked.model_dump(mode="json"))

    def back(self, t_ns: int) -> LiveRun:
        """Another attempt, like the present one before ``t_ns``, ns; it stands still there.

        Raises:
            InputError: in an exam, or the present attempt has not come so far.
        """
        with self._lock:
            before = self.now
            if self.mode == "exam":
                raise InputError(key="back", expected="guided mode or practice", got="an exam")
            if before.following is None or not 0 <= t_ns <= before.following.record.end_ns:
                raise InputError(key="back", expected="an instant of the present attempt", got=f"{t_ns / 1e9:.2f} s")
            at_ns = t_ns - t_ns % self._scan_ns
            record = before.following.record
            record.refresh()
            asked = [
                (event.t_ns, action)
                for event in record.events()
                if event.t_ns < at_ns and (action := asked_for(event)) is not None
            ]
            if before.process.running:
                before.process.stop()
            attempt = self._add(at_ns, asked, 0.0)
            attempt.hints |= {one.step for _, one in asked if isinstance(one, TakeHint)}
            attempt.answers |= {one.question: one.answer for _, one in asked if isinstance(one, GiveAnswer)}
            attempt.process.start()
            self._seen_s = time.monotonic()
            return _live(attempt)

    def finish(self) -> None:
        """End the present attempt."""
        if self.now.process.running:
            self.now.process.stop()

    def debrief(self, number: int) -> str:
        """The debrief of an attempt that has ended, as a page.

        Raises:
            InputError: there is none of that number, or it goes on.
        """
        from twin.report.debrief import debrief_page

        found = [one for one in self.attempts if one.session.attempt == number and one.scored is not None]
        if not found:
            raise InputError(key="attempt", expected="one that has ended", got=number)
        return debrief_page(Record.open(found[0].record))

    # -- inside ------------------------------------------------------------------------------------------------------

    def _add(self, from_ns: int, asked: Sequence[tuple[int, Action]], speed: float | None) -> Attempt:
        """One attempt more, not started."""
        number = len(self.attempts) + 1
        out = self._out if number == 1 else self._out.with_name(f"{self._out.stem}-attempt{number}.mcap")
        session = Session(
            lesson=self.lesson.name, text=self.lesson.to_yaml(), seed=self._seed, mode=self.mode,
            trainee=self._trainee, attempt=number, counts=number == 1,
        )  # fmt: skip
        done = tuple({"t_ns": t_ns, "do": action.model_dump(mode="json")} for t_ns, action in asked)
        job = Job(
            str(self._scenario), out, watched=True, speed=speed, asked=done, ahead_ns=from_ns,
            attachments={SESSION: session.model_dump_json(indent=1)},
        )  # fmt: skip
        self.attempts.append(Attempt(session, RunProcess(job), from_ns, speed))
        return self.now

    def _watch(self) -> None:
        while not self._closed.wait(_LOOK_S):
            with self._lock:
                for attempt in self.attempts:
                    if not attempt.ended:
                        attempt.look()
                now = self.now
                if time.monotonic() - self._seen_s > AWAY_S and now.speed != 0 and now.process.running:
                    now.pace(0.0)


def _listed(attempt: Attempt) -> dict[str, Any]:
    scored = attempt.scored
    return {
        "number": attempt.session.attempt, "counts": attempt.session.counts, "from_ns": attempt.from_ns,
        "total": None if scored is None else scored.score.total,
        "passed": None if scored is None else scored.score.passed,
    }  # fmt: skip


def _live(attempt: Attempt) -> LiveRun:
    live = live_run(attempt.process)
    return LiveRun(
        record=live.record, request=live.request, pace=partial(Attempt.pace, attempt), running=live.running,
        progress=live.progress, begun=live.begun, speed=attempt.speed, hides=attempt.session.mode != "guided",
    )  # fmt: skip
