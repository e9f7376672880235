"""The last stretch of a log that is still being written, as formulas read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from twin.analysis.samples import GAP_PERIODS, period_of, with_silence
from twin.errors import InputError
from twin.signals import Signal

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

_FIRST_ROOM = 1024


class Rows:
    """The last rows of one table, at most a few times as many as are needed; adding one costs the same however many."""

    def __init__(self, columns: int) -> None:
        self._t_ns = np.empty(_FIRST_ROOM, dtype=np.int64)
        self._values = np.empty((columns, _FIRST_ROOM))
        self._first = self._stop = 0

    def add(self, t_ns: Times, values: Numbers) -> None:
        """More rows, later than those before; values (n, columns)."""
        count = len(t_ns)
        if self._stop + count > len(self._t_ns):
            self._make_room(count)
        here = slice(self._stop, self._stop + count)
        self._t_ns[here], self._values[:, here] = t_ns, values.T
        self._stop += count

    def _make_room(self, count: int) -> None:
        kept = slice(self._first, self._stop)
        t_ns, values = self._t_ns[kept], self._values[:, kept]
        room = max(2 * (len(t_ns) + count), _FIRST_ROOM)
        self._t_ns, self._values = np.empty(room, dtype=np.int64), np.empty((len(values), room))
        self._t_ns[: len(t_ns)], self._values[:, : len(t_ns)] = t_ns, values
        self._first, self._stop = 0, len(t_ns)

    def between(self, start_ns: int, end_ns: int, more: int) -> slice:
        """Where the rows before ``end_ns`` are, from ``more`` before the one that stands at ``start_ns`` on."""
        t_ns = self._t_ns[self._first : self._stop]
        start = self._first + int(np.searchsorted(t_ns, start_ns, side="right"))
        stop = self._first + int(np.searchsorted(t_ns, end_ns, side="left"))
        return slice(max(start - 1 - more, self._first), stop)

    def forget(self, start_ns: int, more: int) -> None:
        """Drop what stands before all that :meth:`between` gives of later windows."""
        self._first = self.between(start_ns, start_ns, more).start

    def times(self, of: slice) -> Times:
        return self._t_ns[of]

    def column(self, number: int, of: slice) -> Numbers:
        return self._values[number, of]


class Tables:
    """The last rows of each table, of the signals that are ``needed``; ``place``: the rows and column of each."""

    def __init__(self, needed: Collection[str]) -> None:
        self.place: dict[str, tuple[Rows, int]] = {}
        self._needed = needed
        self._tables: dict[tuple[str, ...], tuple[Rows, list[int]]] = {}

    def add(self, names: Sequence[str], t_ns: Times, values: Numbers) -> None:
        """More rows of one table, later than those before; its signals, the same each time, (n,) and (n, k)."""
        key = tuple(names)
        if key not in self._tables:
            columns = [n for n, name in enumerate(key) if name in self._needed]
            rows = Rows(len(columns))
            self._tables[key] = rows, columns
            self.place |= {key[n]: (rows, column) for column, n in enumerate(columns)}
        rows, columns = self._tables[key]
        if len(t_ns):
            rows.add(t_ns, values[:, columns])

    def forget(self, start_ns: int, more: int) -> None:
        """As of :class:`Rows`."""
        for rows, _ in self._tables.values():
            rows.forget(start_ns, more)


class Window:
    """Samples of ``[start_ns, end_ns)``, the end of which is not the log's.

    What a signal that is written periodically says stands for one period: whether more is silence is not known yet.

    Args:
        place: of each signal that was written its rows and the column.
        more: samples before the one that stands at the start.
        ended: the end is the log's.
    """

    def __init__(
        self, signals: Mapping[str, Signal], place: Mapping[str, tuple[Rows, int]], scan_ns: int,
        start_ns: int, end_ns: int, more: int, *, ended: bool,
    ) -> None:  # fmt: skip
        self.signals, self.end_ns = signals, end_ns
        self._place, self._scan_ns = place, scan_ns
        self._start_ns, self._more, self._ended = start_ns, more, ended
        self._slices: dict[int, slice] = {}

    def load(self, names: Iterable[str]) -> None:
        """Everything is at hand."""

    def period_ns(self, signal: Signal) -> int:
        return period_of(signal, self._scan_ns)

    def series(self, name: str) -> tuple[Times, Numbers]:
        if name not in self._place:
            return np.empty(0, dtype=np.int64), np.empty(0)
        rows, column = self._place[name]
        of = self._rows_of(rows)
        period_ns = self.period_ns(self.signals[name])
        t_ns, values = with_silence(rows.times(of), rows.column(column, of), period_ns, self.end_ns)
        settled_ns = self.settled_ns(name)
        if settled_ns < self.end_ns:
            t_ns, values = np.append(t_ns, settled_ns), np.append(values, np.nan)
        return t_ns, values

    def settled_ns(self, name: str) -> int:
        """Until when all that there is to know of a signal is known."""
        period_ns = self.period_ns(self.signals[name])
        if self._ended or period_ns <= 0 or name not in self._place:
            return self.end_ns
        rows = self._place[name][0]
        t_ns = rows.times(self._rows_of(rows))
        if not len(t_ns) or self.end_ns - int(t_ns[-1]) > GAP_PERIODS * period_ns:
            return self.end_ns
        return min(int(t_ns[-1]) + period_ns, self.end_ns)

    def _rows_of(self, rows: Rows) -> slice:
        if id(rows) not in self._slices:
            self._slices[id(rows)] = rows.between(self._start_ns, self.end_ns, self._more)
        return self._slices[id(rows)]

    def events(self, text: str) -> Times:
        raise InputError(key=f"event({text})", expected="a condition over signals", got="an event")
