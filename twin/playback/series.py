"""Signals over a window of time: every sample while they are few, else those that keep the shape.

What is left out is never a lowest or highest value, an edge or a gap: of each bucket of time the first, last, lowest
and highest sample stay, and the first and last that are missing. They are samples as recorded, so a line through
them is the line through all, as far as a screen can show it (M4: Jugel et al., PVLDB 7(10), 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Indices = npt.NDArray[np.intp]

#: A bucket of time keeps at most this many samples of a signal that is nowhere missing.
KEPT_OF_A_BUCKET = 4
#: Rows of a table that is written every scan are missing where the next one is later than this many scans.
SCANS_TO_A_GAP = 3


@dataclass(frozen=True)
class Series:
    """One signal over a window, the sample that stood before it included.

    Args:
        steps: a value holds until the next (bool, int, enum); else it flows (real).
        last_ns: time of the last row of its table up to the end of the window; -1 when there is none.
    """

    name: str
    steps: bool
    t_ns: Times
    values: Floats
    last_ns: int


def changes(values: Floats) -> Indices:
    """Where a stepwise signal takes a new value, the first sample included."""
    if len(values) == 0:
        return np.zeros(0, np.intp)
    same = (values[1:] == values[:-1]) | (np.isnan(values[1:]) & np.isnan(values[:-1]))
    return np.concatenate([[0], 1 + np.flatnonzero(~same)])


def shape(t_ns: Times, values: Floats, t0_ns: int, t1_ns: int, buckets: int) -> Indices:
    """Which samples to send so that nothing a screen could show is lost: all of them while they are few.

    Args:
        t_ns: rising times of the samples.
        t0_ns, t1_ns: the window that the buckets divide evenly; samples outside are in buckets of their own.
        buckets: how many there are.
    """
    if len(t_ns) <= KEPT_OF_A_BUCKET * buckets:
        return np.arange(len(t_ns))
    bucket = (t_ns - t0_ns) * buckets // (t1_ns - t0_ns + 1)
    starts = np.flatnonzero(np.diff(bucket, prepend=bucket[0] - 1))
    ends = np.append(starts[1:], len(t_ns))
    rank = np.repeat(np.arange(len(starts)), ends - starts)
    missing = np.isnan(values)
    kept = [starts, ends - 1]
    for reduce, stand_in in ((np.minimum, np.inf), (np.maximum, -np.inf)):
        filled = np.where(missing, stand_in, values)
        extreme = reduce.reduceat(filled, starts)
        kept.append(_first_of_each(np.flatnonzero((filled == extreme[rank]) & ~missing), rank))
    gone = np.flatnonzero(missing)
    kept += [_first_of_each(gone, rank), _first_of_each(gone[::-1], rank)]
    return np.unique(np.concatenate(kept))


def with_gaps(t_ns: Times, values: Floats, scan_ns: int) -> tuple[Times, Floats]:
    """Rows (n, k) with a row of missing values where rows that should have come every scan did not.

    A table that is written less often than every scan has no such rows, and a log without scans knows none.
    """
    spacing = np.diff(t_ns)
    late = np.flatnonzero(spacing > SCANS_TO_A_GAP * scan_ns)
    if scan_ns <= 0 or len(late) == 0 or np.median(spacing) > SCANS_TO_A_GAP * scan_ns:
        return t_ns, values
    return (
        np.insert(t_ns, late + 1, t_ns[late] + scan_ns),
        np.insert(values, late + 1, np.nan, axis=0),
    )


def series_arrays(
    series: Sequence[Series], t0_ns: int, t1_ns: int, buckets: int | None
) -> tuple[list[dict[str, Any]], dict[str, npt.NDArray[Any]]]:
    """Header entries of a chunk and the two arrays they point into, times relative to `t0_ns`.

    With `buckets` None no signal is reduced. An entry's ``exact`` says that nothing was left out but repetitions of a
    stepwise value.
    """
    entries: list[dict[str, Any]] = []
    times: list[Floats] = [np.zeros(0)]
    values: list[Floats] = [np.zeros(0)]
    start = 0
    for one in series:
        t, v = one.t_ns, one.values
        if one.steps:
            keep = changes(v)
            t, v = t[keep], v[keep]
        keep = np.arange(len(t)) if buckets is None else shape(t, v, t0_ns, t1_ns, buckets)
        entries.append(
            {
                "name": one.name,
                "steps": one.steps,
                "start": start,
                "length": len(keep),
                "exact": len(keep) == len(t),
                "last_ns": one.last_ns,
            }
        )
        times.append((t[keep] - t0_ns).astype(np.float64))
        values.append(v[keep].astype(np.float64))
        start += len(keep)
    return entries, {"t": np.concatenate(times), "v": np.concatenate(values)}


def _first_of_each(found: Indices, rank: Indices) -> Indices:
    """The first of `found` in each bucket."""
    return found[np.unique(rank[found], return_index=True)[1]]
