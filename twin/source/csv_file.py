"""CSV exports of historians and scopes: long (a row a sample), wide (a column a tag), or a time column per channel."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from twin.errors import InputError
from twin.source.csv_block import Dialect, Rows, read_rows
from twin.source.csv_dialect import find_dialect
from twin.source.sample import Batch, Damage, Samples
from twin.source.text import Utf8Stream

_HEAD_BYTES = 1 << 18
#: What columns are called, in lower case.
_TIME = frozenset({"timestamp", "time", "datetime", "date", "ts", "zeit", "时间", "时间戳", "日期时间"})
_TAG = frozenset(
    {"tag", "tagname", "name", "item", "variable", "point", "key", "位号", "标签", "变量", "变量名", "点名"}
)
_VALUE = frozenset({"value", "val", "wert", "值", "数值", "变量值"})
_QUALITY = frozenset({"quality", "q", "status", "statuscode", "质量", "质量码", "品质"})


@dataclass(frozen=True)
class Columns:
    """Which column is what: a long file has ``tag`` and ``value``; others have pairs of time and value columns."""

    time: int
    tag: int | None = None
    value: int | None = None
    quality: int | None = None
    #: Column of the tag, column of its time.
    channels: tuple[tuple[int, int], ...] = ()


class CsvFile:
    """One CSV file.

    Args:
        source: the open file. stream: name of the stream.
        delimiter, decimal, encoding: when they are known; else they are found out.
        columns: which column is what, by name: ``time``, ``tag``, ``value``, ``quality``; else by what they are called.
        names: what the source calls a tag, to what it is to be called.

    Raises:
        InputError: it is no table, or has no column of time.
    """

    def __init__(
        self, source: BinaryIO, stream: str, *, delimiter: str | None = None, decimal: str | None = None,
        encoding: str | None = None, columns: Mapping[str, str] | None = None, names: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.stream, self._names = stream, names or {}
        self._text = Utf8Stream(source, encoding)
        head = _read(self._text, _HEAD_BYTES)
        found = find_dialect(head.decode("utf-8", "replace"), delimiter=delimiter, decimal=decimal)
        if found is None:
            raise InputError(key=stream, expected="a table with a line of column names", got=_start(head))
        self.dialect: Dialect = found.dialect
        self.columns = assign(found.dialect.columns, stream, columns or {})
        self._first_line = found.header + 2
        lines = head.split(b"\n", found.header + 1)
        self._rest = _Joined(lines[found.header + 1] if len(lines) > found.header + 1 else b"", self._text)
        self.preamble = found.header

    def batches(self) -> Iterator[Batch]:
        """Samples and damage, in the order of the file."""
        for rows in read_rows(self._rest, self.dialect, self._first_line, self.stream):
            if isinstance(rows, Damage):
                yield rows
            elif self.columns.tag is not None:
                yield self._long(rows)
            else:
                yield from self._wide(rows)
        if self._text.replaced:
            what = f"bytes that are not {self._text.encoding}"
            yield Damage(self.stream, 0, what, self._text.replaced)

    def _long(self, rows: Rows) -> Samples:
        at, columns = self.columns, rows.columns
        assert at.tag is not None and at.value is not None
        tags = columns[at.tag].dictionary_encode()
        if self._names:
            names = [self._names.get(name, name) for name in tags.dictionary.to_pylist()]
            tags = pa.DictionaryArray.from_arrays(tags.indices, pa.array(names, pa.string()))
        quality = None if at.quality is None else columns[at.quality]
        return Samples(self.stream, rows.line, columns[at.time], tags, columns[at.value], quality, self.dialect.decimal)

    def _wide(self, rows: Rows) -> Iterator[Samples]:
        for value, time in self.columns.channels:
            filled = rows.columns[value].is_valid()
            count = filled.true_count
            if not count:
                continue
            mask = filled.to_numpy(zero_copy_only=False)
            tags = pa.DictionaryArray.from_arrays(
                pa.array(np.zeros(count, np.int32)), pa.array([self.dialect.columns[value]])
            )
            yield Samples(
                self.stream, rows.line[mask], rows.columns[time].filter(filled), tags,
                rows.columns[value].filter(filled), None, self.dialect.decimal,
            )  # fmt: skip


def assign(names: tuple[str, ...], stream: str, given: Mapping[str, str]) -> Columns:
    """Which column is what, by the names given or else by what such columns are called.

    Raises:
        InputError: none is a column of time, or one that is given is not there.
    """
    words = [_word(name) for name in names]
    for role, name in given.items():
        if name not in names:
            raise InputError(key=f"{stream}: {role}", expected="a column: " + ", ".join(names)[:200], got=name)
    times = [names.index(given["time"])] if "time" in given else [n for n, word in enumerate(words) if word in _TIME]
    if not times:
        raise InputError(
            key=stream, expected="a column of time: " + ", ".join(sorted(_TIME)), got=", ".join(names)[:200],
            hint="name it in the map",
        )  # fmt: skip

    def column(role: str, known: frozenset[str]) -> int | None:
        if role in given:
            return names.index(given[role])
        return next((n for n, word in enumerate(words) if word in known), None)

    tag, value = column("tag", _TAG), column("value", _VALUE)
    if tag is not None and value is not None:
        return Columns(times[0], tag, value, column("quality", _QUALITY))
    channels = []
    for n, name in enumerate(names):
        if n not in times and name:
            before = [time for time in times if time < n]
            channels.append((n, before[-1] if before else times[0]))
    return Columns(times[0], channels=tuple(channels))


def _word(name: str) -> str:
    """A column's name without unit, quotes and case: ``Time [ms]`` is ``time``."""
    return name.split("[")[0].split("(")[0].strip().strip("'\"").lower().replace("_", "").replace(" ", "")


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
