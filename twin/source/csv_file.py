"""CSV exports: samples of historians and scopes, and journals of alarms."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from twin.errors import InputError
from twin.source.csv_block import Dialect, read_rows
from twin.source.csv_dialect import find_dialect
from twin.source.sample import Batch, Damage
from twin.source.table_kind import TableKind
from twin.source.text import Utf8Stream

_HEAD_BYTES = 1 << 18


class CsvFile:
    """One CSV file.

    Args:
        source: the open file. stream: name of the stream.
        delimiter, decimal, encoding: when they are known; else they are found out.
        columns: role to name of a column (``time``, ``tag``, ``value``, … or those of a journal), where they are
            not known by what they are called.
        names: what the source calls a tag, to what it is to be called.

    Raises:
        InputError: it is no table, or has no column of time.
    """

    def __init__(
        self, source: BinaryIO, stream: str, *, delimiter: str | None = None, decimal: str | None = None,
        encoding: str | None = None, columns: Mapping[str, str] | None = None, names: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.stream = stream
        self._text = Utf8Stream(source, encoding)
        head = _read(self._text, _HEAD_BYTES)
        found = find_dialect(head.decode("utf-8", "replace"), delimiter=delimiter, decimal=decimal)
        if found is None:
            raise InputError(key=stream, expected="a table with a line of column names", got=_start(head))
        self.dialect: Dialect = found.dialect
        self.kind = TableKind.find(found.dialect.columns, stream, columns, decimal=found.dialect.decimal, renamed=names)
        self._first_line = found.header + 2
        lines = head.split(b"\n", found.header + 1)
        self._rest = _Joined(lines[found.header + 1] if len(lines) > found.header + 1 else b"", self._text)
        self.preamble = found.header

    def batches(self) -> Iterator[Batch]:
        """Samples and damage, in the order of the file."""
        for rows in read_rows(self._rest, self.dialect, self._first_line, self.stream):
            if isinstance(rows, Damage):
                yield rows
            else:
                yield from self.kind.batches(rows)
        if self._text.replaced:
            what = f"bytes that are not {self._text.encoding}"
            yield Damage(self.stream, 0, what, self._text.replaced)


class _Joined(io.RawIOBase):
    """Bytes already read, then the rest of their stream."""

    def __init__(self, first: bytes, rest: io.RawIOBase) -> None:
        self._first, self._rest = first, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            return self.readall()
        if not self._first:
            return self._rest.read(size) or b""
        first = self._first
        self._first = first[size:]
        return first[:size]


def _read(stream: io.RawIOBase, count: int) -> bytes:
    """Up to ``count`` bytes, however small the pieces are in which they come."""
    parts = []
    while count > 0 and (piece := stream.read(count)):
        parts.append(piece)
        count -= len(piece)
    return b"".join(parts)


def _start(head: bytes) -> str:
    return repr(head[:80].decode("utf-8", "replace"))
