"""How often a log looks at its signals, which is more than how often it writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from twin.record import Record
from twin.replay.pair import scan_period_ns
from twin.replay.site import map_of
from twin.signals import Signal

#: A stream's period is found from signals with so many samples; that share of steps between them may be shorter.
_ENOUGH, _SHORTER = 6, 0.05


def look_periods(record: Record, signals: Sequence[Signal]) -> Mapping[str, int]:
    """Signal to how often its log looks at it, ns: as the map says, or else as the samples of its stream tell.

    What is written on change is looked at no rarer than the quickest signal of its stream is written.
    """
    mapped = _of_map(record)
    scan_ns = scan_period_ns(record)
    found: dict[str, int] = {}
    by_stream: dict[str, int] = {}
    for signal in signals:
        said = round(signal.period_s * 1e9) or mapped.get(signal.name, 0) or scan_ns
        if not said:
            stream = signal.source.partition("/")[0]
            if stream not in by_stream:
                by_stream[stream] = _seen(record, stream)
            said = by_stream[stream]
        found[signal.name] = said
    return found


def _of_map(record: Record) -> dict[str, int]:
    return {
        signal: round(tag.period_s * 1e9)
        for tag in map_of(record).tags.values()
        if tag.period_s
        for signal in ([tag.signal] if tag.signal else tag.bits.values())
    }


def _seen(record: Record, stream: str) -> int:
    """The shortest usual step between samples of a stream's signals, ns; 0 where they are too few."""
    steps = []
    for signal in record.signals:
        if signal.source.partition("/")[0] == stream and signal.kind not in ("raw", "qc"):
            t_ns, _ = record.signal(signal.name)
            if len(t_ns) >= _ENOUGH:
                # The first sample is what the logger found when it began.
                steps.append(float(np.quantile(np.diff(t_ns[1:]), _SHORTER)))
    return round(min(steps, default=0.0))
