"""What came of a Record: completed or not, how long, how hard, how close, and how it stands with the requirements.

All of it is read from the plant's signals where they tell, so that a run and a station's log are measured alike; what
only a simulation knows (clearances, forces in locks) is there for simulated Records only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from twin.analysis.phase_table import phase_table_of
from twin.analysis.phases import find_in
from twin.analysis.samples import RecordSamples
from twin.errors import InputError
from twin.formula import Evaluation, Formula, parse
from twin.formula.document import Sentence
from twin.rebuild.anchor import STATE
from twin.rebuild.expectation import unmet
from twin.rebuild.measure import OutcomeTable, PeakRule, load_outcome_table
from twin.record import Event, Record
from twin.requirement import Judgement, Margin, RequirementSet, judge, margins
from twin.scenario import parse_scenario

#: What is looked at before and after a swap.
_AROUND_NS = 2_000_000_000
#: True while nothing from outside stops a station.
_WELL = tuple(f"station.safety.st_{name}" for name in ("estop_ok", "mains_ok", "fence_closed", "floor_dry"))


@dataclass(frozen=True)
class Peak:
    """The highest or lowest of a quantity, in its signal's unit, where, and when first."""

    value: float
    unit: str
    t_ns: int
    signals: tuple[str, ...]


@dataclass(frozen=True)
class SwapOutcome:
    """One truck's swap.

    Args:
        outcome: as of :data:`twin.analysis.phases.Outcome`.
        swap_s: from its first phase to its end; None where the Record does not hold all of it.
        phases: s, of each phase that was seen from beginning to end, added up over the packs.
        starts: when each of them began first, ns. times: how often each phase came.
    """

    number: int
    outcome: str
    swap_s: float | None
    phases: dict[str, float]
    starts: dict[str, int]
    times: dict[str, int]


@dataclass(frozen=True)
class RuleOutcome:
    """A requirement: how it was judged, and what was left of its limits where it held."""

    judgement: Judgement
    margins: tuple[Margin, ...] = ()


@dataclass
class Outcome:
    """What came of a Record.

    Args:
        simulated: it is a run's; else a station's log.
        completed: every truck got what it asked for; None where the Record does not tell.
        ended: why a run ended (``time limit``); empty of a log. verdict: why its controller was ended, if it was.
        final_state: PackML state at the end; states: all that were passed, in order; empty where
            they were not recorded.
        alarms: tag to the instants at which it was raised, ns; None where none are recorded. tags: those recorded.
            classes: tag to class.
        troubled: something happened in the situation that a controller has to answer: a fault, a stop, the mains.
        expectation: what the scenario expects and did not get: key to (expected, got).
        peaks: by their names in ``assets/outcome.yaml``.
        phase_texts: what a phase is called.
    """

    simulated: bool = True
    completed: bool | None = None
    ended: str = ""
    verdict: str = ""
    final_state: str = ""
    states: tuple[str, ...] = ()
    alarms: dict[str, list[int]] | None = None
    tags: frozenset[str] = frozenset()
    classes: dict[str, str] = field(default_factory=dict)
    troubled: bool = False
    expectation: dict[str, tuple[str, str]] = field(default_factory=dict)
    swaps: list[SwapOutcome] = field(default_factory=list)
    peaks: dict[str, Peak] = field(default_factory=dict)
    rules: dict[str, RuleOutcome] = field(default_factory=dict)
    phase_texts: dict[str, Sentence] = field(default_factory=dict)
    end_ns: int = 0


def outcome(
    record: Record,
    requirements: Iterable[RequirementSet] = (),
    *,
    start_ns: int | None = None,
    end_ns: int | None = None,
    table: OutcomeTable | None = None,
) -> Outcome:
    """Measure a Record, or one swap of it.

    Args:
        requirements: judged on it, with the margin of each that held.
        start_ns, end_ns: the swap, as its situation says.
        table: what is measured; the shipped one by default.

    Raises:
        InputError: a requirement that means nothing on these signals.
    """
    t0_ns = None if start_ns is None else max(start_ns - _AROUND_NS, record.start_ns)
    t1_ns = None if end_ns is None else min(end_ns + _AROUND_NS, record.end_ns)
    samples = RecordSamples(record, t0_ns, t1_ns)
    found = Outcome(simulated="summary.json" in record.attachments, end_ns=samples.end_ns - 1)
    _tell_course(found, samples, [e for e in record.events() if samples.start_ns <= e.t_ns < samples.end_ns])
    _tell_swaps(found, record, samples)
    _tell_run(found, record)
    evaluation = Evaluation(samples)
    units = {name: signal.unit for name, signal in samples.signals.items()}
    for name, rule in (table or load_outcome_table()).quantities.items():
        peak = _peak(rule, evaluation, units)
        if peak is not None:
            found.peaks[name] = peak
    for some in requirements:
        found.rules |= _judged(some, evaluation, samples)
    return found


