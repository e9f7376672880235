"""Requirements as a case tells of them: how each was judged with NEW, and which are broken."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from twin.coverage import Coverage, rules_exercised
from twin.finding import Finding, FindingReason, Sentence, SignalValue
from twin.rebuild import Outcome, RuleOutcome
from twin.requirement import Judgement, Margin, Violation
from twin.validation.result import RequirementResult

#: Signals of a rule whose values are told with a violation.
_MOST_VALUES = 12


def violations(new: Iterable[Judgement], old: Mapping[str, Judgement]) -> list[Finding]:
    """A finding for each requirement, and each device of it, that is broken.

    Args:
        old: how the same requirements were judged before the change; one that was broken as often is no news.
    """
    return [finding for judgement in new for finding in _broken(judgement, old.get(judgement.name))]


def _broken(judgement: Judgement, old: Judgement | None) -> Iterator[Finding]:
    before = _by_device(old) if old is not None else {}
    for device, found in _by_device(judgement).items():
        yield _violation(judgement, device, found, before=len(before.get(device, ())) >= len(found))


def _by_device(judgement: Judgement) -> dict[str, list[Violation]]:
    found: dict[str, list[Violation]] = {}
    for violation in judgement.violations:
        found.setdefault(violation.device, []).append(violation)
    return found


def _violation(judgement: Judgement, device: str, found: list[Violation], *, before: bool) -> Finding:
    first = found[0]
    text = judgement.requirement.text
    values = {
        signal: _known(value)
        for reason in first.reasons
        for signal, value in zip(reason.signals, reason.values, strict=False)
    }
    return Finding(
        key=":".join(filter(None, ["rule", judgement.name, device])), kind="violation",
        severity=judgement.requirement.severity, t_ns=first.start_ns, end_ns=first.end_ns, count=len(found),
        text=Sentence(en=f"{device}: {text.en}", zh=f"{device}：{text.zh}") if device else text,
        signals=tuple(values), before=before,
        values=tuple(SignalValue(signal=name, new=value) for name, value in list(values.items())[:_MOST_VALUES]),
        reasons=tuple(
            FindingReason(
                text=reason.text, held=reason.held, since_ns=reason.since_ns,
                values=tuple(
                    SignalValue(signal=name, new=_known(value))
                    for name, value in zip(reason.signals, reason.values, strict=False)
                ),
            )
            for reason in first.reasons
        ),
    )  # fmt: skip


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def requirement_results(new: Mapping[str, RuleOutcome], old: Mapping[str, RuleOutcome]) -> list[RequirementResult]:
    """Each requirement with what is left of its limits."""
    return [
        RequirementResult(
            name=name, status=rule.judgement.status, missing=tuple(rule.judgement.missing),
            exercised=rule.judgement.exercised, margin=_share(rule.margins),
            old_margin=_share(old[name].margins) if name in old else None,
        )
        for name, rule in new.items()
    ]  # fmt: skip


def _share(margins: Iterable[Margin]) -> float | None:
    """The least margin as a share of its limit."""
    shares = [one.left / abs(one.limit) for one in margins if one.limit and math.isfinite(one.left)]
    return min(shares, default=None)


def rules_of(outcome: Outcome) -> Coverage:
    """How often what each requirement speaks of came."""
    return rules_exercised(
        {
            name: None if rule.judgement.status == "not_applicable" else rule.judgement.exercised
            for name, rule in outcome.rules.items()
        }
    )
