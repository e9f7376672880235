"""Joints from signals: where one stood at any instant between its samples, and how well that is known."""

from __future__ import annotations

import numpy as np

from twin.motion.known import INFERRED, MEASURED, UNKNOWN, Array, Known, Times
from twin.motion.source import JointSource
from twin.record import Record

#: Samples farther apart than this many periods have a gap between them.
GAP_PERIODS = 3.0


def gap_ns(source: JointSource) -> int | None:
    """How far apart two samples may be without a gap, or None where silence is none."""
    if source.period_s is None or source.logged != "periodic":
        return None
    return round(GAP_PERIODS * source.period_s * 1e9)


def samples(record: Record, source: JointSource, t0_ns: int, t1_ns: int) -> tuple[Times, Array]:
    """The joint's positions as logged in a window, and one on either side where there is one within reach."""
    reach_ns = gap_ns(source) or round((source.period_s or 0.0) * 1e9)
    t, v = record.signal(source.signal, t0_ns, t1_ns + reach_ns, before=True)
    if source.low:
        t_low, low = record.signal(source.low, t0_ns, t1_ns, before=True)
        every = np.unique(np.concatenate([t, t_low]))
        v, t = 0.5 * (1.0 + _last(t, v, every) - _last(t_low, low, every)), every
        # Most rows of a scanned table say what the row before said.
        new = np.diff(v, prepend=np.nan) != 0.0
        t, v = t[new], v[new]
    known = ~np.isnan(v)
    return t[known], v[known] * source.scale + source.offset


def positions(source: JointSource, t: Times, q: Array, t_ns: Times) -> Array:
    """Positions at instants from samples; before the first one the first."""
    if not len(t):
        return np.zeros(len(t_ns))
    j = np.searchsorted(t, t_ns, side="left")
    exact = (j < len(t)) & (t[np.minimum(j, len(t) - 1)] == t_ns)
    i = np.clip(np.where(exact, j, j - 1), 0, len(t) - 1)
    held: Array = q[i]
    if source.period_s is None:
        return held
    j = np.clip(j, 0, len(t) - 1)
    start, end = t[i], t[j]
    longest_ns = gap_ns(source)
    if longest_ns is None:
        start = np.maximum(start, end - round(source.period_s * 1e9))
        moving = (end > start) & (t_ns >= start)
    else:
        moving = (end > start) & (end - start <= longest_ns)
    share = np.where(moving, (t_ns - start) / np.where(end > start, end - start, 1), 0.0)
    return held + share * (q[j] - held)


def _last(t: Times, v: Array, t_ns: Times) -> Array:
    """The last values at instants, NaN before the first."""
    row = np.searchsorted(t, t_ns, side="right") - 1
    found: Array = np.where(row >= 0, v[np.maximum(row, 0)], np.nan) if len(v) else np.full(len(t_ns), np.nan)
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
        rows += [
            (max(at, t0_ns), *((INFERRED, half) if abs(off - half) < half / 2 else (MEASURED, source.error)))
            for at, off in zip(t.tolist(), np.abs(q).tolist(), strict=True)
        ]
    elif len(t):
        rows.append((max(int(t[0]), t0_ns), MEASURED, source.error))
    if longest_ns is not None and len(t):
        for n in np.flatnonzero(np.diff(t) > longest_ns).tolist():
            # It was at both ends, so it is rarely farther from the first than the second is; it may have been.
            rows.append((int(t[n]) + 1, INFERRED, source.error + abs(float(q[n + 1] - q[n]))))
            rows.append((int(t[n + 1]), MEASURED, source.error))
        rows.append((max(int(t[-1]) + longest_ns, t0_ns), INFERRED, span))
    return Known.of([(at, state, 0.0 if turns else off, off if turns else 0.0) for at, state, off in rows])
