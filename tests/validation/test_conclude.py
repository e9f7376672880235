"""The verdict: what each case says decides it, in any order in which they are done."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.validation.example import ROOT, VIOLATION, WORSE
from twin.coverage import Coverage
from twin.finding import Finding, Sentence
from twin.program import Program
from twin.requirement import shipped_requirements
from twin.validation.case import Case
from twin.validation.conclude import conclude
from twin.validation.result import CaseResult, Result

NEW, OLD = Program("", {"shuttle.seat_gap_m": 0.04}), Program()
CASES = [Case("day", "log", Path("day.csv")), Case("nominal", "scenario", Path("nominal.yaml"))]


def _case(name: str, *findings: Finding, **changes: object) -> CaseResult:
    fields = {"kind": "log", "mode": "open", "status": "judged", "effects": ("shuttle.seat_gap_m",), **changes}
    bare = tuple(one.model_copy(update={"approved": None, "case": name}) for one in findings)
    return CaseResult(name=name, findings=bare, **fields)  # type: ignore[arg-type]


def _concluded(*done: CaseResult, **changes: object) -> Result:
    return conclude(done, CASES, NEW, OLD, **changes)  # type: ignore[arg-type]


LACKING = {"status": "not_enough_evidence", "why": Sentence(en="poor match", zh="匹配差")}
UNREADABLE = {"status": "unreadable", "why": Sentence(en="12 bytes", zh="12 字节"), "records": {"log": "day.csv"}}


@pytest.mark.parametrize(
    ("done", "verdict"),
    [
        ([_case("day")], "no_objection"),
        ([_case("day", ROOT)], "objection"),
        ([_case("day", WORSE)], "objection"),
        ([_case("day", VIOLATION)], "objection"),
        ([_case("day", VIOLATION.model_copy(update={"before": True}))], "no_objection"),
        ([_case("day", **LACKING)], "not_enough_evidence"),
        ([_case("day"), _case("day", mode="closed", **LACKING)], "not_enough_evidence"),
        ([_case("day", **UNREADABLE)], "not_enough_evidence"),
        ([_case("day", VIOLATION, **LACKING)], "objection"),
        ([_case("day", effects=())], "not_enough_evidence"),
        ([], "not_enough_evidence"),
    ],
    ids=["nothing", "different", "worse", "broken", "broken before", "lacking", "half lacking", "unreadable",
         "broken and lacking", "not reached", "none"],
)  # fmt: skip
def test_the_verdict(done: list[CaseResult], verdict: str) -> None:
    result = _concluded(*done)
    assert result.verdict == verdict
    assert result.why
    assert result.exit_code == {"no_objection": 0, "objection": 1, "not_enough_evidence": 3}[verdict]


def test_what_was_broken_off_is_not_enough() -> None:
    assert _concluded(_case("day"), stopped=True).verdict == "not_enough_evidence"


def test_the_result_does_not_depend_on_who_was_done_first() -> None:
    done = [
        _case("day", ROOT),
        _case("day#1", mode="closed"),
        _case("day#2", WORSE, mode="closed"),
        _case("nominal", kind="scenario"),
        _case("nominal", kind="scenario", mode="closed"),
    ]
    expected = _concluded(*done)
    for seed in range(5):
        assert _concluded(*random.Random(seed).sample(done, len(done))) == expected


def test_what_a_rule_is_stands_once_beside_the_cases() -> None:
    rules = _concluded(_case("day")).rules
    assert len(rules) > 100
    told = rules["estop_cuts_drives"]
    assert told.severity == "safety" and told.text.en and told.text.zh
    some = shipped_requirements()[:1]
    few = _concluded(_case("day"), requirements=some)
    assert few.requirements == (some[0].name,)
    assert few.rules.keys() < rules.keys()


def test_coverage_counts_a_case_once() -> None:
    opened = Coverage(counts={"step": {"raise": 3}}, cases=1)
    closed = Coverage(counts={"step": {"raise": 5}}, cases=1)
    both = _concluded(_case("day", coverage=opened), _case("day", mode="closed", coverage=closed))
    assert both.coverage.counts == {"step": {"raise": 5}}
    lacking = _concluded(_case("day", coverage=opened), _case("day", mode="closed", coverage=closed, **LACKING))
    assert lacking.coverage.counts == {"step": {"raise": 3}}
