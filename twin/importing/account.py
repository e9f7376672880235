"""The account of an import: what was in a log and how good it is, as typed data with stable keys.

It travels in the Record (``quality.json``), is written as a report in JSON, and is what the report page shows.
"""

from __future__ import annotations

import math
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from twin import __version__
from twin.analysis.finding import Finding, finding_words, worst_first

if TYPE_CHECKING:
    from twin.analysis.skew import Skew
    from twin.importing.outcome import Imported

#: Name of the attachment.
ACCOUNT = "quality.json"
FORMAT: Literal["swaptwin-import/1"] = "swaptwin-import/1"


#: Why the clocks of two streams cannot be compared.
_REASONS: dict[str, tuple[str, str]] = {
    "": ("", ""),
    "few_events": ("too few events in one of the streams", "其中一个数据流的事件太少"),
    "no_common_events": (
        "no two tags tell of the same events at one lag alone", "没有两个变量能以唯一的时差对应相同事件"
    ),
    "lags_differ": ("pairs of tags tell different lags", "不同变量对给出的时差不一致"),
}  # fmt: skip


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    """One text in both languages."""

    en: str
    zh: str


class Place(_Part):
    """A stretch of the Record's time, ns since its start; an instant begins where it ends."""

    start_ns: int
    end_ns: int


class FindingAccount(_Part):
    """A kind of finding about a stream or a tag; ``places`` are the first hundred, ``worst`` is in ``unit``."""

    kind: str
    name: Words
    means: Words
    subject: str
    stream: str
    count: int
    worst: float
    unit: str
    note: Words
    places: list[Place]
    data: dict[str, Any]


class ClockAccount(_Part):
    """What was added to a stream's stamps, and who said so."""

    offset_s: float
    drift_ppm: float
    by: str


class SkewAccount(_Part):
    """What is to be added to a stream's stamps so that they agree with the reference's, or why that is not known."""

    reference: str
    stream: str
    known: bool
    matters: bool
    offset_s: float
    error_s: float
    drift_ppm: float
    confidence: str
    matches: int
    events: int
    pairs: list[tuple[str, str]]
    reason: str
    means: Words


class StreamAccount(_Part):
    """A stream; ``coverage`` are its samples in equal parts of the Record's time."""

    name: str
    samples: int
    tags: int
    first_at: str
    last_at: str
    clock: ClockAccount
    coverage: list[int]


class TagAccount(_Part):
    """A source tag and the signals it became; numbers of the first of them."""

    stream: str
    tag: str
    table: str
    signals: list[str]
    type: str
    unit: str
    text: dict[str, str]
    mapped: bool
    samples: int
    period_s: float | None
    low: float | None
    high: float | None
    share_bad: float
    words: int


class NotRead(_Part):
    """Something that could not be read; ``line`` 0 is the file as a whole."""

    stream: str
    line: int
    what: str
    count: int
    text: str


class Account(_Part):
    """The whole. Times: ISO 8601 in UTC, or ns since the Record's start, which is ``start_ns`` since 1970."""

    format: Literal["swaptwin-import/1"] = FORMAT
    version: str = __version__
    map: str
    zone: str
    start_ns: int
    started_at: str
    duration_s: float
    samples: int
    journal_entries: int
    streams: list[StreamAccount]
    skews: list[SkewAccount]
    findings: list[FindingAccount]
    tags: list[TagAccount]
    not_read: list[NotRead] = Field(default_factory=list)

    def to_json(self, indent: int | None = None) -> str:
        return self.model_dump_json(indent=indent)

    @classmethod
    def from_json(cls, data: bytes | str) -> Account:
        """The inverse of :meth:`to_json`."""
        return cls.model_validate_json(data)


def account_of(found: Imported, zone: str) -> Account:
    """The account of what an import found."""
    tags = [
        TagAccount(
            stream=column.stream, tag=column.name, table=column.table, signals=column.signals.names,
            type=first.type, unit=first.unit, text=dict(first.text), mapped=column.mapped, samples=facts.samples,
            period_s=None if facts.period_ns is None else facts.period_ns / 1e9,
            low=_finite(facts.low), high=_finite(facts.high),
            share_bad=facts.bad / max(facts.samples, 1), words=facts.words,
        )
        for column, facts in zip(found.columns, found.facts, strict=True)
        for first in [next(iter(column.signals))]
    ]  # fmt: skip
    streams = [
        StreamAccount(
            name=stream.name, samples=stream.samples, tags=sum(tag.stream == stream.name for tag in tags),
            first_at=iso(stream.first_ns), last_at=iso(stream.last_ns), coverage=stream.coverage.tolist(),
            clock=ClockAccount(
                offset_s=stream.correction.offset_s, drift_ppm=stream.correction.drift_ppm, by=stream.correction.by
            ),
        )
        for stream in found.streams.values()
    ]  # fmt: skip
    return Account(
        map=found.map_name, zone=zone, start_ns=found.first_ns, started_at=iso(found.first_ns),
        duration_s=(found.last_ns - found.first_ns) / 1e9, samples=found.samples, journal_entries=len(found.journal),
        streams=streams, skews=[_skew(skew) for skew in found.skews],
        findings=[_finding(finding, found.first_ns) for finding in worst_first(found.findings)],
        tags=tags,
        not_read=[
            NotRead(stream=lost.stream, line=lost.row, what=lost.what, count=lost.count, text=lost.text)
            for lost in found.damage
        ],
    )  # fmt: skip


def iso(t_ns: int) -> str:
    """A time since 1970 in ISO 8601, UTC, to the microsecond."""
    return datetime.fromtimestamp(t_ns // 1000 / 1e6, timezone.utc).isoformat().replace("+00:00", "Z")


def _finding(finding: Finding, first_ns: int) -> FindingAccount:
    words = finding_words()[finding.kind]
    return FindingAccount(
        kind=finding.kind, name=_words(words["name"]), means=_words(words["means"]), subject=finding.subject,
        stream=finding.stream, count=finding.count, worst=finding.worst, unit=finding.unit, note=_words(finding.note),
        places=[Place(start_ns=start - first_ns, end_ns=end - first_ns) for start, end in finding.places],
        data=finding.data,
    )  # fmt: skip


def _skew(skew: Skew) -> SkewAccount:
    return SkewAccount(
        reference=skew.reference, stream=skew.stream, known=skew.known, matters=skew.matters, offset_s=skew.offset_s,
        error_s=skew.error_s, drift_ppm=skew.drift_ppm, confidence=skew.confidence, matches=skew.matches,
        events=skew.events, pairs=list(skew.pairs), reason=skew.reason,
        means=_words(_REASONS[skew.reason]),
    )  # fmt: skip


def _words(pair: tuple[str, str]) -> Words:
    return Words(en=pair[0], zh=pair[1])


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
