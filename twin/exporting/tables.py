"""Samples as tables: long (a row a sample) or wide (a column a signal), window by window.

A value is a double, as in the Record, whatever its signal's type: so it may be missing (NaN) without being absent, and
it comes back to the bit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twin.exporting.selection import Selection
from twin.signals import Signal

#: Since 1970, and since the Record's start. In the wide form the second comes first: a tag's time is the column of
#: time that stands before it last.
STAMP, SINCE_START = "timestamp", "time [ns]"
_STAMP_TYPE = pa.timestamp("ns", "UTC")
_TEXT = pa.dictionary(pa.int32(), pa.string())
#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def long_schema(selection: Selection) -> pa.Schema:
    """Columns of the long form; its metadata (``swaptwin``) says what the signals are."""
    columns = [(STAMP, _STAMP_TYPE), (SINCE_START, pa.int64()), ("tag", _TEXT), ("value", pa.float64())]
    return pa.schema([*columns, ("label", _TEXT)], metadata=_metadata(selection, "long"))


def wide_schema(selection: Selection) -> pa.Schema:
    """Columns of the wide form; each signal's unit is in the metadata of its column."""
    columns = [pa.field(SINCE_START, pa.int64()), pa.field(STAMP, _STAMP_TYPE)]
    for signal in selection.signals:
        columns.append(pa.field(signal.name, pa.float64(), metadata={"unit": signal.unit} if signal.unit else None))
    return pa.schema(columns, metadata=_metadata(selection, "wide"))


def long_tables(selection: Selection, start_ns: int) -> Iterator[pa.Table]:
    """A row a sample, by time; of equal times in the order of the Record's signals.

    Args:
        start_ns: when the Record began, ns since 1970.
    """
    schema = long_schema(selection)
    names = pa.array([signal.name for signal in selection.signals], pa.string())
    labels = _Labels(selection.signals)
    for window in selection.windows():
        times, tags, values = [], [], []
        for number, t_ns, column in _columns(selection, *window):
            times.append(t_ns)
            tags.append(np.full(len(t_ns), number, np.int32))
            values.append(column)
        if not times:
            continue
        t_ns = np.concatenate(times)
        order = np.argsort(t_ns, kind="stable")
        t_ns, tag, value = t_ns[order], np.concatenate(tags)[order], np.concatenate(values)[order]
        yield pa.table(
            [
                pa.array(t_ns + start_ns).cast(_STAMP_TYPE),
                pa.array(t_ns),
                pa.DictionaryArray.from_arrays(pa.array(tag), names),
                pa.array(value),
                labels.of(tag, value),
            ],
            schema=schema,
        )


def wide_tables(selection: Selection, start_ns: int) -> Iterator[pa.Table]:
    """A row an instant; a signal that has no sample there has none (null), a sample without a value is NaN.

    Samples of one signal at the same time stand in rows of their own.
    """
    schema = wide_schema(selection)
    for window in selection.windows():
        columns = list(_columns(selection, *window))
        if not columns:
            continue
        # A row is an instant, and how many samples of the same signal at that instant came before.
        keys = [np.stack([t_ns, _repeats(t_ns)], axis=1) for _, t_ns, _ in columns]
        rows = np.unique(np.concatenate(keys), axis=0)
        cells: dict[int, pa.Array] = {}
        for (number, _, values), key in zip(columns, keys, strict=True):
            at = _places(rows, key)
            column, absent = np.zeros(len(rows)), np.ones(len(rows), dtype=bool)
            column[at], absent[at] = values, False
            cells[number] = pa.array(column, mask=absent)
        empty = pa.nulls(len(rows), pa.float64())
        t_ns = np.ascontiguousarray(rows[:, 0])
        stamps = [pa.array(t_ns), pa.array(t_ns + start_ns).cast(_STAMP_TYPE)]
        yield pa.table(
            [*stamps, *(cells.get(number, empty) for number in range(len(selection.signals)))], schema=schema
        )


def _columns(
    selection: Selection, t0_ns: int, t1_ns: int
) -> Iterator[tuple[int, npt.NDArray[np.int64], npt.NDArray[np.float64]]]:
    """The signals that have samples in a window: number, times and values."""
    number = 0
    for table, signals in selection.tables.items():
        t_ns, values = selection.record.rows(table, t0_ns, t1_ns, names=[signal.name for signal in signals])
        for column in range(len(signals)):
            if len(t_ns):
                yield number + column, t_ns, values[:, column]
        number += len(signals)


def _repeats(t_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many of the same time stand before each of rising times."""
    at = np.arange(len(t_ns))
    first = np.concatenate([[True], t_ns[1:] != t_ns[:-1]])
    return np.asarray(at - np.maximum.accumulate(np.where(first, at, 0)))


def _places(rows: npt.NDArray[np.int64], keys: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Where each of some keys, which are all there, stands among sorted rows."""
    at = np.searchsorted(rows[:, 0], keys[:, 0])
    return np.asarray(at + keys[:, 1])


class _Labels:
    """Labels of enums by tag and value; one that a spreadsheet would take for a formula has an apostrophe before it."""

    def __init__(self, signals: list[Signal]) -> None:
        pairs = [(n, value, label) for n, signal in enumerate(signals) for value, label in signal.labels.items()]
        self._keys = np.array([(n, value) for n, value, _ in pairs], dtype=np.int64).reshape(-1, 2)
        self._texts = pa.array([_harmless(label) for _, _, label in pairs], pa.string())
        self._labelled = np.array([bool(signal.labels) for signal in signals])

    def of(self, tags: npt.NDArray[np.int32], values: npt.NDArray[np.float64]) -> pa.Array:
        """The labels of values, null where there is none."""
        number = np.full(len(tags), -1, dtype=np.int32)
        for at in np.flatnonzero(self._labelled):
            mine = np.flatnonzero(tags == at)
            for place in np.flatnonzero(self._keys[:, 0] == at):
                number[mine[values[mine] == self._keys[place, 1]]] = place
        return pa.DictionaryArray.from_arrays(pa.array(number, mask=number < 0), self._texts)


def _harmless(text: str) -> str:
    text = " ".join(text.splitlines())
    return f"'{text}" if text.startswith(_FORMULA) else text


def _metadata(selection: Selection, form: str) -> dict[str, str]:
    signals = [signal.to_dict() for signal in selection.signals]
    return {"swaptwin": json.dumps({"form": form, "signals": signals}, ensure_ascii=False)}
