"""In which signals two aligned stretches differ, from when to when, and by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.analysis.compare import Comparison, Series
from twin.analysis.warp import Warp
from twin.signals import Signal

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

#: How far off in time an aligned value may be, and stretches closer than this are one.
_SLACK_NS = 200_000_000
_JOINED_NS = 1_000_000_000


@dataclass(frozen=True)
class Difference:
    """A signal that is off by more than its tolerance, whatever is chosen within 0.2 s of the aligned instant.

    Args:
        start_ns, end_ns: from when to when in A's time.
        at_ns: where it is largest (A), with both values there.
    """

    signal: Signal
    start_ns: int
    end_ns: int
    at_ns: int
    a: float
    b: float
    tolerance: float


def differences(found: Comparison) -> list[Difference]:
    """All of them in order of time."""
    every = [
        one
        for name, signal in found.common.signals.items()
        for one in _of(signal, found.side_a.series[name], found.side_b.series[name], found)
    ]
    return sorted(every, key=lambda one: (one.start_ns, one.signal.name))


def _of(signal: Signal, a: Series, b: Series, found: Comparison) -> list[Difference]:
    if not len(a[0]) or not len(b[0]):
        return []
    tolerance, warp = found.rules.tolerance(signal, a[1], b[1]), found.warp_of(signal)
    rows = np.unique(np.concatenate([a[0], warp.to_a(b[0])]))
    rows = rows[(rows >= found.a.start_ns) & (rows <= found.a.end_ns)]
    ends_ns = warp.to_a([found.b.start_ns, found.b.end_ns])
    rows = rows[(rows >= ends_ns[0]) & (rows <= ends_ns[1])]
    if not len(rows):
        return []
    value_a, value_b = _standing(a, rows), _standing(b, warp.to_b(rows))
    off = _apart(value_a, *_around(b, warp, rows)) > tolerance
    off &= np.abs(value_a - value_b) > tolerance
    parts = _stretches(rows, np.flatnonzero(off))
    return [_told(signal, rows[part], value_a[part], value_b[part], tolerance) for part in parts]


def _told(signal: Signal, rows: Times, a: Numbers, b: Numbers, tolerance: float) -> Difference:
    k = int(np.argmax(np.abs(a - b)))
    return Difference(signal, int(rows[0]), int(rows[-1]), int(rows[k]), float(a[k]), float(b[k]), tolerance)


def _stretches(rows: Times, at: npt.NDArray[np.intp]) -> list[npt.NDArray[np.intp]]:
    if not len(at):
        return []
    return np.split(at, np.flatnonzero(np.diff(rows[at]) > _JOINED_NS) + 1)


def _standing(series: Series, t_ns: Times) -> Numbers:
    t, v = series
    index = np.searchsorted(t, t_ns, side="right") - 1
    return np.where(index < 0, np.nan, v[np.maximum(index, 0)])


def _around(b: Series, warp: Warp, rows: Times) -> tuple[Numbers, Numbers]:
    """The smallest and largest value of B about the aligned instants."""
    t, v = b
    first = np.maximum(np.searchsorted(t, warp.to_b(rows - _SLACK_NS), side="right") - 1, 0)
    stop = np.maximum(np.searchsorted(t, warp.to_b(rows + _SLACK_NS), side="right"), first + 1)
    # reduceat takes each pair's first to its second; what lies between pairs is thrown away.
    pairs = np.stack([first, stop], axis=1).ravel()
    padded = np.append(v, np.nan)
    return np.fmin.reduceat(padded, pairs)[::2], np.fmax.reduceat(padded, pairs)[::2]


def _apart(values: Numbers, low: Numbers, high: Numbers) -> Numbers:
    apart = np.maximum(np.maximum(values - high, low - values), 0.0)
    return np.where(np.isnan(apart), 0.0, apart)
