"""A script of a lesson, changed act by act: every act has a name and a moment of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.rubric.catalogue import Deed
from twin.event import AfterCondition, Condition, GiveAnswer, Remark, ScenarioEvent, TakeHint, TimeCondition
from twin.lesson import Lesson

#: Acts by name, in no order.
Script = Mapping[str, ScenarioEvent]


def oracle(lesson: Lesson) -> dict[str, ScenarioEvent]:
    """How a lesson is done; acts without a name are called ``act<n>``, n from 1."""
    return _named(lesson.oracle, {}, "act")


def with_deed(script: Script, name: str, deed: Deed, since: str) -> dict[str, ScenarioEvent]:
    """The script with a deed in it. What waits for an act that is left out waits for what that waited for; what is
    added to such an act is left out too."""
    changed = {act: event.model_copy(update={"at": deed.moved.get(act, event.at)}) for act, event in script.items()}
    for gone in deed.drop:
        if gone in changed:
            left = changed.pop(gone)
            changed = {act: _without(event, gone, left) for act, event in changed.items()}
    added = _named(deed.events, {"since": since}, f"{name}_")
    known = {*changed, *added}
    return changed | {act: event for act, event in added.items() if _at(event).after in {None, *known}}


def delayed(script: Script, act: str, by_s: float) -> dict[str, ScenarioEvent]:
    """The script with an act done later, and all that waits for it."""
    return {**script, act: _later(script[act], by_s)}


def answered(script: Script, question: str, answer: str | None) -> dict[str, ScenarioEvent]:
    """The script with another answer to a question, or none; what follows an answer follows its silence too."""
    changed = dict(script)
    for act, event in script.items():
        if isinstance(event.do, GiveAnswer) and event.do.question == question:
            said = event.do.model_copy(update={"answer": answer})
            do = said if answer is not None else Remark(what="observed", text=f"no answer to {question}")
            changed[act] = event.model_copy(update={"do": do})
    return changed


def hinted(script: Script, step: str, at_s: float) -> dict[str, ScenarioEvent]:
    """The script with the hint of a step asked for."""
    name = f"hint_{step}"
    return {**script, name: ScenarioEvent(id=name, at=TimeCondition(time_s=at_s), do=TakeHint(step=step))}


def in_order(script: Script) -> list[ScenarioEvent]:
    """The acts, each below what it waits for."""
    placed: dict[str, ScenarioEvent] = {}
    waiting = dict(script)
    while ready := [act for act, event in waiting.items() if _at(event).after in {None, *placed}]:
        placed |= {act: waiting.pop(act) for act in ready}
    if waiting:
        raise ValueError(f"{', '.join(waiting)} wait for what never comes")
    return list(placed.values())


def _named(events: Sequence[ScenarioEvent], means: Mapping[str, str], prefix: str) -> dict[str, ScenarioEvent]:
    named: dict[str, ScenarioEvent] = {}
    # An oracle's own names stay; those of a deed are its own.
    own = {one.id: one.id if prefix == "act" else f"{prefix}{one.id}" for one in events if one.id}
    for number, one in enumerate(events, 1):
        name = own[one.id] if one.id else f"{prefix}{number}"
        at = one.at or (AfterCondition(after=list(named)[-1]) if named else TimeCondition(time_s=0.0))
        after = None if at.after is None else means.get(at.after, own.get(at.after, at.after))
        named[name] = one.model_copy(update={"id": name, "at": at.model_copy(update={"after": after})})
    return named


def _at(event: ScenarioEvent) -> Condition:
    assert event.at is not None
    return event.at


def _later(event: ScenarioEvent, by_s: float) -> ScenarioEvent:
    at = _at(event)
    return event.model_copy(update={"at": at.model_copy(update={"delay_s": round(at.delay_s + by_s, 2)})})


def _without(event: ScenarioEvent, gone: str, left: ScenarioEvent) -> ScenarioEvent:
    at = _at(event)
    if at.after != gone:
        return event
    if isinstance(at, AfterCondition):
        return _later(event.model_copy(update={"at": _at(left)}), at.delay_s)
    return event.model_copy(update={"at": at.model_copy(update={"after": _at(left).after})})
