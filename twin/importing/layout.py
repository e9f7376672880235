"""Which tables and signals an imported log gets, from what is in it and what its map says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from twin.importing.spool import Spool
from twin.signals import Signal, SignalTable
from twin.tag_map import Tag, TagMap

#: Words among numbers that mean "no value" in a tag that no map mentions: more than this share, and it is text.
_MOST_WORDS = 0.5
_AREA = "log"


@dataclass(frozen=True)
class Column:
    """A source tag and the table it becomes.

    Args:
        tag: the map's entry, or one made up for a tag that the map does not mention.
        mapped: whether the map mentions it.
        raw: whether the value as the source wrote it stands beside the signal. quality: whether its code does.
    """

    stream: str
    name: str
    table: str
    tag: Tag
    signals: SignalTable
    mapped: bool
    raw: bool
    quality: bool


def lay_out(spool: Spool, tag_map: TagMap) -> list[Column]:
    """One table per source tag, in the order of the spool's numbers."""
    texts, judged = list(spool.texts), tag_map.judge(spool.codes)
    labels = {n: f"{code} {quality}" for n, (code, quality) in enumerate(judged.items())}
    texts_of, codes_of = _by_tag(spool.tag_texts), _by_tag(spool.tag_codes)
    given = {signal for tag in tag_map.tags.values() for signal in ([tag.signal] if tag.signal else tag.bits.values())}
    slugs: set[str] = set()
    columns = []
    for number, full_name in enumerate(spool.tags):
        stream, _, name = full_name.partition("/")
        device = _slug(stream)
        field = _unique(_slug(name), device, slugs)
        mapped = tag_map.find(stream, name)
        if mapped is not None and mapped.type == "enum" and not mapped.words:
            mapped = _worded(mapped, texts_of.get(number, {}), texts)
        while mapped is None and f"{_AREA}.{device}.pv_{field}" in given:
            field = _unique(_slug(name), device, slugs)
        tag = mapped or _made_up(f"{_AREA}.{device}.pv_{field}", texts_of.get(number, {}), texts)
        signals = tag.signals(full_name)
        raw = not tag.plain and mapped is not None
        if raw:
            signals.append(Signal(f"{_AREA}.{device}.raw_{field}", source=full_name, private=tag.private))
        codes = [code for code in codes_of.get(number, {}) if code >= 0]
        quality = len(codes) > 1 or any(not labels[code].endswith(" good") for code in codes)
        if quality:
            signals.append(Signal(f"{_AREA}.{device}.qc_{field}", "enum", labels=labels, source=full_name))
        columns.append(
            Column(stream, name, f"{device}/{field}", tag, SignalTable(signals), mapped is not None, raw, quality)
        )
    return columns


def made_up_name(stream: str, tag: str, taken: set[str]) -> str:
    """The signal that a tag becomes which no map mentions; ``taken`` are the log's others, and takes it in."""
    device = _slug(stream)
    return f"{_AREA}.{device}.pv_{_unique(_slug(tag), device, taken)}"


def _by_tag(counts: Mapping[tuple[int, int], int]) -> dict[int, dict[int, int]]:
    """Counts of (tag, number) as tag to number to count."""
    found: dict[int, dict[int, int]] = {}
    for (tag, number), count in counts.items():
        found.setdefault(tag, {})[number] = count
    return found


def _made_up(signal: str, counts: Mapping[int, int], texts: Sequence[str]) -> Tag:
    """A tag that the map does not mention: numbers with words for "no value", or words.

    Args:
        counts: number of a text to how often it occurs; -1 stands for numbers.
    """
    numbers = counts.get(-1, 0)
    used = sorted(text for text in counts if text >= 0)
    if numbers and sum(counts[text] for text in used) <= _MOST_WORDS * numbers:
        return Tag(signal=signal)
    words = [texts[text] for text in used]
    return Tag(
        signal=signal, type="enum", words={word: float(n) for n, word in enumerate(words)},
        labels=dict(enumerate(words)),
    )  # fmt: skip


def _worded(tag: Tag, counts: Mapping[int, int], texts: Sequence[str]) -> Tag:
    """An enum of which the map does not say the words, with those of the log, beside the labels that it has."""
    words = sorted(texts[text] for text in counts if text >= 0 and texts[text] not in tag.missing)
    first = max(tag.labels, default=0) + 1
    numbers = {word: float(n) for n, word in enumerate(words, first)}
    return tag.model_copy(
        update={"words": numbers, "labels": {**tag.labels, **{int(n): w for w, n in numbers.items()}}}
    )


def _slug(name: str) -> str:
    """A name as part of a signal's name: what is no ASCII letter or digit becomes an underscore."""
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60]
    return slug if slug and slug[0].isalpha() else f"x{slug}"


def _unique(slug: str, stream: str, taken: set[str]) -> str:
    candidate, n = slug, 2
    while f"{stream}.{candidate}" in taken:
        candidate, n = f"{slug}_{n}", n + 1
    taken.add(f"{stream}.{candidate}")
    return candidate


def tables_of(columns: Sequence[Column]) -> Mapping[str, SignalTable]:
    return {column.table: column.signals for column in columns}
