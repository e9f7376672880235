"""What goes wrong, how the station reacts, and how a person gets it going again."""

from __future__ import annotations

import pytest

from tests.control.fake_plant import FakePlant, Truck, settings

TRAVEL, CROSS, LIFT, FORK = 1, 2, 3, 7
AUTOMATIC, MANUAL, MAINTENANCE = 0, 2, 3


def at_step(step: str, **keys: object) -> FakePlant:
    plant = FakePlant(**keys)  # type: ignore[arg-type]
    plant.until(lambda: plant.step == step)
    return plant


def finish(plant: FakePlant, packs: int = 5) -> None:
    """The truck is served, the station idle, and every pack is somewhere."""
    truck = plant.truck
    assert truck is not None
    plant.until(lambda: plant.served == 1 and plant.state == "Idle", 900)
    assert plant.controller.alarms.active == [], plant.describe()
    assert plant.plate == 0
    serials = [*plant.everything(), *truck.packs.values()]
    assert len(set(serials)) == packs, serials
    assert plant.controller.inventory.consistent


def let_go_unswapped(plant: FakePlant) -> None:
    truck = plant.truck
    assert truck is not None
    plant.until(lambda: plant.served == 1 and plant.state == "Idle")
    assert truck.packs == {1: 101}


# -- refused before anything moves ----------------------------------------------------------------


def test_truck_outside_the_window_is_refused_and_leaves_after_a_reset():
    plant = FakePlant([Truck(y_m=0.09), Truck({0: 102})])
    plant.until(lambda: plant.state == "Held")
    assert plant.controller.alarms.active == ["bay.pose.alm_out_of_range"]
    plant.run(20)
    assert plant.position["shuttle.travel"] == 2.75 and plant.peak_n == 0.0
    plant.press("confirm")  # Measures again: still out.
    plant.until(lambda: plant.state == "Held")
    plant.press("reset")
    let_go_unswapped(plant)
    plant.until(lambda: plant.served == 2 and plant.state == "Idle")


def test_truck_that_never_parks_is_held():
    plant = FakePlant(setting=settings(timeouts__park_s=5.0))
    plant.until(lambda: plant.state == "Held")
    assert plant.controller.alarms.active == ["bay.sensor.alm_not_parked"]
    plant.until(lambda: plant.truck_stage == "parked")
    plant.press("confirm")
    finish(plant)


# -- a lock that does not open --------------------------------------------------------------------


def stuck_lock() -> FakePlant:
    plant = at_step("unlock.engage")
    plant.stuck = {(1, 2)}
    plant.until(lambda: plant.state == "Held")
    return plant


def test_stuck_lock_holds_with_the_lift_inside_its_limit():
    plant = stuck_lock()
    assert plant.controller.alarms.active == ["bracket2.lock3.alm_not_released"]
    before = dict(plant.position)
    plant.run(20)
    assert plant.position == before
    assert plant.peak_n < plant.settings.shuttle.seat_limit_n


def test_stuck_lock_freed_and_confirmed_completes():
    plant = stuck_lock()
    plant.stuck = set()
    plant.press("confirm")
    finish(plant)


def test_stuck_lock_is_relocked_by_hand_and_the_truck_leaves_with_its_pack():
    plant = stuck_lock()
    plant.press("reset")
    assert plant.refusals[-1] == "shuttle_not_home"
    plant.jog(LIFT, -1.0, 0.5)
    assert plant.refusals[-1] == "wrong_mode"
    plant.mode(MANUAL)
    lift = plant.position["shuttle.lift"]
    plant.run(2.5)
    plant.jog(LIFT, -1.0, 3.0)
    assert plant.refusals[-1] == "interlock"
    assert plant.position["shuttle.lift"] == lift
    plant.inputs.operator.panel.op_engage = True  # The refused jog lowered the keys.
    plant.run(2.0)
    plant.press("lock", 2.0)
    assert min(plant.truck.locks[1]) == 1.0  # type: ignore[union-attr]
    plant.inputs.operator.panel.op_engage = False
    plant.jog(LIFT, -1.0, 12.0)
    assert plant.position["shuttle.lift"] == 0.0
    plant.jog(TRAVEL, 1.0, 16.0)
    assert plant.position["shuttle.travel"] >= 2.75
    plant.press("reset")
    let_go_unswapped(plant)
    assert plant.outputs.station.unit.seq_mode == MANUAL


# -- a pack that does not seat --------------------------------------------------------------------


def not_seated() -> FakePlant:
    plant = at_step("raise.fast")
    plant.debris_m = 0.012
    plant.until(lambda: plant.state == "Held")
    return plant


def test_debris_holds_without_any_lock_command():
    plant = not_seated()
    assert plant.controller.alarms.active == ["bracket2.seat.alm_not_seated"]
    assert "lock.turn" not in plant.steps and "lock.engage" not in plant.steps
    plant.mode(MANUAL)
    plant.press("lock", 2.0)
    assert plant.refusals[-1] == "interlock"
    assert max(plant.truck.locks[1]) == 0.0  # type: ignore[union-attr]


def test_debris_removed_and_confirmed_seats_again():
    plant = not_seated()
    plant.mode(MANUAL)
    plant.jog(LIFT, -1.0, 10.0)
    plant.debris_m = 0.0
    plant.press("confirm")
    assert plant.refusals[-1] == "wrong_mode"
    plant.mode(AUTOMATIC)
    plant.press("confirm")
    finish(plant)
    assert plant.phases.count("seat") == 2


def test_confirmed_without_a_jog_lowers_and_tries_again():
    plant = not_seated()
    plant.debris_m = 0.0
    plant.press("confirm")
    finish(plant)


# -- emergency stop -------------------------------------------------------------------------------


def stopped_mid_lift(step: str = "raise.fast") -> FakePlant:
    plant = at_step(step)
    plant.run(0.6)
    plant.chain, plant.pressed = False, True
    plant.run(0.1)
    return plant


def test_emergency_stop_aborts_in_the_same_scan_and_a_reset_starts_nothing():
    plant = at_step("raise.fast")
    plant.run(0.6)
    plant.chain, plant.pressed = False, True
    plant.scan()
    assert plant.state == "Aborting"
    outputs = plant.outputs
    assert not outputs.station.safety.cmd_drives_on
    assert not any(outputs.device(name).cmd_move for name in plant.position)
    plant.run(1.0)
    assert plant.state == "Aborted"
    before = dict(plant.position)
    plant.press("start")
    assert plant.refusals[-1] == "wrong_state"
    plant.press("reset", 0.5)
    assert plant.refusals[-1] == "estop_pressed"
    plant.press("clear")
    assert plant.refusals[-1] == "estop_pressed"
    plant.pressed = False
    plant.chain = True  # A chain that closes by itself: the reset is still asked for.
    plant.press("clear")
    assert plant.refusals[-1] == "chain_not_reset"
    plant.press("reset", 0.5)
    plant.run(5)
    assert plant.state == "Aborted" and plant.position == before
    plant.press("clear")
    plant.until(lambda: plant.state == "Stopped")
    plant.press("reset")
    assert plant.refusals[-1] == "inventory_not_confirmed"
    plant.press("inventory_ok")
    plant.press("reset")
    plant.until(lambda: plant.state == "Idle")
    plant.run(20)
    assert plant.state == "Idle" and plant.position == before
    assert plant.outputs.station.unit.seq_wait_confirm


def clear_after_stop(plant: FakePlant) -> None:
    plant.pressed = False
    plant.press("reset", 0.5)
    plant.press("clear")
    plant.until(lambda: plant.state == "Stopped")


def start_again(plant: FakePlant) -> None:
    plant.press("inventory_ok")
    plant.press("reset")
    plant.until(lambda: plant.state == "Idle")
    plant.press("start")


@pytest.mark.slow
@pytest.mark.parametrize(
    "step",
    ["approach.move", "take.contact", "unlock.turn", "lower.slow", "lower.fast", "deliver.out", "deliver.raise",
     "deliver.in", "deliver.put", "fetch.move", "fetch.raise", "fetch.out", "return.in", "raise.fast", "seat.press",
     "lock.turn", "clear.slow", "clear.home"],
)  # fmt: skip
def test_emergency_stop_at_any_step_is_resumed(step: str):
    plant = stopped_mid_lift(step)
    clear_after_stop(plant)
    start_again(plant)
    finish(plant)


