"""By how much the clocks of two streams differ, told from events that both of them saw.

A bit that changes, or a value that crosses the middle of its range, is an event. Where two tags of two streams tell of
the same events, the time from one's to the other's is the same again and again: at one lag, and at no other, most
events of one have a partner. A signal that repeats itself evenly has partners at many lags, and then nothing is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

NS = 1_000_000_000
Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

Reason = Literal["", "few_events", "no_common_events", "lags_differ"]

#: Events of a tag that are looked at, and the fewest that can tell anything.
_MOST_EVENTS, _LEAST_EVENTS = 500, 10
#: Partners needed, as a share of the events that could have one, and against the next best lag.
_SHARE, _LEAD = 0.7, 1.6
#: Clocks are at most this far apart (a day line and some), and run apart by this at most, ppm.
_MOST_NS, _MOST_PPM = 14 * 3600 * NS, 200.0
#: Odds, as a power of ten, that partners meet by chance.
_LEAST_ODDS = 9.0
#: Half the width of what counts as the same instant, at least.
_LEAST_TOLERANCE_NS = NS // 50


@dataclass(frozen=True)
class Events:
    """Events of one tag, and how exactly they are placed."""

    tag: str
    t_ns: Times
    tolerance_ns: int


@dataclass(frozen=True)
class Skew:
    """What is to be added to ``stream``'s stamps so that they agree with ``reference``'s.

    Args:
        known: whether it can be told; ``reason`` says why not.
        offset_s: at ``at_ns``, by the stream's own clock. error_s: 95 of 100 are within. drift_ppm: how it grows.
        matches: events with a partner, of ``events`` that could have one; pairs: tags that tell it.
        confidence: ``high`` when several pairs of tags tell the same, ``medium`` for one, whose events may as well
            follow each other by a fixed delay.
    """

    reference: str
    stream: str
    known: bool = False
    offset_s: float = 0.0
    error_s: float = 0.0
    drift_ppm: float = 0.0
    matches: int = 0
    events: int = 0
    confidence: Literal["high", "medium", ""] = ""
    pairs: tuple[tuple[str, str], ...] = ()
    reason: Reason = ""
    at_ns: int = 0

    @property
    def matters(self) -> bool:
        """Whether it is larger than what it may be off by."""
        return self.known and (abs(self.offset_s) > 2 * self.error_s or self.drift_ppm != 0.0)


def events_of(tag: str, t_ns: Times, values: Numbers, period_ns: int | None) -> Events:
    """Events of a tag: changes of a value that has few, else where it crosses the middle of its range for good.

    Args:
        period_ns: how often the tag is sampled; None when it is logged as it changes.
    """
    known = np.isfinite(values)
    t, v = t_ns[known], values[known]
    tolerance = max(_LEAST_TOLERANCE_NS, period_ns or 0)
    changed = np.flatnonzero(v[1:] != v[:-1])
    if len(changed) > max(_MOST_EVENTS, len(v) // 5):
        return Events(tag, _crossings(t, v), tolerance)
    # What is sampled has changed since the sample before, on average half a period ago.
    times = (t[changed] + t[changed + 1]) // 2 if period_ns else t[changed + 1]
    return Events(tag, times, tolerance)


def _crossings(t: Times, v: Numbers) -> Times:
    low, high = np.quantile(v, [0.05, 0.95])
    if high <= low:
        return np.zeros(0, dtype=np.int64)
    middle, room = (low + high) / 2, (high - low) * 0.2
    side = np.where(v > middle + room, 1, np.where(v < middle - room, -1, 0))
    sure = np.flatnonzero(side)
    turns = np.flatnonzero(side[sure][1:] != side[sure][:-1])
    before, after = sure[turns], sure[turns + 1]
    share = (middle - v[before]) / (v[after] - v[before])
    found: Times = t[before] + np.round(share * (t[after] - t[before])).astype(np.int64)
    return found


@dataclass
class _Match:
    """Partners of the events of two tags at one lag: times in b, and by how much a is later."""

    a: Events
    b: Events
    t_ns: Times = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    lag_ns: Times = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    could: int = 0

    def line(self) -> tuple[int, float, float]:
        """Offset at the first event, slope, and twice the standard error of the offset, ns.

        The mean tells more than a median: two samplers of one period see an event at one of two lags, and never at
        the true one, which lies between.
        """
        _, slope = _line(self.t_ns, self.lag_ns)
        since = self.t_ns - self.t_ns[0]
        if slope:
            slope = float(np.polyfit(since / NS, self.lag_ns / NS, 1)[0])
        off = self.lag_ns - slope * since
        # Lags that spread less than what they are measured with agree by chance.
        error = 2 * max(float(np.std(off)), 0.2 * self.tolerance_ns) / math.sqrt(len(off))
        return int(np.mean(off)), slope, error * (2 if slope else 1)

    @property
    def tolerance_ns(self) -> int:
        return max(self.a.tolerance_ns, self.b.tolerance_ns)


def estimate(reference: str, stream: str, theirs: Sequence[Events], mine: Sequence[Events]) -> Skew:
    """The skew of a stream against a reference, from events of tags of both."""
    able = [e for e in theirs if len(e.t_ns) >= _LEAST_EVENTS], [e for e in mine if len(e.t_ns) >= _LEAST_EVENTS]
    if not able[0] or not able[1]:
        return Skew(reference, stream, reason="few_events")
    trials = len(able[0]) * len(able[1])
    found = [match for a in able[0] for b in able[1] if (match := _partners(a, b, trials)) is not None]
    if not found:
        return Skew(reference, stream, reason="no_common_events")
    groups = _agreeing(found)
    best = groups[0]
    support = sum(len(match.lag_ns) for match in best)
    if len(groups) > 1 and support < _LEAD * sum(len(match.lag_ns) for match in groups[1]):
        return Skew(reference, stream, reason="lags_differ")
    return _told(reference, stream, best)


def _partners(a: Events, b: Events, trials: int) -> _Match | None:
    """Partners of two tags' events, when there is one lag at which most have one."""
    ta, tb = a.t_ns[:_MOST_EVENTS], b.t_ns[:_MOST_EVENTS]
    match = _Match(a, b)
    tolerance = match.tolerance_ns
    differences = np.sort((ta[:, None] - tb[None, :]).ravel())
    differences = differences[np.abs(differences) <= _MOST_NS]
    if len(differences) < _LEAST_EVENTS:
        return None
    span = max(int(ta[-1] - ta[0]), int(tb[-1] - tb[0]), 1)
    # Clocks that run apart smear the lag: then a wide look comes first, and a line is laid through what it finds.
    for width in (tolerance, tolerance + round(_MOST_PPM * 1e-6 * span / 2)):
        counts = np.searchsorted(differences, differences + 2 * width, side="right") - np.arange(len(differences))
        at = int(np.argmax(counts))
        lag = int(np.median(differences[at : at + counts[at]]))
        offset, slope = _line(*_pairs_at(ta, tb, lag, 0.0, width))
        if abs(slope) > 2 * _MOST_PPM * 1e-6:
            continue
        t, lags, could = _pairs_and_room(ta, tb, offset, slope, tolerance)
        away = counts[np.abs(differences + width - lag) > 4 * width + abs(slope) * span]
        rival = int(away.max()) if len(away) else 0
        if len(t) < max(_LEAST_EVENTS, _SHARE * could) or could < 0.3 * min(len(ta), len(tb)):
            continue
        if len(t) < _LEAD * rival or _odds(len(t), could, len(tb), tolerance, span) < _LEAST_ODDS + math.log10(
            trials * len(differences)
        ):
            continue
        match.t_ns, match.lag_ns, match.could = t, lags, could
        return match
    return None


