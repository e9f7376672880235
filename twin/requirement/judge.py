"""Judging a log by requirements: held or not, where, why, and how much of the log could tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from twin.errors import InputError
from twin.formula import Evaluation, Formula, Intervals, Samples
from twin.requirement.document import Requirement, RequirementSet

#: ``not_applicable``: the log lacks signals that the rule needs. ``not_exercised``: what the rule speaks of never came.
#: ``not_known``: it came, and the log is silent about what the rule asks.
Status = Literal["held", "violated", "not_applicable", "not_exercised", "not_known"]
#: Violations told of one requirement; the rest is counted.
MOST_VIOLATIONS = 100


@dataclass(frozen=True)
class Reason:
    """A part of a rule at the instant of its violation: what it says, whether it held, and since when, ns."""

    text: str
    held: bool | None
    since_ns: int | None
    signals: tuple[str, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Violation:
    """A stretch in which a requirement was not met, ns; ``device`` is the rule's stars, where it has some."""

    start_ns: int
    end_ns: int
    device: str
    reasons: tuple[Reason, ...]


@dataclass
class Judgement:
    """What a log says of one requirement.

    Args:
        missing: signals that the log lacks.
        exercised: stretches in which the rule's ``when`` held. known: how many of them were judged wholly.
        count: violations in all.
    """

    name: str
    requirement: Requirement
    status: Status
    missing: list[str] = field(default_factory=list)
    exercised: int = 0
    known: int = 0
    count: int = 0
    violations: list[Violation] = field(default_factory=list)


def judge(requirements: RequirementSet, samples: Samples, start_ns: int) -> list[Judgement]:
    """Judge the stretch from ``start_ns`` to the end of the samples.

    Raises:
        InputError: a rule that means nothing on these signals, such as units that do not fit.
    """
    evaluation = Evaluation(samples)
    evaluation.load(formula for name in requirements.requirements for formula in requirements.formulas(name))
    return [_judge(name, requirements, evaluation, samples, start_ns) for name in requirements.requirements]


def _judge(
    name: str, requirements: RequirementSet, evaluation: Evaluation, samples: Samples, start_ns: int
) -> Judgement:
    requirement = requirements.requirements[name]
    when, then = requirements.formulas(name)
    whole = Formula("implies", (when, then))
    missing = evaluation.missing(whole)
    if missing:
        return Judgement(name, requirement, "not_applicable", missing)
    found = Judgement(name, requirement, "not_exercised")
    for device, rule in evaluation.each(whole):
        _look(found, device, rule, evaluation, start_ns, samples.end_ns)
    if found.count:
        found.status = "violated"
    elif found.exercised:
        found.status = "held" if found.known else "not_known"
    return found


def _look(found: Judgement, device: str, rule: Formula, evaluation: Evaluation, t0_ns: int, t1_ns: int) -> None:
    when, then = (evaluation.truth(part) for part in rule.parts)
    stretches = when.sure.clipped(t0_ns, t1_ns)
    wrong = (when & ~then).sure.clipped(t0_ns, t1_ns)
    unknown = when.sure & then.possible & ~then.sure
    found.exercised += len(stretches)
    found.known += int((~_touched(stretches, unknown)).sum())
    found.count += len(wrong)
    room = MOST_VIOLATIONS - len(found.violations)
    for start, end in zip(wrong.start[:room].tolist(), wrong.end[:room].tolist(), strict=True):
        found.violations.append(Violation(start, end, device, reasons(rule, evaluation, start)))


def _touched(stretches: Intervals, others: Intervals) -> np.ndarray:
    """Which stretches overlap any of the others."""
    first = np.searchsorted(others.end, stretches.start, side="right")
    return np.asarray((first < len(others)) & (np.append(others.start, np.iinfo(np.int64).max)[first] < stretches.end))


def reasons(rule: Formula, evaluation: Evaluation, t_ns: int) -> tuple[Reason, ...]:
    """The conditions that a rule is made of, as they stand at an instant."""
    found = []
    for part in _conditions(rule):
        try:
            truth = evaluation.truth(part)
        except InputError:
            continue
        names = tuple(dict.fromkeys(inner.name for inner in part.walk() if inner.op == "signal"))
        values = tuple(evaluation.value_at(name, t_ns) for name in names if "*" not in name)
        found.append(Reason(part.text, *truth.state_at(t_ns), names, values))
    return tuple(found)


def _conditions(formula: Formula) -> list[Formula]:
    """The parts that no logic stands in between of: comparisons, signals, edges, and what any, all and count are of."""
    if formula.op in ("and", "or", "not", "implies", "held", "lasts", "within", "throughout", "within_last", "until"):
        return [condition for part in formula.parts for condition in _conditions(part)]
    return [] if formula.op in ("number", "label") else [formula]
