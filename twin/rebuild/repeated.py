"""The situation of a simulated Record: its own scenario, with what people asked for while it ran."""

from __future__ import annotations

from twin import event as events
from twin.rebuild.anchor import Anchors
from twin.rebuild.asked import asked_for
from twin.rebuild.known import How, Known, known
from twin.rebuild.situation import Situation
from twin.record import Record
from twin.scenario import parse_scenario


def repeated(record: Record) -> Situation:
    """The scenario of a Record; run again with the same controller it gives the same run, bit for bit.

    What was asked for while it ran answers what came before it, after the recorded time: with the same controller
    that is the same scan.
    """
    scenario = parse_scenario(record.attachment("scenario.yaml").decode(), name=record.metadata["scenario"])
    facts = [
        known(
            "scenario",
            scenario.name,
            "exact",
            "The run's own scenario, seed and station.",
            "该次运行自身的场景、种子和站。",
        )
    ]
    live = [(event, action) for event in record.events() if (action := asked_for(event)) is not None]
    if not live:
        return Situation(scenario, facts)
    anchors = Anchors(_starts(record, "phase"), _starts(record, "state"), lag_ns=int(record.metadata["scan_ns"]))
    added = []
    for n, (event, action) in enumerate(live, 1):
        answer = anchors.answer(event.t_ns)
        name = f"asked_{n}"
        added.append(events.ScenarioEvent(id=name, at=answer.at, do=action))
        anchors.before = (name, event.t_ns)
        facts.append(_told(action, answer.how, answer.text.en, answer.text.zh))
    # A run that somebody watches goes on until he stops it.
    limit_s = max(scenario.time_limit_s, record.end_ns / 1e9)
    again = scenario.model_copy(update={"events": [*scenario.events, *added], "time_limit_s": limit_s})
    return Situation(parse_scenario(again.to_yaml(), name=scenario.name), facts)


def _told(action: events.Action, how: How, en: str, zh: str) -> Known:
    what = action.model_dump(mode="json")
    return known(
        action.tag, str(next(iter(what.values()))), how, f"Asked for while it ran: {en}.", f"运行中请求：{zh}。"
    )


def _starts(record: Record, kind: str) -> list[tuple[int, str]]:
    return [(e.t_ns, e.name) for e in record.events() if e.kind == kind and e.data.get("edge", "start") == "start"]


def is_repeatable(record: Record) -> bool:
    """Whether a Record holds the scenario that made it."""
    return record.metadata.get("source") == "simulated" and "scenario.yaml" in record.attachments