def _pairs_at(ta: Times, tb: Times, lag: int, slope: float, tolerance: int) -> tuple[Times, Times]:
    """Times in b and lags of events of a nearest to those of b moved by a lag, each used once."""
    moved = tb + lag + np.round(slope * (tb - tb[0])).astype(np.int64)
    right = np.clip(np.searchsorted(ta, moved), 0, len(ta) - 1)
    left = np.maximum(right - 1, 0)
    nearest = np.where(np.abs(ta[left] - moved) <= np.abs(ta[right] - moved), left, right)
    near = np.flatnonzero(np.abs(ta[nearest] - moved) <= tolerance)
    _, first = np.unique(nearest[near], return_index=True)
    mine = near[first]
    return tb[mine], ta[nearest[mine]] - tb[mine]


def _pairs_and_room(ta: Times, tb: Times, lag: int, slope: float, tolerance: int) -> tuple[Times, Times, int]:
    """Pairs, and how many events could have one: those of the train that has fewer while both run."""
    t, lags = _pairs_at(ta, tb, lag, slope, tolerance)
    moved = tb + lag + np.round(slope * (tb - tb[0])).astype(np.int64)
    both = ((moved >= ta[0] - tolerance) & (moved <= ta[-1] + tolerance)).sum()
    other = ((ta >= moved[0] - tolerance) & (ta <= moved[-1] + tolerance)).sum()
    return t, lags, int(min(both, other))


