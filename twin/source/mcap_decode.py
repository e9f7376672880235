"""The leaves of MCAP messages: JSON, and protobuf with the descriptors that stand in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping, MutableSequence
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message
from mcap.records import Channel, Schema

from twin.source.json_lines import Scalar, leaves, parse

_DEEPEST, _LONGEST_LIST = 16, 64
#: Path (``outer.inner.0``) and value; None for what is too long or too deep.
Leaf = tuple[str, Scalar | None]
Decoder = Callable[[bytes], Iterator[Leaf]]
#: What decoding raises for a message that is damaged.
BROKEN = (DecodeError, ValueError, TypeError, KeyError, RecursionError)


def decoder_of(channel: Channel, schema: Schema | None) -> Decoder | None:
    """What decodes a channel's messages, or None for an encoding that is not read.

    Raises:
        ValueError, TypeError, KeyError: the schema is damaged.
    """
    encoding = channel.message_encoding
    if encoding == "json":
        return _json
    if encoding == "protobuf" and schema is not None and schema.encoding == "protobuf":
        return _protobuf(schema)
    return None


def _json(data: bytes) -> Iterator[Leaf]:
    for path, value in leaves(parse(data)):
        yield path.replace("/", "."), value


def _protobuf(schema: Schema) -> Decoder:
    try:
        files = descriptor_pb2.FileDescriptorSet.FromString(schema.data)
    except DecodeError as error:
        raise ValueError(str(error)) from None
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    kind = message_factory.GetMessageClass(pool.FindMessageTypeByName(schema.name))

    def decode(data: bytes) -> Iterator[Leaf]:
        return _fields(kind.FromString(data), "", 0)

    return decode


def _fields(message: Message, path: str, depth: int) -> Iterator[Leaf]:
    for field in message.DESCRIPTOR.fields:
        at = f"{path}.{field.name}" if path else field.name
        if field.has_presence and not message.HasField(field.name):
            continue
        value: Any = getattr(message, field.name)
        if isinstance(value, MutableMapping):
            items = [(str(key), value[key]) for key in sorted(value, key=str)]
        elif isinstance(value, MutableSequence):
            items = [(str(n), item) for n, item in enumerate(value)]
        else:
            yield from _one(field, value, at, depth)
            continue
        if len(items) > _LONGEST_LIST:
            yield at, None
        for name, item in items[:_LONGEST_LIST]:
            yield from _one(field, item, f"{at}.{name}", depth)


def _one(field: Any, value: Any, at: str, depth: int) -> Iterator[Leaf]:
    if isinstance(value, Message):
        if depth >= _DEEPEST:
            yield at, None
        else:
            yield from _fields(value, at, depth + 1)
    elif field.type == FieldDescriptor.TYPE_ENUM and field.enum_type is not None:
        known = field.enum_type.values_by_number.get(value)
        yield at, known.name if known is not None else int(value)
    elif not isinstance(value, bytes):
        yield at, value
