"""SQLite: every table of samples, and every journal, in a database."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from twin.errors import InputError
from twin.source.sample import Batch, Damage
from twin.source.table import Rows
from twin.source.table_kind import TableKind

_BATCH_ROWS = 50_000
_LONGEST_CELL = 1 << 20
_MOST_TABLES = 1000
#: A damaged length can ask for more memory than there is; the message of an error can hold damaged bytes.
_BROKEN = (sqlite3.Error, MemoryError, UnicodeDecodeError)
Cell = int | float | str | None


class SqliteFile:
    """One database; each of its tables is a stream, named ``stream`` or, where there are several, ``stream.table``.

    Args:
        local: gives the file as one on this disk. stream: name of the stream.
        columns_of: stream to role to name of a column, where they are not known by what they are called.
    """

    def __init__(
        self, local: Callable[[], AbstractContextManager[Path]], stream: str,
        columns_of: Callable[[str], Mapping[Any, str]] = lambda stream: {},
    ) -> None:  # fmt: skip
        self._local, self.stream, self._columns_of = local, stream, columns_of

    def batches(self) -> Iterator[Batch]:
        """Samples, entries and damage, table by table in the order of their rows."""
        with self._local() as path:
            # Immutable: nothing is written beside a log, and a journal of writes that stands there is not played.
            address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            try:
                # Batches may be taken in another thread than the first, never in two at once.
                connection = sqlite3.connect(address, uri=True, check_same_thread=False)
            except _BROKEN as error:
                yield Damage(self.stream, 0, f"a database that cannot be opened: {error}")
                return
            with contextlib.closing(connection):
                connection.text_factory = lambda data: data.decode("utf-8", "replace")
                try:
                    names = _tables(connection)
                except _BROKEN as error:
                    yield Damage(self.stream, 0, f"a database that cannot be read: {error}")
                    return
                for name in names:
                    stream = self.stream if len(names) == 1 else f"{self.stream}.{name.replace('/', '_')}"
                    yield from self._table(connection, name, stream)

    def _table(self, connection: sqlite3.Connection, name: str, stream: str) -> Iterator[Batch]:
        columns: list[str] = []
        try:
            columns = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({_quoted(name)})")]
            kind = TableKind.find(columns, stream, self._columns_of(stream))
        except _BROKEN as error:
            yield Damage(stream, 0, f"a table that cannot be read: {error}", text=name[:200])
            return
        except InputError:
            yield Damage(stream, 0, "not a table of samples", text=", ".join(columns)[:200])
            return
        last = 0
        try:
            for rows, damage in _read(connection, name, columns, stream):
                yield from damage
                yield from kind.batches(rows)
                last = int(rows.line[-1])
        except _BROKEN as error:
            if isinstance(error, _DisorderError):
                # A row number that is damaged looks like one far behind.
                last = max((line for line in rows.line.tolist() if line < error.row), default=0)
            yield Damage(stream, last + 1, f"rows that cannot be read: {error}", text=name[:200])
            yield from self._around(
                connection, name, kind, columns, last, forward=not isinstance(error, _DisorderError)
            )

    def _around(
        self, connection: sqlite3.Connection, name: str, kind: TableKind, columns: Sequence[str], last: int, *,
        forward: bool,
    ) -> Iterator[Batch]:  # fmt: skip
        """The rows behind row ``last`` that were not given: up to the damage, and behind it from the table's end.

        An error takes with it the row that the step to it came from: a question for that row alone takes no such step.
        """
        if forward:
            with contextlib.suppress(*_BROKEN):
                for rows, damage in _read(connection, name, columns, kind.stream, last, limit=1):
                    yield from damage
                    yield from kind.batches(rows)
                    last = int(rows.line[-1])
        lowest: int | None = None
        try:
            for rows, damage in _read(connection, name, columns, kind.stream, last, backward=True):
                yield from damage
                yield from kind.batches(rows)
                lowest = int(rows.line[0])
            return
        except _DisorderError:
            return
        except _BROKEN:
            # The damaged page from behind: the caller tells of it; the row beside it is asked for alone.
            pass
        with contextlib.suppress(*_BROKEN):
            for rows, damage in _read(
                connection, name, columns, kind.stream, last, before=lowest, backward=True, limit=1
            ):
                yield from damage
                yield from kind.batches(rows)


class _DisorderError(sqlite3.DatabaseError):
    """Rows do not come in the order of their numbers: a damaged tree leads in circles, or a number is damaged."""

    def __init__(self, row: int, last: int) -> None:
        self.row = row
        super().__init__(f"row {row} stands behind row {last}")


def _tables(connection: sqlite3.Connection) -> list[str]:
    """The names of tables. Views are none: what they cost nobody knows."""
    connection.execute("PRAGMA trusted_schema = OFF")
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name LIMIT ?"
    return [str(name) for (name,) in connection.execute(query, (_MOST_TABLES,))]


def _read(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], stream: str, after: int | None = None, *,
    before: int | None = None, backward: bool = False, limit: int = -1,
) -> Iterator[tuple[Rows, list[Damage]]]:  # fmt: skip
    """Rows in batches; those before an error are given before it is raised."""
    wanted = ", ".join(_quoted(column) for column in columns)
    try:
        connection.execute(f"SELECT rowid FROM {_quoted(table)} LIMIT 0")
        ends = [f"rowid {sign} {row}" for sign, row in ((">", after), ("<", before)) if row is not None]
        where = "WHERE " + " AND ".join(ends) if ends else ""
        order = "DESC" if backward else "ASC"
        found = connection.execute(
            f"SELECT rowid, {wanted} FROM {_quoted(table)} {where} ORDER BY rowid {order} LIMIT {limit}"
        )
    except sqlite3.OperationalError:
        # A table without row numbers is read from its beginning only.
        if backward or after is not None:
            return
        found = connection.execute(f"SELECT row_number() OVER (), {wanted} FROM {_quoted(table)}")
    cells: list[tuple[Any, ...]] = []
    broken: Exception | None = None
    last: int | None = None
    while True:
        try:
            row = next(found, None)
        except _BROKEN as error:
            broken, row = error, None
        if row is not None and last is not None and (row[0] >= last if backward else row[0] <= last):
            broken, row = _DisorderError(row[0], last), None
        if row is not None:
            cells.append(row)
            last = row[0]
        if cells and (row is None or len(cells) >= _BATCH_ROWS):
            yield _batch(cells[::-1] if backward else cells, stream)
            cells = []
        if broken is not None:
            raise broken
        if row is None:
            return


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _batch(cells: Sequence[tuple[Any, ...]], stream: str) -> tuple[Rows, list[Damage]]:
    line = np.array([row[0] for row in cells], dtype=np.int64)
    damage: list[Damage] = []
    columns = []
    for column in zip(*(row[1:] for row in cells), strict=True):
        strange = [n for n, value in enumerate(column) if _is_strange(value)]
        if strange:
            what = f"a cell of bytes, or of more than {_LONGEST_CELL} characters"
            damage.append(Damage(stream, int(line[strange[0]]), what, len(strange)))
        columns.append(_array([None if _is_strange(value) else value for value in column]))
    return Rows(line, columns), damage


def _is_strange(value: object) -> bool:
    return isinstance(value, bytes) or (isinstance(value, str) and len(value) > _LONGEST_CELL)


def _array(values: list[Cell]) -> pa.Array:
    """Cells of one column: whole numbers, numbers, or text where there is any."""
    types = {type(value) for value in values if value is not None}
    if types <= {int}:
        return pa.array(values, pa.int64())
    if types <= {float}:
        return pa.array(values, pa.float64())
    # A whole number beside fractions keeps its digits.
    texts = [value if value is None or isinstance(value, str) else repr(value) for value in values]
    return pa.array(texts, pa.string())
