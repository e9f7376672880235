"""What a table is: samples, long or wide, or a journal; and what its rows give."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from twin.source.journal import JournalColumns, entries_of, find_journal
from twin.source.sample import Batch
from twin.source.table import Columns, Rows, assign, samples_of


@dataclass(frozen=True)
class TableKind:
    """A table's columns and what each is.

    Args:
        names: of the columns. at: which is what.
        decimal: decimal sign of numbers that are text.
        renamed: what the source calls a tag, to what it is to be called.
    """

    stream: str
    names: tuple[str, ...]
    at: Columns | JournalColumns
    decimal: str = "."
    renamed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def find(
        cls, names: Sequence[str], stream: str, given: Mapping[str, str] | None = None, *,
        stamped: Collection[int] = (), decimal: str = ".", renamed: Mapping[str, str] | None = None,
    ) -> TableKind:  # fmt: skip
        """By the columns given (role to name), else by what they are called, else by their type.

        Args:
            stamped: columns whose type is a time stamp.

        Raises:
            InputError: the table is neither, or a column that is given is not there.
        """
        at = find_journal(names, stream, given) or assign(names, stream, given, stamped=stamped)
        return cls(stream, tuple(names), at, decimal, renamed or {})

    @property
    def needed(self) -> set[str]:
        """The columns without which no row says anything."""
        if isinstance(self.at, JournalColumns):
            return {self.names[n] for n in self.at.of.values()}
        if self.at.tag is not None and self.at.value is not None:
            return {self.names[n] for n in (self.at.time, self.at.tag, self.at.value)}
        return {self.names[time] for _, time in self.at.channels}

    def batches(self, rows: Rows) -> Iterator[Batch]:
        """What some rows hold."""
        if isinstance(self.at, JournalColumns):
            yield from entries_of(rows, self.at, self.stream)
        else:
            yield from samples_of(rows, self.at, self.names, self.stream, decimal=self.decimal, renamed=self.renamed)
