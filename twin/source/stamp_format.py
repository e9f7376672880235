"""Finding out how the stamps of a stream read, by the first of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from twin.source.stamp import MISSING_NS, EpochUnit, to_ns, to_numbers

_MOST_LOOKED_AT = 1000
#: This share of the stamps that are looked at is read by a format, or it is not the one.
_ENOUGH = 0.9
_NUMBER = re.compile(r"^\s*[+-]?\d+([.,]\d*)?([eE][+-]?\d+)?\s*$")
#: Formats in which no other one can be read: a year of four digits before or after the day, never month/day/year.
_FORMATS = (
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M:%S.%f", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S.%f", "%d.%m.%Y %H:%M:%S,%f",
    "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒", "%Y%m%d%H%M%S", "%Y%m%d %H:%M:%S",
)  # fmt: skip
#: Counts since 1970 by their size, from 1973 on: seconds reach to 5138, the others likewise; FILETIME counts from 1601.
_UNITS: tuple[tuple[float, str, EpochUnit], ...] = (
    (1e8, "", "s"), (1e11, "epoch", "s"), (1e14, "epoch", "ms"), (7e16, "epoch", "us"), (2.5e17, "filetime", "s"),
    (9e18, "epoch", "ns"),
)  # fmt: skip


@dataclass(frozen=True)
class StampFormat:
    """How stamps read: ``format`` and ``unit`` as of :func:`twin.source.stamp.to_ns`."""

    format: str
    unit: EpochUnit = "s"

    def __str__(self) -> str:
        if self.format == "epoch":
            return f"{self.unit} since 1970"
        return {"iso": "ISO 8601", "filetime": "FILETIME, 100 ns since 1601"}.get(self.format, self.format)


def find_stamp_format(stamps: pa.Array) -> StampFormat | None:
    """The format of stamps, or None when it cannot be told.

    Numbers are told by their size. Month/day/year is never told from day/month/year: that is for a person to say.
    """
    stamps = stamps[:_MOST_LOOKED_AT].drop_null()
    if not len(stamps):
        return None
    if pa.types.is_temporal(stamps.type):
        return StampFormat("iso")
    if not pa.types.is_string(stamps.type):
        return _of_numbers(to_numbers(stamps))
    for format in ("iso", *_FORMATS):
        if np.mean(to_ns(stamps, format=format) != MISSING_NS) >= _ENOUGH:
            return StampFormat(format)
    texts = stamps.to_pylist()
    if sum(bool(_NUMBER.match(text)) for text in texts) >= _ENOUGH * len(texts):
        return _of_numbers(to_numbers(stamps, decimal="," if any("," in text for text in texts) else "."))
    return None


def _of_numbers(numbers: np.ndarray) -> StampFormat | None:
    """By the middle one: a few that are wrong do not count."""
    finite = numbers[np.isfinite(numbers)]
    if not len(finite):
        return None
    middle = float(np.median(finite))
    for below, format, unit in _UNITS:
        if middle < below:
            return StampFormat(format, unit) if format else None
    return None
