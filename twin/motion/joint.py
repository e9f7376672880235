"""Joints from signals: where one stood at any instant between its samples, and how well that is known."""

from __future__ import annotations

import numpy as np

from twin.motion.known import INFERRED, MEASURED, UNKNOWN, Array, Known, Times, instants
from twin.motion.source import JointSource
from twin.record import Record

#: Samples farther apart than this many periods have a gap between them.
GAP_PERIODS = 3.0
#: A path that bends by less than this between two samples is straight (m or rad).
_STRAIGHT = 0.0005


def gap_ns(source: JointSource) -> int | None:
    """How far apart two samples may be without a gap, or None where silence is none."""
    if source.period_s is None or source.logged != "periodic":
        return None
    return round(GAP_PERIODS * source.period_s * 1e9)


def samples(record: Record, source: JointSource, t0_ns: int, t1_ns: int) -> tuple[Times, Array]:
    """The joint's positions in a window, and one on either side where there is one within reach.

    Between two of them it moved evenly: where it stood and then began to move there is one more than was logged.
    """
    reach_ns = gap_ns(source) or round((source.period_s or 0.0) * 1e9)
    t, v = record.signal(source.signal, t0_ns, t1_ns + reach_ns, before=True)
    if source.low:
        t_low, low = record.signal(source.low, t0_ns, t1_ns, before=True)
        every = instants([t, t_low])
        v, t = 0.5 * (1.0 + _last(t, v, every) - _last(t_low, low, every)), every
    if source.valid and len(t):
        # On change, the two are not looked at at one instant: what became invalid at once was not valid any more.
        after_ns = 0 if gap_ns(source) else round((source.period_s or 0.0) * 1e9)
        t_valid, valid = record.signal(source.valid, t0_ns, t1_ns + reach_ns + after_ns, before=True)
        v = np.where((_last(t_valid, valid, t) == 1.0) & (_last(t_valid, valid, t + after_ns) == 1.0), v, np.nan)
    known = ~np.isnan(v)
    t, q = t[known], v[known] * source.scale + source.offset
    return _standing(t, q, max(1, reach_ns)) if gap_ns(source) is None else (t, q)


def _standing(t: Times, q: Array, period_ns: int) -> tuple[Times, Array]:
    """Samples that were written on change, with one before each at which it still stood where it was."""
    late = np.flatnonzero((np.diff(t) > period_ns) & (np.diff(q) != 0.0))
    if not len(late):
        return t, q
    return np.insert(t, late + 1, t[late + 1] - period_ns), np.insert(q, late + 1, q[late])


def _last(t: Times, v: Array, t_ns: Times) -> Array:
    """The last values at instants, NaN before the first."""
    row = np.searchsorted(t, t_ns, side="right") - 1
    found: Array = np.where(row >= 0, v[np.maximum(row, 0)], np.nan) if len(v) else np.full(len(t_ns), np.nan)
    return found


def positions(source: JointSource, t: Times, q: Array, t_ns: Times) -> Array:
    """Positions at instants from samples; before the first one the first, over a gap and after the last the last."""
    if not len(t):
        return np.zeros(len(t_ns))
    j = np.searchsorted(t, t_ns, side="left")
    i = np.clip(j - 1, 0, len(t) - 1)
    j = np.clip(j, 0, len(t) - 1)
    dt = t[j] - t[i]
    moving = dt > 0
    longest_ns = gap_ns(source)
    if longest_ns is not None:
        moving &= (dt <= longest_ns) | (t_ns == t[j])
    share = np.where(moving, (t_ns - t[i]) / np.where(dt > 0, dt, 1), 0.0)
    found: Array = q[i] + np.clip(share, 0.0, 1.0) * (q[j] - q[i])
    return found


def known_of(source: JointSource, t: Times, q: Array, t0_ns: int, span: float, turns: bool) -> Known:
    """How well the joint is known from ``t0_ns`` on.

    Args:
        span: how far the joint can be from where it was seen at all. turns: it is an angle.
    """
    rows: list[tuple[int, int, float]] = []
    if not len(t) or t[0] > t0_ns:
        rows.append((t0_ns, UNKNOWN, span))
    longest_ns = gap_ns(source)
    if source.low:
        half = abs(source.scale) / 2
        new = np.diff(q, prepend=np.nan) != 0.0
        rows += [
            (max(at, t0_ns), *((INFERRED, half) if abs(off - half) < half / 2 else (MEASURED, source.error)))
            for at, off in zip(t[new].tolist(), np.abs(q[new]).tolist(), strict=True)
        ]
    elif len(t):
        rows.append((max(int(t[0]), t0_ns), MEASURED, source.error))
        rows += [(at, MEASURED, source.error + bend) for at, bend in _bends(t, q, longest_ns)]
    if longest_ns is not None and len(t):
        for n in np.flatnonzero(np.diff(t) > longest_ns).tolist():
            # It was at both ends, so it is rarely farther from the first than the second is; it may have been.
            rows.append((int(t[n]) + 1, INFERRED, source.error + abs(float(q[n + 1] - q[n]))))
            rows.append((int(t[n + 1]), MEASURED, source.error))
        rows.append((max(int(t[-1]) + longest_ns, t0_ns), INFERRED, span))
    return Known.of([(at, state, 0.0 if turns else off, off if turns else 0.0) for at, state, off in rows])


def _bends(t: Times, q: Array, longest_ns: int | None) -> list[tuple[int, float]]:
    """From when on a joint may be how far off the straight line between its samples, while it moves.

    The change of its step is what it may have gained or lost within one; a quarter of it is twice what an even
    acceleration would bend the line.
    """
    if len(t) < 3:
        return []
    step = np.diff(q)
    if longest_ns is not None:
        step[np.diff(t) > longest_ns] = 0.0
    change = np.abs(np.diff(step, prepend=0.0, append=0.0)) / 4.0
    off = np.where(step != 0.0, np.maximum(change[:-1], change[1:]), 0.0)
    moving = off > _STRAIGHT
    edges = np.flatnonzero(np.diff(moving.astype(np.int8), prepend=0, append=0))
    found = []
    for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        found += [(int(t[a]), float(off[a:b].max())), (int(t[b]), 0.0)]
    return found
