"""What stands between the samples of a log: held, or on the way from one to the next, as it was logged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.record import Record
from twin.signals import Signal
from twin.tag_map import Tag, TagMap

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

#: A log that writes periodically and did not for so many periods has a hole; one sample may be late by half a period.
_HOLE_PERIODS, _LATE_PERIODS = 3.0, 1.5
#: A dead-band's own noise: a value may be so many bands from what the log said last.
NOISE_BANDS = 1.5


@dataclass(frozen=True)
class Samples:
    """A signal of a log.

    Args:
        t_ns, values: (n,), as the log has them; NaN: it says that there is none.
        period_ns: how often the log looks; 0: not known. periodic: it then writes, changed or not.
        band: how far the signal goes before it is written.
        steps: a value holds until the next one.
    """

    t_ns: Times
    values: Numbers
    period_ns: int
    periodic: bool
    band: float
    steps: bool

    @classmethod
    def of(cls, record: Record, signal: Signal, tag_map: TagMap) -> Samples:
        """Read a signal whole."""
        stream, _, name = signal.source.partition("/")
        tag = tag_map.find(stream, name) or Tag(signal=signal.name)
        t_ns, values = record.signal(signal.name)
        period_ns = round((tag.period_s or signal.period_s) * 1e9)
        if not period_ns and len(t_ns) > 2:
            # How it writes what moves tells how often it looks.
            period_ns = int(np.quantile(np.diff(t_ns), 0.1))
        periodic = tag.logged == "periodic" or signal.period_s > 0
        return cls(t_ns, values, period_ns, periodic, tag.dead_band, signal.steps)

    def at(self, scans: Times) -> Numbers:
        """Values at rising instants (n,); NaN before the first sample."""
        known = ~np.isnan(self.values)
        t_ns, values = self.t_ns[known], self.values[known]
        if not len(t_ns):
            return np.full(len(scans), np.nan)
        held = np.searchsorted(t_ns, scans, side="right") - 1
        if self.steps:
            found = values[np.maximum(held, 0)]
        else:
            knots, points = self._knots(t_ns, values)
            found = np.interp(scans, knots, points)
        found[held < 0] = np.nan
        return found

    def _knots(self, t_ns: Times, values: Numbers) -> tuple[Times, Numbers]:
        """A signal that was silent stood, within its band, until a period before it was written again."""
        period_ns = self.period_ns
        silent = np.flatnonzero(np.diff(t_ns) > _LATE_PERIODS * period_ns) if period_ns else np.arange(len(t_ns) - 1)
        until = t_ns[silent + 1] - max(period_ns, 1)
        return np.insert(t_ns, silent + 1, until), np.insert(values, silent + 1, values[silent])

    def resting(self, scans: Times) -> npt.NDArray[np.bool_]:
        """Where the log was silent, beyond its period, and the signal therefore stood within its band."""
        after = np.searchsorted(self.t_ns, scans, side="right")
        before = np.maximum(after - 1, 0)
        ends = np.append(self.t_ns, np.iinfo(np.int64).max // 2)[after]
        long = ends - self.t_ns[before] > _LATE_PERIODS * self.period_ns
        return np.asarray(long & (scans <= ends - self.period_ns))

    def silent(self, scans: Times) -> npt.NDArray[np.bool_]:
        """Where it should have been written and was not."""
        if not self.periodic or not self.period_ns or not len(self.t_ns):
            return np.zeros(len(scans), dtype=bool)
        last = self.t_ns[np.maximum(np.searchsorted(self.t_ns, scans, side="right") - 1, 0)]
        return np.asarray(scans - last > _HOLE_PERIODS * self.period_ns)
