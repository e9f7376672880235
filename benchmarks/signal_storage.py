"""Ways to store signals in an MCAP file, side by side: ``python -m benchmarks.signal_storage``.

*row* is what SwapTwin does: one fixed-length protobuf message per row of a table, chunks assembled with numpy.
*stream* is the same with a table per signal and a message only where it changed. *device* stands between them: a
table per device, a row when any of its signals changed. *sample* and *json* go through the mcap library as most
programs do: a protobuf message per changed sample on a channel per signal, and a JSON object per row.
"""

from __future__ import annotations

import json
import struct
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from google.protobuf import descriptor_pb2
from mcap.reader import make_reader
from mcap.writer import Writer

from benchmarks.synthetic import Log, on_change_log, swap_log
from twin.record import Record, RecordWriter
from twin.signals import SignalTable

WINDOW_NS = 2_000_000_000


@dataclass(frozen=True)
class Candidate:
    """A way to store signals.

    Args:
        record: writes a log scan by scan, as a run does.
        import_: writes a log that is known as a whole.
        seek: reads a file's window (t0, t1), the values of all signals at its start included.
        whole: reads one signal from begin to end; returns how many samples it has.
    """

    name: str
    record: Callable[[Log, Path], None]
    import_: Callable[[Log, Path], None]
    open: Callable[[Path], object]
    seek: Callable[[object, Log, int, int], object]
    whole: Callable[[object, Log, int], int]


def split(log: Log, by: str) -> dict[str, list[int]]:
    """Columns of each table when there is one table, one per device or one per signal."""
    tables: dict[str, list[int]] = {}
    for column, signal in enumerate(log.signals):
        key = {"row": "plant", "device": signal.device, "stream": signal.name}[by].replace(".", "_")
        tables.setdefault(key, []).append(column)
    return tables


def own(by: str) -> Candidate:
    """One of the ways that SwapTwin's own writer can store signals."""

    def writer(log: Log, path: Path) -> tuple[RecordWriter, dict[str, list[int]]]:
        columns = split(log, by)
        signals = list(log.signals)
        tables = {name: SignalTable(signals[i] for i in own_columns) for name, own_columns in columns.items()}
        return RecordWriter(path, metadata={}, tables=tables, flush_s=1e9), columns

    def record(log: Log, path: Path) -> None:
        with writer(log, path)[0] as out:
            columns = split(log, by)
            if by == "row":
                for t, row in zip(log.t_ns.tolist(), log.typed, strict=True):
                    out.row("plant", t, row)
                    out.poll()
                return
            last: list[float] | None = None
            for t, row in zip(log.t_ns.tolist(), log.typed, strict=True):
                for name, own_columns in columns.items():
                    values = [row[i] for i in own_columns]
                    if last is None or values != [last[i] for i in own_columns]:
                        out.row(name, t, values)
                last = row
                out.poll()

    def import_(log: Log, path: Path) -> None:
        out, columns = writer(log, path)
        with out:
            for name, own_columns in columns.items():
                keep = slice(None) if by == "row" else log.changed[:, own_columns].any(axis=1)
                out.rows(name, log.t_ns[keep], log.values[keep][:, own_columns])

    def seek(opened: object, log: Log, t0: int, t1: int) -> object:
        assert isinstance(opened, Record)
        return [opened.rows(name, t0, t1, before=True) for name in opened.tables]

    def whole(opened: object, log: Log, column: int) -> int:
        assert isinstance(opened, Record)
        return len(opened.signal(log.signals.names[column])[0])

    return Candidate(by, record, import_, Record.open, seek, whole)


def _sample_schema() -> bytes:
    files = descriptor_pb2.FileDescriptorSet()
    file = files.file.add(name="sample.proto", package="swaptwin", syntax="proto3")
    file.message_type.add(name="Sample").field.add(name="value", number=1, label=1, type=1)
    return files.SerializeToString()


def write_samples(log: Log, path: Path) -> None:
    """A protobuf message per changed sample, on a channel per signal, through the mcap library."""
    pack = struct.Struct("<Bd").pack
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start()
        schema = writer.register_schema("swaptwin.Sample", "protobuf", _sample_schema())
        channels = [writer.register_channel("/" + name, "protobuf", schema) for name in log.signals.names]
        last: Sequence[float | None] = [None] * len(channels)
        for t, row in zip(log.t_ns.tolist(), log.typed, strict=True):
            for channel, value, before in zip(channels, row, last, strict=True):
                if value != before:
                    writer.add_message(channel, t, pack(0x09, value), t)
            last = row
        writer.finish()


