"""Samples on their way from a source to a Record: read, numbered and counted, then sorted on disk (:mod:`runs`).

A Record wants each tag's samples in the order of time; a log has them as they came, and may be of any length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twin.errors import InputError
from twin.importing.bit_pattern import Patterns
from twin.importing.runs import Columns, Runs, Series
from twin.source.sample import Samples
from twin.source.stamp import MISSING_NS, to_ns, to_numbers
from twin.tag_map import TimeFormat

#: Different texts and tags a log may have; more is a column taken for something that it is not.
MOST_TEXTS, MOST_TAGS = 100_000, 50_000

#: More pairs of a tag and a number than this are counted by sorting them.
_FEW_PAIRS = 1 << 22


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
    """Takes samples in any order and gives them back tag by tag in the order of time.

    Args:
        folder: an empty folder for its file; whoever made it removes it.
    """

    def __init__(self, folder: Path) -> None:
        self._runs = Runs(folder / "runs")
        #: ``stream/tag`` of every tag, by number; texts that are no numbers; quality codes.
        self.tags = Names("tags", MOST_TAGS)
        self.texts, self.codes = Names("texts", MOST_TEXTS), Names("quality codes", MOST_TEXTS)
        self.samples = 0
        #: Which texts, and which quality codes, occur with which tag, and how often: (tag, number) to count.
        self.tag_texts: Counter[tuple[int, int]] = Counter()
        self.tag_codes: Counter[tuple[int, int]] = Counter()

    def add(
        self, samples: Samples, time: TimeFormat, patterns: Patterns | None = None
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Take samples in, but those without a stamp.

        Args:
            patterns: those whose number is a float's bits.

        Returns:
            The stamps, :data:`MISSING_NS` where there is none, and the numbers of the tags.
        """
        t_ns = to_ns(samples.time, format=time.format, unit=time.unit, zone=time.zone)
        names = pa.array([f"{samples.stream}/{name}" for name in samples.tag.dictionary.to_pylist()], pa.string())
        tags = self.tags.numbers(pa.DictionaryArray.from_arrays(samples.tag.indices, names))
        value = to_numbers(samples.value, decimal=samples.decimal)
        text = self._number_texts(samples.value, value)
        if patterns is not None:
            value = value.copy()
            value[patterns.where] = patterns.floats
        quality = self._number_codes(samples)
        stamped = t_ns != MISSING_NS
        kept: npt.NDArray[np.int32] = tags
        columns: Columns = [t_ns, samples.row, value, text, quality]
        if not stamped.all():
            kept, columns = tags[stamped], [column[stamped] for column in columns]
        if len(kept):
            self._count(kept, columns[3], columns[4])
            self._runs.add(kept, columns)
        return t_ns, tags

    def series(self) -> Iterator[Series]:
        """All samples, tag by tag and piece by piece in the order of time."""
        return self._runs.series()

    def _number_texts(self, values: pa.Array, numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
        """The texts' numbers where a value is a text that is no number, -1 elsewhere."""
        text = np.full(len(numbers), -1, dtype=np.int32)
        if pa.types.is_string(values.type):
            words = np.isnan(numbers)
            if words.any():
                words &= values.is_valid().to_numpy(zero_copy_only=False)
                # What programs write for "no value" is no word of the source.
                words[words] = ~pc.equal(pc.utf8_lower(values.filter(pa.array(words))), "nan").to_numpy(False)
                text[words] = self.texts.numbers(values.filter(pa.array(words)))
        return text

    def _number_codes(self, samples: Samples) -> npt.NDArray[np.int32]:
        if samples.quality is None:
            return np.full(len(samples), -1, dtype=np.int32)
        return self.codes.numbers(samples.quality)

    def _count(
        self,
        tags: npt.NDArray[np.int32],
        text: npt.NDArray[np.int32],
        quality: npt.NDArray[np.int32],
    ) -> None:
        self.samples += len(tags)
        for numbers, counts in ((text, self.tag_texts), (quality, self.tag_codes)):
            width = int(numbers.max()) + 2
            pairs = tags.astype(np.int64) * width + (numbers + 1)
            if len(self.tags) * width < _FEW_PAIRS:
                times = np.bincount(pairs)
                found = np.flatnonzero(times)
                times = times[found]
            else:
                found, times = np.unique(pairs, return_counts=True)
            for pair, count in zip(found.tolist(), times.tolist(), strict=True):
                counts[pair // width, pair % width - 1] += count
