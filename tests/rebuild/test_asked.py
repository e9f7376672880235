"""What people asked of a run is told from what happened by itself."""

from __future__ import annotations

from typing import Any

import pytest

from twin.event import ClearAction, GiveAnswer, OperatorAction
from twin.rebuild.asked import asked_for
from twin.record import Event

CREEP = {"name": "truck_creep", "target": "", "speed_m_s": 0.02}


@pytest.mark.parametrize(
    ("kind", "name", "data", "asked"),
    [
        ("operator", "request", {"set": {"op_start": True}}, OperatorAction(set={"op_start": True})),
        ("fault", "truck_creep", {"id": "", "clear": {"name": "truck_creep"}}, ClearAction(name="truck_creep")),
        ("lesson", "give_answer", {"id": "", "give_answer": {"question": "why", "answer": "a"}},
         GiveAnswer(question="why", answer="a")),
        ("fault", "truck_creep", {"id": "event1", "fault": CREEP}, None),
        ("fault", "truck_creep", {"id": "", "edge": "end", "fault": CREEP}, None),
        ("state", "Held", {}, None),
    ],
    ids=["a button", "a cause removed", "an answer", "a scenario's fault", "a fault that is over", "a state"],
)  # fmt: skip
def test_only_what_somebody_asked(kind: str, name: str, data: dict[str, Any], asked: object) -> None:
    assert asked_for(Event(0, kind, name, data=data)) == asked
