"""The records of an MCAP file one after the other; what is damaged is passed over, and the next intact chunk found."""

from __future__ import annotations

import io
import mmap
import struct
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Channel, Chunk, Header, McapRecord, Message, Schema, Statistics
from mcap.stream_reader import breakup_chunk

MAGIC = b"\x89MCAP0\r\n"
#: What one chunk may unpack to.
MOST_CHUNK_BYTES = 1 << 28
_HEAD = struct.Struct("<BQ")
_CHUNK = struct.Struct("<QQQII")
_FOOTER = struct.Struct("<QQI")
_COMPRESSIONS = (b"", b"zstd", b"lz4")
_LAST_OPCODE = max(Opcode)
_BROKEN = (McapError, zstandard.ZstdError, struct.error, ValueError, EOFError, OverflowError, MemoryError)
_READ: dict[int, type[McapRecord]] = {
    Opcode.HEADER: Header, Opcode.SCHEMA: Schema, Opcode.CHANNEL: Channel, Opcode.STATISTICS: Statistics,
}  # fmt: skip


@dataclass(frozen=True)
class Lost:
    """Bytes that could not be read: where they begin, and why."""

    at: int
    why: str


def declared(data: mmap.mmap | bytes) -> Iterator[McapRecord]:
    """The schemas and channels that stand outside of chunks, in the summary: there too when their chunk is lost."""
    for record in walk(data, chunks=False):
        if isinstance(record, Schema | Channel):
            yield record


def walk(data: mmap.mmap | bytes, *, chunks: bool = True) -> Iterator[McapRecord | Lost]:
    """The records of a file that begins with the magic bytes, and those in its chunks, each whole or not at all."""
    at, size = len(MAGIC), len(data)
    #: Behind the last chunk that was whole: from here on a chunk may stand where a damaged length led past it.
    sure = at
    while at < size:
        if data[at : at + len(MAGIC)] == MAGIC:
            # The end; what is joined on behind it is a file of its own.
            at += len(MAGIC)
            continue
        end = _end_of_record(data, at, size)
        if end is None:
            after = _next_chunk(data, sure, size)
            if after == size and (summary := _summary_start(data)) > at:
                after = summary
            yield Lost(at, "bytes that are no record" if after < size else "the file ends inside a record")
            at, sure = after, after + 1
            continue
        opcode = data[at]
        if opcode == Opcode.CHUNK:
            whole = yield from _chunk(data, at, end) if chunks else ()
            # The length of a damaged one may be damaged too.
            sure = end if whole else at + 1
        elif opcode == Opcode.MESSAGE or opcode in _READ:
            body = data[at + 9 : end]
            try:
                stream = ReadDataStream(io.BytesIO(body))
                yield Message.read(stream, len(body)) if opcode == Opcode.MESSAGE else _READ[opcode].read(stream)
            except _BROKEN as error:
                yield Lost(at, f"a record that cannot be read: {error!r}"[:200])
        at = end


def _chunk(data: mmap.mmap | bytes, at: int, end: int) -> Generator[McapRecord | Lost, None, bool]:
    try:
        chunk = Chunk.read(ReadDataStream(io.BytesIO(data[at + 9 : end])))
        _refuse_bomb(chunk)
        records = breakup_chunk(chunk, validate_crc=True)
    except _BROKEN as error:
        yield Lost(at, f"a chunk that cannot be read: {error}"[:200])
        return False
    yield from records
    return True


def _refuse_bomb(chunk: Chunk) -> None:
    """
    Raises:
        ValueError: the chunk unpacks to more than one can, or is compressed as nobody here knows.
    """
    size = chunk.uncompressed_size
    if chunk.compression == "zstd":
        size = max(size, zstandard.get_frame_parameters(chunk.data).content_size)
    elif chunk.compression:
        raise ValueError(f"compression {chunk.compression} is not read")
    # An unknown size is a number larger than any.
    if size > MOST_CHUNK_BYTES:
        raise ValueError(f"it unpacks to more than {MOST_CHUNK_BYTES} bytes")


def _end_of_record(data: mmap.mmap | bytes, at: int, size: int) -> int | None:
    """Where the record ends; None for what is none, or is not whole."""
    if at + _HEAD.size > size:
        return None
    opcode, length = _HEAD.unpack(data[at : at + _HEAD.size])
    end: int = at + _HEAD.size + length
    if opcode == 0 or _LAST_OPCODE < opcode < 0x80 or end > size:
        return None
    if opcode == Opcode.CHUNK and not _is_chunk(data, at, length):
        return None
    if opcode == Opcode.MESSAGE_INDEX and data[at + 11 : at + 15] != struct.pack("<I", max(length - 6, 0) % (1 << 32)):
        return None
    return end


def _is_chunk(data: mmap.mmap | bytes, at: int, length: int) -> bool:
    """Whether the lengths within a chunk's head fit each other."""
    start = at + _HEAD.size
    if length < _CHUNK.size + 8 or start + length > len(data):
        return False
    name_bytes = _CHUNK.unpack(data[start : start + _CHUNK.size])[4]
    behind = start + _CHUNK.size + name_bytes
    if name_bytes > 4 or data[start + _CHUNK.size : behind] not in _COMPRESSIONS:
        return False
    records = struct.unpack("<Q", data[behind : behind + 8])[0]
    return bool(records == length - _CHUNK.size - name_bytes - 8)


def _summary_start(data: mmap.mmap | bytes) -> int:
    """Where the summary begins by the file's footer; 0 without one."""
    at = len(data) - len(MAGIC) - _HEAD.size - _FOOTER.size
    if at < 0 or data[at : at + _HEAD.size] != _HEAD.pack(Opcode.FOOTER, _FOOTER.size):
        return 0
    start: int = _FOOTER.unpack(data[at + _HEAD.size : at + _HEAD.size + _FOOTER.size])[0]
    return start if start < at else 0


def _next_chunk(data: mmap.mmap | bytes, at: int, size: int) -> int:
    """Where the next chunk begins, or the end of the file."""
    while (at := data.find(bytes([Opcode.CHUNK]), at)) >= 0:
        if at + _HEAD.size + _CHUNK.size + 8 <= size and _is_chunk(data, at, _HEAD.unpack(data[at : at + 9])[1]):
            return at
        at += 1
    return size