def _line(t: Times, lags: Times) -> tuple[int, float]:
    """Offset at the first of b's events and slope of a line through lags, by medians."""
    if len(t) < 2 * _LEAST_EVENTS:
        return int(np.median(lags)) if len(lags) else 0, 0.0
    half = len(t) // 2
    run = t[half : 2 * half] - t[:half]
    slopes = (lags[half : 2 * half] - lags[:half]) / np.maximum(run, 1)
    slope = float(np.median(slopes))
    off = lags - slope * (t - t[0])
    spread = 1.4826 * float(np.median(np.abs(off - np.median(off)))) + _LEAST_TOLERANCE_NS / 2
    if abs(slope) * float(t[-1] - t[0]) < 6 * spread / math.sqrt(len(t)) + spread:
        return int(np.median(lags)), 0.0
    return int(np.median(off)), slope


def _odds(matched: int, could: int, others: int, tolerance: int, span: int) -> float:
    """How unlikely so many partners are by chance, as a power of ten."""
    by_chance = min(could * others * 2 * tolerance / span, could * 0.999)
    if matched <= by_chance:
        return 0.0
    # Chernoff's bound for events that come at random.
    return (matched * math.log(matched / max(by_chance, 1e-9)) - matched + by_chance) / math.log(10)


def _agreeing(found: Sequence[_Match]) -> list[list[_Match]]:
    """Matches in groups of the same lag, the one with most partners first."""
    groups: list[list[_Match]] = []
    for match in sorted(found, key=lambda match: -len(match.lag_ns)):
        middle = float(np.median(match.lag_ns))
        for group in groups:
            if abs(float(np.median(group[0].lag_ns)) - middle) <= group[0].tolerance_ns + match.tolerance_ns:
                group.append(match)
                break
        else:
            groups.append([match])
    return sorted(groups, key=lambda group: -sum(len(match.lag_ns) for match in group))


def _told(reference: str, stream: str, group: Sequence[_Match]) -> Skew:
    order = sorted(group, key=lambda match: match.line()[2])
    best = order[0]
    offset, slope, error = best.line()
    middles = [float(np.mean(match.lag_ns)) for match in group]
    spread = (max(middles) - min(middles)) / 2
    tags = {match.a.tag for match in group}, {match.b.tag for match in group}
    several = min(len(tags[0]), len(tags[1])) > 1
    return Skew(
        reference, stream, True, offset / NS, (error + spread) / NS, round(slope * 1e6, 2),
        sum(len(match.lag_ns) for match in group), sum(match.could for match in group),
        "high" if several else "medium", tuple((match.a.tag, match.b.tag) for match in order[:10]),
        at_ns=int(best.t_ns[0]),
    )  # fmt: skip