def _tell_course(found: Outcome, samples: RecordSamples, events: list[Event]) -> None:
    signals = samples.signals
    state = signals.get(STATE)
    if state is not None and state.labels:
        _, values = samples.series(state.name)
        values = values[~np.isnan(values)]
        codes = values[np.flatnonzero(np.diff(values, prepend=np.nan))].astype(int).tolist()
        found.states = tuple(state.labels.get(code, str(code)) for code in codes)
        found.final_state = found.states[-1] if found.states else ""
    tags = [name for name, signal in signals.items() if signal.kind == "alm"]
    if tags:
        found.alarms, found.tags = {}, frozenset(tags)
        samples.load(tags)
        for tag in tags:
            t_ns, values = samples.series(tag)
            up = values == 1
            raised = t_ns[up & ~np.concatenate([[False], up[:-1]])].tolist()
            if raised:
                found.alarms[tag] = raised
    for event in events:
        if event.kind == "alarm" and event.data.get("class"):
            found.classes[event.name] = str(event.data["class"])
        elif event.kind == "verdict":
            found.verdict = event.message
    lost = [name for name in _WELL if name in signals and bool((samples.series(name)[1] == 0).any())]
    found.troubled = bool(lost) or any(event.kind in ("fault", "event") for event in events)


def _tell_swaps(found: Outcome, record: Record, samples: RecordSamples) -> None:
    try:
        table = phase_table_of(record)
        swaps = find_in(RecordSamples(record, samples.start_ns, samples.end_ns - 1, bridged=True), table).swaps
    except InputError:
        return
    found.phase_texts = {name: phase.text for name, phase in table.phases.items()}
    for swap in swaps:
        took: dict[str, float] = {}
        starts: dict[str, int] = {}
        times: dict[str, int] = {}
        for span in swap.phases:
            times[span.name] = times.get(span.name, 0) + 1
            if span.duration_s is not None and span.start_ns is not None:
                took[span.name] = took.get(span.name, 0.0) + span.duration_s
                starts.setdefault(span.name, span.start_ns)
        found.swaps.append(SwapOutcome(swap.number, swap.outcome, swap.duration_s, took, starts, times))
    outcomes = {swap.outcome for swap in swaps}
    if outcomes and outcomes <= {"completed", "not_completed"}:
        found.completed = outcomes == {"completed"}


def _tell_run(found: Outcome, record: Record) -> None:
    """What a run says of itself, which knows more than its signals tell."""
    text = record.attachments.get("summary.json")
    if text is None:
        return
    summary: dict[str, Any] = json.loads(text)
    found.completed, found.ended = bool(summary["completed"]), str(summary["ended"])
    scenario = record.attachments.get("scenario.yaml")
    if scenario is not None:
        found.expectation = unmet(parse_scenario(scenario.decode()).expect, summary, found.states)


def _peak(rule: PeakRule, evaluation: Evaluation, units: Mapping[str, str]) -> Peak | None:
    both = Formula("implies", (parse(rule.while_), parse(rule.value)))
    if evaluation.missing(both):
        return None
    best: Peak | None = None
    sign = 1.0 if rule.take == "highest" else -1.0
    for _, pair in evaluation.each(both):
        during, number = pair.parts
        t_ns, values = evaluation.values(number)
        usable = ~np.isnan(values) & (evaluation.truth(during).at(t_ns) == 1)
        if not usable.any():
            continue
        t_ns, values = t_ns[usable], values[usable]
        k = int(np.argmax(sign * values))
        if best is None or sign * values[k] > sign * best.value:
            names = tuple(dict.fromkeys(part.name for part in number.walk() if part.op == "signal"))
            best = Peak(float(values[k]), units[names[0]], int(t_ns[k]), names)
    return best


def _judged(some: RequirementSet, evaluation: Evaluation, samples: RecordSamples) -> dict[str, RuleOutcome]:
    found: dict[str, RuleOutcome] = {}
    for one in judge(some, samples, samples.start_ns):
        left: list[Margin] = []
        if one.status == "held":
            for _, rule in evaluation.each(Formula("implies", some.formulas(one.name))):
                left += margins(rule, evaluation, samples.start_ns, samples.end_ns)
        found[one.name] = RuleOutcome(one, tuple(left))
    return found
