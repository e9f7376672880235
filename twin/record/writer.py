"""Writes a Record while it happens: a row of signals, the poses and the events of every scan."""

from __future__ import annotations

import json
import struct
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from twin import __version__
from twin.errors import RecordError
from twin.record.chunk import Block
from twin.record.container import Container
from twin.record.event import TOPIC as EVENTS_TOPIC
from twin.record.event import encode_event
from twin.record.foxglove import LOG_SCHEMA, SCENE_TOPIC, encode_scene, scene_schema, transforms_schema
from twin.record.index import FORMAT, FRAMES, PROFILE, SIGNALS
from twin.record.merge import add_overviews, merge_file
from twin.record.model import Event, Frame, SceneModel
from twin.record.overview import TableOverview
from twin.record.row import RowEncoder, RowLayout
from twin.record.transform import TransformEncoder, TransformLayout
from twin.signals import SignalTable

# Closing chunks costs a running simulation its real time, so a fast level; merging compresses once more. Of a log's
# chunks, which stay, level 2 would make 10 % less for 60 % more time.
_LIVE_LEVEL = -1
# What is encoded at once stays in the processor's cache.
_PENDING_BYTES = 1 << 20
#: A chunk of one signal of a log: small, so that a short window of many signals is read quickly.
_STRETCH_BYTES = 1 << 18
_PENDING_SCANS = range(16, 4097)


