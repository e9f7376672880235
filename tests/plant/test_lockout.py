"""What people do with their hands: the emergency stop, isolators with personal locks, and a jog that must be held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from twin.errors import InputError
from twin.record import Record
from twin.rerun import rerun_of
from twin.scenario import load_scenario

if TYPE_CHECKING:
    from twin.run import Run

pytestmark = pytest.mark.sim
SCAN_S = 0.02


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A station that waits for its truck, its drives on; watched, so that it does not end by itself."""
    pytest.importorskip("pybullet")
    from twin.run import Run

    with Run(load_scenario("nominal_swap"), out=tmp_path / "run.mcap", watched=True) as run:
        scans(run, 0.5)
        assert run.inputs.get("station.safety.st_drives_on")
        yield run


def scans(run: Run, duration_s: float) -> None:
    for _ in range(round(duration_s / SCAN_S)):
        assert run.scan()


def ask(run: Run, **signals: Any) -> None:
    """Ask for signals, with ``__`` for the dots in their names, and let them be sensed."""
    run.request({name.replace("__", "."): value for name, value in signals.items()})
    scans(run, 3 * SCAN_S)


def shows(run: Run, name: str) -> float:
    return run.inputs.get(name)


def test_the_emergency_stop_takes_the_power_in_its_own_scan_and_waits_for_a_reset(run: Run) -> None:
    run.request({"operator.estop.op_pressed": True})
    run.scan()
    assert not run.world.safety.on, "the controller has not seen it yet"
    ask(run, operator__estop__op_pressed=False)
    assert not shows(run, "station.safety.st_estop_ok"), "pulled out, it is not reset"
    scans(run, 1.0)
    ask(run, op_reset=True)
    scans(run, 1.0)
    assert shows(run, "station.safety.st_estop_ok")
    assert not shows(run, "station.safety.st_drives_on"), "a reset starts nothing"


def test_nobody_switches_on_over_a_lock(run: Run) -> None:
    ask(run, isolator__mains__op_lock1=True)
    assert not shows(run, "isolator.mains.st_locked"), "a switch that is on takes no lock"
    ask(run, isolator__mains__op_lock1=False)
    ask(run, isolator__mains__op_off=True)
    assert shows(run, "isolator.mains.st_isolated")
    assert not shows(run, "station.safety.st_mains_ok") and not shows(run, "station.safety.st_drives_on")
    ask(run, isolator__mains__op_lock1=True)
    ask(run, isolator__mains__op_lock2=True)
    ask(run, isolator__mains__op_off=False)
    assert shows(run, "isolator.mains.st_isolated"), "two locks hang on it"
    ask(run, isolator__mains__op_lock1=False)
    ask(run, isolator__mains__op_off=True)
    ask(run, isolator__mains__op_off=False)
    assert shows(run, "isolator.mains.st_isolated"), "the other one still hangs"
    ask(run, isolator__mains__op_lock2=False)
    assert shows(run, "isolator.mains.st_isolated"), "taking a lock away turns nothing on"
    ask(run, isolator__mains__op_off=True)
    ask(run, isolator__mains__op_off=False)
    assert shows(run, "station.safety.st_mains_ok") and not shows(run, "isolator.mains.st_locked")
    assert not shows(run, "station.safety.st_drives_on"), "the drives wait for a person"


def test_the_mains_that_fail_behind_a_lock_come_back_only_to_the_isolator(run: Run) -> None:
    ask(run, isolator__mains__op_off=True)
    run.world.safety.fail_mains()
    run.world.safety.return_mains()
    scans(run, 0.1)
    assert not shows(run, "station.safety.st_mains_ok")


def test_no_pack_is_charged_behind_the_isolator_and_the_bus_takes_its_time(run: Run) -> None:
    slots = [name for name in run.inputs.order if name.endswith("pv_charge_w")]
    scans(run, 2.0)
    assert sum(map(run.inputs.get, slots)) > 0
    ask(run, isolator__dc_bus__op_off=True)
    assert sum(map(run.inputs.get, slots)) == 0
    assert shows(run, "isolator.dc_bus.pv_voltage_v") > 700
    scans(run, 12.0)
    assert shows(run, "isolator.dc_bus.pv_voltage_v") == pytest.approx(750 / 2.718, rel=0.02)
    ask(run, isolator__dc_bus__op_off=False)
    assert shows(run, "isolator.dc_bus.pv_voltage_v") == 750
    assert sum(map(run.inputs.get, slots)) > 0


def test_an_open_gate_stops_the_station(run: Run) -> None:
    ask(run, operator__crew__op_gate_open=True)
    assert not shows(run, "station.safety.st_fence_closed")
    assert run.outputs.get("station.safety.alm_fence_open")
    ask(run, operator__crew__op_gate_open=False)
    assert shows(run, "station.safety.st_fence_closed")