@pytest.mark.slow
def test_emergency_stop_then_the_pack_is_put_back_by_hand():
    plant = stopped_mid_lift()
    clear_after_stop(plant)
    plant.jog(LIFT, -1.0, 0.5)
    assert plant.refusals[-1] == "wrong_mode"
    plant.mode(MANUAL)
    plant.jog(TRAVEL, 1.0, 2.0)
    assert plant.refusals[-1] == "interlock"  # Not with the lift up under a truck.
    plant.jog(LIFT, -1.0, 8.0)
    plant.jog(TRAVEL, 1.0, 20.0)
    assert abs(plant.position["shuttle.travel"] - 2.5) < 0.001  # A low pack stops at the clear line.
    plant.mode(AUTOMATIC)
    start_again(plant)
    finish(plant)


def test_idle_after_a_stop_takes_no_truck_until_started():
    plant = FakePlant([])
    plant.until(lambda: plant.state == "Idle")
    plant.press("stop")
    plant.until(lambda: plant.state == "Stopped")
    plant.queue.append(Truck())
    plant.press("reset")
    plant.until(lambda: plant.state == "Idle")
    plant.run(20)
    assert plant.truck is None and not plant.outputs.bay.entry_light.cmd_green
    plant.press("start")
    finish_plain(plant)


def finish_plain(plant: FakePlant) -> None:
    plant.until(lambda: plant.served == 1 and plant.state == "Idle", 900)
    assert plant.controller.alarms.active == []


# -- power ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_power_loss_holds_and_goes_on_in_the_same_step_after_a_confirmation():
    for step in ("take.fast", "deliver.in", "lower.fast", "fetch.out"):
        plant = at_step(step)
        plant.run(0.5)
        plant.mains = False
        plant.run(2.0)
        assert plant.state == "Held"
        before = dict(plant.position)
        plant.press("confirm")
        assert plant.refusals[-1] == "mains_off"
        plant.mains = True
        plant.run(10.0)
        assert plant.state == "Held" and plant.position == before
        assert plant.outputs.station.unit.seq_wait_confirm
        plant.press("confirm")
        plant.until(lambda p=plant: p.state == "Execute")
        assert plant.step == step
        finish(plant)


def test_power_loss_in_idle_needs_a_reset_and_a_start():
    plant = FakePlant([])
    plant.until(lambda: plant.state == "Idle")
    plant.mains = False
    plant.run(1.0)
    assert plant.state == "Stopped"
    plant.mains = True
    plant.press("reset")
    plant.until(lambda: plant.state == "Idle")


# -- the truck moves ------------------------------------------------------------------------------


@pytest.mark.slow
def test_creeping_truck_aborts():
    for step in ("unlock.turn", "seat.press", "return.in"):
        plant = at_step(step)
        plant.truck_creep_m_s = 0.05
        plant.run(0.3)
        assert plant.state in ("Aborting", "Aborted")
        assert "bay.sensor.alm_truck_moved" in plant.alarms
        assert not any(plant.outputs.device(name).cmd_move for name in plant.position)


# -- loads ----------------------------------------------------------------------------------------


def test_overload_aborts_and_lowering_waits_for_a_confirmation():
    plant = at_step("deliver.in")
    assert plant.truck is not None
    load = plant.load_n
    plant.load_n = lambda: 25_000.0  # type: ignore[method-assign]
    plant.run(0.1)
    plant.load_n = load  # type: ignore[method-assign]
    plant.run(1.0)
    assert plant.state == "Aborted" and plant.alarms == ["shuttle.lift.alm_overload"]
    assert plant.outputs.station.safety.cmd_drives_on  # The drives hold the load.
    plant.press("clear")
    plant.until(lambda: plant.state == "Stopped")
    assert "lowering_confirmed" in plant.controller.interlocks.false("shuttle.lift.ilk_minus")
    plant.press("confirm")
    assert "lowering_confirmed" not in plant.controller.interlocks.false("shuttle.lift.ilk_minus")
    start_again(plant)
    finish(plant)


def test_lost_load_aborts():
    plant = at_step("deliver.in")
    plant.plate = 0
    plant.run(0.5)
    assert plant.state == "Aborted" and "shuttle.plate.alm_load_lost" in plant.alarms


# -- hold, stop and the rest ----------------------------------------------------------------------


