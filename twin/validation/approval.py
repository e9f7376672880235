"""Approvals: accepted findings with a reason and by whom, in a file that is kept with the controller.

Only what is different or worse can be accepted. A broken requirement cannot, nor a controller that fails: the rule or
the controller is to be changed, and both are visible acts too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from twin.document import Document, load_document
from twin.errors import InputError, did_you_mean
from twin.files import write_text
from twin.finding import Approval, Finding, Kind
from twin.validation.result import CaseResult, Result, Trouble

APPROVABLE: tuple[Kind, ...] = ("worse", "difference")
_NEVER = "a broken requirement or a controller that fails cannot be approved"


class Approvals(Document):
    """The file."""

    approvals: list[Approval] = []


def load_approvals(path: Path) -> Approvals:
    """Read a file of approvals.

    Raises:
        InputError: a file that is missing or not YAML, or the first key or value that is wrong.
    """
    return load_document(path, Approvals)


def applied(
    cases: Sequence[CaseResult], approvals: Sequence[Approval], program: str
) -> tuple[list[CaseResult], list[Approval], list[Trouble]]:
    """Cases with their approved findings, the approvals that met one, and those that are stale, each with why.

    Args:
        program: digest of the controller that is validated.
    """
    valid = [approval for approval in approvals if approval.program == program]
    met: dict[int, int] = {}

    def approve(finding: Finding) -> Finding:
        if finding.kind not in APPROVABLE:
            return finding
        for n, approval in enumerate(valid):
            if _meets(approval, finding):
                met[n] = met.get(n, 0) + 1
                return finding.model_copy(update={"approved": approval})
        return finding

    done = [case.model_copy(update={"findings": tuple(map(approve, case.findings))}) for case in cases]
    stale = [Trouble(what=one.key, text=_for_another(one, program)) for one in approvals if one.program != program]
    stale += [Trouble(what=one.key, text=_why_unmet(one, cases)) for n, one in enumerate(valid) if n not in met]
    return done, [one for n, one in enumerate(valid) if n in met], stale


def _meets(approval: Approval, finding: Finding) -> bool:
    return fnmatchcase(finding.key, approval.key) and any(fnmatchcase(finding.case, case) for case in approval.cases)


def _for_another(approval: Approval, program: str) -> str:
    return f"it was given for the controller {approval.program}; this one is {program}"


def _why_unmet(approval: Approval, cases: Sequence[CaseResult]) -> str:
    findings = [finding for case in cases for finding in case.findings]
    if any(_meets(approval, finding) for finding in findings):
        if all(finding.kind not in APPROVABLE for finding in findings if _meets(approval, finding)):
            return _NEVER
        return "an approval above it covers all that it covers"
    if any(fnmatchcase(finding.key, approval.key) for finding in findings):
        return f"its finding does not occur in {', '.join(approval.cases)}"
    return "its finding does not occur"


def approve(
    result: Result, keys: Iterable[str], *, cases: Sequence[str] = ("*",), reason: str, by: str, date: str
) -> list[Approval]:
    """Approvals of findings of a result, for its controller.

    Args:
        keys: of findings; ``*`` is any text.

    Raises:
        InputError: a key that no finding has, or that cannot be approved.
    """
    made = []
    for key in keys:
        approval = Approval(key=key, cases=list(cases), reason=reason, by=by, date=date, program=result.program.digest)
        met = [finding for finding in result.findings if _meets(approval, finding)]
        if not met:
            known = sorted({finding.key for finding in result.findings})
            raise InputError(
                key="approve", expected="the key of a finding of this validation", got=repr(key),
                hint=did_you_mean(key, known) or "its report and its JSON name them",
            )  # fmt: skip
        if not any(finding.kind in APPROVABLE for finding in met):
            raise InputError(
                key="approve", expected="a finding that is worse or different", got=f"{key!r}, a {met[0].kind}",
                hint=_NEVER,
            )  # fmt: skip
        made.append(approval)
    return made


def add_approvals(path: Path, made: Sequence[Approval]) -> None:
    """Put approvals into a file, whole or not at all; one of the same key, cases and controller is replaced.

    Raises:
        InputError: what is there is no file of approvals, or it cannot be written.
    """

    def about(one: Approval) -> tuple[object, ...]:
        return one.key, tuple(one.cases), one.program

    there = load_approvals(path).approvals if path.exists() else []
    new = {about(one) for one in made}
    kept = [one for one in there if about(one) not in new]
    data = Approvals(approvals=[*kept, *made]).model_dump(mode="json")
    write_text(path, yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
