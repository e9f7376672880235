"""Long signals thinned beforehand, for plots of hours: stored in the Record when it is finished.

Time is divided by a grid that begins at the Record's start; of each part the samples that a line needs stay
(:func:`twin.record.shape.extremes`). Each level's grid is four times as wide as the one before, and divides it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import zstandard

from twin.errors import RecordError
from twin.record.shape import Floats, Times, changes, extremes, with_gaps
from twin.signals import Signal

#: Attachments are called this, the signal's name and the width of the grid in ns.
PREFIX = "overview/"
#: Tables with fewer rows are read as they are.
FEWEST_ROWS = 20_000
#: Rows of a part of the narrowest grid; how much wider the next grid is; samples that need no wider one.
_ROWS_A_PART, _WIDER, _FEW_SAMPLES = 32, 4, 4096
#: Values that are thinned at once: numpy is called for each signal.
_VALUES_AT_ONCE = 1 << 21
#: Samples kept of a table's signals while its rows come; with more the grid gets wider.
_MOST_KEPT = 1 << 23
_MOST_BYTES = 1 << 28


@dataclass(frozen=True)
class Level:
    """Samples of a signal, thinned by a grid of parts of ``grid_ns``."""

    grid_ns: int
    t_ns: Times
    values: Floats

    def attachment_name(self, signal: str) -> str:
        """How the attachment is called: what it is can be told without reading it."""
        return f"{PREFIX}{signal}/{self.grid_ns}"

    def to_bytes(self) -> bytes:
        """As an attachment: steps of time (int64), then values (float64), compressed by zstd."""
        steps = np.diff(self.t_ns, prepend=0).astype("<i8")
        return zstandard.ZstdCompressor(level=1).compress(steps.tobytes() + self.values.astype("<f8").tobytes())

    @classmethod
    def from_bytes(cls, grid_ns: int, data: bytes) -> Level:
        """The inverse of :meth:`to_bytes`.

        Raises:
            RecordError: it is damaged.
        """
        try:
            if not 0 <= zstandard.frame_content_size(data) <= _MOST_BYTES:
                raise RecordError("an overview is larger than any can be")
            unpacked = zstandard.ZstdDecompressor().decompress(data)
        except zstandard.ZstdError as error:
            raise RecordError(f"an overview cannot be read: {error}") from error
        if len(unpacked) % 16:
            raise RecordError("an overview has not as many times as values")
        middle = len(unpacked) // 2
        t_ns = np.cumsum(np.frombuffer(unpacked[:middle], dtype="<i8"))
        return cls(grid_ns, t_ns, np.frombuffer(unpacked[middle:], dtype="<f8"))


def grids_by_signal(attachments: Iterable[str]) -> dict[str, list[int]]:
    """Names of signals to the grids of their levels, narrowest first, by the names of attachments."""
    found: dict[str, list[int]] = {}
    for name in attachments:
        signal, _, grid = name.removeprefix(PREFIX).rpartition("/")
        if name.startswith(PREFIX) and signal and grid.isdecimal():
            found.setdefault(signal, []).append(int(grid))
    return {signal: sorted(grids) for signal, grids in found.items()}


class TableOverview:
    """Makes the overviews of a table's signals from its rows, stretch by stretch.

    Args:
        signals: of the table. scan_ns: a row is due every so often, 0 where none is.
    """

    def __init__(self, signals: Sequence[Signal], scan_ns: int) -> None:
        self._signals, self._scan_ns = list(signals), scan_ns
        self._grid_ns = 0
        self._rows = 0
        self._waiting: list[tuple[Times, Floats]] = []
        self._waiting_rows = 0
        self._kept_samples = 0
        self._kept: list[list[tuple[Times, Floats]]] = [[] for _ in self._signals]
        self._last: tuple[Times, Floats] | None = None

    def add(self, t_ns: Times, values: Floats) -> None:
        """The next rows: times (n,) and values (n, k)."""
        self._rows += len(t_ns)
        self._waiting.append((t_ns, values))
        self._waiting_rows += len(t_ns)
        if self._waiting_rows * len(self._signals) >= _VALUES_AT_ONCE:
            self._work()

    def levels(self) -> dict[str, list[Level]]:
        """Name of a signal to its levels, narrowest grid first; none of a table with few rows."""
        if self._rows < FEWEST_ROWS:
            return {}
        if self._waiting:
            self._work()
        found = {}
        for signal, parts in zip(self._signals, self._kept, strict=True):
            t_ns, values = (np.concatenate(columns) for columns in zip(*parts, strict=True))
            levels: list[Level] = []
            grid_ns = self._grid_ns
            while True:
                keep = extremes(values, t_ns // grid_ns)
                t_ns, values = t_ns[keep], values[keep]
                levels.append(Level(grid_ns, t_ns, values))
                grid_ns *= _WIDER
                if len(t_ns) <= _FEW_SAMPLES:
                    break
            found[signal.name] = levels
        return found

    def _work(self) -> None:
        t_ns, values = (np.concatenate(columns) for columns in zip(*self._waiting, strict=True))
        self._waiting, self._waiting_rows = [], 0
        if not self._grid_ns:
            part_ns = int(t_ns[-1] - t_ns[0]) * _ROWS_A_PART // len(t_ns)
            self._grid_ns = 1 << max(part_ns - 1, 1).bit_length()
        self._thin(t_ns, values)

    def _thin(self, t_ns: Times, values: Floats) -> None:
        """Keep what a line needs; a part of the grid that reaches into the next stretch is thinned again at the end."""
        before = 0 if self._last is None else 1
        if self._last is not None:
            t_ns, values = np.concatenate([self._last[0], t_ns]), np.concatenate([self._last[1], values])
        self._last = t_ns[-1:], values[-1:]
        t_ns, values = with_gaps(t_ns, values, self._scan_ns)
        t_ns, columns = t_ns[before:], np.ascontiguousarray(values[before:].T)
        kept = 0
        for column, signal in enumerate(self._signals):
            times, column_values = t_ns, columns[column]
            if signal.steps:
                new = changes(column_values)
                times, column_values = times[new], column_values[new]
            keep = extremes(column_values, times // self._grid_ns)
            self._kept[column].append((times[keep], column_values[keep]))
            kept += len(keep)
        self._kept_samples += kept
        if self._kept_samples > _MOST_KEPT:
            self._widen()

    def _widen(self) -> None:
        """A wider grid as the narrowest, for a log that is longer than it looked."""
        self._grid_ns *= _WIDER
        self._kept_samples = 0
        for column, parts in enumerate(self._kept):
            t_ns, values = (np.concatenate(columns) for columns in zip(*parts, strict=True))
            keep = extremes(values, t_ns // self._grid_ns)
            self._kept[column] = [(t_ns[keep], values[keep])]
            self._kept_samples += len(keep)
