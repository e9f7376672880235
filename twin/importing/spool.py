"""Samples on their way from a source to a Record: on disk in buckets of time, so that a log of any length fits.

A Record wants each tag's samples in the order of time; a log has them as they came. Each bucket is sorted in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twin.errors import InputError
from twin.source.sample import Samples
from twin.source.stamp import MISSING_NS, to_ns, to_numbers
from twin.tag_map import TimeFormat

NS = 1_000_000_000
_BUCKET_NS = 3600 * NS
_MOST_BUCKETS = 24 * 366
#: Different texts and tags a log may have; more is a column taken for something that it is not.
MOST_TEXTS, MOST_TAGS = 100_000, 50_000

_DTYPE = np.dtype([("t", "<i8"), ("row", "<i8"), ("tag", "<i4"), ("text", "<i4"), ("quality", "<i4"), ("value", "<f8")])
Table = npt.NDArray[np.void]


@dataclass(frozen=True)
class Series:
    """Samples of one tag in one bucket, by time and then as they came.

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


class Names:
    """Texts that occur again and again, by number."""

    def __init__(self, what: str, most: int) -> None:
        self._what, self._most = what, most
        self._number: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The text's number.

        Raises:
            InputError: there are more than a log can have.
        """
        found = self._number.get(text)
        if found is None:
            if len(self._number) >= self._most:
                raise InputError(
                    key=self._what, expected=f"at most {self._most} different ones", got=repr(text[:80]),
                    hint="is the right column taken for it?",
                )  # fmt: skip
            found = self._number[text] = len(self._number)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._number)

    def __len__(self) -> int:
        return len(self._number)

    def numbers(self, texts: pa.Array) -> npt.NDArray[np.int32]:
        """The numbers of many texts, -1 for a missing one."""
        if not pa.types.is_dictionary(texts.type):
            texts = texts.cast(pa.string()).dictionary_encode()
        of = np.array([self.number(text) for text in texts.dictionary.to_pylist()] + [-1], dtype=np.int32)
        indices = texts.indices.fill_null(len(of) - 1).to_numpy(zero_copy_only=False)
        return np.asarray(of[indices])


class Spool:
    """Takes samples in any order and gives them back by time and tag.

    Args:
        folder: an empty folder for its files; whoever made it removes it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._buckets: set[int] = set()
        #: ``stream/tag`` of every tag, by number; texts that are no numbers; quality codes.
        self.tags = Names("tags", MOST_TAGS)
        self.texts, self.codes = Names("texts", MOST_TEXTS), Names("quality codes", MOST_TEXTS)
        self.samples = 0
        #: Which texts, and which quality codes, occur with which tag, and how often: (tag, number) to count.
        self.tag_texts: Counter[tuple[int, int]] = Counter()
        self.tag_codes: Counter[tuple[int, int]] = Counter()

    def add(self, samples: Samples, time: TimeFormat) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Take samples in, but those without a stamp.

        Returns:
            The stamps, :data:`MISSING_NS` where there is none, and the numbers of the tags.
        """
        t_ns = to_ns(samples.time, format=time.format, unit=time.unit, zone=time.zone)
        tags = samples.tag
        names = pa.array([f"{samples.stream}/{name}" for name in tags.dictionary.to_pylist()], pa.string())
        table = np.empty(len(samples), dtype=_DTYPE)
        table["t"] = t_ns
        table["row"] = samples.row
        table["tag"] = self.tags.numbers(pa.DictionaryArray.from_arrays(tags.indices, names))
        table["value"] = to_numbers(samples.value, decimal=samples.decimal)
        table["text"] = -1
        self._number_texts(samples.value, table)
        table["quality"] = -1 if samples.quality is None else self.codes.numbers(samples.quality)
        good = t_ns != MISSING_NS
        self._count(table[good])
        self._write(table[good])
        return t_ns, table["tag"].copy()

    def series(self) -> Iterator[Series]:
        """All samples, bucket by bucket in the order of time, tag by tag."""
        for bucket in sorted(self._buckets):
            table = np.fromfile(self._folder / str(bucket), dtype=_DTYPE)
            # Logs are almost in order: a stable sort by time costs little, and one by small numbers less.
            table = table[np.argsort(table["t"], kind="stable")]
            table = table[np.argsort(table["tag"].astype(np.uint16), kind="stable")]
            tags, starts = np.unique(table["tag"], return_index=True)
            for tag, part in zip(tags.tolist(), np.split(table, starts[1:]), strict=True):
                yield Series(
                    tag, *(np.ascontiguousarray(part[name]) for name in ("t", "row", "value", "text", "quality"))
                )

    def _number_texts(self, values: pa.Array, table: Table) -> None:
        if not pa.types.is_string(values.type):
            return
        words = np.isnan(table["value"]) & values.is_valid().to_numpy(zero_copy_only=False)
        if words.any():
            table["text"][words] = self.texts.numbers(values.filter(pa.array(words)))

    def _count(self, table: Table) -> None:
        if not len(table):
            return
        self.samples += len(table)
        for column, counts in (("text", self.tag_texts), ("quality", self.tag_codes)):
            pairs = table["tag"].astype(np.int64) << 32 | (table[column].astype(np.int64) + 1)
            found, times = np.unique(pairs, return_counts=True)
            for pair, count in zip(found.tolist(), times.tolist(), strict=True):
                counts[pair >> 32, (pair & 0xFFFFFFFF) - 1] += count

    def _write(self, table: Table) -> None:
        buckets = table["t"] // _BUCKET_NS
        for bucket in np.unique(buckets).tolist():
            self._buckets.add(bucket)
            if len(self._buckets) > _MOST_BUCKETS:
                raise InputError(
                    key="time", expected=f"samples in at most {_MOST_BUCKETS} different hours", got="more",
                    hint="is the column of time, its format or its unit right?",
                )  # fmt: skip
            with (self._folder / str(bucket)).open("ab") as file:
                file.write(table[buckets == bucket].tobytes())
