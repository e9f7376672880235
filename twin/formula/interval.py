"""Sets of time as disjoint half-open intervals of integer nanoseconds, and what can be done with them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.int64]
#: The ends of time; shifts of what lies there stay there.
FIRST, LAST = -(1 << 61), 1 << 61
_NEAR_FIRST, _NEAR_LAST = FIRST // 2, LAST // 2


@dataclass(frozen=True)
class Intervals:
    """Rising, disjoint, not touching: ``start[i] < end[i] < start[i+1]``."""

    start: Times
    end: Times

    @classmethod
    def of(cls, start: npt.ArrayLike, end: npt.ArrayLike) -> Intervals:
        """The union of any intervals, those that touch made one."""
        s, e = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
        some = e > s
        s, e = s[some], e[some]
        if len(s) < 2 or ((s[1:] > e[:-1]).all() and (e[1:] > e[:-1]).all()):
            return cls(s, e)
        order = np.argsort(s, kind="stable")
        s, e = s[order], np.maximum.accumulate(e[order])
        first = np.concatenate([[True], s[1:] > e[:-1]])
        last = np.concatenate([first[1:], [True]])
        return cls(s[first], e[last])

    @classmethod
    def where(cls, t_ns: Times, holds: npt.NDArray[np.bool_], end_ns: int) -> Intervals:
        """Where a step function holds: a value stands until the next, the last until ``end_ns``."""
        if not len(holds):
            return _NEVER
        changes = t_ns[np.flatnonzero(holds[1:] != holds[:-1]) + 1]
        if holds[0]:
            start, end = np.concatenate((t_ns[:1], changes[1::2])), changes[::2]
        else:
            start, end = changes[::2], changes[1::2]
        return cls.of(start, end if len(end) == len(start) else np.concatenate((end, (end_ns,))))

    def __len__(self) -> int:
        return len(self.start)

    def __or__(self, other: Intervals) -> Intervals:
        if not len(self) or not len(other):
            return self if len(self) else other
        if self._covers(other):
            return self
        if other._covers(self):
            return other
        return Intervals.of(np.concatenate([self.start, other.start]), np.concatenate([self.end, other.end]))

    def __and__(self, other: Intervals) -> Intervals:
        if not len(self) or not len(other):
            return _NEVER
        if self._covers(other):
            return other
        if other._covers(self):
            return self
        # Of each interval those of the other that overlap it.
        first = np.searchsorted(other.end, self.start, side="right")
        counts = np.searchsorted(other.start, self.end, side="left") - first
        mine = np.repeat(np.arange(len(self)), counts)
        theirs = np.arange(len(mine)) + np.repeat(first - np.cumsum(counts) + counts, counts)
        start = np.maximum(self.start[mine], other.start[theirs])
        return Intervals(start, np.minimum(self.end[mine], other.end[theirs]))

    def _covers(self, other: Intervals) -> bool:
        # Most of what is combined is true throughout, or hardly ever: that one look tells.
        return len(self.start) == 1 and bool(self.start[0] <= other.start[0] and other.end[-1] <= self.end[0])

    def __invert__(self) -> Intervals:
        start, end = np.concatenate(((FIRST,), self.end)), np.concatenate((self.start, (LAST,)))
        some = end > start
        return Intervals(start[some], end[some])

    def shifted(self, start_ns: int, end_ns: int) -> Intervals:
        """Each interval with its ends moved; what shrinks to nothing is gone."""
        start = np.where(self.start < _NEAR_FIRST, self.start, self.start + start_ns)
        end = np.where(self.end > _NEAR_LAST, self.end, self.end + end_ns)
        return Intervals.of(start, end)

    def at_least(self, length_ns: int) -> Intervals:
        """Those that last at least so long."""
        long = self.end - self.start >= length_ns
        return Intervals(self.start[long], self.end[long])

    def contains(self, t_ns: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether instants lie within."""
        t = np.asarray(t_ns, dtype=np.int64)
        index = np.searchsorted(self.start, t, side="right") - 1
        return np.asarray((index >= 0) & (t < self.end[np.maximum(index, 0)]) if len(self) else np.zeros(t.shape, bool))

    def overlaps(self, other: Intervals) -> npt.NDArray[np.bool_]:
        """Which of these share an instant with any of the others."""
        ended = np.searchsorted(other.end, self.start, side="right")
        return np.asarray(np.searchsorted(other.start, self.end, side="left") > ended)

    def clipped(self, t0_ns: int, t1_ns: int) -> Intervals:
        """What lies within ``[t0_ns, t1_ns)``."""
        return Intervals.of(np.maximum(self.start, t0_ns), np.minimum(self.end, t1_ns))


_NEVER = Intervals(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
