"""Chunk bodies: runs of message records of one channel, packed and unpacked without a loop over messages."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import zstandard
from mcap.data_stream import RecordBuilder
from mcap.opcode import Opcode
from mcap.records import Chunk

from twin.errors import RecordError
from twin.record import wire

_RECORD = struct.Struct("<BQ")
_CHANNEL = struct.Struct("<H")
_FIRST_PROBE = 16
_ONE_BY_ONE = 8


@dataclass(frozen=True)
class Block:
    """Message records of one channel, one after the other.

    Args:
        channel_id: the channel.
        data: the records' bytes.
        log_times: log time of each, ns, shape (n,).
        offsets: where each starts in *data*, shape (n,).
    """

    channel_id: int
    data: bytes | memoryview
    log_times: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]

    @classmethod
    def of_records(cls, channel_id: int, records: wire.Bytes2D) -> Block:
        """The block of a byte matrix (n, stride)."""
        offsets = np.arange(len(records), dtype=np.int64) * records.shape[1]
        return cls(channel_id, records.reshape(-1).data, wire.log_times(records), offsets)

    @classmethod
    def of_messages(cls, channel_id: int, messages: Sequence[tuple[int, bytes]], first_sequence: int = 0) -> Block:
        """The block of (log time, payload) pairs of any length."""
        parts: list[bytes] = []
        offsets: list[int] = []
        size = 0
        for sequence, (t_ns, payload) in enumerate(messages, start=first_sequence):
            offsets.append(size)
            parts.append(wire.message_header(channel_id, len(payload), sequence, t_ns, t_ns) + payload)
            size += len(parts[-1])
        times = np.array([t_ns for t_ns, _ in messages], dtype=np.int64)
        return cls(channel_id, b"".join(parts), times, np.array(offsets, dtype=np.int64))

    @classmethod
    def join(cls, blocks: Sequence[Block]) -> Block:
        """Several blocks of one channel as one."""
        if len(blocks) == 1:
            return blocks[0]
        starts = np.cumsum([0] + [len(block.data) for block in blocks[:-1]])
        return cls(
            blocks[0].channel_id,
            b"".join(block.data for block in blocks),
            np.concatenate([block.log_times for block in blocks]),
            np.concatenate([block.offsets + start for block, start in zip(blocks, starts, strict=True)]),
        )

    def __len__(self) -> int:
        return len(self.offsets)

    def records(self, record_bytes: int) -> wire.Bytes2D:
        """The block as a byte matrix (n, record_bytes).

        Raises:
            RecordError: a record has another length.
        """
        if len(self.data) != record_bytes * len(self.offsets):
            raise RecordError(f"channel {self.channel_id}: expected messages of {record_bytes} bytes, got others")
        return np.frombuffer(self.data, dtype=np.uint8).reshape(-1, record_bytes)

    def payloads(self) -> list[bytes]:
        """The payload of every message."""
        ends = np.append(self.offsets[1:], len(self.data))
        return [
            bytes(self.data[start + wire.HEADER_BYTES : end]) for start, end in zip(self.offsets, ends, strict=True)
        ]

    def message_index(self, base: int) -> bytes:
        """The MCAP message index record of this block, standing *base* bytes into its chunk."""
        pairs = np.empty((len(self), 2), dtype="<i8")
        pairs[:, 0] = self.log_times
        pairs[:, 1] = self.offsets + base
        body = struct.pack("<HI", self.channel_id, pairs.nbytes) + pairs.tobytes()
        return _RECORD.pack(Opcode.MESSAGE_INDEX, len(body)) + body


def pack_chunk(blocks: Sequence[Block], compressor: zstandard.ZstdCompressor, room: bytearray) -> tuple[bytes, Chunk]:
    """The chunk record of *blocks*: its bytes, and the record itself.

    Args:
        room: reused between calls, for fresh memory of this size costs more than filling it.
    """
    size = sum(len(block.data) for block in blocks)
    if len(room) < size:
        room.extend(bytes(size - len(room)))
    at = 0
    body = memoryview(room)[:size]
    for block in blocks:
        body[at : at + len(block.data)] = block.data
        at += len(block.data)
    chunk = Chunk(
        compression="zstd",
        data=compressor.compress(body),
        message_start_time=int(min(block.log_times.min() for block in blocks)),
        message_end_time=int(max(block.log_times.max() for block in blocks)),
        uncompressed_crc=zlib.crc32(body),
        uncompressed_size=size,
    )
    builder = RecordBuilder()
    chunk.write(builder)
    return builder.end(), chunk


def unpack_chunk(chunk: Chunk) -> list[Block]:
    """The blocks of a chunk, one per channel in it.

    Raises:
        RecordError: the chunk is damaged, or compressed in a way not known.
    """
    try:
        if chunk.compression == "zstd":
            body = zstandard.ZstdDecompressor().decompress(chunk.data, max_output_size=chunk.uncompressed_size)
        elif chunk.compression == "":
            body = chunk.data
        else:
            raise RecordError(f"chunk compressed with {chunk.compression}: expected zstd or none")
    except (zstandard.ZstdError, OverflowError, MemoryError) as error:
        # A length that is damaged may be larger than any memory.
        raise RecordError(f"a chunk cannot be decompressed: {error}") from error
    if len(body) != chunk.uncompressed_size or (chunk.uncompressed_crc and zlib.crc32(body) != chunk.uncompressed_crc):
        raise RecordError("a chunk's checksum is wrong")
    by_channel: dict[int, list[Block]] = {}
    for block in _scan(body):
        by_channel.setdefault(block.channel_id, []).append(block)
    return [Block.join(blocks) for blocks in by_channel.values()]


def _scan(body: bytes) -> Iterable[Block]:
    """Blocks in file order; a stretch of equally long messages of one channel is found by doubling."""
    view = memoryview(body)
    whole = np.frombuffer(body, dtype=np.uint8)
    at, end = 0, len(body)
    while at < end:
        if at + 9 > end:
            raise RecordError("a chunk ends inside a record")
        opcode, length = _RECORD.unpack_from(body, at)
        stride = length + 9
        if at + stride > end:
            raise RecordError("a chunk ends inside a record")
        if opcode != Opcode.MESSAGE:
            at += stride
            continue
        if stride < wire.HEADER_BYTES:
            raise RecordError("a message record is too short")
        channel_id = _CHANNEL.unpack_from(body, at + 9)[0]
        count = _equal_run(body, whole, at, stride)
        records = whole[at : at + count * stride].reshape(count, stride)
        offsets = np.arange(count, dtype=np.int64) * stride
        yield Block(channel_id, view[at : at + count * stride], wire.log_times(records), offsets)
        at += count * stride


def _equal_run(body: bytes, whole: npt.NDArray[np.uint8], at: int, stride: int) -> int:
    """How many records from *at* on have the same opcode, length and channel."""
    most = (len(body) - at) // stride
    begins = body[at : at + 11]
    count = 1
    # Of few records, as in the chunks of a live run, one by one is quicker.
    while count < min(most, _ONE_BY_ONE):
        if not body.startswith(begins, at + count * stride):
            return count
        count += 1
    head, probe = whole[at : at + 11], _FIRST_PROBE
    while count < most:
        stop = min(count + probe, most)
        heads = whole[at + count * stride : at + stop * stride].reshape(-1, stride)[:, :11]
        same = (heads == head).all(axis=1)
        if not same.all():
            return count + int(np.argmin(same))
        count, probe = stop, probe * 8
    return count
