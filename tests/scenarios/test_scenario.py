"""Every shipped scenario, run to its end with its physics: what its file expects, and what a station must never do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.replay.said_again import assert_said_again
from tests.scenarios.outcome import AXES, Outcome
from twin.process import Job, RunProcess
from twin.program import Program
from twin.replay import replay
from twin.shipped import scenario_paths

pytestmark = pytest.mark.sim

#: These run within a few seconds.
QUICK = {"lock_stuck", "parked_off_beyond"}
NAMES = [
    pytest.param(name, marks=() if name in QUICK else pytest.mark.slow, id=name) for name in sorted(scenario_paths())
]
Runner = Callable[[str], Outcome]


@pytest.fixture(scope="session")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Runs a scenario, once in a session."""
    folder = tmp_path_factory.mktemp("scenarios")
    done: dict[str, Outcome] = {}

    def run(name: str) -> Outcome:
        if name not in done:
            done[name] = Outcome.of(name, folder)
        return done[name]

    return run


# -- every scenario ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_it_ends_as_its_file_expects(name: str, outcome: Runner) -> None:
    run = outcome(name)
    expect, summary = run.scenario.expect, run.summary
    assert expect.final_state is not None and expect.alarms is not None, "a shipped scenario says what must happen"
    assert summary["final_state"] == expect.final_state
    if expect.completed is not None:
        assert summary["completed"] is expect.completed
    assert {alarm["tag"] for alarm in summary["alarms"]} == set(expect.alarms)
    visited = iter(event.name for event in run.events("state"))
    assert all(state in visited for state in expect.visited), "in this order"
    for serial, place in expect.packs.items():
        assert summary["packs"][serial] == place


@pytest.mark.parametrize("name", NAMES)
def test_open_loop_the_controller_says_again_what_it_said(name: str, outcome: Runner) -> None:
    record = outcome(name).record
    swaps = replay(record, Program())
    assert int(swaps[-1].t_ns[-1]) == record.end_ns
    for again in swaps:
        assert again.how == "from the start"
        assert_said_again(record, again)


@pytest.mark.parametrize("name", NAMES)
def test_every_pack_is_accounted_for(name: str, outcome: Runner) -> None:
    run = outcome(name)
    assert set(run.summary["packs"]) == set(run.scenario.packs)
    assert "unknown" not in run.places
    assert len(set(run.places)) == len(run.places), "two packs at one place"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_overloaded_or_touched(name: str, outcome: Runner) -> None:
    run = outcome(name)
    lift_n = run.parameter("shuttle.lift.par_force_n")
    assert np.abs(run.values("shuttle.lift.pv_force_n")).max() <= 40_000.0, "drive, or the brake that holds it"
    assert run.summary["peak_pack_force_n"] < lift_n
    assert run.summary["peak_lock_force_n"] < 4 * 40_000.0, "four locks of 40 kN"
    assert run.summary["min_clearance_mm"] > 10.0
    assert run.summary["max_pack_sway_mm"] < 5.0
    assert run.summary["max_pack_tilt_deg"] < 1.0


@pytest.mark.parametrize("name", NAMES)
def test_axes_keep_to_their_limits(name: str, outcome: Runner) -> None:
    run = outcome(name)
    for axis in AXES:
        limit = run.parameter(f"{axis}.par_max_speed_{'rad' if axis.endswith('yaw') else 'm'}_s")
        # A following error is taken out on top of the profile's speed.
        assert np.abs(run.speed(axis)).max() <= 1.05 * limit + 0.002, axis


@pytest.mark.slow
def test_the_summary_and_the_record_tell_the_same(outcome: Runner) -> None:
    run = outcome("nominal_swap")
    phases = [event.name for event in run.events("phase") if event.data["edge"] == "start"]
    assert phases == [phase["name"] for phase in run.summary["phases"]]
    assert run.record.finished and not run.record.damage
    assert run.end_s == pytest.approx(run.summary["sim_time_s"], abs=0.1)


def test_a_process_of_its_own_gives_the_same_run(outcome: Runner, tmp_path: Path) -> None:
    here = outcome("parked_off_beyond").summary
    process = RunProcess(Job("parked_off_beyond", tmp_path / "run.mcap")).start()
    assert process.wait(120) and process.error is None and process.summary is not None
    assert process.summary["trace_digest"] == here["trace_digest"]
    assert process.summary["packs"] == here["packs"]


# -- swaps that complete -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_swap_takes_at_most_300_s_of_station_time(outcome: Runner) -> None:
    summary = outcome("nominal_swap").summary
    assert 60.0 < summary["swap_time_s"] < summary["station_time_s"] <= 300.0


@pytest.mark.slow
def test_the_truck_leaves_with_the_full_pack(outcome: Runner) -> None:
    summary = outcome("nominal_swap").summary
    assert summary["packs"]["QJ75-0001"] == "truck0.p2"
    assert summary["packs"]["QJ75-0101"].startswith("rack.slot")
    assert abs(summary["seat_gap_mm"]) < 3.0


