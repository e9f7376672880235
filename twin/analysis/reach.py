"""How far two tracks can be walked through together: forwards on both, each waiting as long as it likes.

This is reachability in the free space of the discrete Fréchet distance (Alt and Godau, "Computing the Fréchet distance
between two polygonal curves", 1995), with a tolerance for each signal; only what can be reached is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.analysis.track import Track

#: Cells looked at beyond those that are known to be needed.
_AHEAD = 32

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reach:
    """How far two tracks A and B can be walked through.

    Args:
        last_a, last_b: the farthest places that can be reached, each whatever the other's.
        first_b: where on B one can be when A is at its farthest, at the earliest; ``first_a`` the other way round.
        reached: of each place on A that can be reached the first and last place on B, (last_a + 1, 2).
    """

    last_a: int
    last_b: int
    first_a: int
    first_b: int
    reached: npt.NDArray[np.intp]


def reach(a: Track, b: Track) -> Reach:
    """Walk both from their starts; where not even these agree, both stay at -1."""
    row: tuple[int, Flags] | None = None
    reached: list[tuple[int, int]] = []
    last_b, first_a = -1, -1
    for i in range(len(a)):
        row = _row(a, b, i, row)
        first, flags = row
        if not flags.any():
            break
        reached.append((first, first + len(flags) - 1))
        if reached[-1][1] > last_b:
            last_b, first_a = reached[-1][1], i
    first_b = reached[-1][0] if reached else -1
    return Reach(len(reached) - 1, last_b, first_a, first_b, np.array(reached, dtype=np.intp).reshape(-1, 2))


def free(a: Track, i: int, b: Track, j0: int, j1: int) -> Flags:
    """Where A at i agrees with B from j0 to j1."""
    return np.asarray((_apart(a, i, b, j0, j1) <= 1.0).all(axis=1))


def blocked_by(a: Track, i: int, b: Track, j: int) -> npt.NDArray[np.intp]:
    """The signals in which A at i and B at j do not agree, the worst first; flowing ones first in number."""
    apart = _apart(a, i, b, j, j + 1)[0]
    found = np.flatnonzero(apart > 1.0)
    return found[np.argsort(-apart[found], kind="stable")]


def _apart(a: Track, i: int, b: Track, j0: int, j1: int) -> npt.NDArray[np.float64]:
    """How far A at i and B from j0 to j1 are from each other, in tolerances; (j1 - j0, signals)."""
    flowing = np.maximum(b.low[j0:j1] - a.high[i], a.low[i] - b.high[j0:j1])
    now = b.now[j0:j1]
    stepping = np.abs(now - a.now[i])
    moment = b.moment[j0:j1]
    if a.moment[i] and (stepping[moment] > 1.0).any():
        # In a moment one of them may be a sample early or late; at rest it may not.
        exact = stepping
        for mine, theirs in (
            (a.before[i], now), (a.after[i], now), (a.now[i], b.before[j0:j1]), (a.now[i], b.after[j0:j1]),
        ):  # fmt: skip
            stepping = np.fmin(stepping, np.abs(theirs - mine))
        stepping = np.where(moment[:, None], stepping, exact)
    return np.concatenate([flowing, np.where(np.isnan(stepping), 0.0, stepping)], axis=1)


def _row(a: Track, b: Track, i: int, before: tuple[int, Flags] | None) -> tuple[int, Flags]:
    """Cells of row i that can be reached: the first column and flags, the first and last of which are set."""
    if before is None:
        first, seeds = 0, np.array([True])
    else:
        first, seeds = before[0], np.append(before[1], False)
        seeds[1:] |= before[1]  # from (i-1, j) and from (i-1, j-1)
    seeds = seeds[: len(b) - first]
    stop = first + len(seeds)
    flags = free(a, i, b, first, stop)
    reached = _spread(flags, seeds)
    # Along the row, B going on alone, for as long as it may.
    while stop < len(b) and reached[-1]:
        more = free(a, i, b, stop, min(stop + _AHEAD, len(b)))
        on = np.logical_and.accumulate(more)
        reached = np.concatenate([reached, on])
        stop += len(more)
        if not on.all():
            break
    found = np.flatnonzero(reached)
    if not len(found):
        return first, reached
    return first + int(found[0]), reached[found[0] : found[-1] + 1]


def _spread(flags: Flags, seeds: Flags) -> Flags:
    """From free seeds on through free cells."""
    at = np.arange(len(flags))
    wall = np.maximum.accumulate(np.where(flags, -1, at))
    seed = np.maximum.accumulate(np.where(seeds & flags, at, -1))
    return np.asarray(flags & (seed > wall))
