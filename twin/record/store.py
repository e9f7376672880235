"""The file under a Record that is read: its index, what was unpacked of it, and whether it is still the same file."""

from __future__ import annotations

import os
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from twin.errors import RecordError
from twin.record.chunk import Block, unpack_chunk
from twin.record.index import FileIndex, extend_index, read_attachment, read_chunk, read_index, require_record

Result = TypeVar("Result")
_Order = tuple[list[int], list[int], list[int]]

_CACHE_BYTES = 192 << 20
# Header, metadata and the begin of the signal table: what tells one run from another.
_HEAD_BYTES = 2048
_TRIES = 5
# No chunk seen yet: how many, earliest, latest.
_NOTHING = (0, 2**63 - 1, 0)


class _ReplacedError(Exception):
    """Another file stands at the path: what is known of the old one is of no use."""


class Store:
    """Access to the chunks and attachments of a Record's file, from several threads.

    The file is opened for each access only, so that a writer can replace it on every system.

    Args:
        path: the file.
        on_load: called when the file was read anew from its begin.

    Raises:
        RecordError: the file cannot be read, is no Record, or is of a version not known.
    """

    def __init__(self, path: Path, on_load: Callable[[], None]) -> None:
        self.path = path
        self.index = FileIndex()
        #: What is wrong with chunks that could not be unpacked, by number.
        self.lost: dict[int, str] = {}
        self._on_load = on_load
        self._lock = threading.RLock()
        self._cache: OrderedDict[int, list[Block]] = OrderedDict()
        self._cached_bytes = 0
        self._orders: dict[str, tuple[int, _Order]] = {}
        #: Channels by topic, and of how many.
        self._topics: dict[str, set[int]] = {}
        self._topics_of = -1
        self._span = _NOTHING
        self._file_number = (0, 0)
        self._finished_as = (0, 0)
        self._head = b""
        with self._opened() as file:
            self._load(file)

    def refresh(self) -> bool:
        """Takes in what was written since; True when there was something."""
        with self._lock, self._opened() as file:
            if self._replaced(file):
                self._load(file)
                return True
            if self.index.finished:
                return False
            grown = extend_index(file, self.index)
            self._finished_as = _size_and_time(file)
            return grown

    def attachment(self, name: str) -> bytes:
        """The content of an attachment.

        Raises:
            RecordError: there is none of this name, or it is damaged.
        """
        with self._lock, self._opened() as file:
            if self._replaced(file):
                self._load(file)
            try:
                place = self.index.attachments[name]
            except KeyError:
                raise RecordError(f"{self.path}: holds no attachment {name}") from None
            data: bytes = read_attachment(file, place).data
            return data

    def blocks(self, topic: str, t0_ns: int, t1_ns: int, before: bool = False) -> list[Block]:
        """The blocks of a channel that reach into the window, and with *before* the last one that starts earlier."""
        return self._retried(lambda: self._find(topic, t0_ns, t1_ns, before))

    def check(self) -> None:
        """Unpacks every chunk once: finds all damage, and counts messages instead of believing the index."""
        self.index.counts = self._retried(self._count)

    def _find(self, topic: str, t0_ns: int, t1_ns: int, before: bool) -> list[Block]:
        channels = self._channels(topic)
        starts, numbers, latest = self._order(topic, channels)
        wanted: list[Block] = []
        reached = not before
        for position in range(bisect_right(starts, t1_ns) - 1, -1, -1):
            if reached and latest[position] < t0_ns:
                break
            number = numbers[position]
            if reached and self.index.chunks[number].end_ns < t0_ns:
                continue
            blocks = [block for block in self._unpacked(number) if block.channel_id in channels]
            wanted.extend(blocks)
            # A block that starts before the window holds the row before it; chunks before are not needed for that.
            reached = reached or any(block.log_times[0] < t0_ns for block in blocks)
        return wanted[::-1]

    def _channels(self, topic: str) -> set[int]:
        """Numbers of a topic's channels; a log may have hundreds, and each of its tables is asked for in turn."""
        count = len(self.index.channels)
        if self._topics_of != count:
            self._topics, self._topics_of = {}, count
            for channel in self.index.channels.values():
                self._topics.setdefault(channel.topic, set()).add(channel.id)
        return self._topics.get(topic, set())

    def span(self) -> tuple[int, int]:
        """Time of the first and of the last message, ns; 0 when there is none."""
        chunks = self.index.chunks
        with self._lock:
            counted, start_ns, end_ns = self._span
            for entry in chunks[counted:]:
                start_ns, end_ns = min(start_ns, entry.start_ns), max(end_ns, entry.end_ns)
            self._span = (len(chunks), start_ns, end_ns)
        return (start_ns, end_ns) if chunks else (0, 0)

    def _order(self, topic: str, channels: set[int]) -> _Order:
        """The chunks of a channel in order of time: their starts, numbers, and the latest end up to each.

        A record that grows gets its new chunks put at the end: an hour of them is not sorted for each.
        """
        known = len(self.index.chunks)
        counted, order = self._orders.get(topic, (0, ([], [], [])))
        starts, numbers, latest = order
        for number in range(counted, known):
            entry = self.index.chunks[number]
            if entry.channels is not None and not entry.channels & channels:
                continue
            place = bisect_right(starts, entry.start_ns)
            starts.insert(place, entry.start_ns)
            numbers.insert(place, number)
            latest.insert(place, entry.end_ns)
            for later in range(place, len(latest)):
                latest[later] = max(latest[later], latest[later - 1] if later else 0)
        self._orders[topic] = (known, order)
        return order

    def _count(self) -> dict[int, int]:
        counts: dict[int, int] = {}
        for number in range(len(self.index.chunks)):
            for block in self._unpacked(number):
                counts[block.channel_id] = counts.get(block.channel_id, 0) + len(block)
        return counts

    def _unpacked(self, number: int) -> list[Block]:
        """The blocks of a chunk, from the cache or the file; none when it is damaged."""
        if number in self._cache:
            self._cache.move_to_end(number)
            return self._cache[number]
        if number in self.lost:
            return []
        entry = self.index.chunks[number]
        with self._opened() as file:
            if self._replaced(file):
                raise _ReplacedError
            try:
                blocks = unpack_chunk(read_chunk(file, entry))
            except RecordError as error:
                span = f"{entry.start_ns / 1e9:.2f} to {entry.end_ns / 1e9:.2f} s"
                self.lost[number] = f"chunk {number}, {span}, is left out: {error}"
                return []
        self._cache[number] = blocks
        self._cached_bytes += entry.uncompressed_bytes
        while self._cached_bytes > _CACHE_BYTES and len(self._cache) > 1:
            oldest, _ = self._cache.popitem(last=False)
            self._cached_bytes -= self.index.chunks[oldest].uncompressed_bytes
        return blocks

    def _retried(self, action: Callable[[], Result]) -> Result:
        """The action's result; begun again when the writer has merged the file meanwhile."""
        with self._lock:
            for _ in range(_TRIES):
                try:
                    return action()
                except _ReplacedError:  # noqa: PERF203 - rare
                    with self._opened() as file:
                        self._load(file)
        raise RecordError(f"{self.path}: is replaced again and again while it is read")

    def _opened(self) -> BinaryIO:
        try:
            return self.path.open("rb")
        except OSError as error:
            raise RecordError(f"{self.path}: cannot be opened: {error.strerror or error}") from error

    def _replaced(self, file: BinaryIO) -> bool:
        """Whether another file stands at the path: the writer has merged it since, or another run has begun.

        A file's number alone does not tell, for it is used again.
        """
        status = os.fstat(file.fileno())
        if (status.st_dev, status.st_ino) != self._file_number or status.st_size < self.index.scanned:
            return True
        if self.index.finished and _size_and_time(file) != self._finished_as:
            return True
        file.seek(0)
        return file.read(len(self._head)) != self._head

    def _load(self, file: BinaryIO) -> None:
        file.seek(0)
        index = read_index(file, self.path)
        require_record(index, self.path)
        self.index = index
        status = os.fstat(file.fileno())
        self._file_number = (status.st_dev, status.st_ino)
        self._finished_as = _size_and_time(file)
        file.seek(0)
        self._head = file.read(min(index.scanned, _HEAD_BYTES))
        self._cache.clear()
        self._cached_bytes = 0
        self._orders.clear()
        self._topics_of = -1
        self._span = _NOTHING
        self.lost.clear()
        self._on_load()


def _size_and_time(file: BinaryIO) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns
