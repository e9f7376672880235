"""What a lesson that is cut from a log begins with, without physics."""

from __future__ import annotations

import pytest

from twin.event import ClearAction, FaultAction, ScenarioEvent, TimeCondition
from twin.record import Record
from twin.scenario import load_scenario
from twin.shipped import shipped
from twin.training import fault_of
from twin.training.start import Start

S = 1_000_000_000
LASTS = fault_of("{name: lock_stuck, target: bracket2.lock3, duration_s: 4}")
STAYS = fault_of("lock_stuck", "bracket2.lock3")
CLEARED = ScenarioEvent(at=TimeCondition(time_s=9), do=ClearAction(name=STAYS.tag, target=STAYS.target))


@pytest.mark.parametrize(
    ("came", "cleared", "there"),
    [
        (ScenarioEvent(at=TimeCondition(time_s=2), do=FaultAction(fault=STAYS)), False, True),
        (ScenarioEvent(at=TimeCondition(time_s=2), do=FaultAction(fault=STAYS)), True, False),
        (ScenarioEvent(at=TimeCondition(time_s=2), do=FaultAction(fault=LASTS)), False, False),
        (ScenarioEvent(at=TimeCondition(time_s=7), do=FaultAction(fault=LASTS)), False, True),
        (ScenarioEvent(at=TimeCondition(time_s=12), do=FaultAction(fault=LASTS)), False, True),
    ],
    ids=["it stays", "it was cleared", "it was over by itself", "it lasts into the stretch", "it comes in the stretch"],
)
def test_a_fault_is_in_the_stretch(came: ScenarioEvent, cleared: bool, there: bool) -> None:
    scenario = load_scenario("nominal_swap")
    scenario = scenario.model_copy(update={"events": [came, *([CLEARED] if cleared else [])]})
    run = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    start = Start(run, 10 * S, 20 * S, scenario, acts=[], known=None, apart=[])
    assert start.has(STAYS) is there
