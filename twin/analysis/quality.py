"""How good a log is: what is late, double, missing, stuck or impossible in it, counted and placed in time.

Nothing is repaired here. Each finding says what was seen, how often, and where it begins and ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

NS = 1_000_000_000
Kind = Literal[
    "backward", "unordered", "clock_set", "duplicate", "conflict", "gap", "frozen", "impossible_step",
    "out_of_range", "bad_quality", "no_number", "missing_tag", "time_format",
]  # fmt: skip

#: A step back in time of more than this is a clock that was set, less is order lost on the way.
_CLOCK_SET_NS = 10 * NS
#: A tag is periodic when the middle 80 % of its steps are within this share of their median.
_PERIODIC_SPREAD = 0.5
_PERIODIC_SAMPLES = 50
#: A gap is longer than this many periods, and than the period by this.
_GAP_PERIODS, _GAP_NS = 3.0, NS // 2
#: A value that as a rule changes from sample to sample and stands for this many is frozen.
_FROZEN_SAMPLES = 30
_RARE_REPEATS = 0.05
#: A step is impossible when it is faster than this many times the fastest of all but three and one in a thousand.
_IMPOSSIBLE_TIMES = 100.0
#: Places kept of each kind of finding of a tag; the rest is only counted.
_MOST_PLACES = 100

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


@dataclass
class Finding:
    """Something about a stream or a tag.

    Args:
        subject: ``stream`` or ``stream/tag``.
        count: how often.
        places: the first of them, (start, end) in ns since 1970; start and end are the samples on either side.
        worst: the largest, in ``unit``.
    """

    kind: Kind
    subject: str
    count: int = 0
    places: list[tuple[int, int]] = field(default_factory=list)
    worst: float = 0.0
    unit: str = ""
    note: str = ""

    def add(self, starts: Times, ends: Times, sizes: Numbers | None = None) -> None:
        """Count more of it."""
        self.count += len(starts)
        room = max(0, _MOST_PLACES - len(self.places))
        self.places += list(zip(starts[:room].tolist(), ends[:room].tolist(), strict=True))
        if sizes is not None and len(sizes):
            self.worst = max(self.worst, float(np.max(sizes)))


class Findings:
    """Findings by kind and subject, in the order in which they were first seen."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Finding] = {}

    def of(self, kind: Kind, subject: str, unit: str = "", note: str = "") -> Finding:
        """The finding of a kind and subject, made when there is none."""
        return self._found.setdefault((kind, subject), Finding(kind, subject, unit=unit, note=note))

    def __iter__(self) -> Iterator[Finding]:
        return iter(finding for finding in self._found.values() if finding.count)


class StreamOrder:
    """Watches a stream's stamps in the order of its file: steps back, and clocks that were set.

    Many logs write their tags in blocks, so that the file as a whole goes back all the time: what counts is whether a
    tag's own samples do. Steps back of the file as a whole are told apart (``unordered``).
    """

    def __init__(self, stream: str, findings: Findings) -> None:
        self._stream, self._findings = stream, findings
        self._last_ns: int | None = None
        self._last_by_tag: dict[int, int] = {}

    def look(self, t_ns: Times, tags: npt.NDArray[np.integer]) -> None:
        """Stamps as they came, without those that could not be read, and the numbers of their tags."""
        if not len(t_ns):
            return
        before = np.concatenate([[t_ns[0] if self._last_ns is None else self._last_ns], t_ns[:-1]])
        self._last_ns = int(t_ns[-1])
        self._note("unordered", t_ns, before, before > t_ns)
        order = np.argsort(tags, kind="stable")
        t, tag = t_ns[order], tags[order]
        before = np.concatenate([t[:1], t[:-1]])
        firsts = np.flatnonzero(np.concatenate([[True], tag[1:] != tag[:-1]]))
        for first, number in zip(firsts.tolist(), tag[firsts].tolist(), strict=True):
            before[first] = self._last_by_tag.get(number, t[first])
        lasts = np.append(firsts[1:], len(t)) - 1
        self._last_by_tag.update(zip(tag[lasts].tolist(), t[lasts].tolist(), strict=True))
        back = before - t
        self._note("backward", t, before, (back > 0) & (back <= _CLOCK_SET_NS))
        self._note("clock_set", t, before, back > _CLOCK_SET_NS)

    def _note(self, kind: Kind, t_ns: Times, before: Times, where: npt.NDArray[np.bool_]) -> None:
        if where.any():
            finding = self._findings.of(kind, self._stream, "s")
            finding.add(t_ns[where], before[where], (before[where] - t_ns[where]) / NS)


@dataclass(frozen=True)
class Expectation:
    """What is known of a tag beforehand: its period in ns, its range, and whether it may stand still."""

    period_ns: int | None = None
    low: float = -np.inf
    high: float = np.inf
    on_change: bool = False


