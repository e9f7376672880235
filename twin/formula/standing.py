"""Where an axis stands and where it moves, from the samples of its position.

An axis stands while it keeps within half of ``distance`` for :data:`STAND_NS`. It starts when it is ``distance`` away
from where it stood, and stops when it comes within ``distance`` of where it then stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.formula.interval import Intervals, Times

Numbers = npt.NDArray[np.float64]

#: What stands keeps still for so long, and for so many periods of its log.
STAND_NS, STAND_PERIODS = 400_000_000, 2.5
#: Noise of what is sampled faster than this is averaged over it.
_SMOOTH_NS = 200_000_000
#: Where it stands is the middle of what was seen in this time.
_PLACE_NS = 1_000_000_000
#: How far beyond the distance it surely moves.
_SURELY = 1.6
#: In a log that looks too rarely to average noise a sample that just misses the distance would cost a whole period:
#: this share more or less of it is enough.
_LENIENT = 0.25
#: What is logged periodically has a hole where it is silent for so many periods: nothing tells what it does there.
_HOLE_PERIODS, _HOLE_NS = 3.0, 200_000_000


@dataclass(frozen=True)
class Moves:
    """Moves between two stands, in order of time: arrays of equal length.

    Args:
        start_ns, stop_ns: FIRST or LAST of :mod:`twin.formula.interval` never occur: an end that was not seen is -1.
        up: whether it starts towards larger positions.
    """

    start_ns: Times
    stop_ns: Times
    up: npt.NDArray[np.bool_]


def moves(t_ns: Times, x: Numbers, distance: float, period_ns: int, end_ns: int) -> Moves:
    """The moves of an axis from its samples, each of which holds until the next.

    Args:
        t_ns, x: samples, rising in time; no NaN.
        distance: in the unit of ``x``, above 0.
        period_ns: how often the log writes them; 0 when it writes them as they change.
        end_ns: until when the last one holds.
    """
    if len(t_ns) < 2:
        return Moves(*(np.empty(0, dtype=np.int64),) * 2, np.empty(0, dtype=bool))
    step_ns = period_ns or _usual_step_ns(t_ns)
    count = round(_SMOOTH_NS / step_ns) if period_ns else 1
    smooth = _smoothed(x, count)
    lenient = 0.0 if count > 1 else _LENIENT * distance
    stand_ns = max(STAND_NS, round(STAND_PERIODS * step_ns))
    until = t_ns + stand_ns
    if not period_ns:
        # Silence of a log on change says that nothing changed.
        until = np.maximum(until, np.append(t_ns[1:], end_ns) - 1)
    hole_ns = max(round(_HOLE_PERIODS * period_ns), _HOLE_NS) if period_ns else None
    stands = _stands(t_ns, until, smooth, distance / 2, stand_ns, end_ns, hole_ns)
    first = np.searchsorted(t_ns, stands.start, side="left")
    last = np.searchsorted(t_ns, stands.end, side="left") - 1
    if not len(first):
        return Moves(*(np.empty(0, dtype=np.int64),) * 2, np.empty(0, dtype=bool))
    same = (first[1:] == last[:-1] + 1) & (np.abs(smooth[first[1:]] - smooth[last[:-1]]) <= distance / 2)
    return _between(t_ns, x, smooth, first[np.append(True, ~same)], last[np.append(~same, True)], distance, lenient)


def _usual_step_ns(t_ns: Times) -> int:
    """How often a log that writes on change looks, from how it writes what moves."""
    return int(np.quantile(np.diff(t_ns), 0.25))


def _smoothed(x: Numbers, count: int) -> Numbers:
    """The mean of ``count`` samples around each; fewer at the ends."""
    if count < 2:
        return x
    half = count // 2
    sums = np.concatenate([[0.0], np.cumsum(x - x[0])])
    index = np.arange(len(x))
    low, high = np.maximum(index - half, 0), np.minimum(index + half + 1, len(x))
    means: Numbers = (sums[high] - sums[low]) / (high - low) + x[0]
    return means


def _stands(
    t_ns: Times, until: Times, x: Numbers, reach: float, stand_ns: int, end_ns: int, hole_ns: int | None
) -> Intervals:
    """Where all samples of a window of ``stand_ns`` lie within ``reach`` of each other; each such holds ``until``."""
    stop = np.searchsorted(t_ns, t_ns + stand_ns, side="right")
    still = (until <= end_ns) & (_spread(x, stop) <= reach)
    if hole_ns is not None:
        holes = np.concatenate([[0], np.cumsum(np.diff(t_ns, append=t_ns[-1]) > hole_ns)])
        still &= holes[stop] == holes[:-1]
    return Intervals.of(t_ns[still], until[still])


def _spread(x: Numbers, stop: npt.NDArray[np.int64]) -> Numbers:
    """Largest less smallest of ``x[i:stop[i]]``, by blocks of powers of two: two of them cover any window."""
    count = stop - np.arange(len(x))
    level = np.frexp(count)[1] - 1
    spread = np.zeros(len(x))
    high, low = x.copy(), x.copy()
    for power in range(int(level.max()) + 1):
        if power:
            half = 1 << (power - 1)
            high = np.maximum(high[:-half], high[half:])
            low = np.minimum(low[:-half], low[half:])
        mine = np.flatnonzero(level == power)
        other = stop[mine] - (1 << power)
        spread[mine] = np.maximum(high[mine], high[other]) - np.minimum(low[mine], low[other])
    return spread


def _between(
    t_ns: Times,
    x: Numbers,
    smooth: Numbers,
    first: npt.NDArray[np.int64],
    last: npt.NDArray[np.int64],
    d: float,
    lenient: float,
) -> Moves:
    """Moves between stands whose first and last samples are given."""
    found: list[tuple[int, int, bool]] = []

    def leaves(n: int, end: int) -> tuple[int, bool] | None:
        """When it leaves stand ``n``, up to sample ``end``."""
        near = max(int(first[n]), int(np.searchsorted(t_ns, t_ns[last[n]] - _PLACE_NS)))
        place = float(np.median(x[near : last[n] + 1]))
        return _leaves(t_ns[near : end + 1], x[near : end + 1] - place, smooth[near : end + 1] - place, d, d - lenient)

    def comes(n: int, begin: int) -> tuple[int, bool] | None:
        """When it comes to stand ``n``, from sample ``begin``: the same, walked backwards."""
        near = min(int(last[n]), int(np.searchsorted(t_ns, t_ns[first[n]] + _PLACE_NS, side="right")) - 1)
        place = float(np.median(x[first[n] : near + 1]))
        back = slice(near, begin - 1 if begin else None, -1)
        return _leaves(-t_ns[back], x[back] - place, smooth[back] - place, d, d + lenient, came=True)

    if len(first) and first[0] > 0 and (came := comes(0, 0)):
        found.append((-1, came[0], not came[1]))
    for n in range(len(first) - 1):
        left, came = leaves(n, int(last[n + 1])), comes(n + 1, int(first[n]))
        if left and came:
            found.append((left[0], max(came[0], left[0]), left[1]))
    if len(last) and last[-1] < len(x) - 1 and (left := leaves(len(last) - 1, len(x) - 1)):
        found.append((left[0], -1, left[1]))
    starts, stops, ups = zip(*found, strict=True) if found else ((), (), ())
    return Moves(np.array(starts, dtype=np.int64), np.array(stops, dtype=np.int64), np.array(ups, dtype=bool))


def _leaves(
    t_ns: Times, off: Numbers, smooth: Numbers, d: float, enough: float, came: bool = False
) -> tuple[int, bool] | None:
    """When a stretch of samples that goes ``d`` away from 0 first is ``enough`` away, and whether upwards; else None.

    Noise makes it cross back and forth: the middle of the first and the last crossing counts. Of a stretch walked
    backwards (``came``, times negative) it is the instant at which it has come back within.
    """
    far = np.flatnonzero(np.abs(smooth) >= _SURELY * d)
    peak = int(far[0]) if len(far) else int(np.argmax(np.abs(smooth)))
    if np.abs(smooth[peak]) < d:
        return None
    # What is averaged over a hole in the log is away before any sample is.
    away = np.flatnonzero(np.abs(off[peak:]) >= enough)
    peak += int(away[0]) if len(away) else 0
    beyond = np.abs(off[: peak + 1]) >= enough
    inside = np.flatnonzero(~beyond)
    last_in = int(inside[-1]) if len(inside) else 0
    # Only crossings close to the last one are noise; a spike long before it is not the start.
    crossed = np.flatnonzero(beyond & (t_ns[: peak + 1] >= t_ns[last_in] - _SMOOTH_NS))
    after = min(last_in + 1, peak)
    before = min(int(crossed[0]), after) if len(crossed) else after
    up = bool(smooth[peak] > 0)
    if came:
        before, after = max(before - 1, 0), max(after - 1, 0)
        return int(-t_ns[before] - t_ns[after]) // 2, up
    return int(t_ns[before] + t_ns[after]) // 2, up
