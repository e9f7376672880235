"""A Record's signals as formulas read them: each value holding until the next, not known where the log is silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from twin.formula import find_signal
from twin.record import Record
from twin.signals import Signal

#: A log that should have spoken and did not for so many periods has a gap.
GAP_PERIODS = 3.0

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


class RecordSamples:
    """The signals of a Record over a window of time, inclusive; of the whole Record when none is given.

    ``bridged``: a value stands until the next one that is known, over silence and missing values too. What happened
    meanwhile is then found at the first sample that shows it.
    """

    def __init__(
        self, record: Record, t0_ns: int | None = None, t1_ns: int | None = None, *, bridged: bool = False
    ) -> None:
        self.record = record
        self.bridged = bridged
        self.start_ns = record.start_ns if t0_ns is None else t0_ns
        self.end_ns = (record.end_ns if t1_ns is None else t1_ns) + 1
        scan_ns = record.metadata.get("scan_ns", "")
        self._scan_ns = int(scan_ns) if scan_ns.isdecimal() else 0
        self._series: dict[str, tuple[Times, Numbers]] = {}

    @cached_property
    def signals(self) -> Mapping[str, Signal]:
        """By name."""
        return {signal.name: signal for signal in self.record.signals}

    def load(self, names: Iterable[str]) -> None:
        """Read these signals, each table once."""
        by_table: dict[str, list[str]] = {}
        for name in names:
            if name not in self._series:
                find_signal(name, self.signals)
                by_table.setdefault(self.record.table_of(name), []).append(name)
        for table, wanted in by_table.items():
            t_ns, rows = self.record.rows(table, self.start_ns, self.end_ns - 1, before=True, names=wanted)
            for column, name in enumerate(wanted):
                self._series[name] = self._told(self.signals[name], t_ns, rows[:, column])

    def series(self, name: str) -> tuple[Times, Numbers]:
        """Samples of a signal in the window and the one before it; NaN where it has no value, and where a gap begins.

        Raises:
            InputError: there is no such signal.
        """
        self.load([name])
        return self._series[name]

    def _told(self, signal: Signal, t_ns: Times, values: Numbers) -> tuple[Times, Numbers]:
        if self.bridged:
            known = ~np.isnan(values)
            return t_ns[known], values[known]
        return with_silence(t_ns, values, self.period_ns(signal), self.end_ns)

    def period_ns(self, signal: Signal) -> int:
        """How often the log writes the signal; 0 when it is written as it changes."""
        return round(signal.period_s * 1e9) or (0 if signal.kind == "par" else self._scan_ns)


def with_silence(t_ns: Times, values: Numbers, period_ns: int, end_ns: int) -> tuple[Times, Numbers]:
    """Samples with a missing one where the next was due and did not come for :data:`GAP_PERIODS`."""
    if period_ns <= 0 or not len(t_ns):
        return t_ns, values
    silent = np.flatnonzero(np.diff(t_ns, append=end_ns) > GAP_PERIODS * period_ns)
    if not len(silent):
        return t_ns, values
    return np.insert(t_ns, silent + 1, t_ns[silent] + period_ns), np.insert(values, silent + 1, np.nan)
