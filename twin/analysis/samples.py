"""A Record's signals as formulas read them: each value holding until the next, not known where the log is silent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from twin.errors import InputError, did_you_mean
from twin.formula import find_signal
from twin.record import Event, Record
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

    def events(self, text: str) -> Times:
        """Instants in the window of events whose name, kind, message or code reads so; ``*`` stands for any text.

        Raises:
            InputError: the log has no such event; the message names those that are alike.
        """
        known = self._events
        pattern = re.compile(re.escape(text.casefold()).replace(r"\*", ".*"), re.DOTALL)
        found = [event.t_ns for event in known if any(pattern.fullmatch(said) for said in _said(event))]
        if not found:
            names = {event.name for event in known}
            some = ", ".join(sorted(names)[:5])
            raise InputError(
                key=f"event({text})", expected="the name, kind, code or text of an event of this log", got="none",
                hint=did_you_mean(text, names) or (f"there are {some}" if some else "it has no events"),
            )  # fmt: skip
        times = np.unique(np.array(found, dtype=np.int64))
        return times[(times >= self.start_ns) & (times < self.end_ns)]

    @cached_property
    def _events(self) -> list[Event]:
        return self.record.events()

    def _told(self, signal: Signal, t_ns: Times, values: Numbers) -> tuple[Times, Numbers]:
        if self.bridged:
            known = ~np.isnan(values)
            return t_ns[known], values[known]
        return with_silence(t_ns, values, self.period_ns(signal), self.end_ns)

    def period_ns(self, signal: Signal) -> int:
        """How often the log writes the signal; 0 when it is written as it changes."""
        return period_of(signal, self._scan_ns)


def period_of(signal: Signal, scan_ns: int) -> int:
    """How often a log writes a signal; 0 when it is written as it changes.

    Args:
        scan_ns: how often the log writes what says nothing of its own; 0 where it is none of a controller's scans.
    """
    return round(signal.period_s * 1e9) or (0 if signal.kind == "par" else scan_ns)


def _said(event: Event) -> list[str]:
    """What an event may be asked for by."""
    words = [event.name, event.kind, event.message, *(v for v in event.data.values() if isinstance(v, (str, int)))]
    return [str(word).casefold() for word in words]


def with_silence(t_ns: Times, values: Numbers, period_ns: int, end_ns: int) -> tuple[Times, Numbers]:
    """Samples with a missing one where the next was due and did not come for :data:`GAP_PERIODS`."""
    if period_ns <= 0 or not len(t_ns):
        return t_ns, values
    silent = np.flatnonzero(np.diff(t_ns, append=end_ns) > GAP_PERIODS * period_ns)
    if not len(silent):
        return t_ns, values
    return np.insert(t_ns, silent + 1, t_ns[silent] + period_ns), np.insert(values, silent + 1, np.nan)
