"""Whole swaps against the kinematic plant."""

from __future__ import annotations

import json

import pytest

from tests.control.fake_plant import SCAN_NS, FakePlant, Truck, settings

PHASES = [
    "none", "park", "authorise", "secure", "measure", "approach", "take", "unlock", "lower", "deliver", "fetch",
    "return", "raise", "seat", "lock", "clear", "verify", "release", "leave", "none",
]  # fmt: skip
ONE_POSITION = PHASES[PHASES.index("approach") : PHASES.index("verify")]


def served(plant: FakePlant, count: int = 1) -> bool:
    return plant.served == count and plant.state == "Idle"


def test_one_pack_is_swapped():
    plant = FakePlant()
    plant.until(lambda: plant.truck_stage == "parked")
    truck = plant.truck
    assert truck is not None
    before = sorted([*plant.everything()])
    plant.until(lambda: served(plant))
    assert plant.phases == PHASES
    assert plant.states == ["Resetting", "Idle", "Starting", "Execute", "Completing", "Complete", "Resetting", "Idle"]
    assert plant.alarms == []
    assert list(truck.packs) == [1] and truck.packs[1] in (1, 2, 3, 4)
    assert sorted([*plant.everything(), truck.packs[1]]) == before


@pytest.mark.slow
def test_the_returned_pack_is_stored_charged_and_the_next_full_one_waits():
    plant = FakePlant()
    plant.until(lambda: served(plant))
    plant.run(120)
    assert plant.place["transfer.empty"] == 0
    assert plant.place["transfer.full"] in (1, 2, 3, 4)
    slot = next(name for name, serial in plant.place.items() if serial == 101)
    assert slot.startswith("rack.slot")
    assert plant.outputs.device(slot).cmd_charge
    assert not plant.outputs.device("rack.isolation").cmd_charge
    assert plant.controller.inventory.consistent
    assert plant.outputs.station.inventory.seq_packs == 4


@pytest.mark.slow
def test_three_packs_are_swapped_with_a_yawed_truck():
    truck = Truck({0: 101, 1: 102, 2: 103}, x_m=0.04, y_m=-0.03, z_m=0.03, yaw_rad=0.02)
    plant = FakePlant([truck])
    plant.until(lambda: served(plant), 1000)
    assert plant.alarms == []
    assert set(truck.packs.values()) <= {1, 2, 3, 4} and len(set(truck.packs.values())) == 3
    body = plant.phases[plant.phases.index("approach") :]
    assert body[: 3 * len(ONE_POSITION)] == ONE_POSITION * 3


@pytest.mark.slow
def test_trucks_are_served_one_after_another():
    plant = FakePlant([Truck({0: 101}), Truck({1: 102}), Truck({2: 103, 1: 104})])
    plant.until(lambda: served(plant, 3), 1500)
    assert plant.alarms == []
    assert plant.states.count("Idle") == 4


@pytest.mark.slow
def test_one_transfer_place_does_not_block_itself():
    setting = settings(transfer_empty={"device": "transfer.full", "x_m": 0.8})
    truck = Truck({0: 101, 1: 102})
    plant = FakePlant([truck], setting=setting, places=1)
    plant.until(lambda: served(plant), 1500)
    assert plant.alarms == []
    assert set(truck.packs.values()) <= {1, 2, 3, 4}


@pytest.mark.slow
def test_a_full_rack_is_emptied_before_the_returned_pack_is_stored():
    stock = {f"rack.slot{i}": i for i in range(1, 8)}
    plant = FakePlant([Truck({0: 101, 1: 102, 2: 103})], stock)
    plant.until(lambda: served(plant), 1500)
    assert plant.alarms == []
    plant.run(200)
    assert plant.place["transfer.empty"] == 0


@pytest.mark.slow
def test_flagged_pack_goes_to_the_isolation_slot_and_is_not_charged():
    plant = FakePlant(setting=settings(pack__isolate_serial=[101]))
    plant.until(lambda: served(plant))
    plant.run(120)
    assert plant.place["rack.isolation"] == 101
    assert not plant.outputs.rack.isolation.cmd_charge
    assert not plant.outputs.rack.isolation.cmd_connect


@pytest.mark.slow
def test_too_few_full_packs_suspend_until_one_is_charged():
    plant = FakePlant([Truck({0: 101, 1: 102})], {"rack.slot1": 1, "rack.slot2": 2})
    plant.soc[2] = 0.5
    plant.until(lambda: plant.state == "Suspended")
    assert "station.unit.alm_no_full_pack" in plant.controller.alarms.active
    plant.run(30)
    assert plant.hv == 0.0 and plant.clamp == 0.0
    plant.soc[2] = 0.95
    plant.until(lambda: served(plant), 600)
    assert plant.controller.alarms.active == []


@pytest.mark.slow
def test_semi_automatic_waits_for_a_confirmation_at_each_step():
    plant = FakePlant()
    plant.mode(1)
    plant.until(lambda: plant.truck_stage == "parked")
    confirmed = 0
    while not served(plant):
        plant.run(0.1)
        if plant.outputs.station.unit.seq_wait_confirm:
            step = plant.step
            plant.run(0.5)
            assert plant.step == step
            plant.press("confirm", 0.04)
            confirmed += 1
        assert plant.t_ns < 2000e9
    assert confirmed > 40
    assert plant.phases == PHASES


@pytest.mark.parametrize(
    "step", ["take.contact", "unlock.turn", "deliver.in", "fetch.raise", "seat.press", "lock.turn"]
)
def test_restored_state_continues_exactly(step: str):
    plant = FakePlant()
    plant.until(lambda: plant.step == step)
    plant.run(0.06)
    saved = json.loads(json.dumps(plant.controller.state()))
    inputs_row, twin = plant.inputs.row(), FakePlant()
    outputs_row = plant.outputs.row()
    for image, row in ((twin.inputs, inputs_row), (twin.outputs, outputs_row)):
        for name, value in zip(image.order, row, strict=True):
            image.set(name, value)
    twin.controller.scan(0, twin.inputs, twin.outputs)  # Binds the images; everything it did is overwritten.
    twin.controller.restore(saved)
    for image, row in ((twin.inputs, inputs_row), (twin.outputs, outputs_row)):
        for name, value in zip(image.order, row, strict=True):
            image.set(name, value)
    for _ in range(300):
        plant.scan()
        for name, value in zip(plant.inputs.order, plant.inputs.row(), strict=True):
            twin.inputs.set(name, value)
        twin.controller.scan(plant.t_ns - SCAN_NS, twin.inputs, twin.outputs)
        assert twin.outputs.row() == plant.outputs.row()
    assert json.loads(json.dumps(twin.controller.state())) == json.loads(json.dumps(plant.controller.state()))


def test_it_says_what_it_waits_for():
    plant = FakePlant()
    plant.until(lambda: plant.step == "unlock.engage")
    plant.stuck = {(1, 2)}
    plant.until(lambda: plant.step == "unlock.turn")
    plant.run(1.5)
    waiting = plant.controller.waits_for()["shuttle"]
    assert waiting.step == "unlock.turn"
    assert waiting.guards == {"locks_all_released": ("locks_all_released",)}
    labels = plant.controller.signals["shuttle.sequence.seq_waits_for"].labels
    assert labels[plant.outputs.shuttle.sequence.seq_waits_for] == "locks_all_released"
