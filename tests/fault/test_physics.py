"""What each fault changes in the world, by how much, and what the controller makes of it by itself."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pybullet")

from tests.fault.station import (
    APPROACH,
    ARRIVING,
    AUTHORISE,
    CLAMPED,
    DELIVER,
    IDLE,
    IN_THE_AIR,
    LOCK,
    UNLOCK,
    Stage,
)
from twin import assets
from twin.event import PressEstop
from twin.plant.air import Air
from twin.plant.heat import Heat

pytestmark = pytest.mark.sim

LOCK1 = "bracket2.lock1"

#: Fault, when it begins, its fields, and the alarm that the controller raises, within s.
ALARMS: list[tuple[str, float, dict[str, Any], str, float]] = [
    ("lock_stuck", UNLOCK, {"target": LOCK1}, "bracket2.lock1.alm_not_released", 8),
    ("lock_half_released", UNLOCK, {"target": LOCK1}, "bracket2.lock1.alm_not_released", 8),
    ("lock_half_closed", LOCK, {"target": LOCK1}, "bracket2.lock1.alm_not_locked", 8),
    ("lock_sluggish", UNLOCK, {"target": LOCK1}, "bracket2.lock1.alm_not_released", 8),
    ("coupling_bent", LOCK, {"target": "bracket2.electrical"}, "bracket2.seat.alm_not_mated", 25),
    ("wheel_slip", APPROACH, {"target": "shuttle.travel"}, "shuttle.lock_driver.alm_not_engaged", 25),
    ("drive_weak", IN_THE_AIR, {"target": "shuttle.lift", "force_frac": 0.3}, "shuttle.lift.alm_drive_fault", 2),
    ("drive_trip", IN_THE_AIR, {"target": "shuttle.lift"}, "shuttle.lift.alm_drive_fault", 1),
    ("drive_slow", APPROACH, {"target": "shuttle.travel", "speed_frac": 0.1}, "shuttle.travel.alm_timeout", 45),
    ("float_stuck", LOCK, {}, "shuttle.lift.alm_timeout", 40),
    ("keys_jammed", UNLOCK, {}, "shuttle.lock_driver.alm_not_engaged", 8),
    ("truck_creep", UNLOCK, {"speed_m_s": 0.02, "duration_s": 3.0}, "bay.sensor.alm_truck_moved", 2),
    ("driver_drives_off", UNLOCK, {}, "bay.sensor.alm_truck_moved", 1),
    ("park_brake_off", UNLOCK, {}, "truck.interface.alm_handshake_lost", 1),
    ("payload_shift", CLAMPED, {"roll_deg": 2.0}, "bay.pose.alm_out_of_range", 5),
    ("hv_stays_on", AUTHORISE, {}, "truck.interface.alm_hv_not_off", 20),
    ("clamp_jammed", AUTHORISE, {}, "bay.clamp.alm_not_closed", 25),
    ("sensor_stuck", UNLOCK, {"target": f"{LOCK1}.st_released", "value": False}, "bracket2.lock1.alm_not_released", 8),
    ("sensor_offset", UNLOCK, {"target": "shuttle.plate.pv_load_n", "offset": 9e3}, "shuttle.lift.alm_overload", 1),
    ("sensor_flickers", UNLOCK, {"target": "truck.interface.st_park_brake"}, "truck.interface.alm_handshake_lost", 2),
    ("bus_lost", APPROACH, {"target": "shuttle", "inputs": "zero"}, "shuttle.lift.alm_drive_fault", 1),
    ("bus_lost", APPROACH, {"target": "shuttle.travel"}, "shuttle.travel.alm_timeout", 45),
    ("mains_dip", IN_THE_AIR, {"duration_s": 1.0}, "station.safety.alm_mains", 1),
    ("chain_broken", IN_THE_AIR, {}, "station.safety.alm_estop", 1),
    ("door_open", IN_THE_AIR, {}, "station.safety.alm_fence_open", 1),
    ("floor_wet", IN_THE_AIR, {}, "station.safety.alm_water", 1),
    ("slot_latch_stuck", DELIVER, {"target": "rack.slot6"}, "rack.slot6.alm_not_latched", 130),
]


@pytest.mark.parametrize(
    ("name", "instant", "fields", "alarm", "within_s"),
    [
        pytest.param(*case, id=f"{case[0]}-{n}", marks=[pytest.mark.slow] * (case[4] > 10))
        for n, case in enumerate(ALARMS)
    ],
)
def test_the_controller_notices_it(
    name: str, instant: float, fields: dict[str, Any], alarm: str, within_s: float, stage: Stage
) -> None:
    station = stage.at(instant)
    station.goes_on(0.04)
    assert alarm not in station.alarms()
    station.breaks(name, **fields)
    station.until(alarm, within_s=within_s)


# -- locks and seat ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stroke_frac", "holds"), [(0.95, True), (0.5, False)])
def test_a_lock_that_opens_half_stops_there_and_may_still_hold(stroke_frac: float, holds: bool, stage: Stage) -> None:
    station = stage.at(UNLOCK)
    station.breaks("lock_half_released", target=LOCK1, stroke_frac=stroke_frac)
    stroke, holding, other = station.goes_on(
        5.0, f"{LOCK1}.gt_stroke_frac", f"{LOCK1}.gt_holding", "bracket2.lock2.gt_stroke_frac"
    )[-1]
    assert (stroke, bool(holding), other) == (stroke_frac, holds, 0.0)


def test_a_lock_that_closes_half_holds_nothing(stage: Stage) -> None:
    station = stage.at(LOCK)
    station.breaks("lock_half_closed", target=LOCK1, stroke_frac=0.6)
    stroke, holding = station.goes_on(6.0, f"{LOCK1}.gt_stroke_frac", f"{LOCK1}.gt_holding")[-1]
    assert (stroke, holding) == (0.6, 0.0)


def test_a_sluggish_lock_turns_at_its_share_of_the_speed(stage: Stage) -> None:
    station = stage.at(UNLOCK)
    station.breaks("lock_sluggish", target=LOCK1, speed_frac=0.5)
    slow, usual = station.goes_on(4.0, f"{LOCK1}.gt_stroke_frac", "bracket2.lock2.gt_stroke_frac").T
    turning = (usual < 1.0) & (usual > 0.0)
    assert turning.sum() > 50
    assert 1.0 - slow[turning] == pytest.approx(0.5 * (1.0 - usual[turning]), abs=1e-9)


def test_a_lock_that_loosens_lets_go_at_nine_tenths(stage: Stage) -> None:
    station = stage.at(UNLOCK)
    station.breaks("lock_loosens", target=LOCK1, rate_1_s=0.5)
    stroke, holding = station.goes_on(0.4, f"{LOCK1}.gt_stroke_frac", f"{LOCK1}.gt_holding").T
    assert np.diff(stroke) == pytest.approx(-0.01, abs=1e-9)
    assert (holding.astype(bool) == (stroke >= 0.9)).all() and not holding[-1]


def test_a_bent_coupling_does_not_mate_beyond_its_float(stage: Stage) -> None:
    for offset_mm, mates in ((5.0, 1.0), (12.0, 0.0)):
        station = stage.at(UNLOCK)
        station.breaks("coupling_bent", target="bracket2.coolant", offset_mm=offset_mm)
        names = ("bracket2.seat.st_electrical_mated", "bracket2.seat.st_coolant_mated")
        assert list(station.goes_on(0.1, *names)[-1]) == [1.0, mates]


# -- machines ------------------------------------------------------------------------------------------------------


def test_an_encoder_that_drifts_moves_the_axis_by_what_it_drifts(stage: Stage) -> None:
    station = stage.at(IDLE)
    axis = station.world.axis("crane.fork")
    q, shown = axis.q, station.value("crane.fork.pv_position_m")
    station.breaks("encoder_drift", target="crane.fork", drift_mm_s=2.0)
    rows = station.goes_on(3.0, "crane.fork.pv_position_m", "crane.fork.st_home")
    assert rows[:, 0] == pytest.approx(shown, abs=2e-4), "the drive holds what the encoder says"
    assert axis.q == pytest.approx(q - 0.006, abs=3e-4)
    assert rows[0, 1] and not rows[-1, 1], "the switch sees the machine"
    station.mended("encoder_drift", "crane.fork")
    station.goes_on(2.0)
    assert axis.measured == axis.q


def test_wheels_that_slip_make_a_share_of_their_way(stage: Stage) -> None:
    station = stage.at(APPROACH)
    axis = station.world.axis("shuttle.travel")
    q, shown = axis.q, axis.measured
    station.breaks("wheel_slip", target="shuttle.travel", slip_frac=0.05)
    station.goes_on(6.0)
    assert abs(axis.measured - shown) > 1.0
    assert (axis.q - q) / (axis.measured - shown) == pytest.approx(0.95, abs=5e-4)


def test_a_faded_brake_lets_the_load_fall_by_what_it_does_not_hold(stage: Stage) -> None:
    def after_stop(force_frac: float) -> np.ndarray:
        station = stage.at(IN_THE_AIR)
        if force_frac < 1.0:
            station.breaks("brake_fade", target="shuttle.lift", force_frac=force_frac)
        station.run.cause(PressEstop())
        return station.goes_on(0.3, "shuttle.lift.pv_position_m", "shuttle.lift.pv_speed_m_s")

    # Of 40 kN a share of 0.6 still holds what weighs some 16 kN, and a quarter does not.
    assert np.ptp(after_stop(1.0)[:, 0]) < 0.002 and np.ptp(after_stop(0.6)[:, 0]) < 0.002
    station = stage.at(IN_THE_AIR)
    engine, world = station.world.engine, station.world
    moved_kg = engine.mass_above_kg(world.shuttle, "lift") + world.packs[0].body.mass_kg
    speed = after_stop(0.25)[:10, 1]
    acceleration = np.polyfit(np.arange(10) * 0.02, speed, 1)[0]
    assert acceleration == pytest.approx(-9.81 + 0.25 * 40_000.0 / moved_kg, rel=0.1)


def test_friction_shows_in_the_drive_and_not_on_the_load(stage: Stage) -> None:
    station = stage.at(IN_THE_AIR)
    station.breaks("guide_friction", target="shuttle.lift", friction_n=3000.0)
    shown, true, speed = station.goes_on(
        0.6, "shuttle.lift.pv_force_n", "shuttle.lift.gt_force_n", "shuttle.lift.pv_speed_m_s"
    ).T
    lowering = speed < -0.02
    assert lowering.sum() > 10
    assert (shown - true)[lowering] == pytest.approx(-3000.0, abs=1.0)


def test_a_slow_drive_keeps_to_its_share(stage: Stage) -> None:
    station = stage.at(APPROACH)
    station.breaks("drive_slow", target="shuttle.travel", speed_frac=0.3)
    speed = station.goes_on(5.0, "shuttle.travel.pv_speed_m_s")[:, 0]
    assert np.abs(speed).max() == pytest.approx(0.15, abs=0.002)


def test_a_tripped_drive_stands_until_it_is_mended(stage: Stage) -> None:
    station = stage.at(DELIVER)
    station.breaks("drive_trip", target="shuttle.travel")
    ready, enabled = station.goes_on(1.0, "shuttle.travel.st_ready", "shuttle.travel.st_enabled")[-1]
    assert (ready, enabled) == (0.0, 0.0)
    assert station.world.axis("shuttle.travel").v == pytest.approx(0.0, abs=1e-3)


# -- truck ---------------------------------------------------------------------------------------------------------


def test_the_truck_rolls_as_fast_and_as_long_as_told(stage: Stage) -> None:
    station = stage.at(CLAMPED)
    station.breaks("truck_creep", speed_m_s=-0.05, duration_s=1.0)
    x = station.goes_on(2.0, "bay.sensor.gt_position_m")[:, 0]
    assert x[-1] - x[0] == pytest.approx(-0.05, abs=0.003) and np.ptp(x[60:]) < 0.003


def test_without_its_brake_the_clamp_alone_holds_the_truck(stage: Stage) -> None:
    station = stage.at(CLAMPED)
    station.breaks("park_brake_off")
    station.breaks("clamp_weak", force_frac=0.3)
    force_n, brake = station.goes_on(0.1, "bay.clamp.pv_force_n", "truck.interface.st_park_brake")[-1]
    assert (force_n, brake) == (6000.0, 0.0)
    truck = station.world.bay.truck
    assert truck is not None and truck.machine.joints["drive"].command is not None
    assert truck.machine.joints["drive"].command[3] == 6000.0


def test_a_load_that_shifts_leans_the_truck(stage: Stage) -> None:
    station = stage.at(CLAMPED)
    station.breaks("payload_shift", roll_deg=1.0)
    station.goes_on(3.0)
    assert math.degrees(_roll_rad(station)) == pytest.approx(1.0, rel=0.1)
    station.mended("payload_shift")
    station.goes_on(3.0)
    assert math.degrees(_roll_rad(station)) == pytest.approx(0.0, abs=0.05)


def _roll_rad(station: Any) -> float:
    x, y, z, w = station.world.bay.truck.X_WT[1]
    return math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))


def test_a_leaking_suspension_sinks_at_its_rate_to_its_stops(stage: Stage) -> None:
    station = stage.at(CLAMPED)
    truck = station.world.bay.truck
    assert truck is not None
    z = truck.X_WT[0][2]
    station.breaks("suspension_leak", rate_mm_s=10.0, depth_mm=30.0)
    station.goes_on(2.0)
    assert truck.X_WT[0][2] - z == pytest.approx(-0.020, abs=0.001)
    station.goes_on(3.0)
    assert truck.X_WT[0][2] - z == pytest.approx(-0.030, abs=0.001)


def test_a_welded_contactor_of_the_truck_keeps_its_voltage(stage: Stage) -> None:
    station = stage.at(AUTHORISE)
    station.breaks("hv_stays_on")
    assert not station.goes_on(10.0, "truck.interface.st_hv_off").any()


def test_dirt_on_the_lens_is_noise(stage: Stage) -> None:
    def spread_m(factor: float) -> float:
        station = stage.at(CLAMPED)
        if factor > 1.0:
            station.breaks("lens_dirty", noise_factor=factor)
        valid, x = station.goes_on(1.6, "bay.pose.st_valid", "bay.pose.pv_x_m").T
        return float(x[valid == 1].std())

    assert spread_m(10.0) == pytest.approx(10.0 * spread_m(1.0), rel=0.02)


# -- sensors and bus -----------------------------------------------------------------------------------------------


def test_swapped_sensors_say_each_others_value(stage: Stage) -> None:
    station = stage.at(UNLOCK)
    one, other = f"{LOCK1}.st_locked", f"{LOCK1}.st_released"
    station.breaks("sensor_swapped", target=one, other=other)
    rows = station.goes_on(0.1, one, other, f"{LOCK1}.gt_stroke_frac")[1:]
    assert (rows == [0.0, 1.0, 1.0]).all()


def test_a_stale_value_stays_while_the_machine_moves(stage: Stage) -> None:
    station = stage.at(IN_THE_AIR)
    station.breaks("sensor_stale", target="shuttle.lift.pv_position_m")
    shown, true = station.goes_on(0.5, "shuttle.lift.pv_position_m", "shuttle.lift.pv_speed_m_s").T
    assert np.ptp(shown[1:]) == 0.0 and np.abs(true).max() > 0.03
    station.mended("sensor_stale", "shuttle.lift.pv_position_m")
    station.goes_on(0.02)
    q = station.world.axis("shuttle.lift").q
    assert station.value("shuttle.lift.pv_position_m") == pytest.approx(q, abs=2e-3)


def test_an_offset_is_added_once_in_every_scan(stage: Stage) -> None:
    station = stage.at(IDLE)
    shown = station.value("rack.slot4.pv_soc_frac")
    station.breaks("sensor_offset", target="rack.slot4.pv_soc_frac", offset=-0.25)
    # The slot writes what it shows only when that changes.
    assert station.goes_on(1.0, "rack.slot4.pv_soc_frac")[1:, 0] == pytest.approx(shown - 0.25)


def test_a_loose_contact_is_off_for_its_share(stage: Stage) -> None:
    station = stage.at(IDLE)
    station.breaks("sensor_flickers", target="bay.clamp.st_open", period_s=0.5, off_frac=0.4)
    assert station.goes_on(2.02, "bay.clamp.st_open")[1:, 0].mean() == pytest.approx(0.6, abs=1e-9)


def test_a_clock_behind_shows_what_was(stage: Stage) -> None:
    station = stage.at(ARRIVING)
    station.breaks("clock_skew", target="bay.sensor", delay_s=0.5)
    shown, true = station.goes_on(3.0, "bay.sensor.pv_position_m", "bay.sensor.gt_position_m").T
    assert np.abs(shown[50:] - true[25:-25]).max() < 0.004, "noise of the sensor"
    assert np.abs(shown[50:] - true[50:]).max() > 0.1


def test_a_lost_bus_holds_values_and_the_device_drops_its_commands(stage: Stage) -> None:
    station = stage.at(DELIVER)
    axis = station.world.axis("shuttle.travel")
    station.goes_on(0.02)
    station.breaks("bus_lost", target="shuttle.travel", watchdog_s=0.2)
    shown, commanded = station.goes_on(0.18, "shuttle.travel.pv_position_m", "shuttle.travel.cmd_move").T
    assert axis.mode == "move" and np.ptp(shown[1:]) == 0.0 and commanded.all()
    station.goes_on(1.0)
    assert axis.mode == "brake" and abs(axis.v) < 1e-3
    assert station.value("shuttle.travel.pv_position_m") == shown[-1] != pytest.approx(axis.q, abs=0.01)


def test_a_bus_that_drops_out_comes_back(stage: Stage) -> None:
    station = stage.at(DELIVER)
    station.breaks("bus_drops_out", target="shuttle.travel", period_s=0.2, off_frac=0.5)
    moved = np.diff(station.goes_on(0.82, "shuttle.travel.pv_position_m")[1:, 0]) != 0
    assert 0.4 < moved.mean() < 0.8


# -- packs and supply ----------------------------------------------------------------------------------------------


def test_chargers_give_their_share_and_the_grid_its_limit(stage: Stage) -> None:
    station = stage.at(IDLE)
    charging = ("rack.slot2.pv_charge_w", "rack.slot3.pv_charge_w")
    assert list(station.goes_on(0.04, *charging)[-1]) == [171_000.0, 171_000.0]
    station.breaks("charger_module_lost", target="rack.slot3", power_frac=0.5)
    assert list(station.goes_on(0.1, *charging)[-1]) == [171_000.0, 85_500.0]
    station.breaks("grid_limited", limit_kw=128.25)
    soc = station.value("pack4.battery.gt_soc_frac")
    assert list(station.goes_on(30.0, *charging)[-1]) == pytest.approx([85_500.0, 42_750.0])
    gained = station.value("pack4.battery.gt_soc_frac") - soc
    assert gained == pytest.approx(42_750.0 * 30.0 / (171 * 3.6e6), abs=2e-4)
    station.mended("grid_limited")
    station.mended("charger_module_lost", "rack.slot3")
    assert list(station.goes_on(0.1, *charging)[-1]) == [171_000.0, 171_000.0]


def test_water_stops_the_charging(stage: Stage) -> None:
    station = stage.at(IDLE)
    station.breaks("floor_wet")
    assert station.goes_on(0.2, "rack.slot3.pv_charge_w")[-1, 0] == 0.0


def test_after_a_dip_of_the_mains_no_drive_comes_back_by_itself(stage: Stage) -> None:
    station = stage.at(IN_THE_AIR)
    station.breaks("mains_dip", duration_s=1.0)
    mains, drives = station.goes_on(5.0, "station.safety.st_mains_ok", "station.safety.st_drives_on").T
    assert 49 <= int((mains == 0).sum()) <= 51 and mains[-1] == 1.0
    assert not drives[1:].any()


def test_a_welded_contactor_keeps_the_power_at_an_emergency_stop(stage: Stage) -> None:
    for welded in (False, True):
        station = stage.at(IN_THE_AIR)
        if welded:
            station.breaks("contactor_welded")
        station.run.cause(PressEstop())
        on, chain = station.goes_on(0.5, "station.safety.st_drives_on", "station.safety.st_estop_ok")[-1]
        assert (bool(on), chain) == (welded, 0.0)
        assert "station.safety.alm_estop" in station.alarms()


def test_a_label_is_read_as_it_is_and_not_as_the_pack_is(stage: Stage) -> None:
    station = stage.at(IDLE)
    reads = "rack.slot3.pv_pack_serial"
    numbers = {pack.serial: pack.number for pack in station.world.packs}
    assert station.value(reads) == numbers["QJ75-0004"]
    station.breaks("wrong_serial", target="QJ75-0004", reads="QJ75-0003")
    assert station.goes_on(0.1, reads)[-1, 0] == numbers["QJ75-0003"]
    station.breaks("wrong_serial", target="QJ75-0004")
    assert station.goes_on(0.1, reads)[-1, 0] == 0
    station.mended("wrong_serial", "QJ75-0004")
    assert station.goes_on(0.1, reads)[-1, 0] == numbers["QJ75-0004"]


def test_a_wrong_state_of_charge_ends_the_charging_early(stage: Stage) -> None:
    station = stage.at(IDLE)
    station.breaks("bms_off", target="QJ75-0004", error_frac=0.5)
    said, power, true = station.goes_on(
        0.2, "rack.slot3.pv_soc_frac", "rack.slot3.pv_charge_w", "pack4.battery.gt_soc_frac"
    )[-1]
    assert (said, power) == (1.0, 0.0) and true == pytest.approx(0.62, abs=0.01)


@pytest.mark.slow
def test_a_stuck_connector_of_a_slot_keeps_a_pack_from_charging(stage: Stage) -> None:
    station = stage.at(DELIVER)
    station.breaks("slot_connector_stuck", target="rack.slot6")
    station.until("rack.slot6.st_latched", within_s=90)
    connected, power = station.goes_on(6.0, "rack.slot6.st_connected", "rack.slot6.pv_charge_w")[-1]
    assert (connected, power) == (0.0, 0.0)
    station.mended("slot_connector_stuck", "rack.slot6")
    assert station.goes_on(6.0, "rack.slot6.pv_charge_w")[-1, 0] == 171_000.0


# -- heat and fire -------------------------------------------------------------------------------------------------


def test_a_worn_pin_warms_with_the_square_of_the_current(stage: Stage) -> None:
    station = stage.at(IDLE)
    pin = "rack.slot3.pv_pin_temperature_c"
    before_c = station.goes_on(0.04, pin)[-1, 0]
    station.breaks("connector_worn", target="rack.slot3", added_mohm=2.0)
    shown = station.goes_on(60.0, pin)[:, 0]
    # P = I²R with I = 171 kW / 614 V, into 400 J/K, out through 2.36 W/K.
    heat_w = (171_000.0 / 614.0) ** 2 * 2.1e-3
    t_s = np.arange(1, len(shown) + 1) * 0.02
    expected = 25.0 + heat_w / 2.36 * (1.0 - np.exp(-t_s * 2.36 / 400.0))
    assert shown == pytest.approx(expected, abs=0.2) and before_c < 25.2
    assert shown[-1] > 44.0


def test_coolant_that_leaks_takes_pressure_and_insulation(stage: Stage) -> None:
    station = stage.at(IDLE)
    station.breaks("coolant_leak", target="rack.slot3", rate_1_s=0.05)
    pressure_pa, insulation_ohm = station.goes_on(
        20.0, "rack.slot3.pv_coolant_pressure_pa", "rack.slot3.pv_insulation_ohm"
    ).T
    t_s = np.arange(len(pressure_pa)) * 0.02
    assert pressure_pa == pytest.approx(250_000.0 * np.exp(-0.05 * t_s), rel=2e-3)
    assert (np.diff(insulation_ohm) <= 0).all() and insulation_ohm[-1] < 0.05 * insulation_ohm[0]
    station.mended("coolant_leak", "rack.slot3")
    assert list(station.goes_on(0.1, "rack.slot3.pv_coolant_pressure_pa")[-1]) == [250_000.0]


def test_a_charged_pack_warms_by_its_own_resistance(stage: Stage) -> None:
    station = stage.at(IDLE)
    pack = next(pack for pack in station.world.packs if pack.serial == "QJ75-0004")
    before_c = pack.heat.mean_c
    station.goes_on(20.0)
    heat_w = (171_000.0 / 614.0) ** 2 * 0.048
    assert pack.heat.mean_c - before_c == pytest.approx(heat_w * 20.0 / 1.25e6, rel=0.05)


def _climate() -> assets.Climate:
    climate = assets.load_station("chassis_swap").rack.climate
    assert climate is not None
    return climate


@pytest.mark.parametrize("drawn", [False, True])
def test_a_cell_that_runs_away_gives_gas_then_smoke_and_flame_only_where_gas_can_burn(drawn: bool) -> None:
    heat = Heat(assets.load_pack("block_171").thermal, 25.0)
    fan = SimpleNamespace(flow_m3_s=0.25 if drawn else 0.0)
    air = Air(_climate(), fan)  # type: ignore[arg-type]
    seen: dict[str, float] = {}
    most, gas_m3 = 0.0, 0.0
    for n in range(round(300 / 0.02)):
        heat.warm(0.02, 0.0, 0.0, 1.0)
        air.mix(0.02, heat)
        gas_m3 += heat.gas_m3_s * 0.02
        lel = air.gas_frac / heat.lower_explosive_frac
        most = max(most, lel)
        for name, now in (("hot", heat.hottest_c > 60), ("gas", lel > 0.2), ("smoke", air.smoke), ("flame", air.flame)):
            if now:
                seen.setdefault(name, n * 0.02)
    assert gas_m3 == pytest.approx(0.15, rel=1e-3), "all of both ventings, once"
    assert heat.hottest_c == 450.0
    assert drawn or seen["hot"] < seen["gas"] < seen["smoke"]
    # Undrawn, the air can explode after the second venting; drawn, it stays under half of that.
    assert most < 0.5 if drawn else most > 1.0
    assert drawn == ("flame" not in seen)
    assert drawn or seen["flame"] > seen["smoke"]


def test_a_runaway_goes_with_the_pack_and_not_with_the_slot(stage: Stage) -> None:
    station = stage.at(IDLE)
    station.breaks("cell_runaway", target="QJ75-0101", heating_k_s=1.0)
    station.goes_on(5.0)
    pack = next(pack for pack in station.world.packs if pack.serial == "QJ75-0101")
    assert pack.heat.hottest_c == pytest.approx(30.0, abs=0.1), "it rides on the truck"
    station.mended("cell_runaway", "QJ75-0101")
    station.goes_on(0.1)
    assert pack.heat.cool
