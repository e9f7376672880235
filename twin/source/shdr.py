"""MTConnect's SHDR stream: ``time|key|value|key|value…``, conditions, and XML blocks opened by ``--multiline--``."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO, TextIO

import numpy as np
import pyarrow as pa

from twin.source.sample import Batch, Damage, JournalEntry, Lines, Samples

_BATCH_SAMPLES = 50_000
_LONGEST_LINE = 1 << 20
_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?(@[\d.]+)?$")
_LEVELS = frozenset({"NORMAL", "WARNING", "FAULT"})
_MULTILINE = "--multiline--"


class Shdr:
    """One SHDR file as a stream.

    Conditions (``key|level|code|severity|qualifier|text``) become entries of a journal. Assets, in one line or as XML
    between two marks, are passed over and counted.
    """

    def __init__(self, source: BinaryIO, stream: str) -> None:
        self.stream = stream
        self._text = io.TextIOWrapper(source, encoding="utf-8", errors="replace", newline="\n")

    def batches(self) -> Iterator[Batch]:
        """Samples, conditions and damage, in the order of the file."""
        rows: list[int] = []
        stamps: list[str] = []
        keys: list[str] = []
        values: list[str] = []
        lines: list[str] = []
        block = ""
        assets = inside = first_inside = 0
        number = 0
        for number, line in enumerate(_bounded(self._text), 1):
            text = line.strip("\r\n")
            stamp, *fields = text.split("|")
            stamped = bool(_STAMP.match(stamp))
            if block and not stamped:
                block = "" if text == block else block
                inside, first_inside = inside + 1, first_inside or number
                continue
            if block:
                yield Damage(self.stream, number, f"a line with a time stamp inside a block opened by {block[:50]}")
                block = ""
            if not stamped:
                what = "a line without a time stamp" if line.endswith("\n") else "the last line is cut off"
                yield Damage(self.stream, number, what, text=text[:200])
                continue
            lines.append(stamp)
            if fields and fields[0].startswith("@"):
                assets += 1
                block = fields[-1] if fields[-1].startswith(_MULTILINE) else ""
                continue
            if _is_condition(fields):
                yield self._condition(number, stamp, fields)
                continue
            if len(fields) % 2:
                what = "a key without a value" if line.endswith("\n") else "the last line is cut off"
                yield Damage(self.stream, number, what, text=fields[-1][:200])
                fields = fields[:-1]
            for key, value in zip(fields[::2], fields[1::2], strict=True):
                rows.append(number)
                stamps.append(stamp)
                keys.append(key)
                values.append(value)
            if len(rows) >= _BATCH_SAMPLES:
                yield self._lines(lines)
                yield self._samples(rows, stamps, keys, values)
                rows, stamps, keys, values, lines = [], [], [], [], []
        if lines:
            yield self._lines(lines)
        if rows:
            yield self._samples(rows, stamps, keys, values)
        if block:
            yield Damage(self.stream, number, f"the file ends inside a block opened by {block}")
        if inside:
            what = "lines inside blocks of more than one line have no time stamp"
            yield Damage(self.stream, first_inside, what, count=inside)
        if assets:
            yield Damage(self.stream, 0, "lines about assets are not samples and were passed over", count=assets)

    def _lines(self, stamps: list[str]) -> Lines:
        return Lines(self.stream, pa.array(stamps, pa.string()))

    def _samples(self, rows: list[int], stamps: list[str], keys: list[str], values: list[str]) -> Samples:
        return Samples(
            self.stream,
            np.array(rows, dtype=np.int64),
            pa.array(stamps, pa.string()),
            pa.array(keys, pa.string()).dictionary_encode(),
            pa.array(values, pa.string()),
        )

    def _condition(self, number: int, stamp: str, fields: list[str]) -> JournalEntry:
        key, level, code, severity, _, text = fields
        standing = level in ("WARNING", "FAULT")
        return JournalEntry(
            self.stream, number, raised=stamp if standing else "", code=f"{key}:{code}" if code else key,
            text=text or level, alarm_class=severity or level,
            cleared="" if standing else stamp,
        )  # fmt: skip


def _is_condition(fields: list[str]) -> bool:
    """``key|level|code|severity|qualifier|text``; three pairs whose first value is UNAVAILABLE look alike."""
    if len(fields) != 6:
        return False
    return fields[1] in _LEVELS or (fields[1] == "UNAVAILABLE" and not any(fields[2:]))


def _bounded(lines: TextIO) -> Iterator[str]:
    """Lines, none longer than what one can hold: the rest of a longer one is a line of its own."""
    while line := lines.readline(_LONGEST_LINE):
        yield line
