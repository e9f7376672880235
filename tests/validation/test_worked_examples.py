"""The changed controllers that docs/validate.md walks through do what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.validation.test_report import RECORDING
from twin.program import Program
from twin.validation.case import Case, find_cases
from twin.validation.result import CaseResult
from twin.validation.validate import validate

CHANGES = "assets.controllers.changes"


def _open(controller: str, cases: list[Case]) -> CaseResult:
    (result,) = validate(cases, Program(controller), Program(), modes=("open",))
    return result


def test_what_is_only_tidied_writes_the_same() -> None:
    result = _open(f"{CHANGES}.tidied:Tidied", find_cases([str(RECORDING)], [], None, None))
    assert (result.status, result.identical, result.findings) == ("judged", True, ())


def test_a_good_day_shows_only_that_three_of_four_is_different() -> None:
    result = _open(f"{CHANGES}.three_of_four:ThreeOfFour", find_cases([str(RECORDING)], [], None, None))
    assert not result.identical
    assert {finding.kind for finding in result.findings} == {"difference"}
    first = result.findings[0]
    assert {"recorded", "old", "new"} <= set(first.traces[0].samples), "its plot needs nothing else"


@pytest.mark.slow
@pytest.mark.sim
def test_with_a_stuck_lock_three_of_four_pulls_at_a_pack_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWAPTWIN_CACHE", str(tmp_path))
    cases = find_cases([], ["lock_stuck"], None, None)
    (result,) = validate(cases, Program(f"{CHANGES}.three_of_four:ThreeOfFour"), Program(), modes=("closed",))
    force = next(finding for finding in result.findings if finding.key == "worse:peak:lock_force")
    value = force.values[0]
    assert value.old is not None and value.new is not None and value.new > 2 * value.old
    assert {"old", "new"} <= set(force.traces[0].samples)
