"""Judging a log by requirements: held or not, where, why, and how much of the log could tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from twin.formula import Evaluation, Formula, Samples
from twin.requirement.document import Requirement, RequirementSet
from twin.requirement.tally import MOST_VIOLATIONS, Tally, Violation

#: ``not_applicable``: the log lacks signals that the rule needs. ``not_exercised``: what the rule speaks of never came.
#: ``not_known``: it came, and the log is silent about what the rule asks.
Status = Literal["held", "violated", "not_applicable", "not_exercised", "not_known"]


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
    found = []
    for name, requirement in requirements.requirements.items():
        missing, tallies = tallies_of(requirements, name, evaluation)
        for tally in tallies:
            tally.take(evaluation, start_ns, samples.end_ns)
        found.append(judgement(name, requirement, missing, tallies))
    return found


def tallies_of(requirements: RequirementSet, name: str, evaluation: Evaluation) -> tuple[list[str], list[Tally]]:
    """The signals that a requirement lacks; where it lacks none, a tally for each device that it is about."""
    whole = Formula("implies", requirements.formulas(name))
    missing = evaluation.missing(whole)
    return missing, [] if missing else [Tally(device, rule) for device, rule in evaluation.each(whole)]


def judgement(name: str, requirement: Requirement, missing: list[str], tallies: Sequence[Tally]) -> Judgement:
    """What the tallies of a requirement say together."""
    found = Judgement(name, requirement, "not_applicable" if missing else "not_exercised", missing)
    for tally in tallies:
        found.exercised += tally.exercised
        found.known += tally.known
        found.count += tally.count
        found.violations += tally.violations[: MOST_VIOLATIONS - len(found.violations)]
    if found.count:
        found.status = "violated"
    elif found.exercised:
        found.status = "held" if found.known else "not_known"
    return found
