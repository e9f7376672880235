"""A log's inputs as the controller gets them: one row a scan, told as what changes from scan to scan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.record import Record
from twin.replay.rule import InputRule
from twin.signals import Image, SignalTable

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Feed:
    """Inputs at each scan.

    Args:
        t_ns: (n,) times of the scans. names: of the columns. values: (n, k), no NaN: what the controller sees.
        rules: one an input of the controller.
    """

    t_ns: Times
    names: list[str]
    values: Values
    rules: list[InputRule]


def recorded_feed(record: Record, inputs: SignalTable, t1_ns: int) -> Feed:
    """The inputs of a Record that has a row for each scan, from its start up to ``t1_ns``."""
    names: list[str] = []
    parts: list[Values] = []
    t_ns: Times = np.empty(0, dtype=np.int64)
    for table, signals in record.tables.items():
        wanted = [signal.name for signal in signals if signal.name in inputs]
        if wanted:
            t_ns, rows = record.rows(table, 0, t1_ns, names=wanted)
            names += wanted
            parts.append(rows)
    # A run that was cut off may have written one table's last row and not yet the other's.
    count = min(map(len, parts))
    values = np.concatenate([part[:count] for part in parts], axis=1)
    rules = [InputRule(name, "recorded") for name in names]
    rules += [InputRule(s.name, "missing", f"it stays {s.safe:g}") for s in inputs if s.name not in set(names)]
    return Feed(t_ns[:count], names, values, rules)


class Filler:
    """Puts a feed into an input image, scan by scan: only what has changed since the scan before."""

    def __init__(self, feed: Feed, image: Image) -> None:
        self._setters: list[Callable[[float], None]] = [image.setter(name) for name in feed.names]
        kinds = [image.table[name].type for name in feed.names]
        values = feed.values
        changed = np.ones(values.shape, dtype=bool)
        np.not_equal(values[1:], values[:-1], out=changed[1:])
        scans, columns = np.nonzero(changed)
        self._columns: list[int] = columns.tolist()
        self._values: list[float] = values[scans, columns].tolist()
        self._bounds: list[int] = np.searchsorted(scans, np.arange(len(values) + 1)).tolist()
        for kind, cast in (("bool", bool), ("int", int), ("enum", int)):
            of_kind = np.array([k == kind for k in kinds])[columns]
            for place in np.flatnonzero(of_kind).tolist():
                self._values[place] = cast(self._values[place])

    def fill(self, scan: int) -> None:
        """Bring the image from the scan before to this one."""
        setters, columns, values = self._setters, self._columns, self._values
        for place in range(self._bounds[scan], self._bounds[scan + 1]):
            setters[columns[place]](values[place])
