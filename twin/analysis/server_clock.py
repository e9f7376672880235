"""The clock of a logger's server against that of its sources, where each sample carries a stamp of both."""

from __future__ import annotations

import numpy as np

from twin.analysis.finding import NS, Findings, Numbers, Times

#: Differences that are kept, every n-th of all: memory does not grow with the log. Fewer than these tell nothing.
_MOST_KEPT, _LEAST = 1 << 16, 20
#: A server cannot stamp a sample before its source does, but for what stamps are rounded to; later by so much it often
#: does: it asks its sources now and then.
_EARLY_S, _LATE_S = 0.02, 1.0


class ServerClock:
    """Watches by how much the server's stamps are later than the source's.

    The difference is what the clocks differ by and, on top of it, the age of the sample when the server took it, which
    is never negative: the smallest differences are nearest to the clocks'.
    """

    def __init__(self, stream: str, findings: Findings) -> None:
        self._stream, self._findings = stream, findings
        self._kept: list[Numbers] = []
        self._seen, self._every = 0, 1

    def look(self, source_ns: Times, server_ns: Times) -> None:
        """Stamps (n,) of both, of the same samples."""
        behind = -self._seen % self._every
        self._seen += len(source_ns)
        # As doubles: stamps may be further apart than a count of ns holds.
        self._kept.append(server_ns[behind :: self._every] / NS - source_ns[behind :: self._every] / NS)
        while sum(map(len, self._kept)) > _MOST_KEPT:
            self._kept = [np.concatenate(self._kept)[::2]]
            self._every *= 2

    def finish(self) -> None:
        """Tell of clocks that differ."""
        if self._seen < _LEAST:
            return
        low, middle, high = np.quantile(np.concatenate(self._kept), [0.05, 0.5, 0.95]).tolist()
        if -_EARLY_S <= low <= _LATE_S:
            return
        spread = f"{middle:+.3f} s (5–95 %: {low:+.3f} … {high:+.3f} s)"
        note = (
            f"server's stamps less the source's: median {spread}; "
            + ("before the source's, which only clocks explain" if low < 0 else "the clocks, or how old samples are"),
            f"服务器时间戳减源时间戳：中位数 {spread}；"
            + ("早于源时间戳，只能是时钟不一致" if low < 0 else "时钟不一致，或样本延迟"),
        )
        finding = self._findings.of("server_clock", self._stream, "s", note=note)
        finding.count, finding.worst = self._seen, abs(low)
        finding.data = {"median_s": middle, "p05_s": low, "p95_s": high}
