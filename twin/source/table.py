"""Tables of samples, whatever they stand in: long (a row a sample), wide (a column a tag), a time for each channel."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twin.errors import InputError
from twin.source.sample import Samples

#: What columns are called, in lower case without blanks.
_TIME = frozenset(
    {
        "timestamp", "time", "datetime", "date", "ts", "timestring", "sourcetimestamp", "zeit", "zeitstempel",
        "datumzeit", "时间", "时间戳", "日期时间", "采集时间", "记录时间",
    }
)  # fmt: skip
_TAG = frozenset(
    {
        "tag", "tagname", "name", "item", "variable", "varname", "point", "key", "signal",
        "位号", "标签", "变量", "变量名", "点名", "测点",
    }
)  # fmt: skip
_VALUE = frozenset({"value", "val", "varvalue", "wert", "值", "数值", "变量值"})
_QUALITY = frozenset({"quality", "q", "status", "statuscode", "validity", "质量", "质量码", "品质"})
_SERVER = frozenset({"servertimestamp", "servertime", "服务器时间戳"})
ROLES = ("time", "tag", "value", "quality", "server")


@dataclass(frozen=True)
class Columns:
    """Which column is what: a long table has ``tag`` and ``value``; others have pairs of value and time columns."""

    time: int
    tag: int | None = None
    value: int | None = None
    quality: int | None = None
    server: int | None = None
    #: Column of the tag, column of its time.
    channels: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Rows:
    """Some rows, a column each, and the lines or rows of the file that they are."""

    line: npt.NDArray[np.int64]
    columns: Sequence[pa.Array]


def assign(
    names: Sequence[str], stream: str, given: Mapping[str, str] | None = None, *, stamped: Collection[int] = ()
) -> Columns:
    """Which column is what, by the names given, else by what such columns are called, else by their type.

    Args:
        given: role to name of a column. stamped: columns whose type is a time stamp.

    Raises:
        InputError: none is a column of time, or one that is given is not there.
    """
    given = given or {}
    words = [word(name) for name in names]
    check_given(names, stream, given)
    times = [names.index(given["time"])] if "time" in given else [n for n, w in enumerate(words) if w in _TIME]
    times = times or sorted(stamped)[:1]
    if not times:
        raise InputError(
            key=stream, expected="a column of time: " + ", ".join(sorted(_TIME)), got=", ".join(names)[:200],
            hint="name it in the map: streams: {NAME: {columns: {time: …}}}",
        )  # fmt: skip

    def column(role: str, known: frozenset[str]) -> int | None:
        if role in given:
            return names.index(given[role])
        return next((n for n, w in enumerate(words) if w in known), None)

    tag, value = column("tag", _TAG), column("value", _VALUE)
    if tag is not None and value is not None:
        return Columns(times[0], tag, value, column("quality", _QUALITY), column("server", _SERVER))
    channels = []
    for n, name in enumerate(names):
        if n not in times and name:
            before = [time for time in times if time < n]
            channels.append((n, before[-1] if before else times[0]))
    return Columns(times[0], channels=tuple(channels))


def samples_of(
    rows: Rows, at: Columns, names: Sequence[str], stream: str, *, decimal: str = ".",
    renamed: Mapping[str, str] | None = None,
) -> Iterator[Samples]:  # fmt: skip
    """The samples of some rows; an empty cell of a wide table is none.

    Args:
        names: what the columns are called. renamed: what the source calls a tag, to what it is to be called.
    """
    columns = rows.columns
    if at.tag is not None and at.value is not None:
        tags = columns[at.tag].cast(pa.string()).dictionary_encode()
        if renamed:
            known = [renamed.get(name, name) for name in tags.dictionary.to_pylist()]
            tags = pa.DictionaryArray.from_arrays(tags.indices, pa.array(known, pa.string()))
        quality = None if at.quality is None else columns[at.quality].cast(pa.string())
        server = None if at.server is None else columns[at.server]
        yield Samples(stream, rows.line, columns[at.time], _named(tags), columns[at.value], quality, decimal, server)
        return
    for value, time in at.channels:
        filled = columns[value].is_valid()
        count = filled.true_count
        if not count:
            continue
        tags = pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([names[value]]))
        line = rows.line[filled.to_numpy(zero_copy_only=False)]
        yield Samples(stream, line, columns[time].filter(filled), tags, columns[value].filter(filled), None, decimal)


def _named(tags: pa.DictionaryArray) -> pa.DictionaryArray:
    """A sample without the name of a tag belongs to the tag without a name."""
    if not tags.null_count:
        return tags
    return pc.fill_null(tags.cast(pa.string()), "").dictionary_encode()


def plain(column: pa.Array) -> pa.Array | None:
    """A typed column as numbers, booleans, text or stamps; None when it is of a type that is no sample's."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return plain(column.dictionary_decode())
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return column.cast(pa.float32()) if pa.types.is_float16(kind) else column
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return column
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    if text or pa.types.is_decimal(kind) or pa.types.is_time(kind) or pa.types.is_null(kind):
        return column.cast(pa.string())
    return None


def check_given(names: Sequence[str], stream: str, given: Mapping[str, str]) -> None:
    """
    Raises:
        InputError: a column that is given is not there.
    """
    for role, name in given.items():
        if name not in names:
            raise InputError(key=f"{stream}: {role}", expected="a column: " + ", ".join(names)[:200], got=name)


def is_time(name: str) -> bool:
    """Whether a column of time may be called so."""
    return word(name) in _TIME


def word(name: str) -> str:
    """A column's name without unit, quotes, blanks and case: ``Time [ms]`` is ``time``."""
    bare = name.split("[")[0].split("(")[0].split("（")[0].strip().strip("'\"").lower()
    return bare.replace("_", "").replace(" ", "").replace("-", "")
