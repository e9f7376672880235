"""Samples of any number and in any order, sorted on disk: in runs by tag and time, put together when they are read.

A run is what has come until it was much. A tag's samples are its stretches of all runs; those of a log in order do not
overlap in time and are read one after the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

#: Fewest samples of a run, and of a stretch in it on average; the most of a tag that are put together in memory,
#: and the fewest that make a piece of their own.
_RUN, _STRETCH, _PIECE, _SMALL_PIECE = 300_000, 64, 1_000_000, 250_000
#: Columns of a run, one after the other in the file.
_COLUMNS = (("t_ns", np.int64), ("row", np.int64), ("value", np.float64), ("text", np.int32), ("quality", np.int32))
_SAMPLE_BYTES = sum(np.dtype(dtype).itemsize for _, dtype in _COLUMNS)

Columns = list[npt.NDArray[Any]]


@dataclass(frozen=True)
class Series:
    """Samples of one tag over some time, by time and then as they came.

    Args:
        tag: number of the tag.
        t_ns: since 1970. row: place in the file.
        value: as a number, NaN where it is none. text: number of its text there, -1 otherwise.
        quality: number of its quality code, -1 without one.
    """

    tag: int
    t_ns: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    value: npt.NDArray[np.float64]
    text: npt.NDArray[np.int32]
    quality: npt.NDArray[np.int32]

    def where(self, kept: npt.NDArray[np.bool_]) -> Series:
        """Some of the samples."""
        return Series(self.tag, self.t_ns[kept], self.row[kept], self.value[kept], self.text[kept], self.quality[kept])


@dataclass(frozen=True)
class _Stretch:
    """The samples of one tag in one run: where they stand, and the times of the first and the last."""

    place: int
    run_samples: int
    start: int
    stop: int
    first_ns: int
    last_ns: int


class Runs:
    """Takes samples and gives them back tag by tag in the order of time, and of equal times as they came.

    Args:
        path: its file, not there yet; whoever made the folder removes it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = 0
        self._waiting: list[tuple[npt.NDArray[np.int32], Columns]] = []
        self._waiting_samples = 0
        self._stretches: dict[int, list[_Stretch]] = {}

    def add(self, tags: npt.NDArray[np.int32], columns: Columns) -> None:
        """Take samples: numbers of their tags (below 65,536), and their columns as :class:`Series` has them."""
        self._waiting.append((tags, columns))
        self._waiting_samples += len(tags)
        if self._waiting_samples >= max(_RUN, _STRETCH * len(self._stretches)):
            self._write()

    def series(self) -> Iterator[Series]:
        """All samples, tag by tag and piece by piece."""
        if self._waiting_samples:
            self._write()
        if not self._size:
            return
        with self._path.open("rb", buffering=0) as file:
            for tag in sorted(self._stretches):
                for stretches in _together(self._stretches[tag]):
                    for columns in _pieces(file, stretches):
                        yield Series(tag, *columns)

    def _write(self) -> None:
        tags = np.concatenate([tags for tags, _ in self._waiting])
        columns = [np.concatenate(parts) for parts in zip(*(columns for _, columns in self._waiting), strict=True)]
        self._waiting, self._waiting_samples = [], 0
        # A stable sort by small numbers takes a few steps for each.
        order = np.argsort(tags.astype(np.uint16), kind="stable")
        tags, t_ns = tags[order], columns[0][order]
        same_tag = tags[1:] == tags[:-1]
        if (same_tag & (t_ns[1:] < t_ns[:-1])).any():
            order = order[np.lexsort((t_ns, tags))]
            t_ns = columns[0][order]
        with self._path.open("ab", buffering=0) as file:
            for column, (_, dtype) in zip(columns, _COLUMNS, strict=True):
                file.write(np.ascontiguousarray(column[order], dtype=dtype).data)
        starts = [0, *(np.flatnonzero(~same_tag) + 1).tolist(), len(tags)]
        for start, stop in itertools.pairwise(starts):
            self._stretches.setdefault(int(tags[start]), []).append(
                _Stretch(self._size, len(tags), start, stop, int(t_ns[start]), int(t_ns[stop - 1]))
            )
        self._size += len(tags) * _SAMPLE_BYTES


def _together(stretches: Sequence[_Stretch]) -> Iterator[list[_Stretch]]:
    """Stretches of one tag in groups: by time, and within a group as they came; those that overlap are in one."""
    order = sorted(range(len(stretches)), key=lambda number: stretches[number].first_ns)
    group: list[int] = []
    last_ns = size = 0
    for number in order:
        stretch = stretches[number]
        if group and stretch.first_ns > last_ns and size >= _SMALL_PIECE:
            yield [stretches[member] for member in sorted(group)]
            group, size = [], 0
        last_ns = max(last_ns, stretch.last_ns) if group else stretch.last_ns
        size += stretch.stop - stretch.start
        group.append(number)
    yield [stretches[member] for member in sorted(group)]


def _pieces(file: BinaryIO, stretches: Sequence[_Stretch]) -> Iterator[Columns]:
    """The columns of stretches that overlap, in the order of time; many samples in several pieces."""
    count = sum(stretch.stop - stretch.start for stretch in stretches)
    if count <= _PIECE:
        yield _sorted([np.concatenate(parts) for parts in zip(*(_read(file, one) for one in stretches), strict=True)])
        return
    # Much that overlaps, as in a log that was shuffled: a piece is what all stretches have of a part of its time.
    every = [_read_column(file, one, 0)[:: max(1, count // _PIECE)] for one in stretches]
    sample = np.sort(np.concatenate(every))
    cuts = np.unique(sample[:: max(1, len(sample) * _PIECE // count)][1:])
    for low, high in zip([None, *cuts.tolist()], [*cuts.tolist(), None], strict=True):
        parts = []
        for one in stretches:
            t_ns = _read_column(file, one, 0)
            first = 0 if low is None else int(np.searchsorted(t_ns, low))
            stop = len(t_ns) if high is None else int(np.searchsorted(t_ns, high))
            if first < stop:
                parts.append(_read(file, replace(one, start=one.start + first, stop=one.start + stop)))
        if parts:
            yield _sorted([np.concatenate(columns) for columns in zip(*parts, strict=True)])


def _sorted(columns: Columns) -> Columns:
    t_ns = columns[0]
    if (t_ns[1:] >= t_ns[:-1]).all():
        return columns
    order = np.argsort(t_ns, kind="stable")
    return [column[order] for column in columns]


def _read(file: BinaryIO, stretch: _Stretch) -> Columns:
    return [_read_column(file, stretch, column) for column in range(len(_COLUMNS))]


def _read_column(file: BinaryIO, stretch: _Stretch, column: int) -> npt.NDArray[Any]:
    before = sum(np.dtype(dtype).itemsize for _, dtype in _COLUMNS[:column]) * stretch.run_samples
    dtype = np.dtype(_COLUMNS[column][1])
    file.seek(stretch.place + before + stretch.start * dtype.itemsize)
    return np.frombuffer(file.read((stretch.stop - stretch.start) * dtype.itemsize), dtype=dtype)
