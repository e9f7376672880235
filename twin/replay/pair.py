"""A controller's outputs and what they should be, on one grid of scans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from twin.record import Record
from twin.replay.model import Replay
from twin.signals import Signal, SignalTable

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Bits = npt.NDArray[np.bool_]

#: A number is off when it is so far from what it should be: of the largest, and at least. A controller that counts in
#: single precision says the same.
_RELATIVE, _ABSOLUTE = 1e-5, 1e-6
#: A log has a row for each scan when it has so many of them.
_NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Pair:
    """Two sides of the same scans.

    Args:
        t_ns: (n,). scan_ns: the scan period.
        signals: the outputs that both have; ``new`` and ``expected`` (n, k) have a column for each. A label is the
            same number in both; NaN: not known.
        not_compared: outputs that one of them has alone.
    """

    t_ns: Times
    scan_ns: int
    signals: list[Signal]
    new: Numbers
    expected: Numbers
    not_compared: list[str]

    @property
    def end_ns(self) -> int:
        """The instant after the last scan."""
        return int(self.t_ns[-1]) + self.scan_ns if len(self.t_ns) else 0

    @cached_property
    def off(self) -> dict[int, Bits]:
        """Columns that differ anywhere, and at which scans (n,); a number only by more than rounding."""
        # Equal columns are the common case: all of them are looked at in one comparison.
        unequal = self.new != self.expected
        found = {}
        for column in np.flatnonzero(unequal.any(axis=0)).tolist():
            off = unequal[:, column] & ~np.isnan(self.new[:, column]) & ~np.isnan(self.expected[:, column])
            if self.signals[column].type == "real" and off.any():
                apart = np.abs(self.new[:, column] - self.expected[:, column])
                off &= apart > _ABSOLUTE + _RELATIVE * np.nanmax(np.abs(self.expected[:, column]))
            if off.any():
                found[column] = off
        return found


def beside_baseline(replay: Replay, baseline: Replay) -> Pair:
    """A controller beside another one on the same inputs, from where both were brought to the log's step."""
    first_ns = max(int(one.t_ns[0]) if len(one.t_ns) else 0 for one in (replay, baseline))
    replay, baseline = replay.since(first_ns), baseline.since(first_ns)
    n = min(len(replay.t_ns), len(baseline.t_ns))
    return _pair(replay, n, baseline.outputs, baseline.values[:n])


def beside_record(record: Record, replay: Replay) -> Pair | None:
    """A controller beside what the log says, scan by scan; None where the log has no row for each scan."""
    scan_ns = scan_period_ns(record)
    n = len(replay.t_ns)
    if not scan_ns or not n:
        return None
    half_ns = scan_ns // 2
    signals: list[Signal] = []
    parts: list[Numbers] = []
    for table, of_table in record.tables.items():
        wanted = [signal for signal in of_table if signal.name in replay.outputs]
        if not wanted:
            continue
        names = [signal.name for signal in wanted]
        first_ns, last_ns = int(replay.t_ns[0]) - half_ns, int(replay.t_ns[-1]) + half_ns
        t_ns, rows = record.rows(table, first_ns, last_ns, names=names)
        if len(t_ns) < _NEARLY_ALL * n:
            return None
        signals += wanted
        parts.append(rows if np.array_equal(t_ns, replay.t_ns) else _nearest(t_ns, rows, replay.t_ns, half_ns))
    if not parts:
        return None
    return _pair(replay, n, SignalTable(signals), np.concatenate(parts, axis=1))


def scan_period_ns(record: Record) -> int:
    """How often the log's controller scanned, ns; 0 where it does not say."""
    said = record.metadata.get("scan_ns", "")
    return int(said) if said.isdecimal() else 0


def _nearest(t_ns: Times, rows: Numbers, scans_ns: Times, within_ns: int) -> Numbers:
    """The row of each scan; NaN where there is none so near."""
    at = np.searchsorted(t_ns, scans_ns).clip(1, max(len(t_ns) - 1, 1))
    at = np.minimum(at - (scans_ns - t_ns[at - 1] <= t_ns[np.minimum(at, len(t_ns) - 1)] - scans_ns), len(t_ns) - 1)
    found: Numbers = rows[at]
    found[np.abs(t_ns[at] - scans_ns) > within_ns] = np.nan
    return found


def _pair(replay: Replay, n: int, other: SignalTable, values: Numbers) -> Pair:
    """The first ``n`` scans; ``values`` (n, k) has a column for each signal of ``other``."""
    place = {signal.name: column for column, signal in enumerate(replay.outputs)}
    columns = [(place[signal.name], column) for column, signal in enumerate(other) if signal.name in place]
    mine, theirs = ([pair[side] for pair in columns] for side in (0, 1))
    by_column, others = list(replay.outputs), list(other)
    new = _columns(replay.values[:n], mine)
    expected = _columns(values, theirs)
    signals = []
    for k, (a, b) in enumerate(columns):
        signal = by_column[a]
        if signal.labels and signal.labels != others[b].labels:
            expected = expected.copy()
            signal, expected[:, k] = _labelled(signal, others[b], expected[:, k])
        signals.append(signal)
    alone = [name for name in (*place, *other.names) if (name in place) != (name in other)]
    scan_ns = int(np.median(np.diff(replay.t_ns[:n]))) if n > 1 else 0
    return Pair(replay.t_ns[:n], scan_ns, signals, new, expected, alone)


def _columns(values: Numbers, columns: list[int]) -> Numbers:
    """The columns wanted; no copy where they are all there in order."""
    return values if columns == list(range(values.shape[1])) else values[:, columns]


def _labelled(mine: Signal, theirs: Signal, values: Numbers) -> tuple[Signal, Numbers]:
    """Another numbering of labels in mine; a label that mine lacks gets a number of its own."""
    numbers = {label: number for number, label in mine.labels.items()}
    new_number = max(numbers.values(), default=0) + 1
    for label in theirs.labels.values():
        if label not in numbers:
            numbers[label] = new_number
            new_number += 1
    known, inverse = np.unique(values, return_inverse=True)
    said = np.array([numbers.get(theirs.labels.get(int(v), ""), v) if np.isfinite(v) else v for v in known.tolist()])
    labels = {number: label for label, number in numbers.items()}
    return replace(mine, labels=labels), said[inverse] if len(known) else values
