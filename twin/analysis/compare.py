"""Two stretches of Records side by side: aligned by what happened, and where they first go apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from twin.analysis.compared import Common, Rules, common, shipped_rules, while_steady
from twin.analysis.reach import Reach, blocked_by, reach
from twin.analysis.samples import RecordSamples
from twin.analysis.track import Track, track
from twin.analysis.warp import Warp, going_on, make_warp, matched
from twin.record import Record
from twin.signals import Signal

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Series = tuple[Times, Numbers]
Which = Literal["a", "b", "both"]

#: Where one can be in B while A stands at an instant, no longer than this: good enough for an anchor.
_NARROW_NS = 300_000_000
#: Divergences this close to each other in A are one, seen in several signals.
_TIED_NS = 120_000_000
#: A number that is off by so many tolerances at once has not got there gradually.
_SHARP = 3.0
#: Rows by which the box around a difference may hide it.
_HIDDEN_ROWS = 3
#: The pace of so long before goes on where nothing is known of it.
_RECENT_NS = 3_000_000_000
#: A machine with fewer anchors has no map of time of its own.
_LEAST_ANCHORS = 4
#: What must be the same is scaled by this.
_EXACT = 0.5


@dataclass(frozen=True)
class Stretch:
    """A Record from ``start_ns`` to ``end_ns``, both inclusive."""

    record: Record
    start_ns: int
    end_ns: int

    @classmethod
    def whole(cls, record: Record) -> Stretch:
        return cls(record, record.start_ns, record.end_ns)


@dataclass(frozen=True)
class Differing:
    """A signal with its values where two records go apart; NaN where one is not known."""

    signal: Signal
    a: float
    b: float
    tolerance: float

    @property
    def differs(self) -> bool:
        return not abs(self.a - self.b) <= self.tolerance


@dataclass(frozen=True)
class Divergence:
    """Where a machine goes on in one record as it does not in the other.

    Args:
        group: the machine (``shuttle``), or the device of the station (``station.unit``).
        by: in which record something happens that does not in the other; its time is exact, the other's is aligned.
        a_ns, b_ns: when, in each record's own time.
        signals: what differs, the most first.
    """

    group: str
    by: Which
    a_ns: int
    b_ns: int
    signals: list[Differing] = field(default_factory=list)

    @property
    def gradual(self) -> bool:
        """Whether measured numbers alone differ, and just begin to."""
        return all(not _steps(one.signal) and abs(one.a - one.b) <= _SHARP * one.tolerance for one in self.signals)


@dataclass(frozen=True)
class Comparison:
    """What came of comparing two stretches.

    Args:
        side_a, side_b: the samples that were compared.
        warp: which instant is which, for the whole; ``warps`` for each machine by itself.
        divergences: of each machine the first one, in order of time.
        ended: which record ends (or holds no more of the swap) before the other, if nothing differs until then.
    """

    side_a: Side
    side_b: Side
    common: Common
    rules: Rules
    warp: Warp
    warps: Mapping[str, Warp]
    divergences: list[Divergence]
    ended: Which | None

    @property
    def a(self) -> Stretch:
        return self.side_a.stretch

    @property
    def b(self) -> Stretch:
        return self.side_b.stretch

    def warp_of(self, signal: Signal) -> Warp:
        """Which instant is which for the machine of a signal."""
        return self.warps.get(self.rules.group(signal), self.warp)

    @property
    def first(self) -> Divergence | None:
        return self.divergences[0] if self.divergences else None


class Side:
    """One stretch: its samples by signal."""

    def __init__(self, stretch: Stretch, signals: Mapping[str, Signal], rules: Rules) -> None:
        self.stretch, self.signals, self.rules = stretch, signals, rules

    @cached_property
    def series(self) -> dict[str, Series]:
        """Samples in the stretch and the one before; identities as numbers in the order of their appearance."""
        samples = RecordSamples(self.stretch.record, self.stretch.start_ns, self.stretch.end_ns)
        samples.load(self.signals)
        found = {name: samples.series(name) for name in self.signals}
        who = [name for name, signal in self.signals.items() if self.rules.is_identity(signal)]
        found |= _in_order_of_appearance({name: found[name] for name in who}, self.signals)
        driven = self.rules.driven(self.stretch.record.signals, self.signals)
        return found | {name: while_steady(found[name], samples.series(speed)) for name, speed in driven.items()}

    def edges(self, names: Iterable[str] | None = None) -> list[tuple[int, str]]:
        """Every change of what is no measured number, in order of time; of some signals, or of all."""
        found = []
        for name in self.series if names is None else names:
            t, v = self.series[name]
            if self.signals[name].type == "real":
                continue
            at = np.flatnonzero(np.diff(v) != 0) + 1
            known = at[np.isfinite(v[at]) & np.isfinite(v[at - 1])]
            found += [(int(t[k]), f"{name}={v[k]:g}") for k in known]
        return sorted(found)

    def at(self, name: str, t_ns: int) -> float:
        """The value that stands at an instant."""
        t, v = self.series[name]
        index = int(np.searchsorted(t, t_ns, side="right")) - 1
        return float(v[index]) if index >= 0 else float("nan")


def compare(
    a: Stretch,
    b: Stretch,
    rules: Rules | None = None,
    *,
    also: npt.NDArray[np.int64] | None = None,
    one_clock: bool = False,
) -> Comparison:
    """Compare two stretches of Records.

    Args:
        also: instants (n, 2) of which it is known that they are the same in both, such as the beginnings of phases.
        one_clock: the same time is the same instant in both, whatever happens: one is a branch of the other.

    Raises:
        InputError: they have no signal in common that can be compared.
    """
    rules = rules or shipped_rules()
    shared = common(_by_name(a), _by_name(b), rules)
    side_a, side_b = Side(a, shared.signals, rules), Side(b, shared.signals, rules)
    groups = [_Group(name, side_a, side_b, signals) for name, signals in _grouped(shared.signals, rules).items()]
    if one_clock:
        warp = until = make_warp(np.array([[a.start_ns, a.start_ns]]), (a.start_ns, a.start_ns))
        warps: dict[str, Warp] = {}
    else:
        known = np.zeros((0, 2), dtype=np.int64) if also is None else also.reshape(-1, 2)
        warp, until, warps = _aligned(side_a, side_b, groups, known)
    each = [_earliest(group.divergences(until)) for group in groups]
    found = _in_order([one for one in each if one is not None])
    return Comparison(side_a, side_b, shared, rules, warp, warps, found, None if found else _ended(groups))


def _aligned(
    side_a: Side, side_b: Side, groups: list[_Group], known: npt.NDArray[np.int64]
) -> tuple[Warp, Warp, dict[str, Warp]]:
    """By what happened: which instant is which for the whole, until the two go apart, and for each machine."""
    a, b = side_a.stretch, side_b.stretch
    starts = (a.start_ns, b.start_ns)
    anchors = np.concatenate([known, matched(side_a.edges(), side_b.edges()), *(group.anchors() for group in groups)])
    # Until something happens in one of them alone every anchor is right; from then on some may not be.
    a_ns = min((group.acts_a for group in groups if group.acts_a is not None), default=a.end_ns)
    b_ns = min((group.acts_b for group in groups if group.acts_b is not None), default=b.end_ns)
    alike = anchors[(anchors[:, 0] < a_ns) & (anchors[:, 1] < b_ns)]
    until = going_on(make_warp(alike, starts), _RECENT_NS)
    warps = {group.name: own for group in groups if (own := group.warp(starts)) is not None}
    return make_warp(anchors, starts), until, warps


def _earliest(found: list[Divergence]) -> Divergence | None:
    """The first of some divergences. Of those about as early, the one that is seen at once: a number leaves its
    tolerance a little late, and so does who goes on where the other has stopped."""
    if not found:
        return None
    first = min(one.a_ns for one in found)
    tied = [one for one in found if one.a_ns - first <= _TIED_NS]
    return min(tied, key=lambda one: (one.gradual, one.a_ns))


def _in_order(found: list[Divergence]) -> list[Divergence]:
    """Divergences in order of time, the first of all first."""
    first = _earliest(found)
    rest = sorted((one for one in found if one is not first), key=lambda one: one.a_ns)
    return [] if first is None else [first, *rest]


def _ended(groups: list[_Group]) -> Which | None:
    """Which record was over first, where nothing differs until then."""
    a_over = any(group.reach.last_b < len(group.tracks[1]) - 1 for group in groups)
    b_over = any(group.reach.last_a < len(group.tracks[0]) - 1 for group in groups)
    return "both" if a_over and b_over else "a" if a_over else "b" if b_over else None


class _Group:
    """The signals of one machine in both stretches."""

    def __init__(self, name: str, a: Side, b: Side, signals: list[Signal]) -> None:
        self.name, self.a, self.b = name, a, b
        told = [s for s in signals if not _same(a.series[s.name][1], b.series[s.name][1])]
        flowing, stepping = [s for s in told if not _steps(s)], [s for s in told if _steps(s)]
        self.signals = [*flowing, *stepping]
        self.scales = [self._tolerance(s) or _EXACT for s in self.signals]
        self.tracks = (self._track(a, flowing, stepping), self._track(b, flowing, stepping))
        self.reach: Reach = reach(*self.tracks)
        # When each does what the other does not, if it does.
        self.acts_a, self.acts_b = (
            int(one.start_ns[last + 1]) if last + 1 < len(one) else None
            for one, last in zip(self.tracks, (self.reach.last_a, self.reach.last_b), strict=True)
        )

    def _track(self, side: Side, flowing: list[Signal], stepping: list[Signal]) -> Track:
        stretch = side.stretch
        flow, step = ([side.series[s.name] for s in signals] for signals in (flowing, stepping))
        return track(flow, step, self.scales, stretch.start_ns, stretch.end_ns + 1)

    def anchors(self) -> npt.NDArray[np.int64]:
        """Instants of movement at which it is certain where the other is."""
        a, b = self.tracks
        at = np.arange(len(self.reach.reached))
        first, last = self.reach.reached[:, 0], self.reach.reached[:, 1]
        moving = (a.end_ns - a.start_ns)[at] <= _NARROW_NS
        from_ns, to_ns = b.start_ns[first], b.end_ns[last]
        # Where a bit changes, only the other's moment of change fits, however long ago it was: edges are matched by
        # themselves. Where B can go no farther it is narrow too, and says nothing.
        calm = ((a.before == a.now) & (a.now == a.after) | np.isnan(a.now)).all(axis=1)[at]
        sure = moving & calm & (to_ns - from_ns <= _NARROW_NS) & (last < self.reach.last_b)
        middle = (from_ns + b.start_ns[last]) // 2
        return np.stack([a.start_ns[at][sure], middle[sure]], axis=1)

    def warp(self, starts: tuple[int, int]) -> Warp | None:
        """Which instant is which for this machine; None where it shows too little by itself."""
        names = [signal.name for signal in self.signals]
        anchors = np.concatenate([matched(self.a.edges(names), self.b.edges(names)), self.anchors()])
        return make_warp(anchors, starts) if len(anchors) >= _LEAST_ANCHORS else None

    def divergences(self, warp: Warp) -> list[Divergence]:
        """Where one of them does what the other does not; none where the other ends before."""
        found = []
        if self.acts_a is not None and int(warp.to_b(self.acts_a)) <= self.b.stretch.end_ns:
            found.append(self._told("a", warp))
        if self.acts_b is not None and int(warp.to_a(self.acts_b)) <= self.a.stretch.end_ns:
            found.append(self._told("b", warp))
        return found

    def _told(self, by: Which, warp: Warp) -> Divergence:
        a, b, way = *self.tracks, self.reach
        acts_ns = self.acts_a if by == "a" else self.acts_b
        assert acts_ns is not None
        if by == "a":
            acting, mine, at, theirs = self.a, a, way.last_a + 1, b
            other = _place(b, int(warp.to_b(acts_ns)), way.first_b, way.last_b)
        else:
            acting, mine, at, theirs = self.b, b, way.last_b + 1, a
            other = _place(a, int(warp.to_a(acts_ns)), way.first_a, way.last_a)
        blocked = blocked_by(mine, at, theirs, other)
        for t_ns in self._rows(acting, self._exact(acting, blocked, acts_ns, theirs, other), acts_ns):
            a_ns, b_ns = (t_ns, int(warp.to_b(t_ns))) if by == "a" else (int(warp.to_a(t_ns)), t_ns)
            a_ns = int(np.clip(a_ns, self.a.stretch.start_ns, self.a.stretch.end_ns))
            b_ns = int(np.clip(b_ns, self.b.stretch.start_ns, self.b.stretch.end_ns))
            differing = [self._differing(self.signals[k], a_ns, b_ns) for k in blocked]
            if any(one.differs for one in differing):
                break
        differing.sort(key=lambda one: not one.differs)
        return Divergence(self.name, by, a_ns, b_ns, differing)

    def _rows(self, acting: Side, first_ns: int, last_ns: int) -> list[int]:
        """Instants of samples from one to another, both of them included."""
        times = [acting.series[signal.name][0] for signal in self.signals]
        within = [t[(t > first_ns) & (t < last_ns)] for t in times]
        found: list[int] = np.unique(np.concatenate([[first_ns, last_ns], *within])).tolist()
        return found

    def _differing(self, signal: Signal, a_ns: int, b_ns: int) -> Differing:
        return Differing(signal, self.a.at(signal.name, a_ns), self.b.at(signal.name, b_ns), self._tolerance(signal))

    def _exact(self, acting: Side, blocked: npt.NDArray[np.intp], acts_ns: int, other: Track, place: int) -> int:
        """The first sample with which no way goes on: what a row may be late by hides it for one or two."""
        first = acts_ns
        measured = other.low.shape[1]
        for k in blocked.tolist():
            t, v = acting.series[self.signals[k].name]
            stop = int(np.searchsorted(t, acts_ns, side="right"))
            value = v[max(stop - _HIDDEN_ROWS, 0) : stop] / self.scales[k]
            if k < measured:
                off = (value < other.low[place, k] - 1.0) | (value > other.high[place, k] + 1.0)
            else:
                off = np.abs(value - other.now[place, k - measured]) > 1.0
            # From the end back, as long as it is off.
            count = len(off) if off.all() else int(np.argmin(off[::-1]))
            if count:
                first = min(first, int(t[stop - count]))
        return first

    def _tolerance(self, signal: Signal) -> float:
        return self.a.rules.tolerance(signal, self.a.series[signal.name][1], self.b.series[signal.name][1])


def _place(one: Track, t_ns: int, first: int, last: int) -> int:
    """The place at an instant, of those from `first` to `last`."""
    return max(int(np.clip(np.searchsorted(one.start_ns, t_ns, "right") - 1, first, last)), 0)


def _steps(signal: Signal) -> bool:
    """Whether its values between two samples mean nothing: words, bits, counts and set points."""
    return signal.type != "real" or signal.kind == "sp"


def _by_name(stretch: Stretch) -> dict[str, Signal]:
    return {signal.name: signal for signal in stretch.record.signals}


def _grouped(signals: Mapping[str, Signal], rules: Rules) -> dict[str, list[Signal]]:
    groups: dict[str, list[Signal]] = {}
    for signal in signals.values():
        groups.setdefault(rules.group(signal), []).append(signal)
    return groups


def _same(a: Numbers, b: Numbers) -> bool:
    """Whether both are one and the same value all the time: nothing to compare."""
    return len(a) > 0 and len(b) > 0 and bool((a == a[0]).all()) and bool((b == a[0]).all())


def _in_order_of_appearance(series: Mapping[str, Series], signals: Mapping[str, Signal]) -> dict[str, Series]:
    """Identities as 0 (nobody), 1, 2, … in the order in which the log first says them."""
    said = []
    for name, (t, v) in series.items():
        values, first = np.unique(v[np.isfinite(v)], return_index=True)
        times = t[np.isfinite(v)][first]
        said += [(int(t_ns), name, _who(signals[name], x)) for t_ns, x in zip(times, values, strict=True)]
    order = {"none": 0, "": 0}
    for _, _, who in sorted(said):
        order.setdefault(who, len(order))
    found = {}
    for name, (t, v) in series.items():
        values, index = np.unique(v, return_inverse=True)
        numbers = [order[_who(signals[name], x)] if np.isfinite(x) else x for x in values]
        found[name] = (t, np.array(numbers, dtype=np.float64)[index])
    return found


def _who(signal: Signal, value: float) -> str:
    return signal.labels.get(int(value), f"{value:g}")
