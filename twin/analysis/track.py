"""The way that a group of signals goes through a stretch of time: what its values are around each row.

Two logs of the same movement are sampled at different instants, and a bit may come a sample early in one of them. So a
row is no point: a measured number lies anywhere between its samples before and after, and of what goes in steps the
value before and the one after are as good as the one that stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Series = tuple[Times, Numbers]
#: Rows within such a part of the tolerances are one place where the group rests.
_REST = 0.25
#: Two samples farther apart than so many periods do not lead to each other.
_GAP_PERIODS = 3.0
#: A signal whose long spacings are more than so many of its short ones is written on change.
_UNEVEN = 3.0


@dataclass(frozen=True)
class Track:
    """Rests and moments of a group, one after another.

    Args:
        start_ns, end_ns: when each begins, and when the next does; (n,).
        low, high: between what the measured numbers lie, in tolerances; (n, k). What is not known reaches from minus
            to plus infinity.
        before, now, after: of what goes in steps, in tolerances; (n, m). NaN is not known.
        moment: whether it is over with the next sample: something may come a sample early or late in it; (n,).
    """

    start_ns: Times
    end_ns: Times
    low: Numbers
    high: Numbers
    before: Numbers
    now: Numbers
    after: Numbers
    moment: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.start_ns)


def track(
    flowing: Sequence[Series], stepping: Sequence[Series], scales: Sequence[float], start_ns: int, end_ns: int
) -> Track:
    """The track of some signals.

    Args:
        flowing, stepping: samples of measured numbers and of what goes in steps, with the one before the stretch.
        scales: the tolerance of each, the flowing first; of what must be the same, one below 1.
        start_ns, end_ns: the stretch, the end exclusive.
    """
    series = [*flowing, *stepping]
    distinct = {id(t): t for t, _ in series}.values()
    times = [t[(t > start_ns) & (t < end_ns)] for t in distinct]
    rows = np.unique(np.concatenate([np.array([start_ns]), *times]))
    periods = _periods([t for t, _ in series])
    around = np.empty((len(series), 3, len(rows)))
    for k, (t, v) in enumerate(series):
        around[k] = _around(rows, t, v, periods[k]) / scales[k]
    box, steps = around[: len(flowing)], around[len(flowing) :]
    with np.errstate(invalid="ignore"):
        low, high = np.fmin.reduce(box, axis=1).T, np.fmax.reduce(box, axis=1).T
    unknown = np.isnan(box[:, 1]).T
    low, high = np.where(unknown, -np.inf, low), np.where(unknown, np.inf, high)
    first = _rests(np.concatenate([low, high, *(steps[:, k].T for k in range(3))], axis=1))
    starts, ends = rows[first], np.append(rows[first[1:]], end_ns)
    return Track(
        start_ns=starts,
        end_ns=ends,
        low=np.minimum.reduceat(low, first, axis=0),
        high=np.maximum.reduceat(high, first, axis=0),
        before=steps[:, 0, first].T,
        now=steps[:, 1, first].T,
        after=steps[:, 2, first].T,
        moment=ends - starts <= _GAP_PERIODS * min(periods, default=0.0),
    )


def _periods(times: Sequence[Times]) -> list[float]:
    """How often each signal is looked at, ns: what is written on change, as often as the quickest of the group."""
    own = [np.quantile(np.diff(t), [0.1, 0.9]) if len(t) > 2 else np.array([np.inf, np.inf]) for t in times]
    quickest = min((float(low) for low, _ in own), default=0.0)
    quickest = quickest if np.isfinite(quickest) else 0.0
    return [float(low) if high <= _UNEVEN * low < np.inf else quickest for low, high in own]


def _around(rows: Times, t: Times, v: Numbers, period: float) -> Numbers:
    """The sample before, the one that stands, and the one after, at each row; (3, rows). NaN where nothing is known.

    A sample that is far in time says nothing of the row: there it is the one that stands.
    """
    if not len(t):
        return np.full((3, len(rows)), np.nan)
    index = np.searchsorted(t, rows, side="right") - 1
    at = np.maximum(index, 0)
    after = np.minimum(at + 1, len(t) - 1)
    now = np.where(index < 0, np.nan, v[at])
    # What is written on change stood where it was until just before.
    earlier = np.where(rows - t[at] <= 0.5 * period, v[np.maximum(at - 1, 0)], now)
    later = np.where(t[after] - rows <= _GAP_PERIODS * period, v[after], now)
    return np.stack([np.where(np.isnan(earlier), now, earlier), now, np.where(np.isnan(later), now, later)])


def _rests(values: Numbers) -> npt.NDArray[np.intp]:
    """Where rests and moments begin: greedily, as long as the values (n, k) stay nearly the same."""
    n = len(values)
    still = ~_off(values[1:], values[:-1])
    starts = [0]
    row = 0
    while row < n - 1:
        row = _end_of_rest(values, row) if still[row] else row + 1
        if row < n:
            starts.append(row)
    return np.array(starts, dtype=np.intp)


def _end_of_rest(values: Numbers, start: int) -> int:
    """The first row after `start` that is no longer where that row is."""
    step, at = 64, start + 1
    while at < len(values):
        gone = np.flatnonzero(_off(values[at : at + step], values[start]))
        if len(gone):
            return at + int(gone[0])
        at, step = at + step, step * 2
    return len(values)


def _off(values: Numbers, other: Numbers) -> npt.NDArray[np.bool_]:
    """Rows of which a value is elsewhere, or known where the other is not."""
    with np.errstate(invalid="ignore"):
        apart = np.abs(values - other)
    # Infinity minus infinity: not known in both.
    return np.asarray(((apart > _REST) | (np.isnan(values) != np.isnan(other))).any(axis=1))
