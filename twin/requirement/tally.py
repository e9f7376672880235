"""What is counted of one rule, stretch of time by stretch of time: the same, however a log is cut."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from twin.formula import Evaluation, Formula, Intervals, Reason, conditions, reasons
from twin.formula.reason import Before, state_at

#: Violations told of one requirement; the rest is counted.
MOST_VIOLATIONS = 100


@dataclass(frozen=True)
class Violation:
    """A stretch in which a requirement was not met, ns; ``device`` is the rule's stars, where it has some."""

    start_ns: int
    end_ns: int
    device: str
    reasons: tuple[Reason, ...]


@dataclass
class Tally:
    """Counts of one rule, ``when implies then`` with its stars filled in.

    Args:
        exercised: stretches in which ``when`` held. known: how many of them were judged wholly.
        count: violations; the first :data:`MOST_VIOLATIONS` are kept.
    """

    device: str
    rule: Formula
    exercised: int = 0
    known: int = 0
    count: int = 0
    violations: list[Violation] = field(default_factory=list)
    #: Until when it was counted, whether the last stretch, and the last violation, lasted until then, and was known.
    _until_ns: int | None = None
    _open: bool = False
    _open_known: bool = False
    _wrong: bool = False
    #: How the rule's conditions stood at the last instant that was counted.
    _before: dict[Formula, Before] = field(default_factory=dict)

    def take(self, evaluation: Evaluation, t0_ns: int, t1_ns: int) -> None:
        """Count ``[t0_ns, t1_ns)``, which follows what was counted before."""
        if t1_ns <= t0_ns:
            return
        when, then = (evaluation.truth(part) for part in self.rule.parts)
        stretches = when.sure.clipped(t0_ns, t1_ns)
        unknown = when.sure & then.possible & ~then.sure
        known = ~stretches.overlaps(unknown.clipped(t0_ns, t1_ns))
        follows = self._open and self._until_ns == t0_ns and _begins(stretches, t0_ns)
        self.exercised += len(stretches) - follows
        if follows:
            # One stretch with the last: known if both parts are.
            known[0] &= self._open_known
            self.known -= self._open_known
        self.known += int(known.sum())
        self._open = bool(len(stretches)) and int(stretches.end[-1]) == t1_ns
        self._open_known = self._open and bool(known[-1])
        self._violated((when & ~then).sure.clipped(t0_ns, t1_ns), evaluation, t0_ns, t1_ns)
        self._until_ns = t1_ns

    def _violated(self, wrong: Intervals, evaluation: Evaluation, t0_ns: int, t1_ns: int) -> None:
        pairs = list(zip(wrong.start.tolist(), wrong.end.tolist(), strict=True))
        if self._wrong and self._until_ns == t0_ns and _begins(wrong, t0_ns):
            _, end = pairs.pop(0)
            if self.count <= MOST_VIOLATIONS:
                self.violations[-1] = replace(self.violations[-1], end_ns=end)
        self.count += len(pairs)
        for start, end in pairs[: MOST_VIOLATIONS - len(self.violations)]:
            told = reasons(self.rule, evaluation, start, self._before)
            self.violations.append(Violation(start, end, self.device, told))
        self._wrong = bool(len(wrong)) and int(wrong.end[-1]) == t1_ns

    def remember(self, evaluation: Evaluation, t_ns: int) -> None:
        """Keep how the rule's conditions stand at an instant, before what was up to it is forgotten."""
        for condition in conditions(self.rule):
            self._before[condition] = t_ns, state_at(condition, evaluation, t_ns, self._before.get(condition))


def _begins(stretches: Intervals, t_ns: int) -> bool:
    return bool(len(stretches)) and int(stretches.start[0]) == t_ns
