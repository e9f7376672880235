"""The page of an incident: a stretch of a log, and why it stopped there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from twin.analysis.explained import as_data, explain_stop
from twin.analysis.phase_events import phase_events
from twin.errors import InputError
from twin.files import write_text
from twin.playback import check_stretch, embed
from twin.record import Event, Record
from twin.report.offline import offline_page


def incident_page(
    record: Record, t0_ns: int, t1_ns: int, *, title: str = "", signals: Sequence[str] = (),
    extras: Mapping[str, Any] | None = None,
) -> str:  # fmt: skip
    """A stretch of a Record as a page of one file, with why it stopped where it did (``extras.why``) and its phases
    where the log has none of its own (``extras.phases``), beside the extras given.

    Arguments and errors as of :func:`twin.playback.embed` and :func:`twin.report.offline_page`.
    """
    check_stretch(record, t0_ns, t1_ns)
    found = {**_why(record, t0_ns, t1_ns), **_phases(record, t0_ns, t1_ns), **(extras or {})}
    return offline_page(embed(record, t0_ns, t1_ns, title=title, signals=signals, extras=found))


def write_incident(
    record: Record, t0_ns: int, t1_ns: int, out: Path, *, title: str = "", signals: Sequence[str] = ()
) -> int:
    """Write the page whole or not at all; returns its size, bytes."""
    page = incident_page(record, t0_ns, t1_ns, title=title, signals=signals)
    write_text(out, page)
    return len(page.encode())


def _why(record: Record, t0_ns: int, t1_ns: int) -> dict[str, Any]:
    """The last stop that began in the stretch, explained; nothing where there is none or no table of causes."""
    try:
        explained = explain_stop(record, t1_ns)
    except InputError:
        return {}
    if explained is None or explained.why.stop.at_ns < t0_ns:
        return {}
    return {"why": as_data(explained)}


def _phases(record: Record, t0_ns: int, t1_ns: int) -> dict[str, Any]:
    """Phases that last within the stretch, found from signals; nothing where the log tells its own."""
    if any(event.kind == "phase" for event in record.events()):
        return {}
    started: dict[str, Event] = {}
    kept = []
    for event in phase_events(record):
        if event.data["edge"] == "start":
            started[event.name] = event
            kept += [event] if t0_ns <= event.t_ns <= t1_ns else []
        elif event.t_ns >= t0_ns and event.name in started:
            begun = started.pop(event.name)
            if begun.t_ns < t0_ns:
                kept.append(replace(begun, t_ns=t0_ns))
            kept += [event] if event.t_ns <= t1_ns else []
    return {"phases": [asdict(event) for event in kept]} if kept else {}
