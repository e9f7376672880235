"""Which instant of one log is which of another: a rising line through anchors, by what happened, not by the clock."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.int64]
#: Edges looked at in one piece when two sequences are matched; longer ones are cut where both have gone as far.
_MOST_EDGES = 3_000
#: A pace outside this is no pace but a wait.
_PACES = (0.25, 4.0)
_FAR_NS = 10**15

Edge = tuple[int, str]


@dataclass(frozen=True)
class Warp:
    """Anchors (t_a, t_b), both rising, at least two; straight between them and beyond them at their pace.

    Beyond the first and last anchor time goes on equally fast in both.
    """

    a_ns: Times
    b_ns: Times

    def to_b(self, t_ns: npt.ArrayLike) -> Times:
        """Instants of A in B's time."""
        return _through(np.asarray(t_ns, dtype=np.int64), self.a_ns, self.b_ns)

    def to_a(self, t_ns: npt.ArrayLike) -> Times:
        """Instants of B in A's time."""
        return _through(np.asarray(t_ns, dtype=np.int64), self.b_ns, self.a_ns)


def make_warp(anchors: npt.NDArray[np.int64], start_ns: tuple[int, int]) -> Warp:
    """The warp through as many anchors as rise in both, (n, 2) in any order; equal starts when there are none."""
    if not len(anchors):
        anchors = np.array([start_ns], dtype=np.int64)
    order = np.lexsort((anchors[:, 1], anchors[:, 0]))
    kept = rising(anchors[order])
    return Warp(kept[:, 0].copy(), kept[:, 1].copy())


def going_on(warp: Warp, recent_ns: int) -> Warp:
    """The warp with one more anchor far behind its last: on at the pace of the last time, ``recent_ns`` of A's."""
    first = int(np.searchsorted(warp.a_ns, warp.a_ns[-1] - recent_ns, side="right")) - 1
    first = max(first, 0)
    a_ns, b_ns = int(warp.a_ns[-1] - warp.a_ns[first]), int(warp.b_ns[-1] - warp.b_ns[first])
    pace = float(np.clip(b_ns / a_ns, *_PACES)) if a_ns > 0 else 1.0
    far = warp.a_ns[-1] + _FAR_NS, warp.b_ns[-1] + round(pace * _FAR_NS)
    return Warp(np.append(warp.a_ns, far[0]), np.append(warp.b_ns, far[1]))


def rising(pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """As many of the pairs, sorted by their first, as rise in both; of several at one instant one."""
    tails: list[int] = []  # the smallest second with which a chain of each length ends
    ends: list[int] = []
    before = np.full(len(pairs), -1, dtype=np.intp)
    # Of one instant of A the latest of B first, so that a chain takes only one of them.
    order = np.lexsort((-pairs[:, 1], pairs[:, 0]))
    for n in order.tolist():
        at = bisect_left(tails, int(pairs[n, 1]))
        before[n] = ends[at - 1] if at else -1
        if at == len(tails):
            tails.append(int(pairs[n, 1]))
            ends.append(n)
        else:
            tails[at], ends[at] = int(pairs[n, 1]), n
    chain = []
    n = ends[-1] if ends else -1
    while n >= 0:
        chain.append(n)
        n = int(before[n])
    return pairs[chain[::-1]]


def matched(a: Sequence[Edge], b: Sequence[Edge]) -> npt.NDArray[np.int64]:
    """Instants at which the same happened in both, (n, 2): a longest common subsequence of what happened.

    Args:
        a, b: (time, what), in order of time.
    """
    found: list[tuple[int, int]] = []
    a, b = list(a), list(b)
    while a and b:
        part_a, part_b = a[:_MOST_EDGES], b[:_MOST_EDGES]
        pairs = _common(part_a, part_b)
        if not pairs:
            break
        if len(a) > _MOST_EDGES or len(b) > _MOST_EDGES:
            # The last of a piece may belong to the next.
            pairs = pairs[: max(1, len(pairs) // 2)]
            rest_a, rest_b = a[pairs[-1][0] + 1 :], b[pairs[-1][1] + 1 :]
        else:
            rest_a, rest_b = [], []
        found += [(a[i][0], b[j][0]) for i, j in pairs]
        a, b = rest_a, rest_b
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _common(a: Sequence[Edge], b: Sequence[Edge]) -> list[tuple[int, int]]:
    """Index pairs of a longest common subsequence."""
    names = {name: n for n, name in enumerate(dict.fromkeys(what for _, what in [*a, *b]))}
    x = np.array([names[what] for _, what in a])
    y = np.array([names[what] for _, what in b])
    # length[i, j]: of what is common to a[i:] and b[j:], filled from the end, a row at once.
    length = np.zeros((len(x) + 1, len(y) + 1), dtype=np.int32)
    for i in range(len(x) - 1, -1, -1):
        with_this = np.where(x[i] == y, length[i + 1, 1:] + 1, length[i + 1, :-1])
        length[i, :-1] = np.maximum.accumulate(with_this[::-1])[::-1]
    pairs = []
    i = j = 0
    while i < len(x) and j < len(y):
        if x[i] == y[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif length[i + 1, j] >= length[i, j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _through(t: Times, x: Times, y: Times) -> Times:
    """Linear between anchors, parallel beyond them."""
    inner = y[0] + np.interp(
        (t - x[0]).astype(np.float64), (x - x[0]).astype(np.float64), (y - y[0]).astype(np.float64)
    )
    found = np.where(t < x[0], y[0] + (t - x[0]), np.where(t > x[-1], y[-1] + (t - x[-1]), np.rint(inner)))
    return np.asarray(found, dtype=np.int64)
