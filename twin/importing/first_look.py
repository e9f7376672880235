"""A first look at a log of which nothing is known: its streams and tags, by their first samples."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twin.analysis.quality import estimate_period_ns
from twin.source.opening import readers, source_files
from twin.source.sample import Damage, JournalEntry, Samples
from twin.source.stamp import MISSING_NS, to_ns, to_numbers
from twin.source.stamp_format import StampFormat, find_stamp_format

#: Samples of a stream, and of one tag, that are looked at.
MOST_SAMPLES, MOST_OF_TAG = 2_000_000, 20_000
_MOST_BATCHES = 10_000
_MOST_WORDS = 200
#: Numbers that stand for "no value" in many systems.
_SENTINELS = (-9999.0, -999.0, -99.0, 999.0, 9999.0, 99999.0, 32767.0, -32768.0, 65535.0, 2147483647.0, -2147483648.0)
_DECIMALS = re.compile(r"[.,](\d+)(?:[eE].*)?$")

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


@dataclass
class TagLook:
    """What the first samples of a tag show.

    Args:
        samples: looked at; numbers: the values of those that are numbers, in the order of the file.
        words: texts instead of numbers, with how often.
        period_s: None when it is not periodic. decimals: the most that a number of the text has, None for no text.
    """

    name: str
    samples: int
    numbers: Numbers
    words: Counter[str]
    period_s: float | None
    decimals: int | None

    @property
    def whole(self) -> bool:
        """Whether all numbers are integers."""
        return bool(len(self.numbers)) and bool((self.numbers == np.floor(self.numbers)).all())

    def float_range(self) -> tuple[float, float] | None:
        """Smallest and largest float when the integers are the bits of 32-bit floats, else None.

        Bits of a float spread over many more integers than a counter does: of arbitrary ones one in eight would be a
        float between 0.0001 and 100 000, here nearly all must be.
        """
        values = np.unique(self.numbers)
        if len(values) < 20 or not self.whole or values[0] < 0 or values[-1] >= 2.0**32 or np.median(values) < 2.0**24:
            return None
        floats = values.astype(np.uint32).view(np.float32).astype(np.float64)
        with np.errstate(invalid="ignore"):
            size = np.abs(floats)
            fine = (floats == 0) | ((size > 1e-4) & (size < 1e5))
        if np.mean(fine) < 0.99:
            return None
        return float(floats[fine].min()), float(floats[fine].max())

    def sentinels(self) -> list[tuple[float, int]]:
        """Numbers that seem to mean "no value", with how often: usual ones, far away from all others."""
        found = []
        rest = self.numbers[~np.isin(self.numbers, _SENTINELS)]
        if len(rest) < 5:
            return []
        low, high = float(rest.min()), float(rest.max())
        room = max(3 * (high - low), 10.0)
        for value in _SENTINELS:
            count = int((self.numbers == value).sum())
            if count and not low - room <= value <= high + room:
                found.append((value, count))
        return found

    def bits(self) -> list[int]:
        """The bits that change, when the numbers look like a field of bits: one or two at a time; else none."""
        if not self.whole or len(self.numbers) < 10 or self.numbers.min() < 0 or self.numbers.max() >= 2.0**32:
            return []
        values = self.numbers.astype(np.int64)
        changes = (values[1:] ^ values[:-1])[values[1:] != values[:-1]]
        if len(changes) < 5:
            return []
        changed = np.array([change.bit_count() for change in changes.tolist()])
        moved = int(np.bitwise_or.reduce(changes))
        # Small steps of a counter or a position carry into more bits than that, and are ones of size one.
        if np.mean(changed <= 2) < 0.9 or np.mean(np.abs(np.diff(values)[np.diff(values) != 0]) == 1) > 0.5:
            return []
        found = [bit for bit in range(32) if moved >> bit & 1]
        return found if len(found) >= 3 else []


@dataclass
class StreamLook:
    """What the beginning of a stream shows; ``complete`` when that is all of it."""

    name: str
    samples: int = 0
    complete: bool = True
    first_ns: int = MISSING_NS
    last_ns: int = MISSING_NS
    stamps: StampFormat | None = None
    first_stamp: str = ""
    zoned: bool = False
    codes: Counter[str] = field(default_factory=Counter)
    tags: list[TagLook] = field(default_factory=list)
    journal: int = 0
    damage: int = 0


def look_at(paths: Sequence[Path], *, most_samples: int = MOST_SAMPLES) -> list[StreamLook]:
    """Look at the first samples of each stream of a log.

    Raises:
        InputError: a path that cannot be read, or a log of no known kind.
    """
    looks: dict[str, StreamLook] = {}
    for name, reader in readers(source_files(paths)):
        gathered: dict[str, dict[str, _Gathered]] = {}
        for number, batch in enumerate(itertools.islice(reader.batches(), _MOST_BATCHES + 1)):
            look = looks.setdefault(batch.stream, StreamLook(batch.stream))
            if look.samples >= most_samples or number == _MOST_BATCHES:
                look.complete = False
                break
            if isinstance(batch, Samples):
                _take(batch, look, gathered.setdefault(batch.stream, {}))
            elif isinstance(batch, JournalEntry):
                look.journal += 1
            elif isinstance(batch, Damage):
                look.damage += batch.count
        looks.setdefault(name, StreamLook(name))
        for stream, tags in gathered.items():
            looks[stream].tags += [tag.look(name) for name, tag in tags.items()]
    return [look for look in looks.values() if look.samples or look.journal or look.damage]


class _Gathered:
    """Samples of one tag, piece by piece."""

    def __init__(self) -> None:
        self.count = 0
        self.times: list[Times] = []
        self.numbers: list[Numbers] = []
        self.words: Counter[str] = Counter()
        self.decimals: int | None = None

    def look(self, name: str) -> TagLook:
        times = np.concatenate([*self.times, np.zeros(0, dtype=np.int64)])
        numbers = np.concatenate([*self.numbers, np.zeros(0)])
        period_ns = estimate_period_ns(np.diff(np.sort(times)))
        period_s = None if period_ns is None else float(f"{period_ns / 1e9:.3g}")
        return TagLook(name, self.count, numbers[np.isfinite(numbers)], self.words, period_s, self.decimals)


def _take(batch: Samples, look: StreamLook, tags: dict[str, _Gathered]) -> None:
    if look.stamps is None:
        look.stamps = find_stamp_format(batch.time)
        stamp = next((text for text in batch.time[:100].to_pylist() if text is not None), "")
        look.first_stamp = str(stamp)
        look.zoned = bool(re.search(r"(Z|[+-]\d\d:?\d\d)$", look.first_stamp.strip()))
    stamps = look.stamps or StampFormat("iso")
    t_ns = to_ns(batch.time, format=stamps.format, unit=stamps.unit)
    there = t_ns[t_ns != MISSING_NS]
    if len(there):
        look.first_ns = int(there.min()) if look.first_ns == MISSING_NS else min(look.first_ns, int(there.min()))
        look.last_ns = max(look.last_ns, int(there.max()))
    look.samples += len(batch)
    if batch.quality is not None:
        for code in batch.quality.value_counts().to_pylist():
            look.codes[str(code["values"])] += code["counts"]
    numbers = to_numbers(batch.value, decimal=batch.decimal)
    indices = batch.tag.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    order = np.argsort(indices, kind="stable")
    found, starts = np.unique(indices[order], return_index=True)
    names = batch.tag.dictionary.to_pylist()
    text = pa.types.is_string(batch.value.type)
    for index, part in zip(found.tolist(), np.split(order, starts[1:]), strict=True):
        if index < 0:
            continue
        tag = tags.setdefault(str(names[index]), _Gathered())
        tag.count += len(part)
        room = MOST_OF_TAG - sum(map(len, tag.times))
        part = part[:room]
        if not len(part):
            continue
        known = part[t_ns[part] != MISSING_NS]
        tag.times.append(t_ns[known])
        tag.numbers.append(numbers[part])
        if text:
            _take_texts(tag, batch.value, part, numbers)


def _take_texts(tag: _Gathered, values: pa.Array, part: npt.NDArray[np.intp], numbers: Numbers) -> None:
    """Words instead of numbers, and decimals of the numbers."""
    words = part[np.isnan(numbers[part])]
    for word in values.take(pa.array(words)).to_pylist():
        if word is not None and (word in tag.words or len(tag.words) < _MOST_WORDS):
            tag.words[word] += 1
    for text in values.take(pa.array(part[~np.isnan(numbers[part])][:200])).to_pylist():
        decimals = _DECIMALS.search(text or "")
        tag.decimals = max(tag.decimals or 0, len(decimals[1]) if decimals else 0)
