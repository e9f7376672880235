"""An MCAP file that grows by whole records: the container under a Record.

The mcap library supplies the records of header, schemas, channels, summary, metadata and attachments; message
bodies come as blocks, packed by numpy.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Protocol

import zstandard
from mcap.data_stream import RecordBuilder
from mcap.opcode import Opcode
from mcap.records import (
    Attachment,
    AttachmentIndex,
    Channel,
    ChunkIndex,
    DataEnd,
    Footer,
    Header,
    McapRecord,
    Metadata,
    MetadataIndex,
    Schema,
    Statistics,
    SummaryOffset,
)
from mcap.writer import MCAP0_MAGIC

from twin.record.chunk import Block, pack_chunk

MAGIC = MCAP0_MAGIC
#: Length of the end of a finished file: footer record and magic.
FOOTER_BYTES = 29 + len(MAGIC)


class Output(Protocol):
    """Where bytes go: every call is one write."""

    def write(self, data: bytes, /) -> object: ...


class Container:
    """Writes an MCAP file, record by record; every method makes one write.

    Args:
        output: an unbuffered binary file, so that what was written survives the process.
        level: zstd level of the chunks; below zero is faster and larger.
    """

    def __init__(self, output: Output, level: int) -> None:
        self.output = output
        self._offset = 0
        self.schemas: list[Schema] = []
        self.channels: list[Channel] = []
        self._chunks: list[ChunkIndex] = []
        self._attachments: list[AttachmentIndex] = []
        self._metadata: list[MetadataIndex] = []
        self._counts: dict[int, int] = {}
        self._compressor = zstandard.ZstdCompressor(level=level)
        self._room = bytearray()

    def start(self, profile: str, library: str) -> None:
        self._write(MAGIC + _bytes(Header(profile, library)))

    def add_metadata(self, name: str, data: Mapping[str, str]) -> None:
        record = _bytes(Metadata(name=name, metadata=dict(data)))
        self._metadata.append(MetadataIndex(offset=self._offset, length=len(record), name=name))
        self._write(record)

    def add_attachment(self, name: str, media_type: str, data: bytes, log_time: int = 0) -> None:
        record = _bytes(Attachment(create_time=0, log_time=log_time, name=name, media_type=media_type, data=data))
        self._attachments.append(
            AttachmentIndex(
                offset=self._offset,
                length=len(record),
                create_time=0,
                log_time=log_time,
                data_size=len(data),
                name=name,
                media_type=media_type,
            )
        )
        self._write(record)

    def add_channel(
        self, topic: str, encoding: str, schema_name: str, schema_encoding: str, schema: bytes, **metadata: str
    ) -> int:
        """Registers a schema and a channel of it; returns the channel's number."""
        number = len(self.channels) + 1
        self.copy_channel(
            Schema(id=number, name=schema_name, encoding=schema_encoding, data=schema),
            Channel(id=number, topic=topic, message_encoding=encoding, metadata=metadata, schema_id=number),
        )
        return number

    def copy_channel(self, schema: Schema | None, channel: Channel) -> None:
        """Registers a channel, and its schema if it is new here, as they are."""
        out = b""
        if schema is not None and all(known.id != schema.id for known in self.schemas):
            self.schemas.append(schema)
            out += _bytes(schema)
        self.channels.append(channel)
        self._write(out + _bytes(channel))

    def add_chunk(self, blocks: Sequence[Block]) -> None:
        """Writes one chunk of blocks, at most one per channel, and its message indexes."""
        blocks = [block for block in blocks if len(block)]
        if not blocks:
            return
        record, chunk = pack_chunk(blocks, self._compressor, self._room)
        index_at = self._offset + len(record)
        indexes: list[bytes] = []
        index_offsets: dict[int, int] = {}
        base = index_bytes = 0
        for block in blocks:
            index_offsets[block.channel_id] = index_at + index_bytes
            indexes.append(block.message_index(base))
            index_bytes += len(indexes[-1])
            base += len(block.data)
            self._counts[block.channel_id] = self._counts.get(block.channel_id, 0) + len(block)
        self._chunks.append(
            ChunkIndex(
                chunk_length=len(record),
                chunk_start_offset=self._offset,
                compression=chunk.compression,
                compressed_size=len(chunk.data),
                message_end_time=chunk.message_end_time,
                message_index_length=index_bytes,
                message_index_offsets=index_offsets,
                message_start_time=chunk.message_start_time,
                uncompressed_size=chunk.uncompressed_size,
            )
        )
        self._write(record + b"".join(indexes))

    def finish(self) -> None:
        """Writes the end of the data section, the summary, the footer and the magic."""
        data_end = _bytes(DataEnd(0))
        summary_start = self._offset + len(data_end)
        groups: list[tuple[Opcode, Sequence[McapRecord]]] = [
            (Opcode.SCHEMA, self.schemas),
            (Opcode.CHANNEL, self.channels),
            (Opcode.STATISTICS, [self._statistics()]),
            (Opcode.CHUNK_INDEX, self._chunks),
            (Opcode.ATTACHMENT_INDEX, self._attachments),
            (Opcode.METADATA_INDEX, self._metadata),
        ]
        summary = b""
        offsets = b""
        for opcode, records in groups:
            group = b"".join(_bytes(record) for record in records)
            if group:
                start = summary_start + len(summary)
                offsets += _bytes(SummaryOffset(group_opcode=opcode, group_start=start, group_length=len(group)))
                summary += group
        offset_start = summary_start + len(summary)
        summary += offsets
        head = struct.pack("<BQQQ", Opcode.FOOTER, 20, summary_start, offset_start)
        crc = zlib.crc32(head, zlib.crc32(summary))
        footer = Footer(summary_start=summary_start, summary_offset_start=offset_start, summary_crc=crc)
        self._write(data_end + summary + _bytes(footer) + MAGIC)

    def _statistics(self) -> Statistics:
        return Statistics(
            attachment_count=len(self._attachments),
            channel_count=len(self.channels),
            channel_message_counts=self._counts,
            chunk_count=len(self._chunks),
            message_count=sum(self._counts.values()),
            message_end_time=max((chunk.message_end_time for chunk in self._chunks), default=0),
            message_start_time=min((chunk.message_start_time for chunk in self._chunks), default=0),
            metadata_count=len(self._metadata),
            schema_count=len(self.schemas),
        )

    def _write(self, data: bytes) -> None:
        self.output.write(data)
        self._offset += len(data)


def _bytes(record: McapRecord) -> bytes:
    builder = RecordBuilder()
    record.write(builder)
    data: bytes = builder.end()
    return data
