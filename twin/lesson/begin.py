"""A lesson that begins in the middle of a run: what happens in it, told in the time of the run."""

from __future__ import annotations

from collections.abc import Sequence

from twin.event import AfterCondition, Condition, Remark, ScenarioEvent, TimeCondition

#: The event with which such a lesson begins; what happens in the lesson waits for it.
BEGIN = "lesson_begins"


def from_begin(events: Sequence[ScenarioEvent], begin_s: float) -> list[ScenarioEvent]:
    """Events of a lesson as events of its run: their times count from its begin, and none of them fires before."""
    if not begin_s:
        return list(events)
    begins = ScenarioEvent(id=BEGIN, at=TimeCondition(time_s=begin_s), do=Remark(what="begun"))
    return [begins, *(event.model_copy(update={"at": _later(event.at, begin_s)}) for event in events)]


def _later(at: Condition | None, begin_s: float) -> Condition | None:
    if isinstance(at, TimeCondition):
        return at.model_copy(update={"time_s": begin_s + at.time_s})
    if at is None or isinstance(at, AfterCondition) or at.after is not None:
        return at
    return at.model_copy(update={"after": BEGIN})
