"""What is where in a Record's file: read from the summary of a finished one, by walking through any other."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import (
    Attachment,
    AttachmentIndex,
    Channel,
    Chunk,
    ChunkIndex,
    Footer,
    Header,
    Metadata,
    MetadataIndex,
    Schema,
)
from mcap.stream_reader import StreamReader

from twin.errors import RecordError
from twin.record.container import FOOTER_BYTES, MAGIC

_RECORD = struct.Struct("<BQ")
_CHUNK_HEAD = struct.Struct("<QQQII")
_LAST_OPCODE = max(Opcode)
_LEAST_ATTACHMENT = 9 + 36
# What comes of reading a record from bytes that are none.
_BROKEN = (McapError, struct.error, ValueError, EOFError, OverflowError)

PROFILE = "swaptwin"
#: Version of the layout that docs/record.md describes; a reader refuses what it does not know.
FORMAT = "1"
SIGNALS, FRAMES = "signals.json", "frames.json"


@dataclass
class ChunkEntry:
    """One chunk: where it stands, its span of time and its channels (None: not known before reading it)."""

    offset: int
    length: int
    start_ns: int
    end_ns: int
    uncompressed_bytes: int
    compressed_bytes: int
    channels: set[int] | None = None


@dataclass
class FileIndex:
    """The parts of a Record's file. ``scanned`` is the end of the last whole record that was understood."""

    profile: str = ""
    library: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    schemas: dict[int, Schema] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    chunks: list[ChunkEntry] = field(default_factory=list)
    attachments: dict[str, tuple[int, int]] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    finished: bool = False
    scanned: int = 0
    damage: list[str] = field(default_factory=list)


def read_index(file: BinaryIO, path: Path) -> FileIndex:
    """The index of an MCAP file, finished or not.

    Raises:
        RecordError: the file is no MCAP file, or ends before its header does.
    """
    magic = file.read(len(MAGIC))
    if magic != MAGIC:
        what = "an empty file" if not magic else "another kind of file"
        raise RecordError(f"{path}: expected an MCAP file, got {what}", reason="other_file" if magic else "empty_file")
    try:
        index = _read_summary(file)
    except _BROKEN:
        index = None
    return index or _walk_whole(file, path)


def is_record(path: Path) -> bool:
    """Whether a file is a Record, sound or damaged, rather than another log.

    It begins as one; or it is called ``.mcap`` and does not begin as an MCAP file of another program.
    """
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(len(MAGIC) + _RECORD.size + 4 + len(PROFILE))
    if head.startswith(MAGIC):
        return head.endswith(PROFILE.encode())
    return path.suffix.lower() == ".mcap"


def require_record(index: FileIndex, path: Path) -> None:
    """Checks that an MCAP file is a Record that can be read.

    Raises:
        RecordError: it is something else, of a version not known, or cut off before its signal table.
    """
    if index.profile != PROFILE:
        raise RecordError(
            f"{path}: expected a SwapTwin Record, got an MCAP file of profile {index.profile!r}", reason="other_profile"
        )
    if index.metadata.get("format", FORMAT) != FORMAT:
        raise RecordError(
            f"{path}: expected Record format {FORMAT}, got {index.metadata['format']}", reason="other_version"
        )
    if not {SIGNALS, FRAMES} <= index.attachments.keys():
        raise RecordError(f"{path}: the file ends before its signal table does", reason="cut_early")


def extend_index(file: BinaryIO, index: FileIndex) -> bool:
    """Walks on from where the index ends; True when there was something new.

    A tail that is not whole is left for the next call and stands in ``damage`` until then.
    """
    before = index.scanned
    size = file.seek(0, os.SEEK_END)
    index.damage = []
    while not index.finished and index.scanned < size:
        try:
            end = _read_record(file, index, size)
        except _BROKEN:
            index.damage = [f"what stands at byte {index.scanned} is no record; {size - index.scanned} bytes ignored"]
            break
        if end is None:
            index.damage = [f"the file ends inside a record; the last {size - index.scanned} bytes are ignored"]
            break
        index.scanned = end
    return index.scanned > before


def read_chunk(file: BinaryIO, entry: ChunkEntry) -> Chunk:
    """The chunk record of an entry.

    Raises:
        RecordError: there is no such chunk at that place.
    """
    file.seek(entry.offset)
    data = file.read(entry.length)
    if len(data) < entry.length or _RECORD.unpack_from(data) != (Opcode.CHUNK, entry.length - 9):
        raise RecordError(f"expected a chunk at byte {entry.offset}, got something else")
    try:
        return Chunk.read(ReadDataStream(io.BytesIO(data[9:])))
    except _BROKEN as error:
        raise RecordError(f"the chunk at byte {entry.offset} cannot be read: {error!r}") from error


def read_attachment(file: BinaryIO, place: tuple[int, int]) -> Attachment:
    """The attachment record at (offset, length).

    Raises:
        RecordError: there is none at that place, or its checksum is wrong.
    """
    offset, length = place
    file.seek(offset)
    data = file.read(length)
    whole = len(data) == length and length >= _LEAST_ATTACHMENT
    if whole and _RECORD.unpack_from(data) == (Opcode.ATTACHMENT, length - 9):
        crc = int.from_bytes(data[-4:], "little")
        if not crc or zlib.crc32(data[9:-4]) == crc:
            with contextlib.suppress(*_BROKEN):
                return Attachment.read(ReadDataStream(io.BytesIO(data[9:])))
    raise RecordError(f"the attachment at byte {offset} is damaged")


