"""What people asked of a running run, told from what its scenario made happen."""

from __future__ import annotations

from pydantic import TypeAdapter

from twin.event import Action, AnyAction, OperatorAction
from twin.record import Event

_ACTION: TypeAdapter[Action] = TypeAdapter(AnyAction)


def asked_for(event: Event) -> Action | None:
    """What somebody asked of a running run, beside its scenario; None when the event is something else."""
    if event.kind == "operator" and event.name == "request":
        return OperatorAction(set=event.data["set"])
    if event.kind in ("operator", "fault", "event", "lesson") and event.data.get("id") == "":
        return _ACTION.validate_python({key: value for key, value in event.data.items() if key != "id"})
    return None
