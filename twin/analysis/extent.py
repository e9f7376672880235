"""From when to when a stream reaches, and which of its stamps are far from all others."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from twin.analysis.finding import NS, Times

_MONTH_NS = 30 * 24 * 3600 * NS
#: Months without a sample between the body of a log and stamps that are strays, and the most these may be of it.
_STRAY_MONTHS = 12
_STRAY_SHARE = 0.01
#: What is this far from the body of a log does not belong to it.
STRAY_NS = _STRAY_MONTHS * _MONTH_NS


class Extent:
    """Counts a stream's samples by month, with the first and last stamp of each."""

    def __init__(self) -> None:
        self._months: dict[int, tuple[int, int, int]] = {}

    def look(self, t_ns: Times) -> None:
        """Stamps in any order."""
        if not len(t_ns):
            return
        first, last = int(t_ns.min()), int(t_ns.max())
        if first // _MONTH_NS == last // _MONTH_NS:
            self._add(first // _MONTH_NS, len(t_ns), first, last)
            return
        months = t_ns // _MONTH_NS
        for month in np.unique(months).tolist():
            mine = t_ns[months == month]
            self._add(month, len(mine), int(mine.min()), int(mine.max()))

    def within(self, first_ns: int, last_ns: int) -> tuple[int, int, int]:
        """How many samples lie in a stretch of whole months, and the first and last stamp."""
        inside = [m for m in self._months.values() if first_ns <= m[1] and m[2] <= last_ns]
        if not inside:
            return 0, 0, 0
        return sum(m[0] for m in inside), min(m[1] for m in inside), max(m[2] for m in inside)

    def _add(self, month: int, count: int, first_ns: int, last_ns: int) -> None:
        before = self._months.get(month, (0, first_ns, last_ns))
        self._months[month] = (before[0] + count, min(before[1], first_ns), max(before[2], last_ns))

    @classmethod
    def merged(cls, extents: Iterable[Extent]) -> Extent:
        """One of several streams together."""
        whole = cls()
        for extent in extents:
            for month, (count, first_ns, last_ns) in extent._months.items():
                whole._add(month, count, first_ns, last_ns)
        return whole

    def body(self) -> tuple[int, int]:
        """First and last stamp without strays: few that lie a year or more away from the rest."""
        clusters: list[list[int]] = []
        for month in sorted(self._months):
            if not clusters or month - clusters[-1][-1] > _STRAY_MONTHS:
                clusters.append([])
            clusters[-1].append(month)
        counts = [sum(self._months[month][0] for month in cluster) for cluster in clusters]
        kept = [
            month
            for cluster, count in zip(clusters, counts, strict=True)
            if count > _STRAY_SHARE * max(counts)
            for month in cluster
        ]
        return min(self._months[m][1] for m in kept), max(self._months[m][2] for m in kept)
