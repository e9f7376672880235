"""Export: a Record, or a part of it, into one file of another kind."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet

from twin.errors import InputError
from twin.exporting.cut import write_cut
from twin.exporting.map_file import map_text
from twin.exporting.selection import select
from twin.exporting.tables import long_schema, long_tables, wide_schema, wide_tables
from twin.record import Record
from twin.source.record_file import start_ns
from twin.tag_map import map_beside

#: More signals than this are no columns of one table.
MOST_COLUMNS = 4096


@dataclass(frozen=True)
class Exported:
    """What was written: how many signals, how many samples of them, and which files."""

    signals: int
    samples: int
    files: tuple[Path, ...]


def export_log(
    log: Path, out: Path, *, wide: bool = False, patterns: Sequence[str] = (), from_s: float | None = None,
    to_s: float | None = None, private: bool = False,
) -> Exported:  # fmt: skip
    """Write a Record's samples; nothing is left of it when this fails.

    Args:
        out: ``.parquet``, ``.csv`` or ``.mcap`` (a Record again); a table gets its map beside it (``.map.yaml``).
        wide: a column a signal, else a row a sample.
        patterns, from_s, to_s, private: as of :func:`twin.exporting.selection.select`.

    Raises:
        InputError: another ending, a selection that is none, or too many signals for a wide table.
    """
    kind = out.suffix.lower()
    if kind not in (".parquet", ".csv", ".mcap"):
        raise InputError(key="out", expected="a file ending with .parquet, .csv or .mcap", got=out.name)
    if out.exists() and out.samefile(log):
        raise InputError(key="out", expected="another file than the log", got=out.name)
    record = Record.open(log)
    selection = select(record, patterns, from_s, to_s, private=private)
    if wide and len(selection.signals) > MOST_COLUMNS:
        raise InputError(
            key="--wide", expected=f"at most {MOST_COLUMNS} signals", got=len(selection.signals),
            hint="choose some with --signals, or write the long form",
        )  # fmt: skip
    with _beside(out) as unfinished:
        if kind == ".mcap":
            samples = write_cut(selection, unfinished)
        else:
            schema = wide_schema(selection) if wide else long_schema(selection)
            tables = (wide_tables if wide else long_tables)(selection, start_ns(record))
            write = _write_csv if kind == ".csv" else _write_parquet
            samples = write(unfinished, schema, tables, _counted_wide if wide else _counted_long)
    if kind == ".mcap":
        return Exported(len(selection.signals), samples, (out,))
    beside = map_beside(out)
    beside.write_text(map_text(selection.signals), encoding="utf-8")
    return Exported(len(selection.signals), samples, (out, beside))


def _write_csv(path: Path, schema: pa.Schema, tables: Iterator[pa.Table], count: Callable[[pa.Table], int]) -> int:
    samples = 0
    plain = pa.schema([(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in schema])
    with path.open("wb") as file, csv.CSVWriter(file, plain) as out:
        for table in tables:
            samples += count(table)
            out.write_table(table.cast(plain))
    return samples


def _write_parquet(path: Path, schema: pa.Schema, tables: Iterator[pa.Table], count: Callable[[pa.Table], int]) -> int:
    samples = 0
    with parquet.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True) as out:
        for table in tables:
            samples += count(table)
            out.write_table(table)
    return samples


def _counted_long(table: pa.Table) -> int:
    return int(table.num_rows)


def _counted_wide(table: pa.Table) -> int:
    return sum(table.num_rows - column.null_count for column in table.columns[2:])


@contextlib.contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Where to write what then takes its place."""
    path = out.with_name(out.name + ".exporting")
    try:
        yield path
        path.replace(out)
    finally:
        path.unlink(missing_ok=True)
