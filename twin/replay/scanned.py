"""A Record with a row for each scan: the controller gets the very images that the run's controller got."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from twin.record import Record
from twin.replay.feed import Feed, Times, Values
from twin.replay.rule import InputRule
from twin.signals import SignalTable


def is_scanned(record: Record) -> bool:
    """Whether a log is a Record of a run, which has a row for each scan from the first on."""
    return "scenario.yaml" in record.attachments and "scan_ns" in record.metadata


class ScannedLog:
    """The inputs and outputs of such a Record.

    Args:
        inputs, outputs: the controller's.
    """

    def __init__(self, record: Record, inputs: SignalTable, outputs: SignalTable) -> None:
        self._record = record
        has = record.signals
        self.names = [name for name in inputs.names if name in has]
        self.written = [name for name in outputs.names if name in has]
        self.rules = [InputRule(name, "recorded") for name in self.names]
        self.rules += [InputRule(s.name, "missing", f"it stays {s.safe:g}") for s in inputs if s.name not in has]
        self.tolerance_ns, self.from_start, self.why = 0, True, "settings of the log's own scenario"
        self.scans = self._scans()

    def _scans(self) -> Times:
        """Times of the scans whose inputs are all there: the last row of a run that was cut off may be torn."""
        tables = {self._record.table_of(name): name for name in self.names}
        times = [self._record.rows(table, names=[name])[0] for table, name in tables.items()]
        return min(times, key=len)

    def idle(self, scans: Times) -> npt.NDArray[np.bool_]:
        """Nowhere surely: what its controller's outputs say of its memory is taken up instead."""
        return np.zeros(len(scans), dtype=bool)

    def period_ns(self, name: str) -> int:
        """How long a value may stand without being in the log."""
        return 0

    def feed(self, scans: Times) -> Feed:
        """The inputs at some scans that follow each other."""
        names, values = self._columns(self.names, scans)
        return Feed(scans, names, values, self.rules)

    def said(self, names: Iterable[str], scans: Times) -> Values:
        """What was written, at each scan (n, k); NaN where the Record does not say."""
        wanted = list(names)
        found = np.full((len(scans), len(wanted)), np.nan)
        place = {name: column for column, name in enumerate(wanted)}
        known, values = self._columns([name for name in wanted if name in self._record.signals], scans)
        found[:, [place[name] for name in known]] = values
        return found

    def _columns(self, names: list[str], scans: Times) -> tuple[list[str], Values]:
        by_table: dict[str, list[str]] = {}
        for name in names:
            by_table.setdefault(self._record.table_of(name), []).append(name)
        parts, order = [], []
        for table, wanted in by_table.items():
            t_ns, rows = self._record.rows(table, int(scans[0]), int(scans[-1]), before=True, names=wanted)
            if not np.array_equal(t_ns, scans):
                held = np.searchsorted(t_ns, scans, side="right") - 1
                rows = np.where((held >= 0)[:, None], rows[np.maximum(held, 0)], np.nan)
            parts.append(rows)
            order += wanted
        return order, np.concatenate(parts, axis=1) if parts else np.empty((len(scans), 0))
