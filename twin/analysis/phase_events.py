"""Phases found in a log, as the events that a run would have written."""

from __future__ import annotations

from twin.analysis.phase_table import phase_table_of
from twin.analysis.phases import find_phases
from twin.errors import InputError
from twin.record import Event, Record


def phase_events(record: Record) -> list[Event]:
    """Beginnings and ends of phases, found from signals alone (``data`` says so); none where none are known."""
    try:
        found = find_phases(record, phase_table_of(record))
    except InputError:
        return []
    events = []
    for swap in found.swaps:
        for phase in swap.phases:
            start_ns = record.start_ns if phase.start_ns is None else phase.start_ns
            edges = [("start", start_ns)] + ([] if phase.end_ns is None else [("end", phase.end_ns)])
            events += [Event(t_ns, "phase", phase.name, data={"edge": edge, "found": True}) for edge, t_ns in edges]
    return events
