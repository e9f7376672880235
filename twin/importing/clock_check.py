"""Whether the clocks of a log's streams agree, by events that two of them saw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.analysis.finding import Findings
from twin.analysis.quality import TagFacts
from twin.analysis.skew import Skew, estimate, events_of
from twin.importing.correction import Correction
from twin.importing.layout import Column
from twin.importing.outcome import StreamFacts
from twin.record import Record

#: Tags of a stream that are looked at: those with some events, and not too many. Samples of one that are read.
_MOST_TAGS, _CHANGES, _MOST_SAMPLES = 8, (10, 200_000), 2_000_000


def check_clocks(record: Record, columns: Sequence[Column], facts: Sequence[TagFacts]) -> list[Skew]:
    """What is known of each stream's clock against that of the stream with most to tell."""
    chosen: dict[str, list[tuple[Column, TagFacts]]] = {}
    for column, fact in zip(columns, facts, strict=True):
        chosen.setdefault(column.stream, [])
        if _CHANGES[0] <= fact.changes <= _CHANGES[1] and fact.samples <= _MOST_SAMPLES:
            chosen[column.stream].append((column, fact))
    if len(chosen) < 2:
        return []
    events = {}
    for stream, tags in chosen.items():
        # Few changes are plain events; many are of a value that moves.
        best = sorted(tags, key=lambda pair: abs(np.log(pair[1].changes / 200)))[:_MOST_TAGS]
        events[stream] = [
            events_of(column.name, *record.signal(column.signals.names[0]), fact.period_ns) for column, fact in best
        ]
    reference = max(events, key=lambda stream: sum(min(len(e.t_ns), 500) for e in events[stream]))
    return [
        estimate(reference, stream, events[reference], mine) for stream, mine in events.items() if stream != reference
    ]


def tell(skews: Sequence[Skew], findings: Findings) -> None:
    """Put the skews that matter among the findings."""
    for skew in skews:
        if not skew.matters:
            continue
        a, b = skew.pairs[0]
        more_en = f" and {len(skew.pairs) - 1} more" if len(skew.pairs) > 1 else ""
        more_zh = f" 等 {len(skew.pairs)} 对变量" if len(skew.pairs) > 1 else ""
        drift = f", {skew.drift_ppm:+.1f} ppm" if skew.drift_ppm else ""
        told = f"{skew.offset_s:+.3f} s ± {skew.error_s:.3f} s{drift}"
        sure = {"high": ("high", "高"), "medium": ("medium", "中")}[skew.confidence or "medium"]
        note = (
            f"{told} against {skew.reference}, confidence {sure[0]}, by {b} and {a}{more_en}",
            f"相对 {skew.reference} {told}，可信度{sure[1]}，依据 {b} 与 {a}{more_zh}",
        )
        finding = findings.of("skew", skew.stream, "s", note=note)
        finding.count, finding.worst = skew.matches, abs(skew.offset_s)
        finding.data = {"offset_s": skew.offset_s, "error_s": skew.error_s, "drift_ppm": skew.drift_ppm}


def corrected(stream: StreamFacts, skew: Skew, start_ns: int) -> Correction:
    """The stream's correction with a skew that was accepted; ``start_ns`` is the Record's start, ns since 1970."""
    before = stream.correction
    first_ns = int(stream.clock(np.array([stream.first_ns]))[0])
    since_s = (first_ns - start_ns - skew.at_ns) / 1e9
    offset_s = before.offset_s + skew.offset_s + skew.drift_ppm * 1e-6 * since_s
    return Correction(round(offset_s, 6), round(before.drift_ppm + skew.drift_ppm, 2), "estimate")
