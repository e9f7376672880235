"""MCAP files of any program: every number, flag and text of a message is a sample of ``topic.path`` at its log time."""

from __future__ import annotations

import contextlib
import itertools
import mmap
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from mcap.records import Channel, McapRecord, Message, Schema, Statistics

from twin.source.json_lines import text_of
from twin.source.mcap_decode import BROKEN, Decoder, decoder_of
from twin.source.mcap_walk import Lost, declared, walk
from twin.source.sample import Batch, Damage
from twin.source.sample_batch import SampleBatch


class McapFile:
    """One file. Every chunk that is intact is read, wherever the damage stands; the row is the message's number.

    Args:
        local: gives the file as one on this disk. stream: name of the stream.
    """

    def __init__(self, local: Callable[[], AbstractContextManager[Path]], stream: str) -> None:
        self._local, self.stream = local, stream

    def batches(self) -> Iterator[Batch]:
        """Samples and damage, in the order of the file."""
        with contextlib.ExitStack() as opened:
            path = opened.enter_context(self._local())
            if not path.stat().st_size:
                yield Damage(self.stream, 0, "an empty file")
                return
            file = opened.enter_context(path.open("rb"))
            data = opened.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            yield from self._records(itertools.chain(declared(data), walk(data)))

    def _records(self, records: Iterator[McapRecord | Lost]) -> Iterator[Batch]:
        samples = SampleBatch(self.stream, in_ns=True)
        schemas: dict[int, Schema] = {}
        channels: dict[int, Channel] = {}
        decoders: dict[int, tuple[Decoder | None, str]] = {}
        unread: Counter[str] = Counter()
        number, told = 0, -1
        for record in records:
            if isinstance(record, Lost):
                yield Damage(self.stream, number, f"byte {record.at}: {record.why}")
            elif isinstance(record, Schema):
                schemas[record.id] = record
            elif isinstance(record, Channel):
                channels[record.id] = record
            elif isinstance(record, Statistics):
                told = record.message_count
            elif isinstance(record, Message):
                number += 1
                channel = channels.get(record.channel_id)
                if channel is None:
                    unread["messages of a channel that the file does not tell of"] += 1
                    continue
                if channel.id not in decoders:
                    decoders[channel.id] = _decoder(channel, schemas.get(channel.schema_id))
                decode, why = decoders[channel.id]
                if decode is None:
                    unread[f"{channel.topic[:100]}: {why}"] += 1
                    continue
                try:
                    found = list(decode(record.data))
                except BROKEN as error:
                    yield Damage(
                        self.stream, number, f"a message of {channel.topic[:100]} that cannot be read: {error}"[:200]
                    )
                    continue
                for path, value in found:
                    if value is None:
                        unread[f"{channel.topic[:100]}: too long or too deep: not all of it is read"] += 1
                    else:
                        tag = f"{channel.topic}.{path}" if path else channel.topic
                        samples.add(number, record.log_time, text_of(tag), text_of(value))
                yield from samples.take()
        yield from samples.take(all=True)
        for what, count in unread.items():
            yield Damage(self.stream, 0, what, count)
        if told > number:
            yield Damage(self.stream, 0, "messages fewer than the file says it has", told - number)


def _decoder(channel: Channel, schema: Schema | None) -> tuple[Decoder | None, str]:
    """What decodes a channel, or why it is not read."""
    with contextlib.suppress(*BROKEN):
        decode = decoder_of(channel, schema)
        return decode, "" if decode else f"encoding {channel.message_encoding[:50]!r} is not read"
    return None, "its schema cannot be read"
