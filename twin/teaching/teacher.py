"""A person in a lesson: attempts, each a run in a process of its own, followed while it goes on.

The first attempt is the one that counts. Backing up ends an attempt and begins another: the same scenario, seed and
requests up to an instant, run again, and from there on what the trainee does then. Each is a session of its own. A
session that was broken off is taken up in the same way.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

from twin.clock import ms_to_ns, ns_to_s
from twin.desk import load_panel
from twin.errors import InputError
from twin.event import Action, ClearAction, GiveAnswer, TakeHint, action_of
from twin.files import write_json
from twin.lesson import SESSION, Lesson, Person, Session, session_of
from twin.lesson.session import NOBODYS_HOME, Mode
from twin.lesson.xapi import statements
from twin.process import Job, RunProcess
from twin.record import Record
from twin.teaching.attempt import Attempt
from twin.teaching.lrs import Outbox
from twin.teaching.past import ASIDE, Word, asked_before, broken_off, words_said
from twin.teaching.play import BestPath
from twin.teaching.told import may_answer, remedies, told

#: How often a session is followed, s of wall time.
_LOOK_S = 0.3
#: A session's run does not end by itself: somebody says when it is over, the lesson's time limit at the latest.
_NEVER_NS = 2**62
#: A page that was not heard of for so long is gone: the session is held until somebody is there again.
AWAY_S = 5.0
#: Who looks at a lesson: its trainee, the second person at the station, or somebody who asks for nothing.
Role = Literal["operator", "guardian", "onlooker"]


@dataclass(frozen=True)
class Limits:
    """What each attempt's process may take.

    Args:
        memory_bytes: address space; 0: any.
        processor: processor time, by its lesson's time limit, and a minute for its start; 0: any.
    """

    memory_bytes: int = 0
    processor: float = 0.0

    def processor_s(self, lesson_s: float) -> int:
        """Processor time for a lesson of so many seconds; 0: any."""
        return 60 + round(self.processor * lesson_s) if self.processor else 0


class Teacher:
    """Takes one person through a lesson. Safe to ask from any thread; call :meth:`close` at the end.

    Args:
        first: what the first attempt is. out: its Record; the others lie beside it, ``NAME-attempt2.mcap`` and so on.
        asked, from_ns: what people asked, each with its time, ns, of a session that goes on at ``from_ns``.
        supervised: an exam that is over waits for the instructor's word.
        outbox: where an attempt's learning record goes once it is over.
    """

    def __init__(
        self, lesson: Lesson, first: Session, out: Path, *, asked: Sequence[tuple[int, Action]] = (), from_ns: int = 0,
        supervised: bool = False, limits: Limits | None = None, outbox: Outbox | None = None,
    ) -> None:  # fmt: skip
        self.lesson, self.session, self._out, self._outbox = lesson, first, out, outbox
        self._waits = supervised and first.mode == "exam"
        self._limits = limits or Limits()
        scenario = lesson.scenario(seed=first.seed, guarded=first.guarded)
        self._scan_ns = ms_to_ns(scenario.scan_ms)
        self._folder = tempfile.TemporaryDirectory(prefix="swaptwin-")
        self._scenario = scenario.write(Path(self._folder.name))
        self._best = BestPath(lesson, first.seed, Path(self._folder.name) / "best")
        panel = load_panel(scenario.station)
        self._guardians = panel.guardian
        #: Whoever sees a danger stops.
        self._anybodys = [panel.estop.signal]
        # Where nobody is the guardian, not even the situation, the trainee does his part too.
        self._answered = first.guarded or lesson.has_guardian
        self._remedies = remedies()
        self._lock = threading.RLock()
        self._seen_s, self._closed = time.monotonic(), threading.Event()
        #: What the instructor said to the trainee.
        self.words = words_said(asked, "message")
        self.attempts: list[Attempt] = []
        self._add(first, out, max(from_ns, lesson.begin_ns), asked)
        if any(word.text == "over" for word in words_said(asked, "frozen")):
            self.now.held.add("over")

    @classmethod
    def beginning(
        cls, lesson: Lesson, mode: Mode, out: Path, *, trainee: Person | None = None, guardian: Person | None = None,
        instructor: Person | None = None, home: str = NOBODYS_HOME, seed: int | None = None, attempt: int = 1,
        supervised: bool = False, limits: Limits | None = None, outbox: Outbox | None = None,
    ) -> Teacher:  # fmt: skip
        """Begin a session.

        Args:
            trainee, guardian, instructor: who they are; the guardian is scripted where nobody is named.
            home: of their staff numbers, in learning records.
            seed: instead of the scenario's. attempt: the first's number.
        """
        first = Session(
            lesson=lesson.name, text=lesson.to_yaml(), seed=lesson.scenario(seed=seed).seed, mode=mode,
            trainee=trainee or Person(), guardian=guardian or Person(), instructor=instructor or Person(),
            home=home, attempt=attempt,
        )  # fmt: skip
        return cls(lesson, first, out, supervised=supervised, limits=limits, outbox=outbox)

    @classmethod
    def taking_up(
        cls, path: Path, *, supervised: bool = False, limits: Limits | None = None, outbox: Outbox | None = None
    ) -> Teacher:
        """Go on with a session that was broken off: it is run again up to where it was, and stands there.

        Its file is put aside as ``NAME.broken_off.mcap``; the new one holds all that was done.

        Raises:
            InputError: the file is no session, or one that was ended.
        """
        record = Record.open(path)
        session = session_of(record)
        if not broken_off(path):
            raise InputError(key="session", expected="one that nobody ended", got="one that is over", file=path)
        asked = asked_before(record, record.end_ns + 1)
        lesson = session.taught()
        after_ns = record.end_ns + ms_to_ns(lesson.scenario().scan_ms)
        path.replace(path.with_name(path.stem + ASIDE))
        return cls(
            lesson, session, path, asked=asked, from_ns=after_ns, supervised=supervised, limits=limits, outbox=outbox
        )

    @property
    def now(self) -> Attempt:
        """The present attempt."""
        return self.attempts[-1]

    @property
    def running(self) -> bool:
        return self.now.running

    def start(self) -> None:
        """Begin the first attempt and follow it."""
        self.now.process.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        """Ask every attempt to end, without a word that it is over: it can be taken up again."""
        self._closed.set()
        for attempt in self.attempts:
            if attempt.process.started and attempt.running:
                attempt.process.stop()

    def close(self) -> None:
        """End every attempt, as of :meth:`stop`, and close its Record."""
        self.stop()
        for attempt in self.attempts:
            if attempt.process.started:
                attempt.process.wait()
                with self._lock:
                    self._look(attempt)
        self._best.close()
        self._folder.cleanup()

    # -- what the trainee's page asks ------------------------------------------------------------------------------

    def told(self) -> dict[str, Any]:
        """What a page may show now, in the lesson's mode."""
        with self._lock:
            attempt, mode = self.now, self.session.mode
            state = "going" if attempt.speed != 0 and not attempt.held else "standing"
            if attempt.progress is None or attempt.seen_ns + self._scan_ns < attempt.from_ns:
                # What is told below is of what was recorded, which is later than the run itself.
                state = "building"
            if not attempt.running or attempt.process.progress.get("closing"):
                state = "closing" if not attempt.ended else "ended" if attempt.over else "broken_off"
            return {
                **told(self.lesson, mode, attempt.progress, attempt.hints, attempt.answers, attempt.result),
                "state": state, "t_ns": attempt.t_ns, "begin_ns": self.lesson.begin_ns, "limit_ns": self.lesson.end_ns,
                "wrong": attempt.wrong,
                "held": sorted(attempt.held), "words": [asdict(word) for word in self.words],
                "best": self._best.state,
                "remedies": self._remedies, "speed": attempt.speed,
                "trainee": self.session.trainee.name, "guardian": self.session.guardian.name,
                "guardians": self._guardians if self._answered else [], "anybodys": self._anybodys,
                "attempts": [_listed(one) for one in self.attempts],
            }  # fmt: skip

    def seen(self) -> None:
        """The trainee's page is there."""
        self._seen_s = time.monotonic()
        with self._lock:
            self.now.let_go("away")

    def refuse_other(self, signals: Mapping[str, Any], *, guardian: bool) -> None:
        """Refuse what one of the two people at the station asks that only the other may; either may stop everything.

        Raises:
            InputError: it is the other's.
        """
        for name in set(signals).difference(self._anybodys):
            his = any(fnmatchcase(name, pattern) for pattern in self._guardians)
            if his != guardian and (guardian or self._answered):
                expected = "what is the guardian's to do" if guardian else "what is not the guardian's to do"
                raise InputError(key="request", expected=expected, got=name)

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
            if attempt.progress is None or not attempt.running:
                raise InputError(key="action", expected="an attempt that goes on", got="one that does not")
            if isinstance(asked, TakeHint):
                if self.session.mode != "practice" or asked.step not in attempt.progress.turn:
                    raise InputError(key="hint", expected="the step whose turn it is, in practice", got=asked.step)
                attempt.hints.add(asked.step)
            if isinstance(asked, GiveAnswer):
                if not may_answer(self.lesson, attempt.progress, asked.question, asked.answer, attempt.answers):
                    raise InputError(key="answer", expected="one of those offered, once", got=asked.answer)
                attempt.answers[asked.question] = asked.answer
            return attempt.process.cause(asked.model_dump(mode="json"))

    def back(self, t_ns: int) -> Attempt:
        """Another attempt, like the present one before ``t_ns``, ns; it stands still there.

        Raises:
            InputError: in an exam, or the present attempt has not come so far.
        """
        with self._lock:
            before = self.now
            if self.session.mode == "exam":
                raise InputError(key="back", expected="guided mode or practice", got="an exam")
            record = Record.open(before.record) if before.progress is not None else None
            if record is None or not self.lesson.begin_ns <= t_ns <= record.end_ns:
                raise InputError(key="back", expected="an instant of the present attempt", got=f"{t_ns / 1e9:.2f} s")
            at_ns = t_ns - t_ns % self._scan_ns
            before.finish()
            number = before.session.attempt + 1
            session = before.session.model_copy(update={"attempt": number, "counts": False})
            out = self._out.with_name(f"{self._out.stem}-attempt{number}.mcap")
            attempt = self._add(session, out, at_ns, asked_before(record, at_ns))
            attempt.held |= before.held
            attempt.process.start()
            self._seen_s = time.monotonic()
            return attempt

    def finish(self) -> None:
        """The trainee is done. A supervised exam waits for the instructor's word; anything else ends now."""
        with self._lock:
            if self._waits:
                self.now.hold("over")
            else:
                self.now.finish()

    def best(self) -> Path | None:
        """The session that shows how it is done, once it was played; that begins when an attempt has ended."""
        return self._best.record

    def debrief(self, number: int) -> bytes:
        """The debrief of an attempt that has ended, as of :func:`twin.report.debrief.debrief_archive`, with the best
        path if it is there. May take long.

        Raises:
            InputError: there is none of that number, or it goes on.
        """
        from twin.report.debrief import debrief_archive

        found = [one for one in self.attempts if one.session.attempt == number and one.result is not None]
        if not found:
            raise InputError(key="attempt", expected="one that has ended", got=number)
        best = self.best()
        return debrief_archive(Record.open(found[0].record), None if best is None else Record.open(best))

    # -- what the instructor does ------------------------------------------------------------------------------------

    def freeze(self, by: Person) -> None:
        """Hold the session still until the instructor lets it go on."""
        with self._lock:
            self.now.hold("instructor", by)

    def resume(self, by: Person) -> None:
        """The instructor lets it go on."""
        with self._lock:
            self.now.let_go("instructor", by)

    def say(self, text: str, by: Person) -> None:
        """A message to the trainee."""
        with self._lock:
            self.now.remark("message", by, text)
            self.words.append(Word(self.now.t_ns, by.name, text))

    def observe(self, text: str, by: Person) -> None:
        """What the instructor saw; the trainee is not told."""
        self.now.remark("observed", by, text)

    def confirm(self, text: str, by: Person) -> None:
        """The instructor stands for the session, which ends."""
        self.now.finish("confirmed", by, text)

    def cause(self, action: Mapping[str, Any]) -> Future[int]:
        """Let something happen, as of :meth:`RunProcess.cause`; a session that is held comes to it when it goes on."""
        return self.now.process.cause(action)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _add(self, session: Session, out: Path, from_ns: int, asked: Sequence[tuple[int, Action]]) -> Attempt:
        done = tuple({"t_ns": t_ns, "do": action.model_dump(mode="json")} for t_ns, action in asked)
        limits = self._limits
        lasts_s = ns_to_s(self.lesson.end_ns)
        job = Job(
            str(self._scenario), out, watched=True, speed=0.0, asked=done, ahead_ns=from_ns, until_ns=_NEVER_NS,
            attachments={SESSION: session.model_dump_json(indent=1)}, memory_limit_bytes=limits.memory_bytes,
            processor_limit_s=limits.processor_s(lasts_s),
        )  # fmt: skip
        attempt = Attempt(session, RunProcess(job), from_ns, 0.0)
        attempt.hints |= {one.step for _, one in asked if isinstance(one, TakeHint)}
        attempt.answers |= {one.question: one.answer for _, one in asked if isinstance(one, GiveAnswer)}
        self.attempts.append(attempt)
        return attempt

    def _watch(self) -> None:
        while not self._closed.wait(_LOOK_S):
            with self._lock:
                for attempt in self.attempts:
                    self._look(attempt)
                with self.now.telling():
                    self._see_to(self.now)

    def _see_to(self, now: Attempt) -> None:
        """What follows from where the present attempt stands."""
        if now.result is not None:
            self._best.begin()
        if now.running and now.progress is not None and now.progress.over and "over" not in now.held:
            self.finish()
        if time.monotonic() - self._seen_s > AWAY_S and now.speed != 0:
            now.hold("away")

    def _look(self, attempt: Attempt) -> None:
        """Follow an attempt; what it came to is written once somebody has ended it."""
        attempt.look()
        if attempt.result is None or attempt.kept:
            return
        with attempt.telling():
            record = Record.open(attempt.record)
            write_json(attempt.record.with_suffix(".xapi.json"), statements(record, attempt.result))
            if self._outbox is not None:
                self._outbox.add(attempt.record)
            attempt.kept, attempt.wrong = True, ""


def _listed(attempt: Attempt) -> dict[str, Any]:
    scored = attempt.result
    return {
        "number": attempt.session.attempt, "counts": attempt.session.counts, "from_ns": attempt.from_ns,
        "total": None if scored is None else scored.score.total,
        "passed": None if scored is None else scored.score.passed,
    }  # fmt: skip
