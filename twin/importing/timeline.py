"""What stands on an imported Record's timeline: its journal, and where data is missing or stuck."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from twin.analysis.quality import Findings
from twin.importing.clocks import Clocks
from twin.record import Event
from twin.record.model import Level
from twin.source.sample import Damage, JournalEntry
from twin.source.stamp import MISSING_NS

#: Something of a journal: when (ns since 1970), which edge, of which entry.
Happening = tuple[int, str, JournalEntry]
#: Findings that last, and stand on the timeline.
_ON_TIMELINE = frozenset({"gap", "frozen"})


def read_journal(entries: Sequence[JournalEntry], clocks: Clocks, damage: list[Damage]) -> list[Happening]:
    """What a journal says happened, with its time; a stamp that cannot be read is added to the damage."""
    edges: dict[str, list[tuple[str, str, JournalEntry]]] = {}
    for entry in entries:
        for edge, stamp in (("raised", entry.raised), ("cleared", entry.cleared), ("acknowledged", entry.acknowledged)):
            if stamp:
                edges.setdefault(entry.stream, []).append((stamp, edge, entry))
    happenings = []
    for stream, rows in edges.items():
        stamps = pa.array([stamp for stamp, _, _ in rows])
        for t_ns, (stamp, edge, entry) in zip(clocks.read(stream, stamps).tolist(), rows, strict=True):
            if t_ns == MISSING_NS:
                damage.append(Damage(stream, entry.row, "no time stamp that can be read", text=stamp[:200]))
            else:
                happenings.append((t_ns, edge, entry))
    return happenings


def alarm_event(happening: Happening, first_ns: int) -> Event:
    """An entry of a journal as an event of a Record that begins at ``first_ns``."""
    t_ns, edge, entry = happening
    data = {"edge": edge, "class": entry.alarm_class, "code": entry.code, "stream": entry.stream}
    level: Level = "warning" if edge == "raised" else "info"
    return Event(t_ns - first_ns, "alarm", entry.code, entry.text, level, data)


def data_events(findings: Findings, first_ns: int) -> list[Event]:
    """Where data is missing or stuck, stream by stream: what many of its tags share is told once."""
    places: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for finding in findings:
        if finding.kind in _ON_TIMELINE:
            places.setdefault((finding.kind, finding.subject.split("/")[0]), []).extend(finding.places)
    events = []
    for (kind, stream), spans in places.items():
        for number, (start_ns, end_ns) in enumerate(_united(spans)):
            data = {"finding": kind, "subject": stream}
            # What begins and ends together bears one name.
            name = f"{kind} {stream} {number + 1}"
            message = f"{(end_ns - start_ns) / 1e9:.1f} s"
            events.append(Event(start_ns - first_ns, "data", name, message, "warning", {**data, "edge": "start"}))
            events.append(Event(end_ns - first_ns, "data", name, message, "info", {**data, "edge": "end"}))
    return events


def _united(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches of time, those that overlap made one."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
