"""What stands between the samples of a log: held, or on the way from one to the next, as it was logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

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
        t_ns, values = self._known
        if not len(t_ns):
            return np.full(len(scans), np.nan)
        if self.steps:
            found = values[np.maximum(np.searchsorted(t_ns, scans, side="right") - 1, 0)]
        else:
            found = np.interp(scans, *self._knots)
        found[scans < t_ns[0]] = np.nan
        return found

    def moving(self, scans: Times) -> tuple[npt.NDArray[np.bool_], Numbers]:
        """At which instants it is on its way, beyond its band's noise, and how fast (1/s)."""
        knots, points = self._knots
        if len(knots) < 2:
            return np.zeros(len(scans), dtype=bool), np.zeros(len(scans))
        change = np.diff(points)
        took_ns = np.maximum(np.diff(knots), 1)
        rate = np.where(np.abs(change) > NOISE_BANDS * self.band, change / took_ns * 1e9, 0.0)
        place = np.searchsorted(knots, scans, side="right") - 1
        within = (place >= 0) & (place < len(rate))
        rates: Numbers = np.where(within, rate[place.clip(0, len(rate) - 1)], 0.0)
        return rates != 0.0, rates

    @cached_property
    def _known(self) -> tuple[Times, Numbers]:
        known = ~np.isnan(self.values)
        return self.t_ns[known], self.values[known]

    @cached_property
    def _knots(self) -> tuple[Times, Numbers]:
        """Between which it goes straight: the samples, and where it left a stand and came to one.

        What is silent stands within its band until less than a look before it is written again. When it left in that
        time, and when it came to its next stand, is told by how fast it was between the looks next to that.
        """
        t_ns, values = self._known
        period_ns = self.period_ns
        if len(t_ns) < 2 or not period_ns:
            return t_ns, values
        gap_ns, change = np.diff(t_ns), np.abs(np.diff(values))
        stood = gap_ns > _LATE_PERIODS * period_ns
        rate = np.where(stood, 0.0, change / gap_ns)
        left = np.flatnonzero(stood)
        left_ns = _while(change[left], np.append(rate, 0.0)[left + 1], np.full(len(left), period_ns))
        came = np.flatnonzero(np.append(stood[1:], True) & ~stood)
        came_ns = _while(change[came], np.append(0.0, rate)[came], gap_ns[came])
        knots = np.concatenate([t_ns, t_ns[left + 1] - left_ns, t_ns[came] + came_ns])
        points = np.concatenate([values, values[left], values[came + 1]])
        order = np.argsort(knots, kind="stable")
        return knots[order], points[order]

    def silent(self, scans: Times) -> npt.NDArray[np.bool_]:
        """Where it should have been written and was not."""
        if not self.periodic or not self.period_ns or not len(self.t_ns):
            return np.zeros(len(scans), dtype=bool)
        last = self.t_ns[np.maximum(np.searchsorted(self.t_ns, scans, side="right") - 1, 0)]
        return np.asarray(scans - last > _HOLE_PERIODS * self.period_ns)


def _while(change: Numbers, rate: Numbers, most_ns: Times) -> Times:
    """How long a change took at a rate (1/ns), at most so long; half of that where the rate is not known."""
    took = np.where(rate > 0, most_ns, most_ns / 2)
    # Compared before it is divided: what hardly moves would take longer than a number can say.
    sooner = change < rate * took
    took[sooner] = change[sooner] / rate[sooner]
    return np.maximum(took, 1).astype(np.int64)


def validity(valid: Samples, measured: Sequence[Samples]) -> Samples:
    """A flag that a measurement is valid, which may last less than a look: it was where the measurement changed.

    It is then valid from when all of its values are in the log, for a look; a sensor shows nothing new without it.
    """
    look_ns = max([valid.period_ns, *(one.period_ns for one in measured)])
    news = np.sort(np.concatenate([one.t_ns[1:] for one in measured])) if measured else valid.t_ns[:0]
    if valid.periodic or not look_ns or not len(news):
        return valid
    last = np.append(np.diff(news) > look_ns, True)
    all_in = news[last]
    begun = valid.t_ns[valid.values == 1.0]
    # What the flag itself tells is of a measurement whose values are in a look later.
    alone = begun[[not ((all_in >= t - look_ns) & (all_in <= t + 2 * look_ns)).any() for t in begun.tolist()]]
    starts = np.sort(np.concatenate([all_in, alone]))
    t_ns = np.concatenate([valid.t_ns[:1], np.ravel(np.stack([starts, starts + look_ns], axis=1))])
    values = np.concatenate([[0.0], np.tile([1.0, 0.0], len(starts))])
    order = np.argsort(t_ns, kind="stable")
    return replace(valid, t_ns=t_ns[order], values=values[order])
