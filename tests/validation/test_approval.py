"""Approvals: what they accept, what they cannot, and when they are stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.validation.example import DIGEST, FOLLOWER, ROOT, VIOLATION, WORSE, example_result
from twin.errors import InputError
from twin.finding import Approval
from twin.validation.approval import add_approvals, applied, approve, load_approvals

WHO = {"reason": "Faster from release 4.2 on", "by": "Li Wei", "date": "2026-11-22"}


def _approval(key: str, **changes: object) -> Approval:
    return Approval(**{"key": key, "program": DIGEST, **WHO, **changes})  # type: ignore[arg-type]


def _applied(*approvals: Approval) -> tuple[set[str], list[str], list[str]]:
    """Keys of approved findings, keys of approvals that met one, and of those that are stale."""
    bare = [
        case.model_copy(update={"findings": tuple(one.model_copy(update={"approved": None}) for one in case.findings)})
        for case in example_result().cases
    ]
    cases, met, stale = applied(bare, approvals, DIGEST)
    keys = {finding.key for case in cases for finding in case.findings if finding.approved}
    return keys, [one.key for one in met], [one.what for one in stale]


def test_an_approval_accepts_what_it_names() -> None:
    assert _applied(_approval(ROOT.key)) == ({ROOT.key}, [ROOT.key], [])
    assert _applied(_approval("open:*"))[0] == {ROOT.key, FOLLOWER.key}
    assert _applied(_approval(WORSE.key, cases=["nominal_*"]))[0] == {WORSE.key}


@pytest.mark.parametrize(
    "approval",
    [
        _approval("open:nothing:value"),
        _approval(ROOT.key, program="another"),
        _approval(WORSE.key, cases=["day_*"]),
        _approval(VIOLATION.key),
        _approval("verdict:raised"),
    ],
    ids=["no such finding", "another controller", "another case", "a broken rule", "a failed controller"],
)
def test_an_approval_that_accepts_nothing_is_stale(approval: Approval) -> None:
    assert _applied(approval) == (set(), [], [approval.key])


def test_a_wildcard_does_not_approve_a_broken_rule() -> None:
    keys, _, stale = _applied(_approval("*"))
    assert VIOLATION.key not in keys and WORSE.key in keys and not stale


def test_an_approval_is_recorded_once(tmp_path: Path) -> None:
    path = tmp_path / "approvals.yaml"
    result = example_result()
    add_approvals(path, approve(result, [ROOT.key, WORSE.key], **WHO))
    add_approvals(path, approve(result, [WORSE.key], **{**WHO, "by": "Chen Jie"}))
    there = load_approvals(path).approvals
    assert [(one.key, one.by, one.program) for one in there] == [
        (ROOT.key, "Li Wei", DIGEST),
        (WORSE.key, "Chen Jie", DIGEST),
    ]


@pytest.mark.parametrize("key", ["open:nothing:value", VIOLATION.key, "verdict:raised"])
def test_what_cannot_be_approved_is_refused(key: str) -> None:
    with pytest.raises(InputError, match="approve"):
        approve(example_result(), [key], **WHO)


def test_a_bad_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "approvals.yaml"
    path.write_text("approvals: [{key: x}]\n", encoding="utf-8")
    with pytest.raises(InputError):
        add_approvals(path, approve(example_result(), [ROOT.key], **WHO))
    assert path.read_text(encoding="utf-8") == "approvals: [{key: x}]\n"