@pytest.mark.slow
def test_a_truck_rises_when_its_pack_is_gone_and_sinks_when_it_comes_back(outcome: Runner) -> None:
    run = outcome("nominal_swap")
    phases = {phase["name"]: phase for phase in run.summary["phases"]}

    def heave_m(t_s: float) -> float:
        return float(run.pose("truck0.heave", t_s, t_s + 0.5)[:, 2].mean())

    before, without, after = (heave_m(phases[name]["start_s"]) for name in ("secure", "fetch", "release"))
    # 1,250 kg on 968 kN/m.
    assert without - before == pytest.approx(1250 * 9.81 / 968_000, rel=0.1)
    assert after == pytest.approx(before, abs=5e-4)


@pytest.mark.slow
def test_a_truck_parked_off_is_measured_and_the_robot_goes_where_it_stands(outcome: Runner) -> None:
    run = outcome("parked_off_within")
    parking = run.scenario.truck.parking
    measured = run.values("bay.pose.st_valid") > 0.5
    for signal, true in (
        ("bay.pose.pv_x_m", parking.offset_x_mm / 1e3),
        ("bay.pose.pv_y_m", parking.offset_y_mm / 1e3),
        ("bay.pose.pv_yaw_rad", np.radians(parking.yaw_deg)),
    ):
        # Its roll moves the frame sideways too, by 3 mm at the height of the springs.
        assert np.median(run.values(signal)[measured]) == pytest.approx(true, abs=0.006)
    taking = next(phase for phase in run.summary["phases"] if phase["name"] == "take")
    assert run.position("shuttle.travel", taking["start_s"], taking["end_s"]).mean() == pytest.approx(0.05, abs=0.007)
    assert run.position("shuttle.yaw", taking["start_s"], taking["end_s"]).mean() == pytest.approx(0.026, abs=0.004)


@pytest.mark.slow
def test_three_packs_take_longer_and_say_so(outcome: Runner) -> None:
    three, one = outcome("three_pack_swap").summary, outcome("nominal_swap").summary
    assert {three["packs"][serial] for serial in ("QJ75-0001", "QJ75-0002", "QJ75-0003")} == {
        "truck0.p1", "truck0.p2", "truck0.p3",
    }  # fmt: skip
    assert three["station_time_s"] > 2 * one["station_time_s"]
    assert [phase["name"] for phase in three["phases"]].count("lock") == 3


@pytest.mark.slow
def test_trucks_are_served_one_after_another(outcome: Runner) -> None:
    run = outcome("several_trucks")
    trucks = run.summary["trucks"]
    assert [truck["swapped"] for truck in trucks] == [True, True, True, False, True, True]
    assert {truck["stage"] for truck in trucks} == {"gone"}
    states = run.events("state")
    at_rest = [event.t_ns for event in states if event.name == "Idle"]
    left = [event.t_ns for event in run.events("phase", "leave") if event.data["edge"] == "end"]
    assert len(left) >= 5
    ends = [*left[1:], run.record.end_ns]
    assert all(any(a <= t <= b for t in at_rest) for a, b in zip(left, ends, strict=True)), "Idle after each truck"
    # What the controller believes is what is there: it counts the packs of rack and transfer places.
    inside = [place for place in run.places if place.startswith(("rack.", "transfer."))]
    assert run.values("station.inventory.seq_packs")[-1] == len(inside)


# -- refused, held, aborted ----------------------------------------------------------------------------------------


def test_a_truck_parked_beyond_is_never_touched(outcome: Runner) -> None:
    run = outcome("parked_off_beyond")
    assert run.summary["peak_pack_force_n"] == 0.0
    # The carriage, 1.3 m long, stays off the lane, which ends at y = 1.8 m.
    assert run.position("shuttle.travel").min() > 1.8 + 0.65
    assert run.position("shuttle.lift").max() < 0.01
    assert not run.values("shuttle.lock_driver.cmd_engage").any()


def test_a_stuck_lock_is_not_pulled_at(outcome: Runner) -> None:
    run = outcome("lock_stuck")
    lift_n = run.parameter("shuttle.lift.par_force_n")
    assert np.abs(run.values("shuttle.lift.pv_force_n")).max() <= lift_n
    assert not run.values("shuttle.lift.st_overload").any()
    assert run.values("bracket2.lock3.gt_holding")[-1] == 1.0
    alarm_s = run.at_s("alarm", "bracket2.lock3.alm_not_released")
    assert run.values("bracket2.seat.gt_gap_m", alarm_s).max() < 1e-3, "the pack is where it was"
    # The plate still bears it, and pulls nothing down.
    assert run.position("shuttle.lift", alarm_s)[-1] >= run.position("shuttle.lift", alarm_s - 1, alarm_s)[0] - 1e-3


@pytest.mark.slow
def test_a_pack_that_is_not_seated_is_not_locked(outcome: Runner) -> None:
    run = outcome("pack_not_seated")
    alarm_s = run.at_s("alarm", "bracket2.seat.alm_not_seated")
    pads = [run.values(f"bracket2.seat.st_pad{n}", alarm_s, alarm_s + 0.1)[0] for n in (1, 2, 3, 4)]
    assert set(pads) != {1.0}, "the sensors disagree with a seated pack"
    fetch_s = run.at_s("phase", "fetch")
    assert not run.values("shuttle.lock_driver.cmd_lock", fetch_s).any()
    assert not any(run.values(f"bracket2.lock{n}.gt_holding", fetch_s).any() for n in (1, 2, 3, 4))


