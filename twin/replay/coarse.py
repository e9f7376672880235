"""A controller's outputs beside a log that is coarser than a scan: only what its samples can tell is a difference.

A sample says what a command was at its instant; that it was the same until shortly before the next is all that a log
says that is written on change. So an edge lies somewhere between two looks, and the controller's own edge is late by as
much as its inputs were held back. A difference smaller than both together is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twin.analysis.compared import Rules
from twin.formula import Intervals
from twin.replay.difference import STATES, Difference, Kind, shown, told
from twin.replay.words import described
from twin.signals import Signal

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
#: Differences told of one signal.
_MOST = 200


@dataclass(frozen=True)
class Said:
    """What a log says of one output: samples, NaN where it is silent; how often it looks, 0 where that is not known."""

    signal: Signal
    t_ns: Times
    values: Numbers
    look_ns: int
    end_ns: int

    def surely(self, value: float) -> Intervals:
        """Where an output had a value, pulses left out: from a sample until the last look before the next."""
        ends = np.append(self.t_ns[1:], self.end_ns)
        stop = np.maximum(ends - self.look_ns, self.t_ns + 1)
        here = self.values == value
        return Intervals.of(self.t_ns[here], stop[here])

    def seen(self, off: Intervals) -> Intervals:
        """Of stretches those that the log would have told: that hold a sample, or as long as it looks away."""
        held = np.isin(off.start, self.t_ns) | (off.end - off.start >= self.look_ns)
        return Intervals(off.start[held], off.end[held])


@dataclass(frozen=True)
class Course:
    """What a controller said of one output, scan by scan."""

    t_ns: Times
    values: Numbers
    end_ns: int

    def where(self, value: float) -> Intervals:
        return Intervals.where(self.t_ns, self.values == value, self.end_ns)

    def at(self, t_ns: int) -> float:
        return float(self.values[max(int(np.searchsorted(self.t_ns, t_ns, side="right")) - 1, 0)])

    def next_change(self, t_ns: int) -> int | None:
        """The first scan after an instant with another value than the one before it."""
        first = int(np.searchsorted(self.t_ns, t_ns, side="right"))
        changed = np.flatnonzero(np.diff(self.values[max(first - 1, 0) :]))
        return int(self.t_ns[max(first - 1, 0) + changed[0] + 1]) if len(changed) else None

    def last_change(self, t_ns: int) -> int | None:
        """The last scan up to an instant with another value than the one before it."""
        stop = int(np.searchsorted(self.t_ns, t_ns, side="right"))
        changed = np.flatnonzero(np.diff(self.values[:stop]))
        return int(self.t_ns[changed[-1] + 1]) if len(changed) else None


def off_where(said: Said, course: Course, apart_ns: int, rules: Rules) -> Intervals:
    """Where the controller surely says something else than the log does; two instants of them may be so far apart."""
    if not len(course.t_ns):
        return Intervals.of([], [])
    # What it says late may come after its last scan, and what it says early before its first.
    first_ns, last_ns = int(course.t_ns[0]) + apart_ns, course.end_ns - apart_ns
    if said.signal.type == "real":
        return _numbers_off(said, course, apart_ns, rules).clipped(first_ns, last_ns)
    off = Intervals.of([], [])
    for value in np.unique(said.values[~np.isnan(said.values)]).tolist():
        off = off | said.seen(said.surely(value) & ~course.where(value).shifted(-apart_ns, apart_ns))
    return off.clipped(first_ns, last_ns)


def _numbers_off(said: Said, course: Course, apart_ns: int, rules: Rules) -> Intervals:
    """Samples of a number that lie outside all that the controller said about then, by more than the tolerance."""
    known = ~np.isnan(said.values) & (said.t_ns >= course.t_ns[0]) & (said.t_ns < course.end_ns)
    t_ns, values = said.t_ns[known], said.values[known]
    if not len(t_ns):
        return Intervals.of([], [])
    within = rules.tolerance(said.signal, values, course.values)
    first = np.searchsorted(course.t_ns, t_ns - apart_ns, side="right") - 1
    stop = np.searchsorted(course.t_ns, t_ns + apart_ns, side="right")
    first = np.clip(first, 0, len(course.t_ns) - 1)
    stop = np.maximum(stop, first + 1)
    # Pairs of bounds, one after another: reduceat gives what lies within each pair at every other place.
    bounds = np.stack([first, stop], axis=1).ravel()
    padded = np.append(course.values, course.values[-1])
    low, high = np.minimum.reduceat(padded, bounds)[::2], np.maximum.reduceat(padded, bounds)[::2]
    wrong = (values < low - within) | (values > high + within)
    ends = np.append(t_ns[1:], t_ns[-1] + 1)
    return Intervals.of(t_ns[wrong], ends[wrong])


def sampled_differences(said: Said, course: Course, off: Intervals) -> list[Difference]:
    """The differences of one output, from where it is surely off."""
    return [
        _told(said, course, start, end)
        for start, end in zip(off.start[:_MOST].tolist(), off.end[:_MOST].tolist(), strict=True)
    ]


def _told(said: Said, course: Course, start_ns: int, end_ns: int) -> Difference:
    signal = said.signal
    at = max(int(np.searchsorted(said.t_ns, start_ns, side="right")) - 1, 0)
    expected, value = float(said.values[at]), course.at(start_ns)
    one = Difference(
        signal.name, "value", start_ns, end_ns, value=shown(signal, value), expected=shown(signal, expected)
    )  # fmt: skip
    if signal.type == "bool":
        one = _edge(one, said, course, at, bool(expected))
    elif signal.field in STATES:
        one = _step(one, said, course, at)
    return replace(one, text=described(one, signal.name, told(one.value, signal), told(one.expected, signal)))


def _edge(one: Difference, said: Said, course: Course, at: int, expected: bool) -> Difference:
    """Whose edge it is that the other does not follow, or follows later than the log's looks can hide."""
    since_ns = int(said.t_ns[at])
    until_ns = int(said.t_ns[at + 1]) if at + 1 < len(said.t_ns) else said.end_ns
    last, follows = course.last_change(one.t_ns), course.next_change(one.t_ns)
    changed_before = at > 0 and (last is None or last < since_ns)
    if changed_before:
        if follows is not None and follows < until_ns:
            return _by(one, "edge late", "rises" if expected else "falls", follows - since_ns)
        return _by(one, "edge missing", "off" if expected else "on", None)
    if last is None:
        return _by(one, "edge missing", "off" if expected else "on", None)
    if one.end_ns >= until_ns - said.look_ns and until_ns < said.end_ns:
        return _by(one, "edge early", "falls" if expected else "rises", until_ns - said.look_ns - last, last)
    pulse = None if follows is None else follows - last
    return _by(one, "edge extra", "off" if expected else "on", pulse, last)


def _step(one: Difference, said: Said, course: Course, at: int) -> Difference:
    """Late or early into the log's step; or the way that does not lead there."""
    since_ns = int(said.t_ns[at])
    until_ns = int(said.t_ns[at + 1]) if at + 1 < len(said.t_ns) else said.end_ns
    visited = course.where(float(said.values[at]))
    after = visited.start[visited.start >= since_ns]
    before = visited.end[visited.end <= one.t_ns]
    if len(after) and after[0] < until_ns:
        return _by(one, "step late", str(one.expected), int(after[0]) - since_ns)
    if len(before) and one.end_ns >= until_ns - said.look_ns:
        nxt = course.at(int(before[-1]))
        return _by(one, "step early", str(shown(said.signal, nxt)), until_ns - said.look_ns - int(before[-1]))
    kind: Kind = "step missing" if not len(visited) else "step order"
    return replace(one, kind=kind, detail=str(one.expected))


def _by(one: Difference, kind: Kind, detail: str, by_ns: int | None, t_ns: int | None = None) -> Difference:
    by_ns = None if by_ns is None else max(by_ns, 0)
    return replace(one, kind=kind, detail=detail, by_ns=by_ns, t_ns=one.t_ns if t_ns is None else min(t_ns, one.t_ns))
