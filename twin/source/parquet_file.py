"""Parquet: tables of samples, row group by row group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from twin.errors import InputError
from twin.source.sample import Batch, Damage
from twin.source.table import Rows, plain
from twin.source.table_kind import TableKind

_BATCH_ROWS = 1 << 16
#: What pyarrow raises for a file that is damaged.
BROKEN = (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError)


class ParquetFile:
    """One Parquet file; fields of structures are columns named ``outer.inner``.

    Args:
        local: gives the file as one on this disk. stream: name of the stream.
        columns: role to name of a column, where they are not known by what they are called.
    """

    def __init__(
        self, local: Callable[[], AbstractContextManager[Path]], stream: str, columns: Mapping[str, str] | None = None
    ) -> None:
        self._local, self.stream, self._given = local, stream, columns

    def batches(self) -> Iterator[Batch]:
        """Samples, entries and damage, in the order of the file; a damaged row group is left out and told."""
        with self._local() as path:
            try:
                file = parquet.ParquetFile(path, page_checksum_verification=True)
            except BROKEN as error:
                yield Damage(self.stream, 0, f"a Parquet file that cannot be opened: {first_line(error)}")
                return
            with file:
                yield from self._groups(file)

    def _groups(self, file: parquet.ParquetFile) -> Iterator[Batch]:
        schema = _flat(file.schema_arrow.empty_table()).schema
        unread = [field.name for field in schema if plain(pa.array([], field.type)) is None]
        for name in unread:
            yield Damage(self.stream, 0, f"a column of {schema.field(name).type} is not read", text=name[:200])
        names = [name for name in schema.names if name not in unread]
        try:
            stamped = [n for n, name in enumerate(names) if pa.types.is_temporal(schema.field(name).type)]
            kind = TableKind.find(names, self.stream, self._given, stamped=stamped)
        except InputError as error:
            yield Damage(self.stream, 0, f"not a table of samples: {error}")
            return
        row = 1
        for group in range(file.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            yield from self._group(file, group, kind, row, count)
            row += count

    def _group(self, file: parquet.ParquetFile, group: int, kind: TableKind, row: int, count: int) -> Iterator[Batch]:
        done = 0
        try:
            for batch in file.iter_batches(_BATCH_ROWS, row_groups=[group]):
                yield from kind.batches(_rows(batch, kind, row + done))
                done += batch.num_rows
            if done < count:
                yield Damage(self.stream, row + done, "a row group has fewer rows than the file says", count - done)
        except BROKEN as error:
            roots = file.schema_arrow.names
            whole = [] if done else [column for column in roots if _is_whole(file, group, column)]
            lost = [name for name in roots if name not in whole]
            why = first_line(error)
            if not whole or any(_root(name, roots) in lost for name in kind.needed):
                yield Damage(self.stream, row + done, f"a row group that cannot be read: {why}", count - done)
                return
            what = f"columns of a row group that cannot be read: {why}"
            yield Damage(self.stream, row, what, count, text=", ".join(lost)[:200])
            yield from kind.batches(_rows(file.read_row_group(group, columns=whole), kind, row))


def _root(name: str, roots: Sequence[str]) -> str:
    """The column of the file that a column, perhaps a field of a structure, belongs to."""
    return name if name in roots else next((root for root in roots if name.startswith(f"{root}.")), name)


def _is_whole(file: parquet.ParquetFile, group: int, column: str) -> bool:
    try:
        file.read_row_group(group, columns=[column])
    except BROKEN:
        return False
    return True


def _rows(part: pa.RecordBatch | pa.Table, kind: TableKind, row: int) -> Rows:
    """The columns of a table, those that could not be read without values."""
    table = _flat(part if isinstance(part, pa.Table) else pa.Table.from_batches([part]))
    columns = []
    for name in kind.names:
        if name in table.column_names:
            column = table.column(name)
            columns.append(plain(column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)))
        else:
            columns.append(pa.nulls(table.num_rows, pa.string()))
    return Rows(np.arange(row, row + table.num_rows, dtype=np.int64), columns)


def _flat(table: pa.Table) -> pa.Table:
    """Fields of structures as columns."""
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def first_line(error: BaseException) -> str:
    """What went wrong, in at most a line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
