"""What people asked of a running run, told from what its scenario made happen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twin.event import PERSONAL, Action, OperatorAction, action_of
from twin.record import Event

_PERSONAL = {kind.tag for kind in PERSONAL}
#: Kinds of events that note an action; its ``id`` is that of the scenario's event, empty of what was asked.
_DONE = ("operator", "fault", "event", "lesson")


def asked_for(event: Event) -> Action | None:
    """What somebody asked of a running run, beside its scenario; None when the event is something else."""
    if event.kind == "operator" and event.name == "request":
        return OperatorAction(set=event.data["set"])
    if event.data.get("edge") == "end":
        return None  # a fault that ends by itself does so again
    return action_of(_fields(event)) if event.kind in _DONE and event.data.get("id") == "" else None


def done_by_people(events: Iterable[Event]) -> list[tuple[int, Action]]:
    """What people did in a run, with its time, ns: what was asked of it, and what a scenario had scripted people do."""
    found = []
    for event in events:
        if (asked := asked_for(event)) is not None:
            found.append((event.t_ns, asked))
        elif event.kind in _DONE and "id" in event.data and set(fields := _fields(event)) <= _PERSONAL:
            found.append((event.t_ns, action_of(fields)))
    return found


def _fields(event: Event) -> dict[str, Any]:
    """The action of an event, as a scenario has it."""
    return {key: value for key, value in event.data.items() if key != "id"}
