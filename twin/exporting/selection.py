"""What of a Record is exported: which signals, and from when to when."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from twin.errors import InputError, did_you_mean
from twin.record import Record
from twin.signals import Signal

#: Chunks of a Record, by their ends, to a window of time that is worked on at once.
_ENDS_A_WINDOW = 24


@dataclass(frozen=True)
class Selection:
    """Signals of a Record by table, in its order, over a window of time (ns since the start, inclusive)."""

    record: Record
    tables: dict[str, list[Signal]]
    t0_ns: int
    t1_ns: int

    @property
    def signals(self) -> list[Signal]:
        """The signals of all tables."""
        return [signal for signals in self.tables.values() for signal in signals]

    def windows(self) -> Iterator[tuple[int, int]]:
        """Windows of time one after the other, such that what is in one fits into memory."""
        ends = sorted({end for chunk in self.record.chunks() for end in (chunk.start_ns, chunk.end_ns)})
        cuts = [t for t in ends[_ENDS_A_WINDOW::_ENDS_A_WINDOW] if self.t0_ns < t <= self.t1_ns]
        yield from zip([self.t0_ns, *cuts], [*(cut - 1 for cut in cuts), self.t1_ns], strict=True)


def select(
    record: Record, patterns: Sequence[str] = (), from_s: float | None = None, to_s: float | None = None,
    *, private: bool = False,
) -> Selection:  # fmt: skip
    """Signals whose name, or name in the source, is like one of the patterns; all without patterns.

    Args:
        patterns: names with ``*`` and ``?``.
        from_s, to_s: since the start, s; from the first sample to the last if left out.
        private: those that tell who somebody is as well.

    Raises:
        InputError: a pattern that no signal is like, or a window without time.
    """
    every = [signal for table in record.tables.values() for signal in table]
    for pattern in patterns:
        if not any(_like(signal, pattern) for signal in every):
            hint = did_you_mean(pattern, [signal.name for signal in every]) or "patterns have * and ?"
            raise InputError(key="--signals", expected="a pattern that signals are like", got=pattern, hint=hint)
    tables = {}
    for name, table in record.tables.items():
        wanted = [
            signal
            for signal in table
            if (not patterns or any(_like(signal, pattern) for pattern in patterns)) and (private or not signal.private)
        ]
        if wanted:
            tables[name] = wanted
    t0_ns = record.start_ns if from_s is None else round(from_s * 1e9)
    t1_ns = record.end_ns if to_s is None else round(to_s * 1e9)
    if t1_ns < t0_ns:
        raise InputError(key="--to", expected=f"a time after {t0_ns / 1e9:g} s", got=f"{t1_ns / 1e9:g}")
    return Selection(record, tables, t0_ns, t1_ns)


def _like(signal: Signal, pattern: str) -> bool:
    return fnmatch.fnmatchcase(signal.name, pattern) or (
        bool(signal.source) and fnmatch.fnmatchcase(signal.source, pattern)
    )
