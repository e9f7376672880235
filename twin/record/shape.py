"""What a line through samples keeps when most of them are left out: extremes, edges and gaps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Indices = npt.NDArray[np.intp]

#: Rows of a table that is written every scan are missing where the next one is later than this many scans.
SCANS_TO_A_GAP = 3


def changes(values: Floats) -> Indices:
    """Where a stepwise signal takes a new value, the first sample included."""
    if len(values) == 0:
        return np.zeros(0, np.intp)
    same = (values[1:] == values[:-1]) | (np.isnan(values[1:]) & np.isnan(values[:-1]))
    return np.concatenate([[0], 1 + np.flatnonzero(~same)])


def extremes(values: Floats, bucket: npt.NDArray[np.int64]) -> Indices:
    """Of each bucket the first, last, lowest and highest sample, and the first and last that are missing.

    What is kept of what was kept by narrower buckets, of which none reaches into two of these, is the same.

    Args:
        bucket: the bucket of each sample, not falling.
    """
    if not len(values):
        return np.zeros(0, np.intp)
    starts = np.flatnonzero(np.diff(bucket, prepend=bucket[0] - 1))
    ends = np.append(starts[1:], len(values))
    rank = np.repeat(np.arange(len(starts)), ends - starts)
    missing = np.isnan(values)
    kept = [starts, ends - 1]
    for reduce, stand_in in ((np.minimum, np.inf), (np.maximum, -np.inf)):
        filled = np.where(missing, stand_in, values)
        extreme = reduce.reduceat(filled, starts)
        kept.append(_first_of_each(np.flatnonzero((filled == extreme[rank]) & ~missing), rank))
    gone = np.flatnonzero(missing)
    kept += [_first_of_each(gone, rank), _first_of_each(gone[::-1], rank)]
    chosen = np.zeros(len(values), dtype=bool)
    for some in kept:
        chosen[some] = True
    return np.flatnonzero(chosen)


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


def _first_of_each(found: Indices, rank: Indices) -> Indices:
    """The first of ``found`` in each bucket, which follow one another in it."""
    return found[np.flatnonzero(np.diff(rank[found], prepend=-1))]