class TagQuality:
    """Watches one tag's samples in the order of time, piece by piece; what is frozen over a border is two stretches."""

    def __init__(self, tag: str, findings: Findings, expectation: Expectation) -> None:
        self._tag, self._findings, self._expect = tag, findings, expectation
        self._t: Times = np.zeros(0, dtype=np.int64)
        self._v: Numbers = np.zeros(0)
        self._period_ns = expectation.period_ns

    def look(self, t_ns: Times, values: Numbers, bad: npt.NDArray[np.bool_], unread: npt.NDArray[np.bool_]) -> None:
        """More samples: values as numbers, which of them have bad quality, and which are texts instead of numbers."""
        self._flag("bad_quality", t_ns, bad)
        self._flag("no_number", t_ns, unread)
        with np.errstate(invalid="ignore"):
            self._flag("out_of_range", t_ns, (values < self._expect.low) | (values > self._expect.high))
        t, v = np.concatenate([self._t, t_ns]), np.concatenate([self._v, values])
        if len(t) < 2:
            self._t, self._v = t, v
            return
        self._look_at_doubles(t, v)
        self._look_at_steps(t, v)
        self._t, self._v = t[-1:], v[-1:]

    def _flag(self, kind: Kind, t_ns: Times, where: npt.NDArray[np.bool_]) -> None:
        if where.any():
            self._findings.of(kind, self._tag).add(t_ns[where], t_ns[where])

    def _look_at_doubles(self, t: Times, v: Numbers) -> None:
        same_time = t[1:] == t[:-1]
        if same_time.any():
            same_value = (v[1:] == v[:-1]) | (np.isnan(v[1:]) & np.isnan(v[:-1]))
            for kind, where in (("duplicate", same_time & same_value), ("conflict", same_time & ~same_value)):
                if where.any():
                    self._findings.of(kind, self._tag).add(t[1:][where], t[1:][where])  # type: ignore[arg-type]

    def _look_at_steps(self, t: Times, v: Numbers) -> None:
        dt = np.diff(t)
        if self._period_ns is None and not self._expect.on_change:
            self._period_ns = estimate_period_ns(dt)
        if self._period_ns is None:
            return
        period_ns = self._period_ns
        gaps = (dt > _GAP_PERIODS * period_ns) & (dt > period_ns + _GAP_NS)
        if gaps.any():
            finding = self._findings.of("gap", self._tag, "s", note=f"period {period_ns / NS:g} s")
            finding.add(t[:-1][gaps], t[1:][gaps], dt[gaps] / NS)
        self._look_at_values(t, v, dt)

    def _look_at_values(self, t: Times, v: Numbers, dt: Times) -> None:
        dv = np.abs(np.diff(v))
        known = np.isfinite(dv) & (dt > 0)
        moving = known & (dv > 0)
        if known.sum() < _PERIODIC_SAMPLES or not moving.any():
            return
        if 1.0 - moving.sum() / known.sum() < _RARE_REPEATS:
            self._look_for_frozen(t, known & (dv == 0))
        speed = dv[moving] / dt[moving]
        rank = min(4 + len(speed) // 1000, len(speed))
        limit = _IMPOSSIBLE_TIMES * float(np.partition(speed, -rank)[-rank])
        steps = np.zeros(len(dt), dtype=bool)
        steps[moving] = speed > limit
        if steps.any():
            self._findings.of("impossible_step", self._tag).add(t[:-1][steps], t[1:][steps], dv[steps])

    def _look_for_frozen(self, t: Times, still: npt.NDArray[np.bool_]) -> None:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(np.int8), [0]])))
        starts, ends = edges[::2], edges[1::2]
        long = ends - starts >= _FROZEN_SAMPLES
        if long.any():
            first, last = t[starts[long]], t[ends[long]]
            self._findings.of("frozen", self._tag, "s").add(first, last, (last - first) / NS)


def estimate_period_ns(dt: Times) -> int | None:
    """The period of samples with these steps, or None when they are not periodic."""
    if len(dt) < _PERIODIC_SAMPLES:
        return None
    low, middle, high = np.quantile(dt, [0.1, 0.5, 0.9])
    if middle <= 0 or high - low > _PERIODIC_SPREAD * middle:
        return None
    return int(middle)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by how much they matter: what is missing or wrong before what is only untidy."""
    order: tuple[Kind, ...] = (
        "missing_tag", "clock_set", "gap", "frozen", "bad_quality", "out_of_range", "impossible_step",
        "conflict", "backward", "duplicate", "no_number", "unordered",
    )  # fmt: skip
    return sorted(findings, key=lambda finding: (order.index(finding.kind), -finding.count))