class RecordWriter:
    """Writes a Record; a context manager that closes the file as finished on leaving.

    Rows and poses are collected in memory and encoded when a chunk is closed: by :meth:`poll` once *flush_s* of wall
    time have passed, by :meth:`flush`, or when much has collected. A closed chunk survives a killed process.

    Args:
        path: the file; an existing one is replaced.
        metadata: names and values that say what this Record is.
        tables: table name to its signals; each row of a table has one value per signal, in order.
        frames: frames whose poses are recorded.
        attachments: file name to content.
        scene: what is drawn in the frames.
        poses_of: makes poses (n, F, 7) of the rows (n, k) given to :meth:`pose_row`, once a chunk.
        flush_s: wall time between chunks, s.
        clock: wall clock, s.
        at_once: rows come table after table and in long stretches: each becomes chunks of its own, which stay as they
            are.

    Raises:
        InputError: a signal is in two tables, or a name cannot be written.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        metadata: Mapping[str, str],
        tables: Mapping[str, SignalTable],
        frames: Sequence[Frame] = (),
        attachments: Mapping[str, bytes] | None = None,
        scene: Sequence[SceneModel] = (),
        poses_of: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]] | None = None,
        flush_s: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        at_once: bool = False,
    ) -> None:
        self.path = Path(path)
        self._at_once = at_once
        self.flush_s = flush_s
        self._clock = clock
        self._transforms = TransformLayout(frames)
        self._signals = dict(tables)
        self._tables = {name: _TableBuffer(RowLayout(name, signals)) for name, signals in tables.items()}
        SignalTable(signal for signals in tables.values() for signal in signals)  # a name in two tables is an error
        scan_bytes = self._transforms.record_bytes + sum(b.layout.record_bytes for b in self._tables.values())
        self._most_scans = min(max(_PENDING_BYTES // scan_bytes, _PENDING_SCANS[0]), _PENDING_SCANS[-1])
        self._scans = 0
        self._pose_times: list[int] = []
        self._pose_shape = (len(self._transforms.frames), 7)
        self._poses = np.empty((self._most_scans, *self._pose_shape))
        self._poses_of = poses_of
        self._pose_rows = bytearray()
        self._pose_count = 0
        self._last_pose_ns = -1
        self._events: list[tuple[int, bytes]] = []
        self._event_count = 0
        scan = metadata.get("scan_ns", "")
        self._scan_ns = int(scan) if scan.isdecimal() else 0
        self._overview: tuple[str, TableOverview] | None = None
        self._finished = False
        self._file: BinaryIO | None = None
        self._container: Container
        self._start(metadata, tables, attachments or {}, list(scene))
        for buffer in self._tables.values():
            buffer.encoder = RowEncoder(buffer.layout, buffer.channel_id, self._most_scans)
        self._pose_encoder = TransformEncoder(self._transforms, self._transform_channel, self._most_scans)
        self._deadline = clock() + flush_s

    def row(self, table: str, t_ns: int, values: Sequence[float] | npt.NDArray[np.float64]) -> None:
        """Adds one row of a table, at *t_ns* since the start, not before the table's last row.

        A list is fastest, with each value in its signal's own type; a missing bool (NaN) is kept in an array only.

        Raises:
            RecordError: time falls, or there are not as many values as signals.
        """
        buffer = self._tables[table]
        if len(values) != buffer.width or t_ns < buffer.last_ns:
            raise buffer.refusal(t_ns, len(values))
        if type(values) is list and not buffer.doubles:
            try:
                buffer.packed += buffer.pack(*values)
            except struct.error:  # an enum as a float, a value that is missing
                buffer.add_double(values)
        else:
            buffer.add_double(values)
        buffer.last_ns = t_ns
        buffer.times.append(t_ns)
        if len(buffer.times) == self._most_scans:
            self.flush()

    def rows(
        self,
        table: str,
        t_ns: npt.NDArray[np.int64],
        values: npt.NDArray[np.float64],
        *,
        publish_ns: npt.NDArray[np.int64] | None = None,
        sequence: npt.NDArray[np.int64] | None = None,
    ) -> None:
        """Adds many rows at once: times (n,), values (n, k), and the source's own stamps and row numbers if any.

        Raises:
            RecordError: time falls, or the shape is wrong.
        """
        buffer = self._tables[table]
        t_ns = np.asarray(t_ns, dtype=np.int64)
        values = np.asarray(values, dtype=np.float64)
        if values.shape != (len(t_ns), buffer.width):
            raise RecordError(f"{table}: expected values of shape {(len(t_ns), buffer.width)}, got {values.shape}")
        if not len(t_ns):
            return
        if t_ns[0] < buffer.last_ns or (np.diff(t_ns) < 0).any():
            raise RecordError(f"{table}: expected times that do not fall, from {buffer.last_ns} ns on")
        if self._at_once:
            self._overview_of(table).add(t_ns, values)
        else:
            self.flush()
        step = min(len(t_ns), max(1, _STRETCH_BYTES // buffer.layout.record_bytes))
        encoder = RowEncoder(buffer.layout, buffer.channel_id, step)
        for start in range(0, len(t_ns), step):
            part = slice(start, start + step)
            own = buffer.number(len(t_ns[part]))
            records = encoder.encode(
                t_ns[part],
                t_ns[part] if publish_ns is None else np.asarray(publish_ns[part], dtype=np.int64),
                own if sequence is None else np.asarray(sequence[part], dtype=np.int64),
                values[part],
            )
            self._write_chunk([Block.of_records(buffer.channel_id, records)])
        buffer.last_ns = int(t_ns[-1])

    def poses(self, t_ns: int, poses: npt.NDArray[np.float64]) -> None:
        """Adds the poses (F, 7: x y z qx qy qz qw, relative to the parent, m) of all frames at *t_ns*; copied.

        Raises:
            RecordError: time falls, or the shape is not (frames, 7).
        """
        if poses.shape != self._pose_shape or t_ns < self._last_pose_ns:
            raise RecordError(
                f"poses: expected shape {self._pose_shape} at {self._last_pose_ns} ns or later, "
                f"got {poses.shape} at {t_ns} ns"
            )
        self._poses[len(self._pose_times)] = poses
        self._last_pose_ns = t_ns
        self._pose_times.append(t_ns)
        if len(self._pose_times) == self._most_scans:
            self.flush()

    def pose_row(self, t_ns: int, row: array[float]) -> None:
        """Adds a row of doubles from which ``poses_of`` makes the poses at *t_ns* when the chunk is closed.

        Raises:
            RecordError: time falls.
        """
        if t_ns < self._last_pose_ns:
            raise RecordError(f"poses: expected {self._last_pose_ns} ns or later, got {t_ns} ns")
        self._pose_rows += row
        self._last_pose_ns = t_ns
        self._pose_times.append(t_ns)
        if len(self._pose_times) == self._most_scans:
            self.flush()

    def event(self, event: Event) -> None:
        """Adds an event."""
        self._events.append((event.t_ns, encode_event(event)))

    def poll(self) -> None:
        """Closes the chunk if it is time to; called once per scan."""
        self._scans += 1
        if self._clock() >= self._deadline or self._scans >= self._most_scans:
            self.flush()

    def flush(self) -> None:
        """Closes the chunk: everything added so far is in the file when this returns.

        Raises:
            RecordError: a value cannot be written, and the waiting rows of its table are lost; or the disk is full.
        """
        blocks: list[Block] = []
        refused: RecordError | None = None
        for buffer in self._tables.values():
            try:
                blocks += buffer.take()
            except RecordError as error:  # noqa: PERF203 - the other tables' rows are kept
                refused = error
        if self._pose_times:
            times = np.array(self._pose_times, dtype=np.int64)
            sequence = np.arange(self._pose_count, self._pose_count + len(times))
            records = self._pose_encoder.encode(times, sequence, self._waiting_poses(len(times)))
            blocks.append(Block.of_records(self._transform_channel, records))
            self._pose_count += len(times)
            self._pose_times = []
        if self._events:
            blocks.append(Block.of_messages(self._event_channel, self._events, self._event_count))
            self._event_count += len(self._events)
            self._events = []
        self._write_chunk(blocks)
        self._scans = 0
        self._deadline = self._clock() + self.flush_s
        if refused is not None:
            raise refused

    def _overview_of(self, table: str) -> TableOverview:
        """That of the table that is being written; that of the one before is finished, for a log may have many."""
        if self._overview is None or self._overview[0] != table:
            if self._tables[table].last_ns >= 0:
                raise RecordError(f"{table}: expected all rows of a table before those of another")
            if self._overview is not None:
                add_overviews(self._container, self._overview[1])
            self._overview = table, TableOverview(list(self._signals[table]), self._scan_ns)
        return self._overview[1]

    def _waiting_poses(self, count: int) -> npt.NDArray[np.float64]:
        if self._poses_of is None:
            return self._poses[:count]
        rows = np.frombuffer(bytes(self._pose_rows)).reshape(count, -1)
        self._pose_rows.clear()
        return self._poses_of(rows)

    def finish(self, attachments: Mapping[str, bytes] | None = None, metadata: Mapping[str, str] | None = None) -> None:
        """Ends the Record: adds what is known only now, writes the summary and merges small chunks into large ones.

        A second call does nothing.
        """
        if self._finished or self._file is None:
            return
        self.flush()
        if metadata:
            self._container.add_metadata(PROFILE, metadata)
        for name, data in (attachments or {}).items():
            self._container.add_attachment(name, _media_type(name), data, self._last_ns())
        if self._overview is not None:
            add_overviews(self._container, self._overview[1])
        self._container.finish()
        self._close()
        if not self._at_once:
            merge_file(self.path)

    def abandon(self) -> None:
        """Closes the file without finishing it, as a killed process would have left it after its last chunk."""
        self._close()

    def __enter__(self) -> RecordWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finish()

    def _start(
        self,
        metadata: Mapping[str, str],
        tables: Mapping[str, SignalTable],
        attachments: Mapping[str, bytes],
        scene: list[SceneModel],
    ) -> None:
        """Writes everything that is known beforehand beside the target, then moves it there: a Record has a header."""
        beside = self.path.with_name(self.path.name + ".starting")
        try:
            with beside.open("wb", buffering=0) as file:
                container = self._container = Container(file, _LIVE_LEVEL)
                container.start(PROFILE, f"swaptwin {__version__}")
                container.add_metadata(PROFILE, {"format": FORMAT, **metadata})
                signals = {"tables": {name: table.to_list() for name, table in tables.items()}}
                frames = [{"name": frame.name, "parent": frame.parent} for frame in self._transforms.frames]
                own = {SIGNALS: _json(signals), FRAMES: _json(frames)}
                for name, data in {**own, **attachments}.items():
                    container.add_attachment(name, _media_type(name), data)
                self._add_channels(scene)
            beside.replace(self.path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise RecordError(f"{self.path}: the Record cannot be written: {error}") from error
        self._file = self.path.open("ab", buffering=0)
        container.output = self._file

    def _add_channels(self, scene: list[SceneModel]) -> None:
        container = self._container
        for name, buffer in self._tables.items():
            layout = buffer.layout
            buffer.channel_id = container.add_channel(
                layout.topic, "protobuf", layout.schema_name, "protobuf", layout.schema(), table=name
            )
        self._transform_channel = container.add_channel(
            self._transforms.topic, "protobuf", self._transforms.schema_name, "protobuf", transforms_schema()
        )
        self._event_channel = container.add_channel(
            EVENTS_TOPIC, "json", "foxglove.Log", "jsonschema", _json(LOG_SCHEMA)
        )
        scene_channel = container.add_channel(
            SCENE_TOPIC, "protobuf", "foxglove.SceneUpdate", "protobuf", scene_schema()
        )
        if scene:
            container.add_chunk([Block.of_messages(scene_channel, [(0, encode_scene(scene))])])

    def _write_chunk(self, blocks: Sequence[Block]) -> None:
        if self._file is None:
            raise RecordError(f"{self.path}: the Record is closed")
        try:
            self._container.add_chunk(blocks)
        except OSError as error:
            raise RecordError(f"{self.path}: the Record cannot be written on: {error}") from error

    def _close(self) -> None:
        self._finished = True
        if self._file is not None:
            self._file.close()
            self._file = None

    def _last_ns(self) -> int:
        return max([0, self._last_pose_ns, *(buffer.last_ns for buffer in self._tables.values())])


class _TableBuffer:
    """Rows of one table that wait for their chunk."""

    def __init__(self, layout: RowLayout) -> None:
        self.layout = layout
        self.width = len(layout.names)
        self.channel_id = 0
        self.encoder: RowEncoder
        self.count = 0
        self.last_ns = -1
        self.pack = layout.packer.pack
        self.times: list[int] = []
        self.packed = bytearray()
        self.doubles = array("d")  # in use instead once a row could not be packed, until the chunk is closed

    def add_double(self, values: Sequence[float] | npt.NDArray[np.float64]) -> None:
        """Adds a row as float64, which holds any value."""
        row = np.asarray(values, dtype=np.float64).tobytes()
        if self.packed:
            self.doubles.frombytes(self._unpacked())
            self.packed = bytearray()
        self.doubles.frombytes(row)

    def take(self) -> list[Block]:
        """The waiting rows as at most one block; none waits any more."""
        if not self.times:
            return []
        t_ns = np.array(self.times, dtype=np.int64)
        packed, doubles = self.packed, self.doubles
        self.times, self.packed, self.doubles = [], bytearray(), array("d")
        sequence = self.number(len(t_ns))
        if doubles:
            values = np.frombuffer(doubles, dtype=np.float64).reshape(-1, self.width)
            records = self.encoder.encode(t_ns, t_ns, sequence, values)
        else:
            records = self.encoder.encode_packed(t_ns, sequence, packed)
        return [Block.of_records(self.channel_id, records)]

    def number(self, count: int) -> npt.NDArray[np.int64]:
        """The row numbers of the next *count* rows."""
        first, self.count = self.count, self.count + count
        return np.arange(first, self.count)

    def _unpacked(self) -> bytes:
        """The rows packed so far as float64."""
        rows = self.layout.packer.iter_unpack(self.packed)
        return np.array(list(rows), dtype=np.float64).tobytes()

    def refusal(self, t_ns: int, width: int) -> RecordError:
        return RecordError(
            f"{self.layout.table}: expected {self.width} values at {self.last_ns} ns or later, got {width} at {t_ns} ns"
        )


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _media_type(name: str) -> str:
    return {"json": "application/json", "yaml": "application/yaml"}.get(name.rsplit(".", 1)[-1], "text/plain")
