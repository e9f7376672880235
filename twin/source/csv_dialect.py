"""Finding out how a delimited file is written: from its first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass

from twin.source.csv_block import Dialect

_DELIMITERS = (",", ";", "\t", "|")
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
    lines = head.splitlines()[:400]
    quote = '"' if '"' in head else ""
    best: tuple[int, str, int] | None = None
    for candidate in [delimiter] if delimiter else _DELIMITERS:
        widths = Counter(len(_cells(line, candidate, quote)) for line in lines if line.strip())
        width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        score = count * (width > 1)
        if best is None or score > best[0]:
            best = (score, candidate, width)
    if best is None or best[0] < 2:
        return None
    _, found, width = best
    rows = [(n, _cells(line, found, quote)) for n, line in enumerate(lines)]
    table = [(n, row) for n, row in rows if len(row) == width]
    header = next((n for n, row in table if _is_header(row)), None)
    if header is None:
        return None
    columns = next(row for n, row in table if n == header)
    cells = [cell for n, row in table if n > header for cell in row]
    if decimal is None:
        decimal = "," if found != "," and any(_DECIMAL_COMMA.match(cell.strip()) for cell in cells) else "."
    return Found(Dialect(found, quote, decimal, tuple(cell.strip() for cell in columns)), header)


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
