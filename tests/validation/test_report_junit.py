"""JUnit XML as build servers read it: order, attributes and counts of the common schema, and what fails."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from tests.validation.example import ROOT, example_result
from twin.formula.document import Sentence
from twin.validation.report import junit
from twin.validation.result import CaseResult, Result

#: Attributes that the schema of the Ant task demands of a suite; ``skipped`` is a later addition.
DEMANDED = {"id", "name", "package", "timestamp", "hostname", "tests", "failures", "errors", "time"}


def _check(root: ET.Element) -> None:
    """The rules of the schema that a document of ours could break."""
    assert root.tag == "testsuites"
    for number, suite in enumerate(root):
        assert suite.tag == "testsuite"
        assert set(suite.attrib) == DEMANDED | {"skipped"}
        assert suite.get("id") == str(number)
        assert float(suite.get("time", "")) >= 0
        tags = [child.tag for child in suite]
        tests = suite.findall("testcase")
        assert tags == ["properties", *["testcase"] * len(tests), "system-out", "system-err"]
        assert len({test.get("name") for test in tests}) == len(tests)
        outcomes = [[child.tag for child in test] for test in tests]
        assert all(len(one) <= 1 for one in outcomes)
        counted = {"failures": "failure", "errors": "error", "skipped": "skipped"}
        assert int(suite.get("tests", "")) == len(tests)
        for attribute, tag in counted.items():
            assert int(suite.get(attribute, "")) == sum([tag] == one for one in outcomes)
        for test in tests:
            assert set(test.attrib) == {"name", "classname", "time"}
            for child in test:
                assert "message" in child.attrib and (child.tag == "skipped" or "type" in child.attrib)


def _outcomes(result: Result) -> dict[tuple[str, str], str]:
    root = ET.fromstring(junit(result).encode())
    _check(root)
    return {
        (str(suite.get("name")), str(test.get("name"))): next((child.tag for child in test), "")
        for suite in root
        for test in suite.findall("testcase")
    }


def test_what_speaks_against_the_change_fails_and_nothing_else() -> None:
    assert _outcomes(example_result()) == {
        ("verdict", "verdict"): "failure",
        ("nominal_swap (closed loop)", "evidence"): "",
        ("nominal_swap (closed loop)", "no_lift_without_brake"): "failure",
        ("nominal_swap (closed loop)", "locks_open_in_time"): "",
        ("nominal_swap (closed loop)", "smoke_stops_charging"): "skipped",
        ("nominal_swap (closed loop)", "worse:phase:raise"): "failure",
        ("day_17 (open loop)", "evidence"): "",
        ("day_17 (open loop)", "open:shuttle.lift.cmd_move:edge early"): "failure",
        ("day_17 (open loop)", "open:shuttle.lift.sp_speed_m_s:value"): "",
        ("day_17 (closed loop)", "evidence"): "skipped",
        ("day_17 (closed loop)", "locked_before_lowering"): "",
        ("lock_stuck (closed loop)", "evidence"): "",
        ("lock_stuck (closed loop)", "verdict:raised"): "failure",
        ("broken (open loop)", "evidence"): "error",
    }


def test_no_build_passes_by_too_little_evidence() -> None:
    for verdict, outcome in (("no_objection", ""), ("not_enough_evidence", "error"), ("bad_input", "error")):
        result = example_result().model_copy(update={"verdict": verdict, "cases": ()})
        assert _outcomes(result)["verdict", "verdict"] == outcome


def test_a_rule_that_several_devices_break_is_one_test_that_fails() -> None:
    case = example_result().cases[0]
    rule = case.findings[0]
    devices = [
        rule.model_copy(update={"key": f"{rule.key}:bracket{n}.lock1", "before": n == 1, "count": n}) for n in (1, 2)
    ]
    result = example_result().model_copy(update={"cases": (case.model_copy(update={"findings": tuple(devices)}),)})
    outcomes = _outcomes(result)
    assert outcomes["nominal_swap (closed loop)", "no_lift_without_brake"] == "failure"
    assert not [name for _, name in outcomes if "bracket" in name]


def test_who_approved_and_why_is_told() -> None:
    assert "approved by Li Wei: The lift is to be faster" in junit(example_result())


@given(st.text(max_size=60))
def test_any_text_gives_xml_that_can_be_read(text: str) -> None:
    finding = ROOT.model_copy(update={"text": Sentence(en=text, zh=text), "key": f"open:{text}", "approved": None})
    case = CaseResult(name=f"day{text}", kind="log", mode="open", status="judged", findings=(finding,))
    _check(ET.fromstring(junit(example_result().model_copy(update={"cases": (case,)})).encode()))
