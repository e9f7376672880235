"""What people asked of a running run, told from what its scenario made happen."""

from __future__ import annotations

from collections.abc import Iterable

from twin.event import PERSONAL, Action, OperatorAction, action_of
from twin.record import Event

_PERSONAL = {kind.tag for kind in PERSONAL}


def asked_for(event: Event) -> Action | None:
    """What somebody asked of a running run, beside its scenario; None when the event is something else."""
    if event.kind == "operator" and event.name == "request":
        return OperatorAction(set=event.data["set"])
    if event.data.get("edge") == "end":
        return None  # a fault that ends by itself does so again
    if event.kind in ("operator", "fault", "event", "lesson") and event.data.get("id") == "":
        return action_of({key: value for key, value in event.data.items() if key != "id"})
    return None


def done_by_people(events: Iterable[Event]) -> list[tuple[int, Action]]:
    """What people did in a run, with its time, ns: what was asked of it, and what a scenario had scripted people do."""
    found = []
    for event in events:
        if (asked := asked_for(event)) is not None:
            found.append((event.t_ns, asked))
        elif "id" in event.data and event.kind in ("operator", "fault", "event", "lesson"):
            fields = {key: value for key, value in event.data.items() if key != "id"}
            if set(fields) <= _PERSONAL:
                found.append((event.t_ns, action_of(fields)))
    return found
