"""A stop of a Record, told whole: cause, step, phase, what a good swap did there, and what the log cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from twin.analysis.cause_table import CauseTable, cause_table_of
from twin.analysis.phase_table import phase_table_of
from twin.analysis.phases import Found, PhaseSpan, Swap, find_phases
from twin.analysis.samples import RecordSamples
from twin.analysis.step import AtStep, step_at
from twin.analysis.why import Stop, Why, explain, find_stops
from twin.errors import InputError
from twin.formula import Evaluation
from twin.record import Record


@dataclass(frozen=True)
class Explained:
    """One stop.

    Args:
        others: the log's other stops.
        phase: in which phase of which swap it happened; None where phases are not seen.
        good, good_phase: the last swap before it that was completed with as many packs, or else the first after it,
            and the same phase of it.
    """

    why: Why
    others: tuple[Stop, ...]
    swap: Swap | None = None
    phase: PhaseSpan | None = None
    step: AtStep | None = None
    good: Swap | None = None
    good_phase: PhaseSpan | None = None


def explain_stop(record: Record, at_ns: int | None = None, table: CauseTable | None = None) -> Explained | None:
    """The stop at an instant, or the last before it; without an instant the log's first; None when there is none.

    Raises:
        InputError: no table of causes is known for this log.
    """
    table = table or cause_table_of(record)
    samples = RecordSamples(record, bridged=True)
    stops = find_stops(samples, table)
    chosen = [stop for stop in stops if stop.at_ns <= at_ns] if at_ns is not None else stops[:1]
    if not chosen:
        return None
    stop = chosen[-1]
    why = explain(samples, table, stop, record.events())
    others = tuple(one for one in stops if one != stop)
    step = step_at(record, Evaluation(samples), stop.at_ns)
    try:
        found = find_phases(record, phase_table_of(record))
    except InputError:
        return Explained(why, others, step=step)
    swap, phase = _place(found, stop.at_ns)
    good, good_phase = _good(found, swap, phase)
    return Explained(why, others, swap, phase, step, good, good_phase)


def _place(found: Found, t_ns: int) -> tuple[Swap | None, PhaseSpan | None]:
    for swap in found.swaps:
        for phase in swap.phases:
            begun, ended = phase.start_ns, phase.end_ns
            if (begun is None or begun <= t_ns) and (ended is None or t_ns < ended):
                return swap, phase
    return None, None


def _good(found: Found, swap: Swap | None, phase: PhaseSpan | None) -> tuple[Swap | None, PhaseSpan | None]:
    if swap is None or phase is None:
        return None, None
    done = [one for one in found.swaps if one.outcome == "completed" and one.number != swap.number]
    before = [one for one in done if one.number < swap.number]
    good = before[-1] if before else done[0] if done else None
    same = [span for span in good.phases if span.name == phase.name] if good else []
    return good, same[0] if same else None


def as_data(explained: Explained) -> dict[str, Any]:
    """All of it, JSON-ready; times in s since the start of the log, texts in both languages."""
    why, step, phase, good = explained.why, explained.step, explained.phase, explained.good_phase
    causes = why.table.causes
    return {
        "stop": _stop(why.stop),
        "other_stops": [_stop(stop) for stop in explained.others],
        "alarms": [
            {"at_s": a.t_ns / 1e9, "name": a.name, "class": a.data.get("class", ""), "text": a.message}
            for a in why.alarms
        ],
        "swap": explained.swap.number if explained.swap else None,
        "phase": None if phase is None else {"name": phase.name, "since_s": _s(phase.start_ns)},
        "step": None if step is None else {
            "name": step.name, "since_s": step.since_ns / 1e9, "waits_for": step.waits_for,
            "waits_since_s": _s(step.waits_since_ns),
            "guards": [vars(guard) | {"conditions": list(guard.conditions)} for guard in step.guards],
        },
        "causes": [
            {
                "name": shown.name, "device": shown.device, "since_s": shown.since_ns / 1e9,
                "text": causes[shown.name].text.model_dump(), "way_out": causes[shown.name].way_out.model_dump(),
                "signs": [{"text": s.text, "held": s.held, "since_s": _s(s.since_ns)} for s in shown.signs],
            }
            for shown in why.causes
        ],
        "unanswered": [
            {"text": {"en": u.text_en, "zh": u.text_zh}, "command": u.command, "since_s": u.since_ns / 1e9}
            for u in why.unanswered
        ],
        "good_swap": None if explained.good is None else {
            "number": explained.good.number, "start_s": _s(explained.good.start_ns),
            "duration_s": explained.good.duration_s, "phase_start_s": _s(good.start_ns if good else None),
            "phase_duration_s": good.duration_s if good else None,
        },
        "cannot_tell": [
            {"name": name, "text": causes[name].text.model_dump(), "signals": list(signals)}
            for name, signals in why.cannot_tell.items()
        ],
    }  # fmt: skip


def _stop(stop: Stop) -> dict[str, Any]:
    return {
        "at_s": stop.at_ns / 1e9, "until_s": None if stop.open else stop.until_ns / 1e9, "told_by": stop.told_by,
        "state": stop.state,
    }  # fmt: skip


def _s(t_ns: int | None) -> float | None:
    return None if t_ns is None else t_ns / 1e9
