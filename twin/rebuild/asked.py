"""What people asked of a running run, told from what its scenario made happen."""

from __future__ import annotations

from twin.event import Action, OperatorAction, action_of
from twin.record import Event


def asked_for(event: Event) -> Action | None:
    """What somebody asked of a running run, beside its scenario; None when the event is something else."""
    if event.kind == "operator" and event.name == "request":
        return OperatorAction(set=event.data["set"])
    if event.data.get("edge") == "end":
        return None  # a fault that ends by itself does so again
    if event.kind in ("operator", "fault", "event", "lesson") and event.data.get("id") == "":
        return action_of({key: value for key, value in event.data.items() if key != "id"})
    return None