def test_an_axis_on_its_prop_does_not_move(run: Run) -> None:
    ask(run, op_mode="manual")
    for name, jogged in (("isolator.lift", "shuttle.lift"), ("isolator.hoist", "crane.hoist")):
        before = shows(run, f"{jogged}.pv_position_m")
        run.request({f"{name}.op_off": True})
        scans(run, 0.1)
        assert shows(run, f"{name}.st_isolated")
        for _ in range(10):
            run.request({"op_jog_axis": jogged, "op_jog_speed_frac": 1.0})
            scans(run, 0.1)
        assert abs(shows(run, f"{jogged}.pv_position_m") - before) < 0.001
        assert not shows(run, f"{jogged}.st_enabled")
        run.request({f"{name}.op_off": False})
        for _ in range(30):
            run.request({"op_jog_axis": jogged, "op_jog_speed_frac": 1.0})
            scans(run, 0.1)
        assert abs(shows(run, f"{jogged}.pv_position_m") - before) > 0.005, "without its prop it does"
        run.request({"op_jog_speed_frac": 0.0})
        scans(run, 1.0)


def test_a_prop_goes_in_only_while_its_axis_stands(run: Run) -> None:
    ask(run, op_mode="manual")
    for _ in range(8):
        run.request({"op_jog_axis": "crane.hoist", "op_jog_speed_frac": 1.0})
        scans(run, 0.1)
    run.request({"op_jog_axis": "crane.hoist", "op_jog_speed_frac": 1.0, "isolator.hoist.op_off": True})
    scans(run, 0.1)
    assert not shows(run, "isolator.hoist.st_isolated")


def test_a_jog_that_is_not_renewed_is_released_and_the_run_repeats(run: Run, tmp_path: Path) -> None:
    from twin.run import Run

    ask(run, op_mode="manual")
    for _ in range(5):
        run.request({"op_jog_axis": "crane.hoist", "op_jog_speed_frac": 1.0})
        scans(run, 0.2)
    last_ns = run.t_ns - 200_000_000
    scans(run, 0.4)
    ask(run, isolator__lift__op_off=True)
    scans(run, 0.4)
    assert shows(run, "operator.panel.op_jog_speed_frac") == 0
    digest = run.finish()["trace_digest"]
    record = Record.open(tmp_path / "run.mcap")
    t_ns, speed = record.signal("operator.panel.op_jog_speed_frac")
    assert int(t_ns[speed != 0][-1]) == last_ns + 200_000_000, "200 ms after it was last asked for"
    asked = [event for event in record.events() if event.name == "request"]
    assert [event.message for event in asked] == ["", "", "not renewed", ""], "what only renews is no event"
    again = rerun_of(record)
    with Run(again.scenario, controller=again.program, out=None, watched=True) as repeated:
        while repeated.t_ns <= record.end_ns:
            repeated.scan()
        assert repeated.finish()["trace_digest"] == digest


def test_a_jog_that_is_renewed_too_late_must_be_released_and_pressed_again(run: Run) -> None:
    jog = {"op_jog_axis": "crane.hoist", "op_jog_speed_frac": 1.0}
    ask(run, op_mode="manual")
    run.request(jog)
    scans(run, 0.4)
    for _ in range(2):
        with pytest.raises(InputError, match="released and pressed again"):
            run.request(jog)
    scans(run, 0.1)
    assert shows(run, "operator.panel.op_jog_speed_frac") == 0, "a late renewal does not start it again"
    run.request({"op_jog_axis": "none", "op_jog_speed_frac": 0.0})
    run.request(jog)
    scans(run, 0.1)
    assert shows(run, "operator.panel.op_jog_speed_frac") == 1


def test_acknowledging_counts_down_and_clears_nothing(run: Run) -> None:
    ask(run, operator__estop__op_pressed=True)
    assert run.outputs.get("operator.panel.seq_unacknowledged") >= 1
    ask(run, op_acknowledge=True)
    assert run.outputs.get("operator.panel.seq_unacknowledged") == 0
    assert run.outputs.get("station.safety.alm_estop")


def test_a_checkpoint_keeps_locks_and_what_is_held() -> None:
    pytest.importorskip("pybullet")
    from twin.run import Run

    with Run(load_scenario("nominal_swap"), out=None, watched=True) as run:
        ask(run, op_mode="manual")
        ask(run, isolator__lift__op_off=True)
        ask(run, isolator__lift__op_lock1=True, op_jog_axis="crane.hoist", op_jog_speed_frac=0.5)
        checkpoint = run.checkpoint()

        def onwards() -> list[list[float]]:
            return [run.inputs.row() for _ in range(30) if run.scan()]

        first = onwards()
        ask(run, isolator__lift__op_lock1=False)
        ask(run, isolator__lift__op_off=False)
        run.restore(checkpoint)
        assert shows(run, "isolator.lift.st_locked")
        assert onwards() == first
