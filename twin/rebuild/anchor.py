"""What something in a log answered: the last beginning of a phase, change of state or other event before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twin import event as events
from twin.formula.document import Sentence
from twin.rebuild.known import How

STATE = "station.unit.seq_state"
#: A state must have lasted so long to count: a button that ends it is still down when the next condition is looked at.
_SETTLED_NS = 100_000_000


@dataclass(frozen=True)
class Answer:
    """When something is to happen: the condition, and how that is told."""

    at: events.Condition
    how: How
    text: Sentence


@dataclass
class Anchors:
    """Instants that something may have answered, each in order of time, ns.

    Args:
        phases: beginnings of phases, all of the scenario that is rebuilt. states: changes of the PackML state.
        lag_ns: a condition is found met so long after the instant at which it came to be.
        origin_ns: the scenario's start.
    """

    phases: Sequence[tuple[int, str]]
    states: Sequence[tuple[int, str]]
    lag_ns: int = 0
    origin_ns: int = 0
    #: Event that was put before: its id and when.
    before: tuple[str, int] | None = None

    def answer(self, t_ns: int) -> Answer:
        """The condition under which something that happened at an instant is to happen again."""
        phase = self._last(self.phases, t_ns - self.lag_ns)
        state = self._told_apart(self._last(self.states, t_ns - self.lag_ns - _SETTLED_NS))
        phase_ns = self.phases[phase][0] if phase is not None else -1
        state_ns = self.states[state][0] if state is not None else -1
        before_ns = self.before[1] if self.before is not None else -1
        if self.before is not None and before_ns >= max(phase_ns, state_ns):
            return self._after(self.before[0], t_ns - before_ns)
        if phase is not None and phase_ns >= state_ns:
            return self._at_phase(phase, t_ns - phase_ns - self.lag_ns)
        if state is not None:
            return self._in_state(self.states[state][1], t_ns - state_ns - self.lag_ns)
        at = events.TimeCondition(time_s=_s(max(t_ns - self.origin_ns, 0)))
        told = f"{(t_ns - self.origin_ns) / 1e9:.2f}"
        return Answer(at, "clock", Sentence(en=f"{told} s after the start", zh=f"开始后 {told} s"))

    @staticmethod
    def _last(anchors: Sequence[tuple[int, str]], t_ns: int) -> int | None:
        there = [n for n, (at_ns, _) in enumerate(anchors) if at_ns <= t_ns]
        return there[-1] if there else None

    def _told_apart(self, n: int | None) -> int | None:
        """A state that the event before cannot take for another entry of the same; None when it can."""
        if n is None:
            return None
        state_ns, label = self.states[n]
        if n + 1 < len(self.states) and self.states[n + 1][0] <= state_ns + _SETTLED_NS:
            return None
        before_ns = self.before[1] if self.before is not None else self.origin_ns - 1
        ends = [t_ns for t_ns, _ in self.states[1:]]
        for (_, other), end_ns in zip(self.states[:n], ends, strict=False):
            if other == label and end_ns > before_ns + _SETTLED_NS // 2 and end_ns <= state_ns:
                return None
        return n

    def _after(self, event: str, delay_ns: int) -> Answer:
        told = f"{delay_ns / 1e9:.2f} s"
        at = events.AfterCondition(after=event, delay_s=_s(delay_ns))
        return Answer(at, "condition", Sentence(en=f"{told} after {event}", zh=f"{event} 之后 {told}"))

    def _at_phase(self, n: int, delay_ns: int) -> Answer:
        name = self.phases[n][1]
        occurrence = sum(1 for _, other in self.phases[: n + 1] if other == name)
        at = events.PhaseCondition(phase=name, occurrence=occurrence, delay_s=_s(delay_ns))
        told = f"{delay_ns / 1e9:.2f} s"
        text = Sentence(en=f"{told} after the phase {name} began", zh=f"阶段 {name} 开始后 {told}")
        return Answer(at, "condition", text)

    def _in_state(self, label: str, delay_ns: int) -> Answer:
        after = self.before[0] if self.before is not None else None
        at = events.SignalCondition(
            signal=STATE, equals=label, for_s=_s(_SETTLED_NS), delay_s=_s(delay_ns - _SETTLED_NS), after=after
        )
        told = f"{delay_ns / 1e9:.2f} s"
        return Answer(
            at, "condition", Sentence(en=f"{told} after the station came to {label}", zh=f"进入 {label} 后 {told}")
        )


def _s(t_ns: int) -> float:
    return round(t_ns / 1e9, 6)
