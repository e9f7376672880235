"""Time stamps and numbers as foreign logs write them, to nanoseconds since 1970 and to float64.

One bad cell must not spoil a batch: what cannot be read becomes missing, and the caller learns which rows those are.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

NS = 1_000_000_000
EpochUnit = Literal["s", "ms", "us", "ns"]
_NS_BY_UNIT: dict[str, int] = {"s": NS, "ms": 1_000_000, "us": 1000, "ns": 1}
#: FILETIME counts 100 ns from 1601; this is its count at 1970.
_FILETIME_1970 = 116_444_736_000_000_000
#: A stamp that names its zone: ``Z``, ``+08:00``, ``-0500`` after a time of day.
_ZONED = re.compile(r":\d\d(?:[.,]\d+)?\s*(?:Z|[+-]\d\d:?\d\d)$")
_NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
_ISO = r"^\d{4}-\d\d-\d\d([ T]\d\d(:?\d\d(:?\d\d(\.\d{1,9})?)?)?\s*(Z|[+-]\d\d(:?\d\d)?)?)?$"
_WORDS = (("true", 1.0), ("false", 0.0), ("inf", np.inf), ("-inf", -np.inf))
_BEGINS_NUMBER = np.isin(np.arange(256), np.frombuffer(b"0123456789+-.", np.uint8))
MISSING_NS = np.iinfo(np.int64).min

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


def to_ns(stamps: pa.Array, *, format: str = "iso", unit: EpochUnit = "s", zone: str = "UTC") -> Times:
    """Nanoseconds since 1970 (UTC); what is no stamp is :data:`MISSING_NS`.

    Args:
        stamps: text, numbers, or timestamps (those without zone are in ``zone``).
        format: ``iso``, ``epoch``, ``filetime``, or a strptime format; a comma before the fraction is a point.
        unit: of ``epoch``. zone: IANA name of the zone of stamps that do not name one.
    """
    if pa.types.is_date(stamps.type):
        stamps = stamps.cast(pa.timestamp("ms"))
    if pa.types.is_timestamp(stamps.type):
        return _filled(_in_zone(_in_ns(stamps), zone))
    if format == "epoch":
        return _epoch(stamps, _NS_BY_UNIT[unit], 0)
    if format == "filetime":
        return _epoch(stamps, 100, _FILETIME_1970)
    if format == "iso":
        return _iso(stamps.cast(pa.string()), zone)
    texts = pc.utf8_trim_whitespace(stamps.cast(pa.string()))
    return _filled(_in_zone(_strptime(texts, format), zone))


def to_numbers(values: pa.Array, *, decimal: str = ".") -> Numbers:
    """Values as float64; what is no number is NaN. Text ``true``, ``false``, ``inf`` in any case are numbers."""
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        # Not safe: a whole number that a double does not hold is rounded, and `twin.source.digits` tells of it.
        return np.asarray(values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)
    if decimal == ",":
        values = pc.replace_substring(values, ",", ".")
    found = _read_numbers(values)
    # 1e400 is no infinity: it stays as the text that it is.
    found[np.isinf(found)] = np.nan
    unread = np.isnan(found)
    if unread.any():
        words = pc.utf8_lower(pc.utf8_trim_whitespace(values.filter(pa.array(unread))))
        for word, number in _WORDS:
            same = pc.fill_null(pc.equal(words, word), False).to_numpy(zero_copy_only=False)
            found[np.flatnonzero(unread)[same]] = number
    return found


def _read_numbers(values: pa.Array) -> Numbers:
    """Text as float64, NaN where it is none. Words among numbers are set aside first, for they cost a second look."""
    values = values.cast(pa.string())
    found = np.full(len(values), np.nan)
    numeric = _may_be_number(values)
    for part in (numeric, ~numeric):
        if part.all():
            texts = values
        elif part.any():
            texts = values.filter(pa.array(part))
        else:
            continue
        numbers = _leniently(texts, functools.partial(pc.cast, target_type=pa.float64()), pa.float64(), only=_NUMBER)
        found[part] = numbers.to_numpy(zero_copy_only=False)
    return found


def _may_be_number(texts: pa.Array) -> npt.NDArray[np.bool_]:
    """Whether each begins like a number; of an empty or missing one it does not matter."""
    _, places, data = texts.buffers()
    if not len(texts) or data is None or not data.size:
        return np.ones(len(texts), dtype=bool)
    starts = np.frombuffer(places, np.int32)[texts.offset : texts.offset + len(texts)]
    letters = np.frombuffer(data, np.uint8)
    # An empty text at the end begins where the data ends.
    return np.asarray(_BEGINS_NUMBER[letters[np.minimum(starts, len(letters) - 1)]])


def _epoch(stamps: pa.Array, ns_per_count: int, origin: int) -> Times:
    """Whole counts exactly, fractions to the precision of a float64; ``origin`` is the count at 1970."""
    limit = np.iinfo(np.int64).max // ns_per_count
    lowest, highest = origin - limit, min(origin + limit, np.iinfo(np.int64).max)
    ns = np.full(len(stamps), MISSING_NS, dtype=np.int64)
    whole = stamps
    if pa.types.is_string(stamps.type):
        whole = _leniently(stamps, lambda part: pc.cast(part, pa.int64()), pa.int64(), only=r"^\s*[+-]?\d{1,18}\s*$")
    if pa.types.is_integer(whole.type):
        if pa.types.is_uint64(whole.type):
            whole = pc.if_else(pc.less_equal(whole, pa.scalar(highest, pa.uint64())), whole, None)
        counts = np.asarray(pc.fill_null(whole.cast(pa.int64()), lowest).to_numpy(zero_copy_only=False))
        known = (counts > lowest) & (counts < highest)
        ns[known] = (counts[known] - origin) * ns_per_count
        if known.all() or pa.types.is_integer(stamps.type):
            return ns
    else:
        known = np.zeros(len(stamps), bool)
    numbers = to_numbers(stamps)
    with np.errstate(invalid="ignore"):
        rest = ~known & (np.abs(numbers - origin) < limit)
    whole_counts = np.floor(numbers[rest])
    fraction_ns = np.round((numbers[rest] - whole_counts) * ns_per_count).astype(np.int64)
    ns[rest] = (whole_counts.astype(np.int64) - origin) * ns_per_count + fraction_ns
    return ns


def _iso(stamps: pa.Array, zone: str) -> Times:
    """Stamps with a zone of their own and such without, also mixed in one column."""
    aware, naive = pa.timestamp("ns", "UTC"), pa.timestamp("ns")
    expected = aware if _is_zoned(stamps) else naive
    # As they are, which is quickest; else without blanks and with a point before the fraction.
    with contextlib.suppress(pa.ArrowInvalid):
        return _filled(_in_zone(pc.cast(stamps, expected), zone))
    texts = pc.replace_substring(pc.utf8_trim_whitespace(stamps), ",", ".")
    # Where that cannot be, some are bad, or of the other kind.
    with contextlib.suppress(pa.ArrowInvalid):
        return _filled(_in_zone(pc.cast(texts, expected), zone))
    with_zone = pc.match_substring_regex(texts, _ZONED.pattern)
    parts = []
    for mine, type_ in ((with_zone, aware), (pc.invert(with_zone), naive)):
        own = pc.if_else(mine, texts, pa.scalar(None, pa.string()))
        parts.append(_leniently(own, functools.partial(pc.cast, target_type=type_), type_, only=_ISO))
    zoned, unzoned = (_filled(_in_zone(part, zone)) for part in parts)
    return np.where(zoned != MISSING_NS, zoned, unzoned)


def _is_zoned(texts: pa.Array) -> bool:
    first = next((text for text in texts[:200].to_pylist() if text), "")
    return bool(_ZONED.search(first))


def _in_ns(stamps: pa.Array) -> pa.Array:
    """Timestamps in ns; one that ns since 1970 cannot hold is missing."""
    type_ = pa.timestamp("ns", stamps.type.tz)
    per_count = _NS_BY_UNIT[stamps.type.unit]
    if per_count == 1:
        return stamps
    limit = np.iinfo(np.int64).max // per_count
    counts = stamps.cast(pa.int64())
    held = pc.and_(pc.less(counts, limit), pc.greater(counts, -limit))
    return pc.if_else(held, stamps, pa.scalar(None, stamps.type)).cast(type_)


def _strptime(texts: pa.Array, format: str) -> pa.Array:
    """With a fraction, which strptime of the C library does not know, in ``%f``."""
    type_ = pa.timestamp("ns")
    if "%f" not in format:
        return _leniently(texts, lambda part: pc.strptime(part, format, "ns", error_is_null=True), type_)
    before, after = format.split("%f", 1)
    separator = before[-1]
    parts = pc.extract_regex(texts, rf"^(?P<head>.*)[{re.escape(separator)}](?P<digits>\d{{1,9}})(?P<rest>\D.*|)$")
    head = pc.binary_join_element_wise(pc.struct_field(parts, "head"), pc.struct_field(parts, "rest"), "")
    whole = pc.strptime(head, before[:-1] + after, "ns", error_is_null=True)
    digits = pc.utf8_rpad(pc.struct_field(parts, "digits"), 9, "0")
    fraction = pc.cast(pc.fill_null(digits, "0"), pa.int64())
    return pc.add(whole, pc.cast(fraction, pa.duration("ns")))


def _in_zone(stamps: pa.Array, zone: str) -> pa.Array:
    if stamps.type.tz is not None:
        return stamps
    if zone == "UTC":
        return stamps
    return pc.assume_timezone(stamps, zone, ambiguous="earliest", nonexistent="earliest")


def _filled(stamps: pa.Array) -> Times:
    counts = pc.fill_null(stamps.cast(pa.int64()), MISSING_NS)
    return np.asarray(counts.to_numpy(zero_copy_only=False), dtype=np.int64)


def _leniently(
    texts: pa.Array, convert: Callable[[pa.Array], pa.Array], type_: pa.DataType, *, only: str | None = None
) -> pa.Array:
    """Convert all at once when all can be; else what matches ``only``; else halve until the bad cells are alone."""
    try:
        return convert(texts)
    except pa.ArrowInvalid:
        # Some cell is bad: which one is found below, and becomes missing.
        pass
    if only is not None:
        match = pc.fill_null(pc.match_substring_regex(texts, only), False)
        trimmed = pc.utf8_trim_whitespace(pc.if_else(match, texts, pa.scalar(None, pa.string())))
        try:
            return convert(pc.replace_substring_regex(trimmed, r"^\+", ""))
        except pa.ArrowInvalid:
            texts = trimmed
    if len(texts) == 1:
        return pa.nulls(1, type_)
    middle = len(texts) // 2
    halves = [_leniently(part, convert, type_) for part in (texts[:middle], texts[middle:])]
    return pa.concat_arrays(halves)
