"""Truth over time, of three values: true, false, and not known.

What is not known stays so only where it matters: ``unknown or true`` is true. It is kept as two sets of time: where
something is surely true, and where it may be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.formula.interval import FIRST, LAST, Intervals, Times


@dataclass(frozen=True)
class Truth:
    """Where a formula is ``sure`` to hold and where it is ``possible`` that it does; the first lies in the second.

    Outside the window that was looked at nothing is known.
    """

    sure: Intervals
    possible: Intervals

    @classmethod
    def of_values(cls, t_ns: Times, values: npt.NDArray[np.float64], end_ns: int) -> Truth:
        """A step function of 0, 1 and NaN (not known), not known outside its instants and ``end_ns`` either."""
        if not len(t_ns):
            return cls.unknown()
        missing = np.isnan(values)
        sure = possible = Intervals.where(t_ns, ~missing & (values != 0), end_ns)
        if missing.any():
            possible = Intervals.where(t_ns, missing | (values != 0), end_ns)
        beyond = Intervals.of([FIRST, end_ns], [int(t_ns[0]), LAST])
        return cls(sure, possible | beyond)

    @classmethod
    def unknown(cls) -> Truth:
        return cls(Intervals.of([], []), Intervals.of([FIRST], [LAST]))

    @classmethod
    def always(cls, value: bool) -> Truth:
        everywhere = Intervals.of([FIRST], [LAST]) if value else Intervals.of([], [])
        return cls(everywhere, everywhere)

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.sure & other.sure, self.possible & other.possible)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.sure | other.sure, self.possible | other.possible)

    def __invert__(self) -> Truth:
        return Truth(~self.possible, ~self.sure)

    def within(self, after_ns: int, until_ns: int) -> Truth:
        """True at t when this holds somewhere in [t + after, t + until]."""
        return Truth(self.sure.shifted(-until_ns, -after_ns), self.possible.shifted(-until_ns, -after_ns))

    def throughout(self, after_ns: int, until_ns: int) -> Truth:
        """True at t when this holds all through [t + after, t + until]."""
        return ~(~self).within(after_ns, until_ns)

    def within_last(self, span_ns: int) -> Truth:
        """True at t when this held somewhere in [t - span, t]."""
        return Truth(self.sure.shifted(0, span_ns), self.possible.shifted(0, span_ns))

    def held(self, span_ns: int) -> Truth:
        """True at t when this held all through [t - span, t]."""
        return ~(~self).within_last(span_ns)

    def lasting(self, span_ns: int) -> Truth:
        """True throughout each stretch that lasts at least so long."""
        return Truth(self.sure.at_least(span_ns), self.possible.at_least(span_ns))

    def until(self, other: Truth, after_ns: int = 0, until_ns: int = LAST) -> Truth:
        """True at t when the other holds at some t' in [t + after, t + until] and this all through [t, t')."""
        return Truth(
            _until(self.sure, other.sure, after_ns, until_ns), _until(self.possible, other.possible, after_ns, until_ns)
        )

    def rises(self) -> Truth:
        """True for the instant (1 ns) at which this becomes true."""
        false = ~self.possible
        surely = self.sure.start[false.contains(self.sure.start - 1)]
        maybe = np.concatenate([self.sure.start, self.possible.start])
        maybe = maybe[maybe > FIRST]
        possible = Intervals.of(maybe, maybe + 1)
        # Where nothing is known, something may rise.
        return Truth(Intervals.of(surely, surely + 1), possible | (self.possible & ~self.sure))

    def falls(self) -> Truth:
        """True for the instant at which this becomes false."""
        return (~self).rises()

    def state_at(self, t_ns: int) -> tuple[bool | None, int | None]:
        """Whether it holds at an instant (None: not known), and since when, ns (None: not known, or since ever)."""
        for held, stretches in ((True, self.sure), (False, ~self.possible)):
            index = int(np.searchsorted(stretches.start, t_ns, side="right")) - 1
            if index >= 0 and t_ns < stretches.end[index]:
                since_ns = int(stretches.start[index])
                return held, since_ns if since_ns > FIRST else None
        return None, None

    def at(self, t_ns: npt.ArrayLike) -> npt.NDArray[np.int8]:
        """1 where true, 0 where false, -1 where not known."""
        sure, possible = self.sure.contains(t_ns), self.possible.contains(t_ns)
        return np.where(sure, 1, np.where(possible, -1, 0)).astype(np.int8)


def _until(a: Intervals, b: Intervals, after_ns: int, until_ns: int) -> Intervals:
    """Maler and Nickovic, "Monitoring temporal properties of continuous signals", FORMATS 2004, section 4."""
    reached = b if after_ns == 0 else Intervals.of([], [])
    if not len(a) or not len(b):
        return reached
    # Pieces of b that end, or lie in, a stretch of a; the instant at which a stretch ends counts.
    first = np.searchsorted(b.end, a.start, side="right")
    last = np.searchsorted(b.start, a.end, side="right")
    counts = np.maximum(last - first, 0)
    stretch = np.repeat(np.arange(len(a)), counts)
    piece = np.arange(len(stretch)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    start = np.maximum(b.start[piece], a.start[stretch])
    end = np.minimum(b.end[piece], np.minimum(a.end[stretch], LAST - 1) + 1)
    early = np.where(start <= FIRST, FIRST, start - min(until_ns, LAST))
    late = np.where(end >= LAST, LAST, end - after_ns)
    found = Intervals.of(np.maximum(early, a.start[stretch]), np.minimum(late, a.end[stretch]))
    return found | reached
