"""What a closed loop tells, of runs that are there: nothing is played."""

from __future__ import annotations

from dataclasses import replace

import pytest

from twin.program import Program
from twin.rebuild import Outcome
from twin.scenario import load_scenario
from twin.shipped import shipped
from twin.validation import closed_loop
from twin.validation.case import Case
from twin.validation.closed_loop import Run, compared, run_of
from twin.validation.task import Task

RECORDING = shipped("assets", "recordings", "nominal_swap.mcap")


def _half(whole: Outcome) -> Outcome:
    """An outcome that took half the time and half the force."""
    swaps = [replace(one, phases={name: s / 2 for name, s in one.phases.items()}) for one in whole.swaps]
    peaks = {name: replace(one, value=one.value / 2) for name, one in whole.peaks.items()}
    return replace(whole, swaps=swaps, peaks=peaks)


@pytest.mark.parametrize(("baseline", "side"), [(Program(), "old"), (None, "recorded")], ids=["OLD", "the log"])
def test_what_new_stands_beside_is_called_what_it_is(
    baseline: Program | None, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = Task(Case("day", "log", RECORDING), Program("", {"shuttle.lift.fast_m_s": 0.02}), baseline)
    after = run_of(task, RECORDING)
    monkeypatch.setattr(closed_loop, "_same", lambda task, before: False)
    monkeypatch.setattr(closed_loop, "played", lambda task, scenario, program: after)
    case = compared(task, load_scenario("nominal_swap"), Run(RECORDING, _half(after.outcome)))
    worse = [one for one in case.findings if one.kind == "worse"]
    assert {one.key.split(":")[1] for one in worse} >= {"phase", "peak"}
    sides = {"old", "recorded"}
    told = [{name for name in sides if getattr(value, name) is not None} for one in worse for value in one.values]
    assert told and all(one == {side} for one in told)
    assert {name for one in worse for trace in one.traces for name in trace.samples} == {"new", side}
    assert {name for phase in case.phases for name in sides if getattr(phase, f"{name}_s") is not None} == {side}
    assert case.records == {"new": str(RECORDING), "old" if baseline else "log": str(RECORDING)}
