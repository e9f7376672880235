"""How a trainee gets on: which step is his turn, what is done, what went wrong; the same live as afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from twin.clock import s_to_ns
from twin.lesson.document import Lesson
from twin.lesson.follower import Follower, first_at_or_after
from twin.record import Event
from twin.requirement.window import Numbers, Times
from twin.signals import Signal


@dataclass(frozen=True)
class StepState:
    """A step: when it became its turn, until when it is in time, when it was done; None: not, or not yet.

    ``early_ns``: instants at which it was done before its turn, of a step that must be done in turn.
    """

    turn_ns: int | None
    due_ns: int | None
    done_ns: int | None
    late: bool
    early_ns: tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """The first answer to a question."""

    t_ns: int
    answer: str
    right: bool


@dataclass(frozen=True)
class Progress:
    """Where a session stands.

    Args:
        until_ns: up to here it is told. steps: in the lesson's order.
        broken: of each rule the stretches in which it was not kept. mistakes: of each the instants at which it began.
        hints: instants and steps of the hints asked for. answers: by question.
        won_ns: when the last step was done; None: not, or not yet. over: nothing more can be won.
    """

    until_ns: int
    steps: dict[str, StepState]
    broken: dict[str, tuple[tuple[int, int], ...]]
    mistakes: dict[str, tuple[int, ...]]
    hints: tuple[tuple[int, str], ...]
    answers: dict[str, Answer]
    won_ns: int | None
    over: bool

    @property
    def turn(self) -> list[str]:
        """The steps whose turn it is."""
        return [name for name, step in self.steps.items() if step.turn_ns is not None and step.done_ns is None]


class Course:
    """Follows a lesson over a session's signals and events.

    Args:
        signals: all that the session's Record has. scan_ns: of it.

    Raises:
        InputError: the lesson names what the session lacks; ``key`` is the condition's.
    """

    def __init__(self, lesson: Lesson, signals: Iterable[Signal], *, scan_ns: int) -> None:
        self.lesson = lesson
        self._start_ns, self._limit_ns = lesson.begin_ns, lesson.end_ns
        self._follower = Follower(lesson.conditions, signals, scan_ns=scan_ns, start_ns=lesson.begin_ns)
        self._hints: list[tuple[int, str]] = []
        self._answers: dict[str, Answer] = {}
        self._ended = False
        self.needed = self._follower.needed

    def feed(self, names: Sequence[str], t_ns: Times, values: Numbers) -> None:
        """Rows of one table, later than those that came before; (n,), ns, and (n, k)."""
        self._follower.feed(names, t_ns, values)

    def take(self, event: Event) -> None:
        """What the trainee asked or answered; other events, and what came after the time limit, say nothing."""
        if event.kind != "lesson" or not self._start_ns <= event.t_ns < self._limit_ns:
            return
        hint, given = event.data.get("take_hint"), event.data.get("give_answer")
        if hint is not None and hint["step"] in self.lesson.steps:
            self._hints.append((event.t_ns, hint["step"]))
        if given is not None and given["question"] in self.lesson.questions:
            right = given["answer"] in self.lesson.questions[given["question"]].right
            self._answers.setdefault(given["question"], Answer(event.t_ns, given["answer"], right))

    def advance(self, until_ns: int) -> Progress:
        """Where the session stands; everything before ``until_ns`` was fed."""
        self._follower.advance(until_ns)
        return self.progress()

    def finish(self, end_ns: int) -> Progress:
        """The session ended; ``end_ns``: the instant after its last."""
        self._follower.finish(end_ns)
        self._ended = True
        return self.progress()

    def progress(self) -> Progress:
        """Where the session stands, as far as it is told."""
        follower, lesson = self._follower, self.lesson
        known_ns = min(self._limit_ns, *(follower.known_ns(f"steps.{name}") for name in lesson.steps))
        steps: dict[str, StepState] = {}
        while len(steps) < len(lesson.steps):
            for name in lesson.steps:
                if name not in steps and all(before in steps for before in lesson.turn_of(name)):
                    steps[name] = self._step(name, steps, known_ns)
        steps = {name: steps[name] for name in lesson.steps}
        done = [step.done_ns for step in steps.values() if step.done_ns is not None]
        won_ns = max(done) if len(done) == len(steps) else None
        return Progress(
            until_ns=known_ns, steps=steps,
            broken={name: self._stretches(f"never.{name}") for name in lesson.never},
            mistakes={name: tuple(t for t, _ in self._stretches(f"mistakes.{name}")) for name in lesson.mistakes},
            hints=tuple(self._hints), answers=dict(self._answers), won_ns=won_ns,
            over=self._ended or known_ns >= self._limit_ns,
        )  # fmt: skip

    def _step(self, name: str, before: dict[str, StepState], known_ns: int) -> StepState:
        step = self.lesson.steps[name]
        holds = self._follower.holds(f"steps.{name}").clipped(self._start_ns, known_ns)
        ready = [before[one].done_ns for one in self.lesson.turn_of(name)]
        done = [t_ns for t_ns in ready if t_ns is not None]
        turn_ns = max(done, default=self._start_ns) if len(done) == len(ready) else None
        early: tuple[int, ...] = ()
        if step.in_turn:
            # What stood so from the start is nobody's doing.
            begun = [t_ns for t_ns in holds.start.tolist() if t_ns > self._start_ns]
            early = tuple(t_ns for t_ns in begun if turn_ns is None or t_ns < turn_ns)
        if turn_ns is None:
            return StepState(None, None, None, False, early)
        due_ns = min(turn_ns + s_to_ns(step.within_s), self._limit_ns)
        done_ns = first_at_or_after(holds, turn_ns)
        late = known_ns > due_ns if done_ns is None else done_ns > due_ns
        return StepState(turn_ns, due_ns, done_ns, late, early)

    def _stretches(self, name: str) -> tuple[tuple[int, int], ...]:
        found = self._follower.holds(name).clipped(self._start_ns, self._limit_ns)
        return tuple(zip(found.start.tolist(), found.end.tolist(), strict=True))
