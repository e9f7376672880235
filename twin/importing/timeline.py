"""What stands on an imported Record's timeline: its journal, and what is wrong with its data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from twin.analysis.finding import MOST_PLACES, Findings, Kind
from twin.importing.clocks import Clocks
from twin.record import Event
from twin.record.model import Level
from twin.source.sample import Damage, JournalEntry
from twin.source.stamp import MISSING_NS

#: Something of a journal: when (ns since 1970), which edge, of which entry.
Happening = tuple[int, str, JournalEntry]
#: Findings about lines of a file, or about a stream as a whole, rather than about an instant of the log.
_NOT_IN_TIME = frozenset({"unordered", "stray_stamp", "missing_tag", "skew", "server_clock", "time_format"})
#: Tags that are named in one event, at most.
_MOST_TAGS = 20


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
    if entry.kind == "event":
        return Event(t_ns - first_ns, "event", entry.code, entry.text, data={"stream": entry.stream})
    data = {"edge": edge, "class": entry.alarm_class, "code": entry.code, "stream": entry.stream}
    level: Level = "warning" if edge == "raised" else "info"
    return Event(t_ns - first_ns, "alarm", entry.code, entry.text, level, data)


def data_events(findings: Findings, first_ns: int) -> list[Event]:
    """Findings that have a place in time, as events of kind ``data``: the first hundred of each kind and stream.

    What several tags of a stream share is told once. What lasts is a pair of events, ``start`` and ``end``, of one
    name; where there are more, the last one that is told says so (``more``).
    """
    places: dict[tuple[Kind, str], list[tuple[int, int, str]]] = {}
    cut: set[tuple[Kind, str]] = set()
    for finding in findings:
        if finding.kind not in _NOT_IN_TIME:
            mine = [(start, end, finding.subject) for start, end in finding.places]
            places.setdefault((finding.kind, finding.stream), []).extend(mine)
            if len(finding.places) == MOST_PLACES < finding.count:
                cut.add((finding.kind, finding.stream))
    events = []
    for (kind, stream), spans in places.items():
        stretches = _united(spans)
        told = min(len(stretches), MOST_PLACES)
        for number, (start_ns, end_ns, subjects) in enumerate(stretches[:told], 1):
            tags = sorted(subjects)
            data: dict[str, Any] = {"finding": kind, "subject": tags[0] if len(tags) == 1 else stream}
            if len(tags) > 1:
                data["tags"] = [tag.removeprefix(f"{stream}/") for tag in tags[:_MOST_TAGS]]
            if number == told and (told < len(stretches) or (kind, stream) in cut):
                data["more"] = True
            name, at_ns = f"{kind} {stream} {number}", start_ns - first_ns
            if end_ns == start_ns:
                events.append(Event(at_ns, "data", name, "", "warning", data))
                continue
            message = f"{(end_ns - start_ns) / 1e9:.1f} s"
            events.append(Event(at_ns, "data", name, message, "warning", {**data, "edge": "start"}))
            events.append(Event(end_ns - first_ns, "data", name, message, "info", {**data, "edge": "end"}))
    return events


def _united(spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, set[str]]]:
    """Stretches of time with whom they are about, those that overlap made one."""
    united: list[tuple[int, int, set[str]]] = []
    for start, end, subject in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]), united[-1][2] | {subject})
        else:
            united.append((start, end, {subject}))
    return united
