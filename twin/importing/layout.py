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
    texts, codes = list(spool.texts), list(spool.codes)
    slugs: set[str] = set()
    columns = []
    for number, full_name in enumerate(spool.tags):
        stream, _, name = full_name.partition("/")
        place = f"{_slug(stream)}.{_unique(_slug(name), _slug(stream), slugs)}"
        device, field = place.split(".")
        mapped = tag_map.find(stream, name)
        tag = mapped or _made_up(f"{_AREA}.{device}.pv_{field}", number, spool, texts)
        signals = tag.signals(full_name)
        raw = not tag.plain and mapped is not None
        if raw:
            signals.append(Signal(f"{_AREA}.{device}.raw_{field}", source=full_name))
        quality = _quality_matters(number, spool, codes, tag_map)
        if quality:
            labels = {n: f"{code} {tag_map.judge(code)}" for n, code in enumerate(codes)}
            signals.append(Signal(f"{_AREA}.{device}.qc_{field}", "enum", labels=labels, source=full_name))
        columns.append(
            Column(stream, name, f"{device}/{field}", tag, SignalTable(signals), mapped is not None, raw, quality)
        )
    return columns


def _made_up(signal: str, number: int, spool: Spool, texts: Sequence[str]) -> Tag:
    """A tag that the map does not mention: numbers with words for "no value", or words."""
    counts = {text: count for (tag, text), count in spool.tag_texts.items() if tag == number}
    numbers = counts.pop(-1, 0)
    if numbers and sum(counts.values()) <= _MOST_WORDS * numbers:
        return Tag(signal=signal)
    words = [texts[text] for text in sorted(counts)]
    return Tag(
        signal=signal, type="enum", words={word: float(n) for n, word in enumerate(words)},
        labels=dict(enumerate(words)),
    )  # fmt: skip


def _quality_matters(number: int, spool: Spool, codes: Sequence[str], tag_map: TagMap) -> bool:
    mine = [code for tag, code in spool.tag_codes if tag == number and code >= 0]
    return len(mine) > 1 or any(tag_map.judge(codes[code]) != "good" for code in mine)


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