def test_operator_hold_and_confirm_go_on_in_the_step():
    plant = at_step("deliver.out")
    plant.run(1.0)
    plant.press("hold")
    plant.until(lambda: plant.state == "Held")
    plant.press("start")
    assert plant.refusals[-1] == "wrong_state"
    plant.press("confirm")
    finish(plant)


def test_operator_stop_is_resumed_by_reset_and_start():
    plant = at_step("fetch.out")
    plant.press("stop")
    plant.until(lambda: plant.state == "Stopped")
    plant.press("reset")
    plant.until(lambda: plant.state == "Idle")
    plant.run(5)
    plant.press("start")
    finish(plant)


def test_drive_fault_holds_and_is_taken_back_by_a_confirmation():
    plant = at_step("deliver.in")
    node, sense = plant.inputs.shuttle.travel, plant._sense
    faults = [True]

    def with_fault() -> None:
        sense()
        if not plant.outputs.shuttle.travel.cmd_enable:
            faults[0] = False
        node.st_ready = not faults[0]

    plant._sense = with_fault  # type: ignore[method-assign]
    plant.until(lambda: plant.state == "Held")
    assert plant.controller.alarms.active == ["shuttle.travel.alm_drive_fault"]
    plant.press("confirm")
    finish(plant)


@pytest.mark.slow
def test_water_suspends_at_the_next_safe_point_and_stops_charging_at_once():
    plant = at_step("deliver.in", trucks=[Truck({0: 101, 1: 102})])
    plant.run(60)
    assert any(plant.outputs.device(f"rack.slot{i}").cmd_charge for i in range(1, 8))
    sense = plant._sense
    wet = [True]

    def with_water() -> None:
        sense()
        plant.inputs.station.safety.st_floor_dry = not wet[0]

    plant._sense = with_water  # type: ignore[method-assign]
    plant.scan()
    assert not any(plant.outputs.device(f"rack.slot{i}").cmd_charge for i in range(1, 8))
    plant.until(lambda: plant.state == "Suspended")
    assert plant.step == "approach.select"
    wet[0] = False
    plant.press("confirm")
    plant.until(lambda: plant.served == 1 and plant.state == "Idle", 900)


def test_mode_is_not_left_while_the_machine_moves():
    plant = at_step("deliver.in")
    plant.mode(MANUAL)
    assert plant.refusals[-1] == "wrong_state"
    assert plant.outputs.station.unit.seq_mode == AUTOMATIC
    plant.mode(AUTOMATIC)
    finish(plant)


def test_maintenance_runs_slowly_and_past_keyed_interlocks():
    plant = FakePlant([])
    plant.until(lambda: plant.place["transfer.full"] > 0)
    plant.until(lambda: plant.controller.crane_sequence.step == "idle.wait")
    plant.mode(MANUAL)
    plant.jog(LIFT, 1.0, 5.0)
    plant.jog(CROSS, 1.0, 1.0)
    assert plant.refusals[-1] == "interlock"  # Not across with the lift up.
    assert plant.position["shuttle.cross"] == 0.0
    plant.mode(MAINTENANCE)
    plant.jog(CROSS, 1.0, 2.0)
    assert 0 < plant.position["shuttle.cross"] <= 0.3 * plant.settings.shuttle.cross.jog_m_s * 2.0 + 1e-9


def test_crane_jogged_out_has_to_be_home_before_it_goes_on():
    plant = FakePlant([])
    plant.until(lambda: plant.controller.crane_sequence.step == "get.reach")
    plant.run(1.0)
    plant.press("stop")
    plant.until(lambda: plant.state == "Stopped")
    plant.mode(MANUAL)
    plant.jog(FORK, 1.0, 1.0)
    plant.press("reset")
    assert plant.refusals[-1] == "fork_not_home"
    plant.jog(FORK, -0.5, 40.0)
    assert abs(plant.position["crane.fork"]) < 0.01  # Stops at home: nothing to reach on the lane's side here.
    plant.press("reset")
    plant.until(lambda: plant.state == "Idle")
    plant.mode(AUTOMATIC)
    plant.press("start")
    plant.until(lambda: plant.place["transfer.full"] > 0)
    assert plant.everything() == [1, 2, 3, 4]
