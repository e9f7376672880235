"""Whole numbers of more digits than a double holds: their halves of 32 bits are tags too, so that no digit is lost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twin.source.sample import Samples

#: Every whole number up to this is a double.
_MOST_EXACT = 1 << 53
_FEWEST_DIGITS = 16
#: Beyond this a number is text to its end, and no counter, address or serial number.
_MOST_DIGITS = 38


def rounded(values: pa.Array) -> npt.NDArray[np.bool_] | None:
    """Which values a double does not hold; None when it holds all."""
    if pa.types.is_integer(values.type):
        if values.type.bit_width < 64 or not len(values):
            return None
        bounds = pc.min_max(values).as_py()
        if bounds["max"] is None or max(-bounds["min"], bounds["max"]) <= _MOST_EXACT:
            return None
        where = [n for n, value in enumerate(values.to_pylist()) if value is not None and int(float(value)) != value]
    elif pa.types.is_string(values.type):
        longest = pc.max(pc.binary_length(values)).as_py()
        if longest is None or longest < _FEWEST_DIGITS:
            return None
        long = pc.match_substring_regex(values, rf"^\s*[+-]?\d{{{_FEWEST_DIGITS},{_MOST_DIGITS}}}\s*$")
        places = np.flatnonzero(pc.fill_null(long, False).to_numpy(zero_copy_only=False))
        whole = [int(text) for text in values.take(pa.array(places)).to_pylist()]
        where = [n for n, value in zip(places.tolist(), whole, strict=True) if int(float(value)) != value]
    else:
        return None
    if not where:
        return None
    mask = np.zeros(len(values), dtype=bool)
    mask[where] = True
    return mask


def halves(samples: Samples, where: npt.NDArray[np.bool_]) -> Iterator[Samples]:
    """The same numbers as two tags: value = ``TAG (high)`` · 2³² + ``TAG (low)``, both exact."""
    mask = pa.array(where)
    whole = [int(value) for value in samples.value.filter(mask).to_pylist()]
    tags = samples.tag.filter(mask)
    for half, parts in (
        ("high", [number >> 32 for number in whole]),
        ("low", [number & 0xFFFFFFFF for number in whole]),
    ):
        names = pa.array([f"{name} ({half})" for name in tags.dictionary.to_pylist()], pa.string())
        yield Samples(
            samples.stream, samples.row[where], samples.time.filter(mask),
            pa.DictionaryArray.from_arrays(tags.indices, names), pa.array([float(part) for part in parts]),
            None if samples.quality is None else samples.quality.filter(mask),
        )  # fmt: skip
