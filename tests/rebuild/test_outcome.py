"""What came of a swap is measured from its Record, and what is worse is told from what is only different."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache

import pytest

from twin.rebuild import Outcome, changed, load_outcome_table, outcome, worse
from twin.rebuild.expectation import unmet
from twin.record import Record
from twin.requirement import load_requirements
from twin.scenario import Expectation
from twin.shipped import shipped

S = 1_000_000_000


@cache
def measured() -> Outcome:
    """Of the shipped recording, with the shipped requirements."""
    record = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    return outcome(record, [load_requirements(shipped("assets", "requirements", "chassis_swap.yaml"))])


def test_the_shipped_recording_is_measured() -> None:
    found = measured()
    assert found.completed is True and found.final_state == "Idle" and found.alarms == {}
    assert found.states[:4] == ("Resetting", "Idle", "Starting", "Execute")
    assert not found.troubled and not found.expectation and not found.verdict
    (swap,) = found.swaps
    assert swap.swap_s is not None and 100 < swap.swap_s < 300
    assert sum(swap.phases.values()) == pytest.approx(swap.swap_s, abs=1e-6)
    assert set(found.peaks) == set(load_outcome_table().quantities)
    assert 12_000 < found.peaks["plate_load"].value < 20_000 and found.peaks["plate_load"].unit == "N"
    assert 0.0 < found.peaks["clearance"].value < 0.3
    assert found.peaks["seat_gap"].signals == ("bracket2.seat.gt_gap_m",)
    held = [rule for rule in found.rules.values() if rule.judgement.status == "held"]
    assert len(held) > 20 and any(rule.margins for rule in held)


def test_nothing_is_worse_or_different_than_itself() -> None:
    assert worse(measured(), measured()) == changed(measured(), measured()) == []


def _slower(found: Outcome) -> None:
    swap = found.swaps[0]
    phases = {**swap.phases, "raise": swap.phases["raise"] + 10.0}
    assert swap.swap_s is not None
    found.swaps[0] = replace(swap, phases=phases, swap_s=swap.swap_s + 10.0)


def _closer(found: Outcome) -> None:
    found.peaks["clearance"] = replace(found.peaks["clearance"], value=0.01)


def _harder(found: Outcome) -> None:
    peak = found.peaks["lift_force"]
    found.peaks["lift_force"] = replace(peak, value=peak.value + 5_000.0)


def _not_done(found: Outcome) -> None:
    found.completed, found.final_state, found.states = False, "Held", (*found.states[:4], "Held")


def _alarm(found: Outcome) -> None:
    found.alarms = {"bay.sensor.alm_truck_moved": [3 * S]}
    found.classes = {"bay.sensor.alm_truck_moved": "A2"}


def _raised(found: Outcome) -> None:
    found.verdict, found.completed = "the controller raised at 3.2 s: ZeroDivisionError", False


def _tight(found: Outcome) -> None:
    name, rule = next((n, r) for n, r in found.rules.items() if n == "unlock_under_load")
    found.rules[name] = replace(rule, margins=tuple(replace(one, left=one.left * 0.1) for one in rule.margins))


@pytest.mark.parametrize(
    ("change", "key", "severity"),
    [
        (_slower, "worse:phase:raise", "quality"),
        (_slower, "worse:swap_time", "process"),
        (_closer, "worse:peak:clearance", "safety"),
        (_harder, "worse:peak:lift_force", "process"),
        (_not_done, "worse:completed", "process"),
        (_alarm, "worse:alarm_new:bay.sensor.alm_truck_moved", "process"),
        (_raised, "verdict:run", "safety"),
        (_tight, "worse:margin:unlock_under_load", "safety"),
    ],
)
def test_what_is_worse_is_found_and_the_other_way_round_it_is_not(
    change: Callable[[Outcome], None], key: str, severity: str
) -> None:
    new = deepcopy(measured())
    change(new)
    found = {finding.key: finding for finding in worse(measured(), new)}
    assert key in found and found[key].severity == severity
    assert found[key].text.en and found[key].text.zh
    assert key not in {finding.key for finding in worse(new, measured())}


def test_an_alarm_that_answered_a_fault_must_not_be_lost() -> None:
    old, new = deepcopy(measured()), deepcopy(measured())
    _alarm(old)
    assert [one.key for one in worse(old, new)] == [], "without a fault it is only different"
    assert [one.key for one in changed(old, new)] == ["changed:alarm_lost:bay.sensor.alm_truck_moved"]
    old.troubled = new.troubled = True
    (lost,) = worse(old, new)
    assert (lost.key, lost.severity) == ("worse:alarm_lost:bay.sensor.alm_truck_moved", "safety")


def test_changes_within_the_noise_of_the_twin_are_none() -> None:
    """Seed to seed (docs/closed-loop.md): phases by 0.1 s, the lift's largest force by 600 N, clearances by 1.4 mm."""
    new = deepcopy(measured())
    swap = new.swaps[0]
    new.swaps[0] = replace(swap, phases={name: took + 0.1 for name, took in swap.phases.items()})
    new.peaks["lift_force"] = replace(new.peaks["lift_force"], value=new.peaks["lift_force"].value + 600)
    new.peaks["clearance"] = replace(new.peaks["clearance"], value=new.peaks["clearance"].value - 0.0014)
    assert worse(measured(), new) == changed(measured(), new) == []


def test_what_a_scenario_expects_and_only_the_new_run_lacks_is_worse() -> None:
    expect = Expectation(completed=True, final_state="Idle", visited=["Held", "Idle"], alarms=[], packs={"QJ75-1": "p"})
    summary = {"completed": False, "final_state": "Held", "alarms": [{"tag": "a.b.alm_c"}], "packs": {}}
    lacking = unmet(expect, summary, ["Idle", "Held"])
    assert set(lacking) == {"completed", "final_state", "visited", "alarms", "packs.QJ75-1"}
    met = {"completed": True, "final_state": "Idle", "alarms": [], "packs": {"QJ75-1": "p"}}
    assert unmet(expect, met, ["Idle", "Held", "Idle"]) == {}
    new = deepcopy(measured())
    new.expectation = {"alarms": ("", "a.b.alm_c")}
    assert [one.key for one in worse(measured(), new)] == ["worse:expect:alarms"]
    assert worse(new, new) == []