def _walk_whole(file: BinaryIO, path: Path) -> FileIndex:
    index = FileIndex(scanned=len(MAGIC))
    extend_index(file, index)
    if not index.library and not index.profile:
        raise RecordError(f"{path}: the file ends before its header does", reason="cut_early")
    return index


def _read_record(file: BinaryIO, index: FileIndex, size: int) -> int | None:
    """Takes in the record at ``index.scanned``; returns where it ends, None when it is not whole."""
    start = index.scanned
    file.seek(start)
    head = file.read(9)
    if len(head) < 9:
        return None
    opcode: int
    length: int
    opcode, length = _RECORD.unpack(head)
    if not 0 < opcode <= _LAST_OPCODE:
        raise ValueError(opcode)
    end = start + 9 + length
    if end > size:
        return None
    if opcode == Opcode.CHUNK:
        index.chunks.append(_chunk_entry(file, start, 9 + length))
    elif opcode == Opcode.MESSAGE_INDEX:
        channel_id, entry_bytes = struct.unpack("<HI", file.read(6))
        index.counts[channel_id] = index.counts.get(channel_id, 0) + entry_bytes // 16
    elif opcode == Opcode.FOOTER:
        index.finished = file.read(length + len(MAGIC)).endswith(MAGIC)
        return end + len(MAGIC) if index.finished else None
    elif opcode in (Opcode.HEADER, Opcode.METADATA, Opcode.SCHEMA, Opcode.CHANNEL):
        _take(index, opcode, ReadDataStream(io.BytesIO(file.read(length))))
    elif opcode == Opcode.ATTACHMENT:
        file.seek(16, os.SEEK_CUR)
        name = file.read(min(length, struct.unpack("<I", file.read(4))[0])).decode()
        index.attachments[name] = (start, 9 + length)
    return end


def _chunk_entry(file: BinaryIO, start: int, length: int) -> ChunkEntry:
    first, last, uncompressed, _, name_bytes = _CHUNK_HEAD.unpack(file.read(_CHUNK_HEAD.size))
    if not first <= last < 2**63:
        raise ValueError(first)
    file.seek(name_bytes, os.SEEK_CUR)
    compressed = struct.unpack("<Q", file.read(8))[0]
    return ChunkEntry(start, length, first, last, uncompressed, compressed)


def _take(index: FileIndex, opcode: int, stream: ReadDataStream) -> None:
    if opcode == Opcode.HEADER:
        header = Header.read(stream)
        index.profile, index.library = header.profile, header.library
    elif opcode == Opcode.METADATA:
        metadata = Metadata.read(stream)
        if metadata.name == "swaptwin":
            index.metadata.update(metadata.metadata)
    elif opcode == Opcode.SCHEMA:
        schema = Schema.read(stream)
        index.schemas[schema.id] = schema
    else:
        channel = Channel.read(stream)
        index.channels[channel.id] = channel


def _read_summary(file: BinaryIO) -> FileIndex | None:
    """The index from the summary section; None when there is none to trust."""
    size = file.seek(0, os.SEEK_END)
    if size < FOOTER_BYTES + len(MAGIC):
        return None
    file.seek(size - FOOTER_BYTES)
    tail = file.read(FOOTER_BYTES)
    if not tail.endswith(MAGIC) or _RECORD.unpack_from(tail) != (Opcode.FOOTER, 20):
        return None
    footer = Footer.read(ReadDataStream(io.BytesIO(tail[9:])))
    if not 0 < footer.summary_start <= size - FOOTER_BYTES:
        return None
    file.seek(footer.summary_start)
    summary = file.read(size - FOOTER_BYTES - footer.summary_start)
    if footer.summary_crc and zlib.crc32(tail[:25], zlib.crc32(summary)) != footer.summary_crc:
        return None
    index = FileIndex(finished=True, scanned=size)
    metadata_at: list[int] = [len(MAGIC)]
    for record in StreamReader(io.BytesIO(summary + tail[:-8]), skip_magic=True).records:
        if isinstance(record, Footer):
            break
        if isinstance(record, Schema):
            index.schemas[record.id] = record
        elif isinstance(record, Channel):
            index.channels[record.id] = record
        elif isinstance(record, ChunkIndex):
            index.chunks.append(_indexed_chunk(record))
        elif isinstance(record, AttachmentIndex):
            index.attachments[record.name] = (record.offset, record.length)
        elif isinstance(record, MetadataIndex):
            metadata_at.append(record.offset)
        elif hasattr(record, "channel_message_counts"):
            index.counts = dict(record.channel_message_counts)
    for offset in metadata_at:
        file.seek(offset)
        opcode, length = _RECORD.unpack(file.read(9))
        if length > footer.summary_start:
            return None
        _take(index, opcode, ReadDataStream(io.BytesIO(file.read(length))))
    return index


def _indexed_chunk(record: ChunkIndex) -> ChunkEntry:
    return ChunkEntry(
        record.chunk_start_offset,
        record.chunk_length,
        record.message_start_time,
        record.message_end_time,
        record.uncompressed_size,
        record.compressed_size,
        set(record.message_index_offsets) or None,
    )
