"""A Result as JUnit XML, as build servers read it: a suite a case, a test a requirement or another finding.

What speaks against the change fails; what was approved or there before passes and says so; a requirement of which
a case said nothing, and a case that is not enough evidence, are skipped. The first suite holds the verdict.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from twin.files import write_text
from twin.finding import Finding
from twin.validation.report.group import groups
from twin.validation.report.opened import view_command
from twin.validation.report.private import handed_on, without_paths
from twin.validation.report.shelf import Shelf
from twin.validation.result import CaseResult, Result
from twin.validation.words import MODES, NOT_JUDGED, VERDICTS, evidence

#: What XML cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RULE = "rule:"


@dataclass(frozen=True)
class _Test:
    """One test: ``outcome`` is ``""`` (passed), ``failure``, ``error`` or ``skipped``."""

    name: str
    outcome: str = ""
    message: str = ""
    text: str = ""
    kind: str = ""


def junit(result: Result) -> str:
    """The XML."""
    shelf = Shelf()
    result = without_paths(handed_on(result, shelf), shelf)
    suites = [_suite("verdict", [_verdict(result)], result, result.wall_s, _covered(result))]
    suites += [
        _suite(
            f"{case.name} ({MODES[case.mode].en})",
            _tests(case, result, shelf),
            result,
            case.wall_s,
            _links(case, shelf),
        )
        for case in result.cases
    ]
    root = ET.Element("testsuites")
    for number, suite in enumerate(suites):
        suite.set("id", str(number))
        root.append(suite)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def write_junit(result: Result, out: Path) -> None:
    """Write the XML."""
    write_text(out, junit(result))


def _verdict(result: Result) -> _Test:
    words = VERDICTS[result.verdict].en
    reasons = "\n".join([*(one.en for one in result.why), evidence(result).en])
    troubles = "\n".join(f"{one.what}: {one.text}" for one in (*result.stale, *result.troubles))
    if result.verdict == "no_objection":
        return _Test("verdict")
    outcome = "failure" if result.verdict == "objection" else "error"
    return _Test("verdict", outcome, words, "\n".join(filter(None, [reasons, troubles])), result.verdict)


def _covered(result: Result) -> str:
    never = [f"{one.kind} {one.name}" for one in result.coverage.never()]
    lines = [f"changed, and exercised by no case: {one.en}" for one in result.untested]
    return "\n".join([*lines, *(f"never exercised: {name}" for name in never)])


def _tests(case: CaseResult, result: Result, shelf: Shelf) -> list[_Test]:
    if case.status != "judged":
        why = "" if case.why is None else case.why.en
        unreadable = case.status == "unreadable"
        first = _Test("evidence", "error" if unreadable else "skipped", why or case.status, why, case.status)
    else:
        first = _Test("evidence")
    mine = result.model_copy(update={"cases": (case,)})
    folded = [group for section in groups(mine).values() for group in section]
    by_test: dict[str, list[Finding]] = {}
    for group in folded:
        # What counts stands first in every group, and a test that is the same of several devices fails with any.
        found = [*group.findings, *(finding for findings in group.followers.values() for finding in findings)]
        by_test.setdefault(_test_name(group.first), []).extend(found)
    tests = [first]
    for rule in case.requirements:
        if found := by_test.pop(rule.name, []):
            tests.append(_found(rule.name, found, shelf))
        elif rule.status in NOT_JUDGED:
            lacking = f": {', '.join(rule.missing)}" if rule.missing else ""
            tests.append(_Test(rule.name, "skipped", NOT_JUDGED[rule.status].en + lacking))
        else:
            tests.append(_Test(rule.name))
    return [*tests, *(_found(name, found, shelf) for name, found in by_test.items())]


def _test_name(finding: Finding) -> str:
    """Of a broken rule its name, whatever the device; else the finding's key."""
    return finding.key.split(":")[1] if finding.key.startswith(_RULE) else finding.key


def _found(name: str, findings: list[Finding], shelf: Shelf) -> _Test:
    """A finding and what follows from it, as one test."""
    first = next((finding for finding in findings if finding.counts), findings[0])
    told = "\n".join(_told(finding, shelf) for finding in findings)
    return _Test(name, "failure" if first.counts else "", first.text.en, told, first.kind)


def _told(finding: Finding, shelf: Shelf) -> str:
    when = "" if finding.t_ns is None else f" at {finding.t_ns / 1e9:.2f} s"
    command = view_command(finding, shelf)
    return f"{finding.text.en} / {finding.text.zh}{when} [{finding.key}]" + (f"\n{command}" if command else "")


def _links(case: CaseResult, shelf: Shelf) -> str:
    """What cannot stand in a test that passed: what was approved or there before; and the commands."""
    lines = []
    for finding in case.findings:
        if finding.approved is not None:
            lines.append(f"approved by {finding.approved.by}: {finding.approved.reason}")
        elif finding.before:
            lines.append("there before the change")
        lines.append(_told(finding, shelf))
    return "\n".join(lines)


def _suite(name: str, tests: list[_Test], result: Result, wall_s: float, output: str = "") -> ET.Element:
    counted = {outcome: sum(test.outcome == outcome for test in tests) for outcome in ("failure", "error", "skipped")}
    attributes = {
        "name": name, "package": "swaptwin", "tests": len(tests), "failures": counted["failure"],
        "errors": counted["error"], "skipped": counted["skipped"], "time": f"{wall_s:.3f}", "hostname": "localhost",
    }  # fmt: skip
    if result.started_at:
        attributes["timestamp"] = result.started_at[:19]
    suite = ET.Element("testsuite", {key: _clean(str(value)) for key, value in attributes.items()})
    properties = ET.SubElement(suite, "properties")
    for key, value in (("program", result.program.name), ("digest", result.program.digest), *result.versions.items()):
        ET.SubElement(properties, "property", name=_clean(key), value=_clean(value))
    for test in tests:
        case = ET.SubElement(suite, "testcase", name=_clean(test.name), classname=_clean(name), time="0")
        if test.outcome:
            told = ET.SubElement(case, test.outcome, message=_clean(test.message))
            if test.outcome != "skipped":
                told.set("type", test.kind)
                told.text = _clean(test.text)
    ET.SubElement(suite, "system-out").text = _clean(output)
    ET.SubElement(suite, "system-err")
    return suite


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
