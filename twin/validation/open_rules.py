"""Requirements and coverage in open loop: on what the controller was given and wrote, as far as the log is evidence.

An interlock that permits what it must not is broken there already, long before anybody moves into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from twin.analysis.samples import RecordSamples
from twin.coverage import Coverage, coverage, rules_exercised, tables_of
from twin.finding import Finding
from twin.formula import Samples
from twin.record import Record
from twin.replay import OpenLoop, Replay, replay_samples
from twin.requirement import Judgement, RequirementSet, Status, judge
from twin.validation.judged import violations
from twin.validation.result import RequirementResult

#: Of several stretches, the status that says most.
_RANK: tuple[Status, ...] = ("violated", "held", "not_known", "not_exercised", "not_applicable")


@dataclass
class OpenRules:
    """What a log's stretches say of the requirements, and what they exercised."""

    findings: list[Finding] = field(default_factory=list)
    results: tuple[RequirementResult, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)


def open_rules(
    record: Record,
    new: Sequence[Replay],
    old: Sequence[Replay | None],
    looks: Sequence[OpenLoop],
    rules: Sequence[RequirementSet],
) -> OpenRules:
    """Judge each stretch where NEW was judged, up to the horizon.

    Args:
        old: OLD's replays; what it breaks as well is no news. Without it: what the log itself breaks where it has each
            scan; and of a coarser log, what it leaves open is not told as broken.

    Raises:
        InputError: a requirement that means nothing on these signals.
    """
    found = OpenRules()
    by_name: dict[str, list[Judgement]] = {}
    for one, before, look in zip(new, old, looks, strict=True):
        part = _until(one, look)
        if not len(part.t_ns):
            continue
        mine = _judged(replay_samples(record, part), part, look, rules)
        if before is None and part.tolerance_ns and _broken(mine):
            mine = _surely(mine, _judged(replay_samples(record, part, surely=True), part, look, rules))
        found.findings += violations(mine, _before(record, part, before, look, rules) if _broken(mine) else {})
        for judgement in mine:
            by_name.setdefault(judgement.name, []).append(judgement)
        found.coverage += coverage(replay_samples(record, part), tables_of(record), record.signals, look.judged)
    found.results = tuple(_merged(name, many) for name, many in by_name.items())
    exercised = {one.name: None if one.status == "not_applicable" else one.exercised for one in found.results}
    # Several stretches are one log.
    found.coverage = (found.coverage + rules_exercised(exercised)).model_copy(update={"cases": 1})
    return found


def _until(one: Replay, look: OpenLoop) -> Replay:
    """A replay as far as it tells: after the horizon the recorded inputs answer another controller."""
    return one if look.horizon.seen_ns is None else one.until(look.horizon.seen_ns)


def _broken(judgements: Iterable[Judgement]) -> bool:
    return any(judgement.violations for judgement in judgements)


def _surely(mine: list[Judgement], surely: Iterable[Judgement]) -> list[Judgement]:
    """The same with those violations alone that what the log leaves open cannot explain."""
    sure = {judgement.name: judgement for judgement in surely}
    return [_less_sure(one, sure[one.name]) if one.violations else one for one in mine]


def _less_sure(one: Judgement, sure: Judgement) -> Judgement:
    if sure.violations:
        return replace(one, violations=sure.violations, count=sure.count)
    return replace(one, status="not_known", violations=[], count=0)


def _before(
    record: Record, part: Replay, old: Replay | None, look: OpenLoop, rules: Iterable[RequirementSet]
) -> dict[str, Judgement]:
    """How it was judged before the change: with OLD, or as the log has it; a coarse one tells too little for that."""
    if old is None and part.tolerance_ns:
        return {}
    samples: Samples = RecordSamples(record, int(part.t_ns[0]), int(part.t_ns[-1]))
    if old is not None:
        samples = replay_samples(record, _until(old, look))
    return {judgement.name: judgement for judgement in _judged(samples, part, look, rules)}


def _judged(samples: Samples, part: Replay, look: OpenLoop, rules: Iterable[RequirementSet]) -> list[Judgement]:
    """Each requirement; violations where the controller was judged alone."""
    found = [judgement for some in rules for judgement in judge(some, samples, int(part.t_ns[0]))]
    # The scan that ended the horizon is the controller's own doing, on inputs that still answer it.
    last_ns = look.horizon.seen_ns
    for judgement in found:
        starts = np.array([violation.start_ns for violation in judgement.violations], dtype=np.int64)
        inside = look.judged.contains(starts) | (starts == last_ns if last_ns is not None else False)
        # What speaks of inputs alone was so whatever the controller says.
        judgement.violations = [
            one for one, kept in zip(judgement.violations, inside, strict=True)
            if kept and any(signal in part.outputs for reason in one.reasons for signal in reason.signals)
        ]  # fmt: skip
        judgement.count = len(judgement.violations)
        if judgement.status == "violated" and not judgement.violations:
            judgement.status = "held" if judgement.known else "not_known"
    return found


def _merged(name: str, many: Sequence[Judgement]) -> RequirementResult:
    status = min((one.status for one in many), key=_RANK.index)
    missing = tuple(dict.fromkeys(signal for one in many for signal in one.missing))
    return RequirementResult(
        name=name, status=status, missing=missing if status == "not_applicable" else (),
        exercised=sum(one.exercised for one in many),
    )  # fmt: skip
