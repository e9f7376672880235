"""Source values to signal values, by an entry of the map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from twin.importing.runs import Series
from twin.tag_map import Tag

Numbers = npt.NDArray[np.float64]


def convert(tag: Tag, series: Series, texts: Sequence[str], bad: npt.NDArray[np.bool_]) -> Numbers:
    """Values (n, k) of the entry's k signals; NaN where there is none.

    Args:
        texts: the spool's texts by number.
        bad: samples whose quality is bad: they have no value.
    """
    numbers = _with_words(tag, series, texts)
    for missing in tag.missing:
        if isinstance(missing, float):
            numbers[numbers == missing] = np.nan
    numbers[bad] = np.nan
    if tag.bits:
        known = np.isfinite(numbers) & (numbers >= 0) & (numbers < 2.0**63)
        whole = np.where(known, numbers, 0).astype(np.int64)
        columns = [np.where(known, whole >> bit & 1, np.nan) for bit in tag.bits]
        bits: Numbers = np.column_stack(columns)
        return bits
    values = numbers
    if (tag.scale, tag.offset, tag.sign) != (1.0, 0.0, 1):
        values = (numbers * tag.scale + tag.offset) * tag.sign
    if tag.type == "bool":
        values = np.where(np.isnan(values), np.nan, values != 0)
    elif tag.type in ("int", "enum"):
        # An enum travels as 32 bits, an int as a double.
        most = 2.0**31 if tag.type == "enum" else 2.0**53
        values = np.where(np.abs(values) < most, np.round(values), np.nan)
    column: Numbers = values[:, None]
    return column


def unread(tag: Tag, series: Series, texts: Sequence[str], values: Numbers) -> npt.NDArray[np.bool_]:
    """Samples (n,) whose text gave no value (values (n,) NaN), though the entry does not say that it means none."""
    known = {number for number, text in enumerate(texts) if text in tag.missing}
    lost: npt.NDArray[np.bool_] = np.isnan(values) & (series.text >= 0)
    return lost & ~np.isin(series.text, list(known)) if known else lost


def _with_words(tag: Tag, series: Series, texts: Sequence[str]) -> Numbers:
    numbers = _read(tag, series.value)
    if tag.words:
        for code in np.unique(series.text[series.text >= 0]).tolist():
            if texts[code] in tag.words:
                numbers[series.text == code] = tag.words[texts[code]]
    return numbers


def _read(tag: Tag, numbers: Numbers) -> Numbers:
    """What the numbers stand for: themselves, or the bits of floats. Those of 64 bits were read on the way in."""
    found: Numbers = numbers.copy()
    if tag.read_as != "float32_bits":
        return found
    # A signed integer of the same bits may be negative.
    known = (numbers >= -(2.0**31)) & (numbers < 2.0**32) & (numbers == np.floor(numbers))
    found[known] = numbers[known].astype(np.int64).astype(np.uint32).view(np.float32)
    found[~known] = np.nan
    return found
