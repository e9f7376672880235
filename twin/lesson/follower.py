"""Where each of several conditions holds, told while a log comes in; the same however it is cut.

As of :class:`twin.requirement.Monitor`, a condition is evaluated over the last stretch of the log that can still change
what is said, and what nothing later can change is kept as stretches of time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from twin.errors import InputError
from twin.formula import Evaluation, Formula, Intervals, reach
from twin.requirement.window import Numbers, Tables, Times, Window
from twin.signals import Signal


@dataclass
class _Followed:
    """One condition, once for each device that its open stars match: where it surely held until ``known_ns``."""

    formulas: list[Formula]
    names: list[str]
    back_ns: int
    samples: int
    ahead_ns: int
    known_ns: int
    holds: Intervals = field(default_factory=lambda: Intervals.of([], []))


class Follower:
    """Follows conditions over the signals of a log that is being written.

    Args:
        conditions: by any name; each must be told within a bounded time.
        signals: all that the log has.
        scan_ns: how often the log writes what says nothing of its own, as of a Record's ``scan_ns``.
        start_ns: from where on is followed.

    Raises:
        InputError: a condition names what the log lacks, or means nothing on these signals; ``key`` is its name.
    """

    def __init__(
        self, conditions: Mapping[str, Formula], signals: Iterable[Signal], *, scan_ns: int = 0, start_ns: int = 0
    ) -> None:
        self._signals = {signal.name: signal for signal in signals}
        self._scan_ns, self._start_ns = scan_ns, start_ns
        self._evaluation = Evaluation(Window(self._signals, {}, scan_ns, start_ns, start_ns, 0, ended=True))
        self._followed = {name: self._follow(name, formula) for name, formula in conditions.items()}
        #: Signals that any condition reads.
        self.needed = {name for one in self._followed.values() for name in one.names}
        self._tables = Tables(self.needed)

    def _follow(self, name: str, formula: Formula) -> _Followed:
        lacking = self._evaluation.missing(formula)
        if lacking:
            raise InputError(
                key=name, expected="signals of the station, and words that they say", got=", ".join(lacking)
            )
        try:
            formulas = [one for _, one in self._evaluation.each(formula)]
            for one in formulas:
                self._evaluation.truth(one)
            reaches = [reach(one) for one in formulas]
        except InputError as error:
            raise InputError(key=name, expected=error.expected, got=error.got, hint=error.hint) from None
        aheads = [one.ahead_ns for one in reaches if one.ahead_ns is not None]
        if len(aheads) < len(reaches):
            raise InputError(key=name, expected="a condition that is told within a bounded time", got="one that is not")
        names = list(dict.fromkeys(signal for one in formulas for signal in self._evaluation.signals(one)))
        back_ns, samples = max(one.back_ns for one in reaches), max(one.samples for one in reaches)
        return _Followed(formulas, names, back_ns, samples, max(aheads), self._start_ns)

    def feed(self, names: Sequence[str], t_ns: Times, values: Numbers) -> None:
        """Rows of one table, later than those that came before; as of :meth:`twin.requirement.Monitor.feed`."""
        self._tables.add(names, t_ns, values)

    def advance(self, until_ns: int) -> None:
        """Tell what can be told; everything before ``until_ns`` was fed."""
        self._look(until_ns, ended=False)

    def finish(self, end_ns: int) -> None:
        """The log ended; ``end_ns``: the instant after its last."""
        self._look(end_ns, ended=True)

    def holds(self, name: str) -> Intervals:
        """Where a condition surely held, before :meth:`known_ns`."""
        return self._followed[name].holds

    def known_ns(self, name: str) -> int:
        """Until when it is told whether a condition held."""
        return self._followed[name].known_ns

    def _look(self, now_ns: int, *, ended: bool) -> None:
        place = self._tables.place
        for one in self._followed.values():
            # One instant more: how things stood at the last that was told.
            first_ns = one.known_ns - 1 - one.back_ns
            window = Window(self._signals, place, self._scan_ns, first_ns, now_ns, one.samples, ended=ended)
            settled_ns = min(map(window.settled_ns, one.names), default=now_ns)
            told_ns = now_ns if ended else settled_ns - one.ahead_ns
            if told_ns <= one.known_ns:
                continue
            evaluation = self._evaluation.over(window)
            for formula in one.formulas:
                one.holds = one.holds | evaluation.truth(formula).sure.clipped(one.known_ns, told_ns)
            one.known_ns = told_ns
        if self._followed:
            keep_ns = min(one.known_ns - 1 - one.back_ns for one in self._followed.values())
            more = max(one.samples for one in self._followed.values())
            self._tables.forget(keep_ns, more)


def first_at_or_after(holds: Intervals, t_ns: int) -> int | None:
    """The first instant from ``t_ns`` on that lies within."""
    index = int(np.searchsorted(holds.end, t_ns, side="right"))
    return max(int(holds.start[index]), t_ns) if index < len(holds) else None
