"""Messages of one fixed length, assembled and read with numpy.

An MCAP message record is a 31-byte header (opcode, length, channel, sequence, log time, publish time) and a
payload. Where every payload of a channel has the same length, a run of records is a byte matrix, and each number
in it a strided column.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from mcap.opcode import Opcode

Bytes2D = npt.NDArray[np.uint8]

HEADER_BYTES = 31
_SEQUENCE, _LOG_TIME, _PUBLISH_TIME = 11, 15, 23
_HEADER = struct.Struct("<BQHIQQ")


def varint(value: int) -> bytes:
    """A protobuf varint of a value >= 0."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def tag(number: int, wire_type: int) -> bytes:
    """The tag of a protobuf field: 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes."""
    return varint(number << 3 | wire_type)


def delimited(number: int, data: bytes) -> bytes:
    """A length-delimited protobuf field."""
    return tag(number, 2) + varint(len(data)) + data


def column(
    records: Bytes2D, dtype: npt.DTypeLike, offset: int, count: int | None = None, step: int = 0
) -> npt.NDArray[Any]:
    """A view of numbers inside a byte matrix (n, stride), of shape (n,) or (n, count) with *step* bytes between."""
    rows, stride = records.shape
    shape: tuple[int, ...] = (rows,) if count is None else (rows, count)
    strides: tuple[int, ...] = (stride,) if count is None else (stride, step)
    if rows == 0:
        return np.empty(shape, dtype=dtype)
    view: npt.NDArray[Any] = np.ndarray(shape=shape, dtype=dtype, buffer=records, offset=offset, strides=strides)
    return view


class Gather:
    """Takes numbers that are strewn over message records of one length out of them, all at once.

    One copy of the bytes costs less than a view of each number, of few records a fiftieth.

    Args:
        dtype: of all of them. offsets: where each begins in a record.
    """

    def __init__(self, dtype: npt.DTypeLike, offsets: Sequence[int]) -> None:
        self._dtype = np.dtype(dtype)
        self._bytes = np.add.outer(np.array(offsets, dtype=np.intp), np.arange(self._dtype.itemsize)).ravel()

    def __call__(self, records: Bytes2D) -> npt.NDArray[Any]:
        """The numbers (n, k) of *records* (n, stride)."""
        return np.take(records, self._bytes, axis=1).view(self._dtype)


def message_header(channel_id: int, payload_bytes: int, sequence: int = 0, log: int = 0, publish: int = 0) -> bytes:
    """Opcode, length and header of one message record."""
    return _HEADER.pack(Opcode.MESSAGE, payload_bytes + HEADER_BYTES - 9, channel_id, sequence, log, publish)


class Sheet:
    """Room for a fixed number of message records of one length; headers and templates stand in it once and for all.

    Numbers are written through column views that are made once, so that encoding a few rows costs little.

    Args:
        channel_id: the channel of the messages.
        template: the payload with every number still zero.
        capacity: how many records there is room for.
    """

    def __init__(self, channel_id: int, template: bytes, capacity: int) -> None:
        record = np.frombuffer(message_header(channel_id, len(template)) + template, dtype=np.uint8)
        self.records: Bytes2D = np.empty((capacity, len(record)), dtype=np.uint8)
        self.records[:] = record
        self._sequence = column(self.records, "<u4", _SEQUENCE)
        self._log_time = column(self.records, "<i8", _LOG_TIME)
        self._publish_time = column(self.records, "<i8", _PUBLISH_TIME)

    def stamp(
        self, t_ns: npt.NDArray[np.int64], publish_ns: npt.NDArray[np.int64], sequence: npt.NDArray[np.integer]
    ) -> Bytes2D:
        """Fills the headers of the first n records and returns these; they are overwritten by the next call."""
        count = len(t_ns)
        self._sequence[:count] = sequence
        self._log_time[:count] = t_ns
        self._publish_time[:count] = publish_ns
        return self.records[:count]


def log_times(records: Bytes2D) -> npt.NDArray[np.int64]:
    """Log time of each record, ns, shape (n,)."""
    return column(records, "<i8", _LOG_TIME).astype(np.int64)


def publish_times(records: Bytes2D) -> npt.NDArray[np.int64]:
    """Publish time of each record, ns, shape (n,)."""
    return column(records, "<i8", _PUBLISH_TIME).astype(np.int64)


def sequences(records: Bytes2D) -> npt.NDArray[np.int64]:
    """Sequence number of each record, shape (n,)."""
    return column(records, "<u4", _SEQUENCE).astype(np.int64)
