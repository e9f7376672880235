"""Finding out how a delimited file is written: from its first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from twin.source.csv_block import Dialect
from twin.source.table import is_time

_DELIMITERS = (",", ";", "\t", "|")
#: Share of a table's rows that may stand before its header, as a preamble of the same width.
_MOST_BEFORE = 0.5
#: A row below a name that columns of time have counts for so many of others, which may be garbage behind damage.
_TIME_WEIGHT = 4
_NUMBER = re.compile(r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$")
_STAMP = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]|$)|^\d{1,2}:\d\d:\d\d")
_DECIMAL_COMMA = re.compile(r"^[+-]?\d+,\d+$")


@dataclass(frozen=True)
class Found:
    """A file's dialect, and the line (from 0) of its header; lines before it are a preamble."""

    dialect: Dialect
    header: int


def find_dialect(head: str, *, delimiter: str | None = None, decimal: str | None = None) -> Found | None:
    """The dialect of a text by its beginning, or None when it is no table."""
    # Not splitlines: it breaks at control characters, which a cell may hold.
    lines = re.split(r"\r\n?|\n", head)[:400]
    quote = '"' if '"' in head else ""
    tables = [t for candidate in ([delimiter] if delimiter else _DELIMITERS) for t in _tables(lines, candidate, quote)]
    found = max(tables, key=lambda table: table.score, default=None)
    if found is None:
        return None
    cells = [cell for n, row in found.rows if n > found.header for cell in row]
    if decimal is None:
        comma = found.delimiter != "," and any(_DECIMAL_COMMA.match(cell.strip()) for cell in cells)
        decimal = "," if comma else "."
    names = next(row for n, row in found.rows if n == found.header)
    return Found(Dialect(found.delimiter, quote, decimal, tuple(cell.strip() for cell in names)), found.header)


@dataclass(frozen=True)
class _Table:
    """Lines of one width by one delimiter, of which one is the header."""

    delimiter: str
    rows: list[tuple[int, list[str]]]
    header: int

    @property
    def score(self) -> tuple[int, int]:
        """Rows, the header with them, by their weight, and columns."""
        names = next(row for n, row in self.rows if n == self.header)
        weight = _TIME_WEIGHT if any(map(is_time, names)) else 1
        return weight * sum(n >= self.header for n, _ in self.rows), len(names)


def _tables(lines: list[str], delimiter: str, quote: str) -> Iterator[_Table]:
    """The tables of each width that have a header before most of their rows."""
    split = [(n, _cells(line, delimiter, quote)) for n, line in enumerate(lines) if line.strip()]
    for width, count in Counter(len(row) for _, row in split if len(row) > 1).items():
        rows = [(n, row) for n, row in split if len(row) == width]
        header = next((place for place, (_, row) in enumerate(rows) if _is_header(row)), None)
        # What is no number or stamp far down is a damaged row, and no header.
        if header is not None and count > 1 and header <= _MOST_BEFORE * count:
            yield _Table(delimiter, rows, rows[header][0])


def _cells(line: str, delimiter: str, quote: str) -> list[str]:
    if not quote:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, quotechar=quote), [])
    except csv.Error:
        return [line]


def _is_header(row: list[str]) -> bool:
    """Words in every cell but a few, none of them a number or a stamp."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return len(filled) > len(row) / 2 and not any(_NUMBER.match(cell) or _STAMP.match(cell) for cell in filled)
