"""A Record as a source: what was simulated, or imported before, column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twin.errors import RecordError
from twin.record import Event, Record
from twin.signals import Signal
from twin.source.mcap_file import McapFile
from twin.source.sample import Batch, Damage, JournalEntry, Samples
from twin.source.stamp import MISSING_NS, to_ns

_MOST_VALUES = 4_000_000
_EDGES = ("raised", "cleared", "acknowledged")


class RecordFile:
    """One Record. An imported one gives what its source wrote under the source's own names: raw values and codes of
    quality; a simulated one gives its signals, a stream for each table.

    Args:
        local: gives the file as one on this disk. stream: name of the stream.
    """

    def __init__(self, local: Callable[[], AbstractContextManager[Path]], stream: str) -> None:
        self._local, self.stream = local, stream

    def batches(self) -> Iterator[Batch]:
        """Samples, entries and damage, table by table."""
        with self._local() as path:
            try:
                record = Record.open(path)
                tables = record.tables
            except (RecordError, ValueError, KeyError, TypeError, AttributeError):
                # What is no Record any more may still be an MCAP file.
                yield from McapFile(self._local, self.stream).batches()
                return
            begun_ns = start_ns(record)
            imported = record.metadata.get("source") == "imported"
            for name, signals in tables.items():
                for t_ns, row, values in _windows(record, name, len(signals)):
                    yield from self._table(name, list(signals), t_ns + begun_ns, row, values, imported)
            for number, event in enumerate(record.events(), 1):
                if event.kind != "data":
                    yield _entry(event, self.stream, number, begun_ns)
            for what in record.check():
                yield Damage(self.stream, 0, what)

    def _table(
        self, table: str, signals: list[Signal], t_ns: npt.NDArray[np.int64], row: npt.NDArray[np.int64],
        values: npt.NDArray[np.float64], imported: bool,
    ) -> Iterator[Samples]:  # fmt: skip
        stamps = pa.array(t_ns).cast(pa.timestamp("ns", "UTC"))
        kinds = [signal.name.rsplit(".", 1)[-1].partition("_")[0] for signal in signals]
        quality = kinds.index("qc") if imported and "qc" in kinds else None
        raw = kinds.index("raw") if imported and "raw" in kinds else None
        for n, signal in enumerate(signals):
            if n == quality or (raw is not None and n != raw):
                continue
            stream, _, tag = signal.source.partition("/") if imported else (f"{self.stream}.{table}", "", signal.name)
            known = ~np.isnan(values[:, n])
            codes = None
            if quality is not None:
                known |= ~np.isnan(values[:, quality])
                codes = _texts(signals[quality], values[known, quality], without=" ")
            if known.any():
                yield Samples(
                    stream.replace("/", "_"), row[known], stamps.filter(pa.array(known)),
                    pa.DictionaryArray.from_arrays(np.zeros(known.sum(), np.int32), pa.array([tag or signal.name])),
                    _values(signal, values[known, n]), codes,
                )  # fmt: skip


def _windows(
    record: Record, table: str, width: int
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]]:
    """Times, row numbers and values of a table, in stretches that fit into memory."""
    count = record.message_counts().get(f"/{table}", 0) * max(width, 1)
    edges = np.linspace(record.start_ns, record.end_ns + 1, count // _MOST_VALUES + 2).astype(np.int64)
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        t_ns, values = record.rows(table, start, end - 1)
        if len(t_ns):
            yield t_ns, record.stamps(table, start, end - 1)[1], values


def _values(signal: Signal, values: npt.NDArray[np.float64]) -> pa.Array:
    """Numbers, or the labels that they stand for."""
    if signal.type == "enum" and signal.labels:
        return _texts(signal, values)
    return pa.array(values, from_pandas=True)


def _texts(signal: Signal, values: npt.NDArray[np.float64], without: str = "") -> pa.Array:
    """Labels of an enum's values; with ``without`` only what stands before its last occurrence."""
    found, inverse = np.unique(values, return_inverse=True)
    labels: list[str | None] = []
    for value in found.tolist():
        label = None if np.isnan(value) else signal.labels.get(int(value), str(int(value)))
        labels.append(label.rpartition(without)[0] if label and without else label)
    return pa.array(labels, pa.string()).take(pa.array(inverse))


def start_ns(record: Record) -> int:
    """When the Record began, ns since 1970; 0 when it does not say."""
    started = record.metadata.get("started_ns", "")
    if started.isdecimal():
        return int(started)
    found = int(to_ns(pa.array([record.metadata.get("started_at", "")]))[0])
    return 0 if found == MISSING_NS else found


def _entry(event: Event, stream: str, number: int, start_ns: int) -> JournalEntry:
    stamp = f"{np.datetime64(event.t_ns + start_ns, 'ns')}Z"
    data = event.data
    edge = data.get("edge")
    where = str(data.get("stream") or stream)
    if event.kind != "alarm" or edge not in _EDGES:
        return JournalEntry(where, number, raised=stamp, code=event.name, text=event.message, kind="event")
    raised, cleared, acknowledged = (stamp if edge == known else "" for known in _EDGES)
    what = str(data.get("class", ""))
    return JournalEntry(where, number, raised, event.name, event.message, what, cleared, acknowledged)