def write_json(log: Log, path: Path) -> None:
    """A JSON object per row, through the mcap library."""
    names = log.signals.names
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start()
        schema = writer.register_schema("plant", "jsonschema", b'{"type":"object"}')
        channel = writer.register_channel("/plant", "json", schema)
        for t, row in zip(log.t_ns.tolist(), log.typed, strict=True):
            writer.add_message(channel, t, json.dumps(dict(zip(names, row, strict=True))).encode(), t)
        writer.finish()


def open_library(path: Path) -> object:
    """Summary read, as a tool does before it shows anything."""
    reader = make_reader(path.open("rb"))
    reader.get_summary()
    return reader


def seek_samples(opened: object, log: Log, t0: int, t1: int) -> object:
    """The window, then backwards until every signal has a value."""
    found = [(c.topic, struct.unpack("<d", m.data[1:])[0]) for _, c, m in _messages(opened, t0, t1)]
    missing = {"/" + name for name in log.signals.names}
    for _, channel, message in opened.iter_messages(ending_before=max(t0, 1), reverse=True):  # type: ignore[attr-defined]
        if channel.topic in missing:
            missing.discard(channel.topic)
            found.append((channel.topic, struct.unpack("<d", message.data[1:])[0]))
            if not missing:
                break
    return found


def seek_json(opened: object, log: Log, t0: int, t1: int) -> object:
    """The window; a row holds every signal."""
    return [json.loads(m.data) for _, _, m in _messages(opened, max(0, t0 - 20_000_000), t1)]


def _messages(opened: object, t0: int, t1: int) -> object:
    return opened.iter_messages(starting_at=t0, ending_at=t1)  # type: ignore[attr-defined]


def whole_sample(opened: object, log: Log, column: int) -> int:
    """Every sample of one signal's channel."""
    topic = "/" + log.signals.names[column]
    found = [struct.unpack("<d", m.data[1:])[0] for _, _, m in opened.iter_messages(topics=[topic])]  # type: ignore[attr-defined]
    return len(found)


def whole_json(opened: object, log: Log, column: int) -> int:
    """One value of every row."""
    name = log.signals.names[column]
    return len([json.loads(m.data)[name] for _, _, m in opened.iter_messages()])  # type: ignore[attr-defined]


CANDIDATES = [
    own("row"),
    own("device"),
    own("stream"),
    Candidate("sample", write_samples, write_samples, open_library, seek_samples, whole_sample),
    Candidate("json", write_json, write_json, open_library, seek_json, whole_json),
]


def measure(candidate: Candidate, log: Log, folder: Path) -> dict[str, float]:
    """All numbers of one way to store one log."""
    path = folder / f"{candidate.name}.mcap"
    record_s = _timed(lambda: candidate.record(log, path))
    import_s = _timed(lambda: candidate.import_(log, path))
    samples = int(log.changed.sum())
    rng = np.random.default_rng(4)
    opens = [_timed(lambda: candidate.open(path)) for _ in range(5)]
    opened = candidate.open(path)
    seeks: list[float] = []
    begin = time.perf_counter()
    for t0 in rng.integers(0, int(log.t_ns[-1]) - WINDOW_NS, 100):
        seeks.append(_timed(lambda t=int(t0): candidate.seek(opened, log, t, t + WINDOW_NS)))  # type: ignore[misc]
        if time.perf_counter() - begin > 2.0:
            break
    opened = candidate.open(path)
    whole_s = _timed(lambda: candidate.whole(opened, log, 0))
    return {
        "record us/row": record_s / len(log.t_ns) * 1e6,
        "import Mvalue/s": log.values.size / import_s / 1e6,
        "import Mnew/s": samples / import_s / 1e6,
        "open ms": float(np.median(opens)) * 1e3,
        "seek p95 ms": float(np.percentile(seeks, 95)) * 1e3,
        "signal ms": whole_s * 1e3,
        "MB": path.stat().st_size / 1e6,
        "B/value": path.stat().st_size / log.values.size,
        "B/new": path.stat().st_size / samples,
    }


def _timed(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def main() -> None:
    print("Ways to store signals; seek: all signals of 2 s and their values at its start; signal: one, begin to end.")
    for log in (swap_log(120), on_change_log(8)):
        print(f"\n{log.name}: {len(log.t_ns)} rows, {log.values.size} values, {int(log.changed.sum())} of them new")
        head: list[str] = []
        for candidate in CANDIDATES:
            with tempfile.TemporaryDirectory() as folder:
                numbers = measure(candidate, log, Path(folder))
            if not head:
                head = list(numbers)
                print(f"{'':8s}" + "".join(f"{name:>16s}" for name in head))
            print(f"{candidate.name:8s}" + "".join(f"{value:16.3f}" for value in numbers.values()), flush=True)


if __name__ == "__main__":
    main()
