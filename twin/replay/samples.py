"""A replay as formulas read it: the inputs as the controller got them, and what it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from twin.analysis.samples import RecordSamples
from twin.control import INPUT_KINDS
from twin.formula import Intervals, find_signal
from twin.record import Record
from twin.replay.model import Replay
from twin.replay.sampled import SampledLog
from twin.replay.scanned import is_scanned
from twin.replay.site import site_of
from twin.signals import Signal

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


def replay_samples(record: Record, replay: Replay, *, surely: bool = False) -> ReplaySamples:
    """The signals of a replay and of its log, over the time of the replay.

    A requirement judged on them speaks of the controller only where it is ``engaged``, and before the log's horizon.

    Args:
        surely: inputs that step are not known for as long as the log leaves open when they did (``tolerance_ns``), so
            that two of them that changed at once, and were looked at one after the other, contradict each other
            nowhere.
    """
    return ReplaySamples(record, replay, replay.tolerance_ns if surely else 0)


class ReplaySamples:
    """The controller's outputs, its inputs as it got them, and what else the log has.

    A plant's log has an input late by up to a look; the controller got it brought to its scans, and is judged by that.
    """

    def __init__(self, record: Record, replay: Replay, open_ns: int = 0) -> None:
        self._replay, self._open_ns = replay, open_ns
        t_ns = replay.t_ns
        first_ns, last_ns = (int(t_ns[0]), int(t_ns[-1])) if len(t_ns) else (record.start_ns, record.start_ns)
        self._logged = RecordSamples(record, first_ns, last_ns)
        self._record = record
        self._columns = {name: column for column, name in enumerate(replay.outputs.names)}
        self.end_ns = last_ns + self._scan_ns
        self.start_ns = first_ns

    @cached_property
    def _scan_ns(self) -> int:
        t_ns = self._replay.t_ns
        return int(np.median(np.diff(t_ns))) if len(t_ns) > 1 else 1

    @cached_property
    def _fed(self) -> SampledLog | None:
        """How the inputs of a plant's log were brought to scans."""
        if is_scanned(self._record):
            return None
        site = site_of(self._record)
        return SampledLog(self._record, site.table.select(*INPUT_KINDS), self._replay.outputs, site.scan_ns, site.why)

    @cached_property
    def signals(self) -> Mapping[str, Signal]:
        """By name."""
        fed = self._fed.inputs if self._fed is not None else ()
        return {
            **self._logged.signals,
            **{signal.name: signal for signal in fed},
            **{signal.name: signal for signal in self._replay.outputs},
        }

    def load(self, names: Iterable[str]) -> None:
        """Read these signals together."""
        wanted = [name for name in names if name not in self._columns and not self._is_fed(name)]
        self._logged.load(wanted)

    def series(self, name: str) -> tuple[Times, Numbers]:
        """Samples of a signal, where they change; NaN where it has no value.

        Raises:
            InputError: there is no such signal.
        """
        find_signal(name, self.signals)
        t_ns = self._replay.t_ns
        if name in self._columns:
            return _changes(t_ns, self._written(name))
        if name in self._replay.given:
            return self._left_open(name, _changes(t_ns, self._replay.given[name]))
        if self._fed is not None and self._is_fed(name):
            return self._left_open(name, _changes(t_ns, self._fed.input(name, t_ns)))
        return self._logged.series(name)

    def _left_open(self, name: str, series: tuple[Times, Numbers]) -> tuple[Times, Numbers]:
        """An input that steps, not known around its steps."""
        t_ns, values = series
        if not self._open_ns or len(t_ns) < 2 or not self.signals[name].steps:
            return series
        around = Intervals.of(t_ns[1:] - self._open_ns, t_ns[1:] + self._open_ns).clipped(int(t_ns[0]), self.end_ns)
        known = ~around.contains(t_ns)
        after = values[np.searchsorted(t_ns, around.end, side="right") - 1]
        all_t_ns = np.concatenate([t_ns[known], around.start, around.end])
        all_values = np.concatenate([values[known], np.full(len(around), np.nan), after])
        order = np.argsort(all_t_ns, kind="stable")
        return all_t_ns[order], all_values[order]

    def _written(self, name: str) -> Numbers:
        """What it wrote; a set point that the log does not have is not known after a taking up until it says one."""
        values: Numbers = self._replay.values[:, self._columns[name]]
        begun = np.searchsorted(self._replay.t_ns, self._replay.taken_up_ns)
        if not len(begun) or self.signals[name].kind != "sp" or name in self._logged.signals:
            return values
        values = values.copy()
        for begin, end in zip(begun, [*begun[1:], len(values)], strict=True):
            said = np.flatnonzero(values[begin:end] != values[min(begin, len(values) - 1)])
            values[begin : begin + said[0] if said.size else end] = np.nan
        return values

    def period_ns(self, signal: Signal) -> int:
        """How often a signal is written: what is told by its changes is silent between them."""
        if signal.name in self._columns or self._is_fed(signal.name):
            return 0
        return self._logged.period_ns(signal)

    def events(self, text: str) -> Times:
        """Instants of the log's events of this name, kind, code or text."""
        return self._logged.events(text)

    def _is_fed(self, name: str) -> bool:
        return self._fed is not None and name in self._fed.inputs


def _changes(t_ns: Times, values: Numbers) -> tuple[Times, Numbers]:
    if not len(t_ns):
        return t_ns, values
    same = (values[1:] == values[:-1]) | (np.isnan(values[1:]) & np.isnan(values[:-1]))
    kept = np.concatenate([[True], ~same])
    return t_ns[kept], values[kept]
