"""What holds of every fault: it writes no alarm, it heals, it composes, and a restored run goes on exactly."""

from __future__ import annotations

import pytest

pytest.importorskip("pybullet")

from benchmarks.continuation import values_of
from tests.fault.station import UNLOCK, Stage
from tests.fault.test_document import example
from twin.errors import InputError
from twin.event import FaultAction
from twin.fault import FAULTS, Fault
from twin.injection import EFFECTS

pytestmark = pytest.mark.sim


def test_every_fault_has_an_effect() -> None:
    assert set(EFFECTS) == set(FAULTS.values())


@pytest.mark.parametrize("kind", FAULTS.values(), ids=FAULTS)
def test_it_writes_no_output_and_heals(kind: type[Fault], stage: Stage) -> None:
    station = stage.at(UNLOCK)
    assert station.healthy()
    run, fault = station.run, example(kind)
    outputs = run.outputs.row()
    run.cause(FaultAction(fault=fault))
    assert not station.healthy()
    # The plant alone, without the controller: whatever is an alarm, it is not the fault that raised it.
    for scan in range(3):
        run.world.sense(run.t_ns + scan * run.clock.scan_ns)
        run.world.act(run.t_ns + scan * run.clock.scan_ns)
        assert run.outputs.row() == outputs
        run.world.advance()
    station.mended(fault.tag, fault.target)
    assert station.healthy()


@pytest.mark.parametrize("kind", FAULTS.values(), ids=FAULTS)
def test_with_a_fault_a_restored_run_goes_on_exactly(kind: type[Fault], stage: Stage) -> None:
    station = stage.at(UNLOCK)
    run = station.run
    run.cause(FaultAction(fault=example(kind)))
    station.goes_on(0.5)
    kept = run.checkpoint()
    first = []
    for _ in range(40):
        run.scan()
        first.append(values_of(run))
    station.goes_on(0.2)
    run.restore(kept)
    for number, values in enumerate(first):
        run.scan()
        assert values_of(run) == values, f"scan {number} after going back differs"


def test_two_faults_of_one_device_stand_beside_each_other(stage: Stage) -> None:
    station = stage.at(UNLOCK)
    station.breaks("driver_drives_off", speed_m_s=0.1, duration_s=5.0)
    station.breaks("park_brake_off")
    station.mended("driver_drives_off")
    truck = station.world.bay.truck
    assert truck is not None and truck.creep_m_s == 0.0
    assert truck.brake_let_go, "the other fault still stands"
    station.mended("park_brake_off")
    assert station.healthy()


def test_two_disturbances_of_one_signal_add_up(stage: Stage) -> None:
    station = stage.at(UNLOCK)
    true_n = station.goes_on(0.1, "shuttle.plate.pv_load_n")[-1, 0]
    station.breaks("sensor_stale", target="shuttle.plate.pv_load_n")
    station.breaks("sensor_offset", target="shuttle.plate.pv_load_n", offset=500.0)
    shown = station.goes_on(0.2, "shuttle.plate.pv_load_n")[1:, 0]
    assert set(shown) == {shown[0]} and shown[0] - true_n == pytest.approx(500.0, abs=50.0)


def test_a_fault_ends_by_itself_and_the_run_waits_for_it(stage: Stage) -> None:
    station = stage.at(UNLOCK)
    station.breaks("door_open", duration_s=0.5)
    seen = station.goes_on(1.0, "station.safety.st_fence_closed")[:, 0]
    assert 24 <= int((seen == 0).sum()) <= 26 and seen[-1] == 1
    assert station.healthy()


@pytest.mark.parametrize(
    ("name", "target", "stands", "refused"),
    [
        (
            "sensor_swapped",
            "bracket2.lock1.st_locked",
            {"other": "bracket2.lock2.st_locked"},
            {"other": "bay.pose.pv_x_m"},
        ),
        ("wrong_serial", "QJ75-0101", {"reads": ""}, {"reads": "QJ75-7777"}),
    ],
)
def test_a_replacement_that_is_refused_leaves_what_stands(
    name: str, target: str, stands: dict[str, str], refused: dict[str, str], stage: Stage
) -> None:
    station = stage.at(UNLOCK)
    station.breaks(name, target=target, **stands)
    with pytest.raises(InputError):
        station.breaks(name, target=target, **refused)
    assert not station.healthy()
    station.mended(name, target)
    assert station.healthy()


@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        ("encoder_drift", {"target": "crane.lift"}, "crane.hoist"),
        ("charger_module_lost", {"target": "rack.slot99"}, "rack.slot1"),
        ("lock_stuck", {"target": "bracket1.lock1"}, "carries a pack"),
        ("bus_lost", {"target": "gantry"}, "shuttle.travel"),
        ("wrong_serial", {"target": "QJ75-7777"}, "QJ75-0101"),
        ("sensor_offset", {"target": "bracket2.lock1.st_locked", "offset": 1.0}, "a number"),
        ("sensor_stuck", {"target": "shuttle.plate.pv_lod_n", "value": 1.0}, "signal"),
        ("sensor_swapped", {"target": "bracket2.lock1.st_locked", "other": "bay.pose.pv_x_m"}, "of the kind"),
    ],
)
def test_a_target_that_is_not_there_is_named(name: str, fields: dict[str, object], expected: str, stage: Stage) -> None:
    station = stage.at(UNLOCK)
    with pytest.raises(InputError) as refusal:
        station.breaks(name, **fields)
    assert expected in str(refusal.value)
    assert station.healthy()
