"""Judging a log while it is being written, part by part: what is said at its end is what :func:`judge` says of it all.

There is one meaning of a formula, that of ``twin.formula``. A rule is evaluated over the last stretch of the log that
can still change what is said: from as far back as it looks to now. What lies so far back that nothing later can change
it is counted and forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from twin.formula import Evaluation, Formula, Intervals, Reach, reach
from twin.formula.interval import LAST
from twin.requirement.document import Requirement, RequirementSet
from twin.requirement.judge import Judgement, judgement, tallies_of
from twin.requirement.tally import Tally
from twin.requirement.window import Numbers, Tables, Times, Window
from twin.signals import Signal

NS_PER_S = 1_000_000_000
#: Rules share a window when none of them looks more than so many times as far as another.
_ALIKE = 4.0


@dataclass(frozen=True)
class Alert:
    """A requirement is surely broken at an instant, told as soon as that is known; why is told with the judgement."""

    name: str
    requirement: Requirement
    device: str
    t_ns: int


@dataclass
class _Watch:
    """One rule of one device: until when it is counted, and where it was told to be broken since."""

    name: str
    tally: Tally
    reach: Reach
    counted_ns: int | None = None
    told: Intervals = field(default_factory=lambda: Intervals.of([], []))


class Monitor:
    """Judges while a log comes in.

    Memory: rows of as long a stretch as the rules look back and ahead. A rule with an ``until`` that has no end looks
    ahead for as long as it is undecided.

    Args:
        signals: all that the log has; a rule that needs others is not applicable.
        scan_ns: how often the log writes what says nothing of its own, as of a Record's ``scan_ns``; 0: as it changes.
        start_ns: from where on is judged.
        least_ns: what is counted is counted in stretches of at least so much; for speed, it changes nothing.

    Raises:
        InputError: a rule looks at moves or events, of which no part of a log can tell, or means nothing on these
            signals.
    """

    def __init__(
        self, requirements: RequirementSet, signals: Iterable[Signal], *, scan_ns: int = 0, start_ns: int = 0,
        least_ns: int = NS_PER_S,
    ) -> None:  # fmt: skip
        self._requirements = requirements
        self._signals = {signal.name: signal for signal in signals}
        self._scan_ns, self._start_ns, self._least_ns = scan_ns, start_ns, least_ns
        #: The first instant of all that was fed.
        self._first_ns: int | None = None
        self._evaluation = Evaluation(Window(self._signals, {}, scan_ns, start_ns, start_ns, 0, ended=True))
        self._missing: dict[str, list[str]] = {}
        self._watches: list[_Watch] = []
        for name in requirements.requirements:
            self._missing[name], tallies = tallies_of(requirements, name, self._evaluation)
            for tally in tallies:
                self._watches.append(_Watch(name, tally, reach(tally.rule)))
                # What means nothing on these signals is refused before any is read.
                self._evaluation.truth(tally.rule)
        self._groups = _alike(self._watches)
        needed = {name for watch in self._watches for name in self._evaluation.signals(watch.tally.rule)}
        self._tables = Tables(needed)
        self._names: dict[Formula, list[str]] = {}

    def latency_ns(self, name: str) -> int | None:
        """How long after an instant a rule is judged at the latest where its signals come in time; None: any time."""
        found = [watch.reach.ahead_ns for watch in self._watches if watch.name == name]
        return None if None in found else max((ns for ns in found if ns is not None), default=0)

    def feed(self, names: Sequence[str], t_ns: Times, values: Numbers) -> None:
        """Rows of one table, later than those that came before.

        Args:
            names: its signals, the same each time. t_ns: (n,). values: (n, k); NaN where there is none.
        """
        self._tables.add(names, t_ns, values)
        if len(t_ns):
            first_ns = int(t_ns[0])
            self._first_ns = first_ns if self._first_ns is None else min(self._first_ns, first_ns)

    def advance(self, until_ns: int) -> list[Alert]:
        """Judge what can be; everything before ``until_ns`` was fed."""
        return self._look(until_ns, ended=False)

    def finish(self, end_ns: int) -> list[Judgement]:
        """The log ended; ``end_ns``: the instant after its last."""
        self._look(end_ns, ended=True)
        found = []
        for name, requirement in self._requirements.requirements.items():
            tallies = [watch.tally for watch in self._watches if watch.name == name]
            found.append(judgement(name, requirement, self._missing[name], tallies))
        return found

    def _look(self, now_ns: int, *, ended: bool) -> list[Alert]:
        alerts: list[Alert] = []
        if self._first_ns is None and not ended:
            return alerts  # what comes first may lie before the start, and tells how things stood there
        for group in self._groups:
            more = max(watch.reach.samples for watch in group)
            first_ns = min(self._looks_from(watch) for watch in group)
            window = Window(self._signals, self._tables.place, self._scan_ns, first_ns, now_ns, more, ended=ended)
            evaluation = self._evaluation.over(window)
            for watch in group:
                alerts += self._alerts(watch, evaluation, window)
                self._count(watch, evaluation, window, ended=ended)
        if self._watches:
            keep_ns = min(self._looks_from(watch) for watch in self._watches)
            self._tables.forget(keep_ns, max(watch.reach.samples for watch in self._watches))
        return alerts

    def _looks_from(self, watch: _Watch) -> int:
        if watch.counted_ns is None:
            watch.counted_ns = self._start_ns if self._first_ns is None else min(self._start_ns, self._first_ns)
        # One instant more: how things stood at the last that was counted.
        return watch.counted_ns - 1 - watch.reach.back_ns

    def _alerts(self, watch: _Watch, evaluation: Evaluation, window: Window) -> list[Alert]:
        assert watch.counted_ns is not None
        # Beyond, what was not written may come yet, and is no sample that another one could be previous to.
        now_ns = min(map(window.settled_ns, self._named(watch.tally.rule)), default=window.end_ns)
        when, then = (evaluation.truth(part) for part in watch.tally.rule.parts)
        wrong = (when & ~then).sure.clipped(max(watch.counted_ns, self._start_ns), now_ns)
        if not len(wrong):
            return []
        known = watch.told.shifted(-1, 1)
        told = [
            t for t, end in zip(wrong.start.tolist(), wrong.end.tolist(), strict=True) if not len(known.clipped(t, end))
        ]
        watch.told |= wrong
        requirement = self._requirements.requirements[watch.name]
        return [Alert(watch.name, requirement, watch.tally.device, t_ns) for t_ns in told]

    def _count(self, watch: _Watch, evaluation: Evaluation, window: Window, *, ended: bool) -> None:
        """Count what nothing later can change."""
        assert watch.counted_ns is not None
        rule = watch.tally.rule
        decided_ns = window.end_ns if ended else self._decided_ns(rule, evaluation, window)
        counted_ns = decided_ns - watch.counted_ns
        # Counting costs as much as evaluating: it waits until it halves what is kept.
        if counted_ns <= 0 or not (ended or counted_ns >= max(self._least_ns, (window.end_ns - watch.counted_ns) // 2)):
            return
        start_ns = max(watch.counted_ns, self._start_ns)
        watch.tally.take(evaluation, start_ns, decided_ns)
        watch.tally.remember(evaluation, decided_ns - 1)
        watch.counted_ns = decided_ns
        watch.told = watch.told.clipped(decided_ns - 1, LAST)

    def _named(self, formula: Formula) -> list[str]:
        if formula not in self._names:
            self._names[formula] = self._evaluation.signals(formula)
        return self._names[formula]

    def _decided_ns(self, formula: Formula, evaluation: Evaluation, window: Window) -> int:
        """Until when nothing later changes what a formula says."""
        ahead_ns = reach(formula).ahead_ns
        if ahead_ns is not None:
            return min(map(window.settled_ns, self._named(formula)), default=window.end_ns) - ahead_ns
        parts = formula.parts
        if formula.op in ("any", "all", "count"):
            parts = tuple(part for _, part in evaluation.each(parts[0]))
        decided_ns = min(self._decided_ns(part, evaluation, window) for part in parts)
        if formula.op != "until" or formula.until_ns is not None:
            looks_ahead = formula.op in ("within", "throughout", "until", "lasts")
            return decided_ns - ((formula.until_ns or 0) if looks_ahead else 0)
        # What is to last until something happens may last still.
        lasts = evaluation.truth(parts[0]).possible
        index = int(np.searchsorted(lasts.start, decided_ns - 1, side="right")) - 1
        still = index >= 0 and decided_ns - 1 < lasts.end[index]
        return min(decided_ns, int(lasts.start[index])) if still else decided_ns


def _alike(watches: Sequence[_Watch]) -> list[list[_Watch]]:
    """Rules that look about as far, so that none is evaluated over much more than it needs."""
    groups: dict[int, list[_Watch]] = {}
    for watch in watches:
        ahead_ns = watch.reach.ahead_ns
        far_ns = None if ahead_ns is None else watch.reach.back_ns + ahead_ns
        size = -1 if far_ns is None else int(np.log(max(far_ns / NS_PER_S, 1.0)) / np.log(_ALIKE))
        groups.setdefault(size, []).append(watch)
    return list(groups.values())
