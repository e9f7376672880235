"""Floats that a source wrote as 64-bit integers: read before anything makes a double of the integer."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twin.source.sample import Samples
from twin.tag_map import TagMap

_WHOLE = re.compile(r"\s*[+-]?\d{1,20}\s*", re.ASCII)
_BITS = 64


@dataclass(frozen=True)
class Patterns:
    """Samples that are bit patterns: which (n,), and the floats that those are (k,), NaN where there is none."""

    where: npt.NDArray[np.bool_]
    floats: npt.NDArray[np.float64]


def bit_patterns(samples: Samples, tag_map: TagMap) -> Patterns | None:
    """The samples of tags that the map reads as ``float64_bits``; None when there are none."""
    if not any(tag.read_as == "float64_bits" for tag in tag_map.tags.values()):
        return None
    entries = [tag_map.find(samples.stream, name) for name in samples.tag.dictionary.to_pylist()]
    wanted = np.array([entry is not None and entry.read_as == "float64_bits" for entry in entries], dtype=bool)
    where = wanted[samples.tag.indices.to_numpy(zero_copy_only=False)]
    if not where.any():
        return None
    patterns = [_pattern(value) for value in samples.value.filter(pa.array(where)).to_pylist()]
    floats = np.array([pattern or 0 for pattern in patterns], dtype=np.uint64).view(np.float64)
    floats[[pattern is None for pattern in patterns]] = np.nan
    return Patterns(where, floats)


def _pattern(value: object) -> int | None:
    """A number as 64 bits; a negative one is what a signed integer of the same bits shows."""
    whole: int
    if isinstance(value, int):
        whole = value
    elif isinstance(value, float) and value.is_integer():
        # A double on its way has rounded what it does not hold.
        whole = int(value)
    elif isinstance(value, str) and _WHOLE.fullmatch(value):
        whole = int(value)
    else:
        return None
    return whole % (1 << _BITS) if -(1 << _BITS - 1) <= whole < 1 << _BITS else None
