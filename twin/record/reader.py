"""Reads a Record: finished, still growing, or cut off."""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from twin.errors import InputError, RecordError
from twin.record import wire
from twin.record.chunk import Block, unpack_chunk
from twin.record.event import TOPIC as EVENTS_TOPIC
from twin.record.event import decode_event
from twin.record.foxglove import decode_scene
from twin.record.index import (
    FRAMES,
    SIGNALS,
    ChunkEntry,
    FileIndex,
    extend_index,
    read_attachment,
    read_chunk,
    read_index,
    require_record,
)
from twin.record.model import Event, Frame, SceneModel
from twin.record.row import RowLayout
from twin.record.transform import TransformLayout
from twin.record.writer import SCENE_TOPIC
from twin.signals import SignalTable

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

_CACHE_BYTES = 192 << 20
_FOREVER_NS = 2**63 - 1
# Header, metadata and the begin of the signal table: what tells one run from another.
_HEAD_BYTES = 2048


class Record:
    """A Record, opened with :meth:`open`. Safe to use from several threads.

    Windows of time are inclusive at both ends, in ns since the start.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        self._cache: OrderedDict[int, list[Block]] = OrderedDict()
        self._cached_bytes = 0
        self._lost: dict[int, str] = {}
        self._index = FileIndex()
        self._file_number = (0, 0)
        self._finished_as = (0, 0)
        self._head = b""
        self._load()

    @classmethod
    def open(cls, path: str | Path) -> Record:
        """Opens a Record.

        Raises:
            RecordError: the file cannot be read, is no Record, or is of a version not known.
        """
        return cls(path)

    def refresh(self) -> bool:
        """Takes in what was written since; True when there was something. Reads only the new chunks' heads.

        Raises:
            RecordError: the file is gone or was replaced by something that is no Record.
        """
        with self._lock, self._opened() as file:
            if self._replaced(file):
                self._load(file)
                return True
            if self._index.finished:
                return False
            grown = extend_index(file, self._index)
            self._finished_as = _size_and_time(file)
            return grown

    @property
    def metadata(self) -> dict[str, str]:
        return dict(self._index.metadata)

    @property
    def finished(self) -> bool:
        """Whether the writer ended the Record itself; a live or killed one is not finished."""
        return self._index.finished

    @property
    def damage(self) -> list[str]:
        """A plain sentence for everything that could not be read so far."""
        topics = {channel.topic for channel in self._index.channels.values()}
        without = [f"table {name} has no channel" for name in self.tables if f"/{name}" not in topics]
        return [*self._index.damage, *without, *self._lost.values()]

    @property
    def start_ns(self) -> int:
        """Time of the first message, ns; 0 when there is none."""
        return min((chunk.start_ns for chunk in self._index.chunks), default=0)

    @property
    def end_ns(self) -> int:
        """Time of the last message, ns; 0 when there is none."""
        return max((chunk.end_ns for chunk in self._index.chunks), default=0)

    @cached_property
    def tables(self) -> dict[str, SignalTable]:
        """Table name to its signals."""
        data = json.loads(self.attachment(SIGNALS))
        return {name: SignalTable.from_list(signals) for name, signals in data["tables"].items()}

    @cached_property
    def signals(self) -> SignalTable:
        """The signals of all tables."""
        return SignalTable(signal for table in self.tables.values() for signal in table)

    @cached_property
    def frames(self) -> list[Frame]:
        return [Frame(**frame) for frame in json.loads(self.attachment(FRAMES))]

    @cached_property
    def scene(self) -> list[SceneModel]:
        """What is drawn, model by model."""
        return [model for _, payload in self._messages(SCENE_TOPIC, 0, _FOREVER_NS) for model in decode_scene(payload)]

    @property
    def attachments(self) -> dict[str, bytes]:
        """All attachments, name to content."""
        return {name: self.attachment(name) for name in self._index.attachments}

    def attachment(self, name: str) -> bytes:
        """One attachment.

        Raises:
            RecordError: there is none of this name, or it is damaged.
        """
        with self._lock, self._opened() as file:
            if self._replaced(file):
                self._load(file)
            try:
                place = self._index.attachments[name]
            except KeyError:
                raise RecordError(f"{self.path}: holds no attachment {name}") from None
            data: bytes = read_attachment(file, place).data
            return data

    def rows(
        self,
        table: str,
        t0_ns: int = 0,
        t1_ns: int = _FOREVER_NS,
        *,
        before: bool = False,
        names: Sequence[str] | None = None,
    ) -> tuple[Times, Values]:
        """The rows of a table in a window: times (n,) and values (n, k).

        Args:
            before: start with the last row before the window, if there is one.
            names: the signals wanted, in this order; all in table order if not given.

        Raises:
            InputError: no such table or signal.
        """
        layout = self._layout(table)
        for name in names or ():
            if name not in self.tables[table]:
                raise InputError(key=name, expected=f"a signal of table {table}", got="an unknown name")
        width = len(layout.names) if names is None else len(names)
        times, values = [np.empty(0, dtype=np.int64)], [np.empty((0, width))]
        for t_ns, records in self._windows(layout.topic, layout.record_bytes, t0_ns, t1_ns, before):
            times.append(t_ns)
            values.append(layout.decode(records) if names is None else layout.decode_columns(records, names))
        return np.concatenate(times), np.concatenate(values)

    def signal(
        self, name: str, t0_ns: int = 0, t1_ns: int = _FOREVER_NS, *, before: bool = False
    ) -> tuple[Times, Values]:
        """One signal in a window: times (n,) and values (n,).

        Raises:
            InputError: no such signal.
        """
        t_ns, values = self.rows(self.table_of(name), t0_ns, t1_ns, before=before, names=[name])
        return t_ns, values[:, 0]

    def table_of(self, name: str) -> str:
        """The table that holds a signal.

        Raises:
            InputError: no such signal.
        """
        try:
            return self._table_by_signal[name]
        except KeyError:
            raise InputError(key=name, expected="a signal of this Record", got="an unknown name") from None

    def stamps(self, table: str, t0_ns: int = 0, t1_ns: int = _FOREVER_NS) -> tuple[Times, Times]:
        """The source's own time stamps, ns, and row numbers of the rows in a window, each (n,)."""
        layout = self._layout(table)
        published, sequences = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for _, records in self._windows(layout.topic, layout.record_bytes, t0_ns, t1_ns, False):
            published.append(wire.publish_times(records))
            sequences.append(wire.sequences(records))
        return np.concatenate(published), np.concatenate(sequences)

    def poses(self, t0_ns: int = 0, t1_ns: int = _FOREVER_NS, *, before: bool = False) -> tuple[Times, Values]:
        """Poses in a window: times (n,) and poses (n, F, 7: x y z qx qy qz qw, relative to the parent, m)."""
        layout = self._transforms
        times, poses = [np.empty(0, dtype=np.int64)], [np.empty((0, len(layout.frames), 7))]
        for t_ns, records in self._windows(layout.topic, layout.record_bytes, t0_ns, t1_ns, before):
            times.append(t_ns)
            poses.append(layout.decode(records))
        return np.concatenate(times), np.concatenate(poses)

    def events(self, t0_ns: int = 0, t1_ns: int = _FOREVER_NS) -> list[Event]:
        """Events in a window, in order of time."""
        found = [decode_event(payload) for _, payload in self._messages(EVENTS_TOPIC, t0_ns, t1_ns)]
        return sorted(found, key=lambda event: event.t_ns)

    def message_counts(self) -> dict[str, int]:
        """Messages per topic, as the file says; as counted after :meth:`check`."""
        return {channel.topic: self._index.counts.get(channel.id, 0) for channel in self._index.channels.values()}

    def check(self) -> list[str]:
        """Reads every chunk once, and returns :attr:`damage`, then complete."""
        with self._lock, self._opened() as file:
            if self._replaced(file):
                self._load(file)
            counts: dict[int, int] = {}
            for number in range(len(self._index.chunks)):
                for block in self._load_chunk(file, number):
                    counts[block.channel_id] = counts.get(block.channel_id, 0) + len(block)
            self._index.counts = counts
        return self.damage

    def chunks(self) -> list[ChunkEntry]:
        """The chunks of the file, in file order."""
        return list(self._index.chunks)

    @cached_property
    def _table_by_signal(self) -> dict[str, str]:
        return {signal.name: name for name, table in self.tables.items() for signal in table}

    @cached_property
    def _transforms(self) -> TransformLayout:
        return TransformLayout(self.frames)

    @cached_property
    def _layouts(self) -> dict[str, RowLayout]:
        return {name: RowLayout(name, table) for name, table in self.tables.items()}

    def _layout(self, table: str) -> RowLayout:
        try:
            return self._layouts[table]
        except KeyError:
            expected = "a table of this Record: " + ", ".join(self.tables)
            raise InputError(key=table, expected=expected, got="an unknown name") from None

    def _windows(
        self, topic: str, record_bytes: int, t0_ns: int, t1_ns: int, before: bool
    ) -> list[tuple[Times, wire.Bytes2D]]:
        """Stretches of a channel's records inside the window, in order of time."""
        found: list[tuple[Times, wire.Bytes2D]] = []
        for block in self._blocks(topic, t0_ns, t1_ns, before):
            records = block.records(record_bytes)
            first = int(np.searchsorted(block.log_times, t0_ns, side="left"))
            stop = int(np.searchsorted(block.log_times, t1_ns, side="right"))
            if before and first > 0:
                # This row is later than any found in the chunks before: it is the one row before the window.
                found.clear()
                first -= 1
            if first < stop:
                found.append((block.log_times[first:stop], records[first:stop]))
        return found

    def _blocks(self, topic: str, t0_ns: int, t1_ns: int, before: bool = False) -> list[Block]:
        """The blocks of a channel that reach into the window, and with *before* the last one that starts earlier."""
        with self._lock, self._opened() as file:
            if self._replaced(file):
                self._load(file)  # the writer has merged the file since: everything stands elsewhere
            return self._find_blocks(file, topic, t0_ns, t1_ns, before)

    def _find_blocks(self, file: BinaryIO, topic: str, t0_ns: int, t1_ns: int, before: bool) -> list[Block]:
        channels = {channel.id for channel in self._index.channels.values() if channel.topic == topic}
        entries = [
            (entry.start_ns, number)
            for number, entry in enumerate(self._index.chunks)
            if entry.start_ns <= t1_ns and (entry.channels is None or entry.channels & channels)
        ]
        entries.sort()
        wanted: list[Block] = []
        reached = False
        for _, number in reversed(entries):
            if reached or (self._index.chunks[number].end_ns < t0_ns and not before):
                continue
            blocks = [block for block in self._load_chunk(file, number) if block.channel_id in channels]
            wanted.extend(blocks)
            # A block that starts before the window holds the row before it; chunks before are not needed.
            reached = before and any(block.log_times[0] < t0_ns for block in blocks)
        return wanted[::-1]

    def _messages(self, topic: str, t0_ns: int, t1_ns: int) -> list[tuple[int, bytes]]:
        return [
            (int(t_ns), payload)
            for block in self._blocks(topic, t0_ns, t1_ns)
            for t_ns, payload in zip(block.log_times, block.payloads(), strict=True)
            if t0_ns <= t_ns <= t1_ns
        ]

    def _load_chunk(self, file: BinaryIO, number: int) -> list[Block]:
        """The blocks of a chunk, from the cache or the file; none when it is damaged."""
        if number in self._cache:
            self._cache.move_to_end(number)
            return self._cache[number]
        if number in self._lost:
            return []
        entry = self._index.chunks[number]
        try:
            blocks = unpack_chunk(read_chunk(file, entry))
        except RecordError as error:
            span = f"{entry.start_ns / 1e9:.2f} to {entry.end_ns / 1e9:.2f} s"
            self._lost[number] = f"chunk {number}, {span}, is left out: {error}"
            return []
        self._cache[number] = blocks
        self._cached_bytes += entry.uncompressed_bytes
        while self._cached_bytes > _CACHE_BYTES and len(self._cache) > 1:
            oldest, _ = self._cache.popitem(last=False)
            self._cached_bytes -= self._index.chunks[oldest].uncompressed_bytes
        return blocks

    def _opened(self) -> BinaryIO:
        """The file, opened for one access only: a writer can replace it meanwhile on every system."""
        try:
            return self.path.open("rb")
        except OSError as error:
            raise RecordError(f"{self.path}: cannot be opened: {error.strerror or error}") from error

    def _replaced(self, file: BinaryIO) -> bool:
        """Whether another file stands at the path: the writer has merged it since, or another run has begun.

        A file's number alone does not tell, for it is used again.
        """
        status = os.fstat(file.fileno())
        if (status.st_dev, status.st_ino) != self._file_number or status.st_size < self._index.scanned:
            return True
        if self._index.finished and _size_and_time(file) != self._finished_as:
            return True
        file.seek(0)
        return file.read(len(self._head)) != self._head

    def _load(self, file: BinaryIO | None = None) -> None:
        if file is None:
            with self._opened() as opened:
                self._load(opened)
                return
        index = read_index(file, self.path)
        require_record(index, self.path)
        self._index = index
        status = os.fstat(file.fileno())
        self._file_number = (status.st_dev, status.st_ino)
        self._finished_as = _size_and_time(file)
        file.seek(0)
        self._head = file.read(min(index.scanned, _HEAD_BYTES))
        self._cache.clear()
        self._cached_bytes = 0
        self._lost.clear()
        for name, kept in vars(type(self)).items():
            if isinstance(kept, cached_property):
                self.__dict__.pop(name, None)


def _size_and_time(file: BinaryIO) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns
