"""How good a tag is: what is double, missing, stuck or impossible in it, counted and placed in time.

Nothing is repaired here. A tag is watched piece by piece, in the order of time; what is found does not depend on where
one piece ends and the next begins, but for the two estimates (period, usual speed), which need a block of samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.analysis.finding import MOST_PLACES, NS, Findings, Flags, Kind, Numbers, Times
from twin.analysis.meaning import Meaning

#: A tag is periodic when the middle 80 % of its steps are within this share of their median.
_PERIODIC_SPREAD = 0.5
_PERIODIC_SAMPLES = 50
#: Samples that are looked at together at least.
_BLOCK = 1000
#: A gap is longer than this many periods, and than the period by this.
_GAP_PERIODS, _GAP_NS = 3.0, NS // 2
#: A value that as a rule changes from sample to sample and stands for this many is frozen.
_FROZEN_SAMPLES = 30
_RARE_REPEATS = 0.05
#: A value is noisy when more than this share of its moves turn back on the one before.
_NOISY = 0.2
#: Long stands kept of a tag until it is known whether they are usual.
_MOST_STANDS = 10_000
#: A step is impossible when it is faster than this many times the fastest of all but three and one in a thousand.
_IMPOSSIBLE_TIMES = 100.0


@dataclass(frozen=True)
class Expectation:
    """What is known of a tag beforehand: its period in ns, its range, and whether it may stand still."""

    period_ns: int | None = None
    low: float = -np.inf
    high: float = np.inf
    on_change: bool = False


@dataclass
class TagFacts:
    """What was seen of a tag, for its line in a table.

    Args:
        period_ns: as known beforehand or as estimated; None when it is not periodic.
        low, high: smallest and largest value, NaN without any.
        bad: samples of bad quality. words: samples that are words instead of numbers. changes: steps to another value.
        first_ns, last_ns: since 1970.
    """

    samples: int = 0
    first_ns: int = 0
    last_ns: int = 0
    low: float = float("nan")
    high: float = float("nan")
    bad: int = 0
    words: int = 0
    changes: int = 0
    period_ns: int | None = None


class TagQuality:
    """Watches one tag."""

    def __init__(self, tag: str, findings: Findings, expectation: Expectation) -> None:
        self._tag, self._findings, self._expect = tag, findings, expectation
        self.facts = TagFacts(period_ns=expectation.period_ns)
        self._waiting: list[tuple[Times, Numbers]] = []
        self._count = 0
        self._t: Times = np.zeros(0, dtype=np.int64)
        self._v: Numbers = np.zeros(0)
        self._runs = {kind: _Runs() for kind in ("bad_quality", "no_number", "out_of_range")}
        self._still = _Still()
        self._meaning = Meaning(tag, findings)

    def look(self, t_ns: Times, values: Numbers, bad: Flags, unread: Flags) -> None:
        """More samples: values as numbers, which of them have bad quality, and which are words instead of numbers."""
        if not len(t_ns):
            return
        self._count_in(t_ns, values, bad, unread)
        with np.errstate(invalid="ignore"):
            outside = (values < self._expect.low) | (values > self._expect.high)
        for (kind, runs), where in zip(self._runs.items(), (bad, unread, outside), strict=True):
            if runs.look(t_ns, where):
                self._findings.of(kind, self._tag).add(t_ns[:0], t_ns[:0], count=int(where.sum()))  # type: ignore[arg-type]
        self._meaning.look(t_ns, values, unread)
        self._waiting.append((t_ns, values))
        self._count += len(t_ns)
        if self._count >= _BLOCK:
            self._look_at_block()

    def finish(self) -> None:
        """Look at what still waits, and judge what needs the whole."""
        self._look_at_block()
        for kind, runs in self._runs.items():
            if runs.places:
                finding = self._findings.of(kind, self._tag)  # type: ignore[arg-type]
                finding.places = [(start, end) for start, end in runs.places]
        starts, ends = self._still.frozen()
        if len(starts):
            self._findings.of("frozen", self._tag, "s").add(starts, ends, (ends - starts) / NS)
        self._meaning.finish()

    def _count_in(self, t_ns: Times, values: Numbers, bad: Flags, unread: Flags) -> None:
        facts = self.facts
        if not facts.samples:
            facts.first_ns = int(t_ns[0])
        facts.last_ns = int(t_ns[-1])
        facts.samples += len(t_ns)
        facts.bad += int(bad.sum())
        facts.words += int(unread.sum())
        known = values[np.isfinite(values)]
        if len(known):
            facts.low = float(np.fmin(facts.low, known.min()))
            facts.high = float(np.fmax(facts.high, known.max()))

    def _look_at_block(self) -> None:
        waiting, self._waiting, self._count = self._waiting, [], 0
        t = np.concatenate([self._t, *(t for t, _ in waiting)])
        v = np.concatenate([self._v, *(v for _, v in waiting)])
        if waiting and len(t) > 1:
            self.facts.changes += int(((v[1:] != v[:-1]) & np.isfinite(v[1:]) & np.isfinite(v[:-1])).sum())
            self._look_at_doubles(t, v)
            self._look_at_steps(t, v)
        self._t, self._v = t[-1:], v[-1:]

    def _look_at_doubles(self, t: Times, v: Numbers) -> None:
        same_time = t[1:] == t[:-1]
        if same_time.any():
            same_value = (v[1:] == v[:-1]) | (np.isnan(v[1:]) & np.isnan(v[:-1]))
            kinds: tuple[tuple[Kind, Flags], ...] = (
                ("duplicate", same_time & same_value), ("conflict", same_time & ~same_value),
            )  # fmt: skip
            for kind, where in kinds:
                if where.any():
                    self._findings.of(kind, self._tag).add(t[1:][where], t[1:][where])

    def _look_at_steps(self, t: Times, v: Numbers) -> None:
        dt = np.diff(t)
        if self.facts.period_ns is None and not self._expect.on_change:
            self.facts.period_ns = estimate_period_ns(dt)
        period_ns = self.facts.period_ns
        if period_ns is None:
            return
        gaps = (dt > _GAP_PERIODS * period_ns) & (dt > period_ns + _GAP_NS)
        if gaps.any():
            period = f"{period_ns / NS:g} s"
            finding = self._findings.of("gap", self._tag, "s", note=(f"period {period}", f"周期 {period}"))
            finding.add(t[:-1][gaps], t[1:][gaps], dt[gaps] / NS)
        with np.errstate(invalid="ignore", over="ignore"):
            dv = np.diff(v)
        known = np.isfinite(dv) & (dt > 0)
        self._still.look(t, dv, known)
        self._look_for_jumps(t, dt, np.abs(dv), known & (dv != 0), known)

    def _look_for_jumps(self, t: Times, dt: Times, dv: Numbers, moving: Flags, known: Flags) -> None:
        if known.sum() < _PERIODIC_SAMPLES or not moving.any():
            return
        speed = dv[moving] / dt[moving]
        rank = min(4 + len(speed) // 1000, len(speed))
        limit = _IMPOSSIBLE_TIMES * float(np.partition(speed, -rank)[-rank])
        steps = np.zeros(len(dt), dtype=bool)
        steps[moving] = speed > limit
        if steps.any():
            self._findings.of("impossible_step", self._tag).add(t[:-1][steps], t[1:][steps], dv[steps])


class _Runs:
    """Stretches of samples of which something is so, over the borders of pieces; the first ones are kept."""

    def __init__(self) -> None:
        self.places: list[list[int]] = []
        self._open = False

    def look(self, t: Times, where: Flags) -> bool:
        """Whether it is so of any of these samples."""
        starts, ends = _edges(where)
        for start, end in zip(starts[: MOST_PLACES + 1].tolist(), ends[: MOST_PLACES + 1].tolist(), strict=True):
            last_ns = int(t[end - 1])
            if start == 0 and self._open:
                self.places[-1][1] = last_ns
            elif len(self.places) < MOST_PLACES:
                self.places.append([int(t[start]), last_ns])
        # A stretch that is not kept cannot be made longer.
        self._open = bool(where[-1]) and self.places[-1][1] == int(t[-1])
        return len(starts) > 0


class _Still:
    """How long a value stands still, and how usual that is."""

    def __init__(self) -> None:
        self._start_ns = self._end_ns = 0
        self._steps = 0
        self._frozen: list[tuple[int, int]] = []
        #: Steps that are known, that are moves, that turn back on the move before, and that are part of a long stand.
        self._known = self._moves = self._turns = self._long = 0

    def look(self, t: Times, dv: Numbers, known: Flags) -> None:
        """Steps between samples at ``t``, and which of them are known."""
        still = known & (dv == 0)
        self._known += int(known.sum())
        self._moves += int((known & ~still).sum())
        with np.errstate(invalid="ignore"):
            self._turns += int((dv[1:] * dv[:-1] < 0).sum())
        starts, ends = _edges(still)
        if self._steps and not (len(starts) and starts[0] == 0):
            self._close()
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            if not self._steps:
                self._start_ns = int(t[start])
            self._steps += end - start
            self._end_ns = int(t[end])
            if end < len(still):
                self._close()

    def frozen(self) -> tuple[Times, Times]:
        """Begin and end of the long stands; none where standing still is usual.

        It is not when the value repeats rarely, or when it is so noisy that it cannot stand still.
        """
        if self._steps:
            self._close()
        repeats = self._known - self._moves
        rare = self._moves > 0 and repeats < _RARE_REPEATS * self._known
        noisy = self._turns > _NOISY * self._moves and repeats - self._long < _RARE_REPEATS * self._moves
        usual = self._known < _PERIODIC_SAMPLES or not (rare or noisy)
        spans = np.array([] if usual else self._frozen, dtype=np.int64).reshape(-1, 2)
        return spans[:, 0], spans[:, 1]

    def _close(self) -> None:
        if self._steps >= _FROZEN_SAMPLES:
            self._long += self._steps
            if len(self._frozen) < _MOST_STANDS:
                self._frozen.append((self._start_ns, self._end_ns))
        self._steps = 0


def _edges(where: Flags) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where stretches begin, and where they have ended."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], where.astype(np.int8), [0]])))
    return edges[::2], edges[1::2]


def estimate_period_ns(dt: Times) -> int | None:
    """The period of samples with these steps, or None when they are not periodic."""
    if len(dt) < _PERIODIC_SAMPLES:
        return None
    low, middle, high = np.quantile(dt, [0.1, 0.5, 0.9])
    if middle <= 0 or high - low > _PERIODIC_SPREAD * middle:
        return None
    return int(middle)