@pytest.mark.slow
def test_an_emergency_stop_stops_every_axis_and_drops_nothing(outcome: Runner) -> None:
    run = outcome("emergency_stop_mid_lift")
    stop_s = run.scripted_s("stop")
    lift_before = abs(float(run.speed("shuttle.lift", stop_s - 0.1, stop_s)[-1]))
    assert lift_before > 0.005, "it was moving"
    for axis in AXES:
        unit = "rad" if axis.endswith("yaw") else "m"
        hard = run.parameter(f"{axis}.par_acceleration_{unit}_s2")
        v = abs(float(run.speed(axis, stop_s - 0.1, stop_s)[-1]))
        way = np.ptp(run.position(axis, stop_s, stop_s + 2.0))
        # A brake is at least as hard as the drive's own ramp; a scan passes until it closes.
        assert way <= v * v / (2 * hard) + v * 0.04 + 2e-4, axis
    assert run.stands(stop_s + 1.0, run.end_s)
    z = run.pack_p_W("QJ75-0001", stop_s, run.end_s)[:, 2]
    lift = run.position("shuttle.lift", stop_s, run.end_s)
    assert np.abs((z - z[0]) - (lift - lift[0])).max() < 1e-3, "the pack stays on the plate"
    assert z.min() > z[0] - 1e-3


@pytest.mark.slow
def test_a_reset_after_an_emergency_stop_starts_nothing(outcome: Runner) -> None:
    run = outcome("emergency_stop_mid_lift")
    released_s = run.scripted_s("release")
    assert run.end_s > released_s + 8.0
    assert not run.values("shuttle.lift.cmd_move", released_s).any()
    assert run.stands(released_s - 1.0, run.end_s)
    assert run.events("state")[-1].name == "Aborted"


@pytest.mark.slow
def test_after_a_power_loss_nothing_moves_until_it_is_confirmed(outcome: Runner) -> None:
    run = outcome("power_loss")
    off_s, on_s = run.scripted_s("failure"), run.scripted_s("back")
    confirm_s = run.at_s("operator", "operator")
    assert off_s < on_s < confirm_s
    assert run.stands(off_s + 0.5, confirm_s)
    assert not any(run.values(f"{axis}.st_enabled", off_s + 0.1, on_s).any() for axis in AXES), "brakes hold"
    z = run.pack_p_W("QJ75-0101", off_s, confirm_s)[:, 2]
    assert z[0] - z.min() < 0.005
    held = [event for event in run.events("state", "Held") if off_s <= event.t_ns / 1e9 <= confirm_s]
    assert held


@pytest.mark.slow
def test_a_creeping_truck_is_seen_and_nothing_tears(outcome: Runner) -> None:
    run = outcome("truck_creeps")
    alarm_s = run.at_s("alarm", "bay.sensor.alm_truck_moved")
    creep = [event for event in run.events("fault") if "truck_creep" in str(event.data)]
    began_s = creep[0].t_ns / 1e9
    assert alarm_s - began_s < 1.5
    x = run.values("bay.sensor.gt_position_m", began_s, alarm_s)
    assert np.ptp(x) < 0.03, "seen before it has gone 30 mm"
    assert run.stands(alarm_s + 1.0, run.end_s, within=0.002)
    assert run.summary["peak_pack_force_n"] < run.parameter("shuttle.lift.par_force_n")
    assert run.summary["peak_lock_force_n"] < 40_000.0


# -- back to work --------------------------------------------------------------------------------------------------

RECOVERIES = ("recover_lock_stuck", "recover_not_seated", "recover_emergency_stop")


@pytest.mark.slow
@pytest.mark.parametrize("name", RECOVERIES)
def test_the_wrong_order_is_refused_and_changes_nothing(name: str, outcome: Runner) -> None:
    run = outcome(name)
    wrong = "too_early" if name == "recover_emergency_stop" else "wrong"
    wrong_s = run.scripted_s(wrong)
    refused = [event.t_ns / 1e9 for event in run.events("alarm", "operator.panel.alm_refused")]
    assert refused[0] == pytest.approx(wrong_s, abs=0.1)
    assert run.stands(wrong_s - 1.0, wrong_s + 1.9)
    states = [event for event in run.events("state") if wrong_s - 1.0 < event.t_ns / 1e9 < wrong_s + 1.9]
    assert not states


@pytest.mark.slow
@pytest.mark.parametrize("name", RECOVERIES)
def test_it_ends_in_idle_with_the_station_able_to_work(name: str, outcome: Runner) -> None:
    run = outcome(name)
    assert run.summary["final_state"] == "Idle"
    if name != "recover_emergency_stop":
        assert run.summary["packs"]["QJ75-0001"] == "truck0.p2"
        assert all(truck["swapped"] and truck["stage"] == "gone" for truck in run.summary["trucks"])
