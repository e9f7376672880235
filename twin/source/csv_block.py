"""Delimited text in blocks of whole lines: fast where a block is sound, line by line where it is not.

A cell does not hold a line break: then a broken quote spoils its own line and no other, and every damaged line is known
by its number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from twin.source.sample import Damage
from twin.source.table import Rows

_BLOCK_BYTES = 1 << 23
_LONGEST_LINE = 1 << 20
#: A block of this size that is damaged is read line by line.
_SMALL_BLOCK = 1 << 15
_NEWLINE = ord("\n")


@dataclass(frozen=True)
class Dialect:
    """How a file is written: its delimiter, the quote ("" for none), the decimal sign and its columns."""

    delimiter: str
    quote: str
    decimal: str
    columns: tuple[str, ...]


def read_rows(source: io.RawIOBase, dialect: Dialect, first_line: int, stream: str) -> Iterator[Rows | Damage]:
    """Rows of what is left of a UTF-8 stream, whose next line has the number ``first_line``."""
    line = first_line
    for block, cut in _blocks(source):
        if cut:
            yield Damage(stream, line, f"a line longer than {_LONGEST_LINE} bytes", text=_start(block))
            line += 1
            continue
        if not block.endswith(b"\n"):
            # Only the file's end has no line break.
            block = yield from _last_line(block, dialect, line + _lines(block), stream)
        if block:
            yield from _rows(block, dialect, line, stream)
        line += _lines(block)


def _last_line(block: bytes, dialect: Dialect, line: int, stream: str) -> Generator[Rows | Damage, None, bytes]:
    """The file's end, where no line break ends it: closed by one when it is a whole row, else without its last line."""
    start = block.rfind(b"\n") + 1
    row = _split(block[start:].decode("utf-8", "replace"), dialect)
    if row is not None and len(row) >= len(dialect.columns):
        return block + b"\n"
    if block[start:].strip():
        yield Damage(stream, line, "the last line is cut off", text=_start(block[start:]))
    return block[:start]


def _rows(block: bytes, dialect: Dialect, line: int, stream: str) -> Iterator[Rows | Damage]:
    """Rows of a block, all at once; where that cannot be, of its halves, until what is damaged is alone."""
    rows = _parse(block, dialect, line, _lines(block))
    if rows is not None:
        yield rows
    elif len(block) <= _SMALL_BLOCK:
        yield from _one_by_one(block, dialect, line, stream)
    else:
        middle = block.find(b"\n", len(block) // 2) + 1 or len(block)
        if middle == len(block):
            middle = block.rfind(b"\n", 0, len(block) // 2) + 1
        if not middle:
            yield from _one_by_one(block, dialect, line, stream)
            return
        yield from _rows(block[:middle], dialect, line, stream)
        yield from _rows(block[middle:], dialect, line + _lines(block[:middle]), stream)


def _lines(block: bytes) -> int:
    # Twice as fast as `bytes.count`.
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == _NEWLINE))


def _blocks(source: io.RawIOBase) -> Iterator[tuple[bytes, bool]]:
    """Blocks of whole lines, the last perhaps without a line break; ``True`` marks one over-long line, cut short."""
    rest = b""
    while True:
        piece = _piece(source)
        if not piece:
            break
        data = rest + piece
        end = data.rfind(b"\n") + 1
        if end == 0:
            if len(data) <= _LONGEST_LINE:
                rest = data
                continue
            yield data[:200], True
            rest = _skip_line(source)
            continue
        yield data[:end], False
        rest = data[end:]
    if rest:
        yield rest, False


def _piece(source: io.RawIOBase) -> bytes:
    """A block's worth of bytes, however small the pieces are in which they come; fewer only at the end."""
    parts: list[bytes] = []
    wanted = _BLOCK_BYTES
    while wanted > 0 and (part := source.read(wanted)):
        parts.append(part)
        wanted -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _skip_line(source: io.RawIOBase) -> bytes:
    """Read on behind the end of the line; what follows it in the last piece."""
    while piece := source.read(_BLOCK_BYTES):
        end = piece.find(b"\n") + 1
        if end:
            return bytes(piece[end:])
    return b""


def _parse(block: bytes, dialect: Dialect, line: int, count: int) -> Rows | None:
    """All rows of a block at once; None when one of its lines is not a row."""
    if b"\r" in block and b"\r" in block.replace(b"\r\n", b""):
        return None
    names = [f"c{n}" for n in range(len(dialect.columns))]
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(block),
            read_options=arrow_csv.ReadOptions(column_names=names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=dialect.delimiter, quote_char=dialect.quote or False, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True,
                quoted_strings_can_be_null=True, null_values=[""],
            ),
        )  # fmt: skip
    except pa.ArrowInvalid:
        return None
    if table.num_rows != count:
        return None
    columns = [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in table.columns]
    rows = Rows(np.arange(line, line + count, dtype=np.int64), columns)
    return _without_empty(rows) if columns[0].null_count else rows


def _without_empty(rows: Rows) -> Rows:
    """Rows without those of empty lines."""
    filled = np.zeros(len(rows.line), dtype=bool)
    for column in rows.columns:
        filled |= column.is_valid().to_numpy(zero_copy_only=False)
    return Rows(rows.line[filled], [column.filter(pa.array(filled)) for column in rows.columns])


def _one_by_one(block: bytes, dialect: Dialect, line: int, stream: str) -> Iterator[Rows | Damage]:
    """Rows of a block that has lines which are none."""
    width = len(dialect.columns)
    lines: list[int] = []
    cells: list[list[str]] = []
    for number, raw in enumerate(block.split(b"\n")[:-1], line):
        text = raw.decode("utf-8", "replace").rstrip("\r").replace("\0", "\ufffd")
        row = _split(text, dialect)
        if row is not None and len(row) == width:
            lines.append(number)
            cells.append(row)
            if "\ufffd" in text:
                yield Damage(stream, number, "bytes that are not of the file's encoding", text=text[:200])
        elif text.strip():
            got = "an open quote" if row is None else f"{len(row)}"
            yield Damage(stream, number, f"expected {width} columns, got {got}", text=text[:200])
    if lines:
        columns = [pa.array([cell or None for cell in column], pa.string()) for column in zip(*cells, strict=True)]
        yield Rows(np.array(lines, dtype=np.int64), columns)


def _split(text: str, dialect: Dialect) -> list[str] | None:
    """The cells of one line, or None when a quote stays open."""
    if not dialect.quote or dialect.quote not in text:
        return text.split(dialect.delimiter)
    try:
        return next(csv.reader([text], delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True))
    except (csv.Error, StopIteration):
        return None


def _start(block: bytes) -> str:
    return block[:200].decode("utf-8", "replace")
