"""Every interlock, permitted and forbidden by each of its conditions; and what reaches the drives."""

from __future__ import annotations

import pytest

from tests.control.fake_plant import FakePlant, Truck
from twin.control.interlock import INTERLOCKS, Interlock, Interlocks
from twin.control.station import StationController
from twin.signals import Image


class AllTrue:
    """Facts in which every condition holds."""

    def __getattr__(self, name: str) -> bool:
        return True


@pytest.mark.parametrize("interlock", INTERLOCKS, ids=lambda interlock: interlock.name)
def test_interlock_is_true_with_all_conditions_and_false_without_any_one(interlock: Interlock):
    facts = AllTrue()
    interlocks = Interlocks(facts)
    image = Image(interlocks.signals)
    interlocks.bind(image)
    index = interlocks.index[interlock.name]
    assert interlocks.evaluate(key=False)[index] is True
    assert image.get(interlock.name) is True
    for condition in interlock.always + interlock.keyed:
        setattr(facts, condition, False)
        assert interlocks.evaluate(key=False)[index] is False
        assert image.get(interlock.name) is False
        assert condition in interlocks.false(interlock.name)
        assert interlocks.evaluate(key=True)[index] is (condition in interlock.keyed)
        delattr(facts, condition)


def test_every_condition_is_a_fact_of_the_station():
    facts = FakePlant().controller.facts
    for interlock in INTERLOCKS:
        for condition in interlock.always + interlock.keyed:
            assert isinstance(getattr(facts, condition), bool)


def test_every_axis_has_an_interlock_in_both_directions():
    names = {interlock.name for interlock in INTERLOCKS}
    for axis in FakePlant().controller.wiring.axes:
        assert {f"{axis.name}.ilk_plus", f"{axis.name}.ilk_minus"} <= names


class Eager(StationController):
    """A controller that asks every axis for motion in every scan."""

    def _serve_rack(self) -> None:
        super()._serve_rack()
        for axis in self.wiring.axes:
            axis.go(axis.high if self.wants_plus else axis.low, 0.05)

    wants_plus = True


@pytest.mark.parametrize("plus", [True, False])
def test_no_axis_moves_without_its_interlock(plus: bool):
    plant = FakePlant([Truck()], controller=Eager)
    plant.controller.wants_plus = plus
    plant._forbid = lambda: None  # type: ignore[method-assign]
    for _ in range(500):
        plant._sense()
        plant.controller.scan(plant.t_ns, plant.inputs, plant.outputs)
        for axis in plant.controller.wiring.axes:
            node = plant.outputs.device(axis.name)
            direction = "plus" if axis.target > axis.position else "minus"
            if node.cmd_move and abs(axis.target - axis.position) > axis.tolerance:
                assert getattr(node, f"ilk_{direction}")
        plant._act()
        plant.t_ns += 20_000_000


def test_the_truck_is_not_released_while_the_shuttle_is_in_the_lane():
    plant = FakePlant()
    plant.until(lambda: plant.step == "take.fast")
    plant.controller.shuttle.truck_may_go = True
    plant.controller.shuttle.clamp = False
    plant.run(2.0)
    assert not plant.outputs.truck.interface.cmd_release
    assert not plant.outputs.bay.exit_light.cmd_green
    assert plant.outputs.bay.clamp.cmd_close
    assert not plant.outputs.bay.entry_light.cmd_green


@pytest.mark.parametrize("beside_m", [0.0, 0.05])
def test_nothing_is_lowered_under_a_pack_whose_locks_disagree_wherever_the_plate_was_jogged(beside_m: float):
    plant = FakePlant()
    plant.until(lambda: plant.step == "lower.fast")
    plant.position["shuttle.cross"] += beside_m

    def permitted(locked: bool) -> bool:
        plant._sense()
        lock = plant.inputs.bracket2.lock1
        lock.st_locked, lock.st_released = locked, not locked
        plant.controller.scan(plant.t_ns, plant.inputs, plant.outputs)
        assert plant.controller.facts.over_bracket == (beside_m == 0.0)
        return "locks_settled" not in plant.controller.interlocks.false("shuttle.lift.ilk_minus")

    assert permitted(False)
    assert not permitted(True)


def test_the_lift_does_not_rise_at_a_place_that_the_fork_is_in():
    plant = FakePlant([])
    plant.until(lambda: plant.controller.crane_sequence.step == "put.lower")
    plant.position["shuttle.travel"], plant.position["shuttle.cross"] = 4.8, 0.8
    plant._sense()
    plant.controller.scan(plant.t_ns, plant.inputs, plant.outputs)
    assert "fork_clear_of_shuttle" in plant.controller.interlocks.false("shuttle.lift.ilk_plus")
    assert not plant.outputs.shuttle.lift.ilk_plus


def test_the_fork_does_not_enter_a_place_that_the_raised_shuttle_is_in():
    plant = FakePlant()
    plant.until(lambda: plant.step == "deliver.put")
    facts, wiring = plant.controller.facts, plant.controller.wiring
    plant.position["crane.travel"], plant.position["crane.hoist"] = -0.8, wiring.empty.under_m
    plant.position["crane.fork"] = 0.0
    plant.run(0.1)
    assert not facts.fork_minus_free
    assert not plant.outputs.crane.fork.ilk_minus
