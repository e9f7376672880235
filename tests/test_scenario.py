"""Scenarios: the shipped ones load and stay the same through a record; what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import InputError
from twin.event import (
    AfterCondition,
    FaultAction,
    OperatorAction,
    PhaseCondition,
    PressEstop,
    SignalCondition,
    TimeCondition,
)
from twin.fault.lock import LockStuck
from twin.scenario import Scenario, load_scenario, parse_scenario
from twin.shipped import scenario_paths

REQUIRED = {
    "nominal_swap", "three_pack_swap", "parked_off_within", "parked_off_beyond", "lock_stuck", "pack_not_seated",
    "emergency_stop_mid_lift", "power_loss", "truck_creeps", "recover_lock_stuck", "recover_not_seated",
    "recover_emergency_stop", "several_trucks",
}  # fmt: skip

BASE = """\
text: {en: a test}
truck:
  packs:
    p2: {serial: QJ75-0101, soc_frac: 0.1}
"""


def scenario(text: str = "", *, base: str = BASE) -> Scenario:
    return parse_scenario(base + text, name="a_test")


def refusal(text: str, *, base: str = BASE) -> InputError:
    with pytest.raises(InputError) as caught:
        scenario(text, base=base)
    return caught.value


def event_refusal(event: str) -> InputError:
    return refusal(f"events:\n  - {event}\n")


def test_every_scenario_that_must_behave_is_shipped() -> None:
    assert set(scenario_paths()) >= REQUIRED


@pytest.mark.parametrize("name", sorted(scenario_paths()))
def test_shipped_scenarios_load_and_travel(name: str) -> None:
    loaded = load_scenario(name)
    assert loaded.name == name
    assert {"en", "zh"} <= set(loaded.text)
    assert parse_scenario(loaded.to_yaml(), name=name) == loaded
    assert len(loaded.packs) == len(loaded.inventory) + sum(len(truck.packs) for truck in loaded.fleet)
    assert set(loaded.expect.packs) <= set(loaded.packs)


def test_defaults() -> None:
    loaded = scenario()
    assert (loaded.station, loaded.scan_ms, loaded.step_ms, loaded.truck.positions) == ("chassis_swap", 20, 10, ["p2"])
    assert loaded.packs["QJ75-0101"][0] == "truck0.p2"


def test_one_that_uses_everything() -> None:
    loaded = scenario(
        """
inventory: {rack.slot1: {serial: A-1}, transfer.full: {serial: A-2, soc_frac: 0.9}}
trucks:
  - {id: T-2, arrive_s: 60, packs: {p1: {serial: B-1}, p3: {serial: B-2}}, swap: [p3], parking: {yaw_deg: 1}}
controller: {take_load_n: 9000, quick: true}
events:
  - {id: stop, at: {phase: raise, delay_s: 1.0, occurrence: 2}, do: {press_estop: {}}}
  - {at: {after: stop, delay_s: 3}, do: {release_estop: }}
  - {do: {mains_off: }}
  - {at: {signal: station.unit.seq_state, equals: Held}, do: {operator: {set: {op_mode: manual}, hold_s: 1}}}
  - {at: {signal: shuttle.lift.pv_position_m, above: 0.2, after: stop}, do: {mains_on: }}
  - {at: {time_s: 0}, do: {fault: {name: lock_stuck, target: bracket2.lock1}}}
  - {at: {time_s: 5}, do: {clear: {name: lock_stuck, target: bracket2.lock1}}}
expect:
  {completed: false, final_state: Held, visited: [Held], alarms: [bay.pose.alm_out], packs: {A-1: rack.slot1}}
"""
    )
    assert parse_scenario(loaded.to_yaml(), name="a_test") == loaded
    script = loaded.script()
    assert [name for name, _, _ in script] == ["stop", "event2", "event3", "event4", "event5", "event6", "event7"]
    kinds = [type(condition) for _, condition, _ in script]
    assert kinds[:4] == [PhaseCondition, AfterCondition, AfterCondition, SignalCondition]
    assert kinds[5] is TimeCondition
    third = script[2][1]
    assert isinstance(third, AfterCondition)
    assert third.after == "event2"
    actions = [event.do for _, _, event in script]
    assert isinstance(actions[0], PressEstop)
    assert isinstance(actions[3], OperatorAction)
    assert isinstance(actions[5], FaultAction)
    assert isinstance(actions[5].fault, LockStuck)
    assert loaded.trucks[0].positions == ["p3"]


def test_an_event_without_a_condition_fires_at_the_start_or_with_the_one_above() -> None:
    condition = scenario("events: [{do: {mains_off: }}]").script()[0][1]
    assert isinstance(condition, TimeCondition)
    assert condition.time_s == 0.0


def test_further_trucks_are_the_first_with_changes() -> None:
    loaded = scenario(
        "  parking: {offset_x_mm: 5, offset_y_mm: 6}\n  swap: [p2]\n"
        "trucks: [{id: T-2, packs: {p1: {serial: B-1}}, parking: {offset_y_mm: 9}}]\n"
    )
    second = loaded.trucks[0]
    assert (second.parking.offset_x_mm, second.parking.offset_y_mm) == (5, 9)
    assert list(second.packs) == ["p1"]
    assert second.positions == ["p1"]


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("step_ms: 3\n", "step_ms", "one of 1, 2, 4, 5, 10 ms"),
        ("scan_ms: 10\nstep_ms: 4\n", "step_ms", "divides the scan of 10 ms"),
        ("station: nowhere\n", "station", "a station, one of chassis_swap"),
        ("inventory: {shelf: {serial: A-1}}\n", "inventory.shelf", "rack.slot1"),
        ("inventory: {rack.slot1: {serial: QJ75-0101}}\n", "truck.packs.p2.serial", "each pack serial once"),
        ("inventory: {rack.slot1: {serial: A-1, soc_frac: 80}}\n", "inventory.rack.slot1.soc_frac", "from 0 to 1"),
        ("trucks: [{packs: {p1: {serial: B-1}}}]\n", "trucks.0.id", "each truck id once"),
        ("trucks: [{id: T-2}]\n", "trucks.0.packs.p2.serial", "each pack serial once"),
        ("  swap: [p1]\n", "truck.swap", "positions that carry a pack (p2)"),
        ("  swap: [p2, p2]\n", "truck.swap", "each position once"),
        ("  parking: {offset_y_mm: 9000}\n", "truck.parking.offset_y_mm", "from -300 to 300 mm"),
        ("  parking: {offset_y_m: 1}\n", "truck.parking.offset_y_m", "one of the keys"),
        ("time_limit_s: 0\n", "time_limit_s", "above 0"),
        ("expect: {final_state: Hold}\n", "expect.final_state", "a PackML state"),
        ("expect: {alarms: [everything]}\n", "expect.alarms.0", "text like bay.pose.alm_out_of_range"),
        ("controller: {x: fast}\n", "controller.x", "a number"),
    ],
)
def test_what_is_wrong_is_named(text: str, key: str, expected: str) -> None:
    error = refusal(text)
    assert error.key == key
    assert expected in error.expected
    assert str(error.file) == "a_test.yaml"
    assert error.line is not None


@pytest.mark.parametrize(
    ("event", "key", "expected"),
    [
        ("{do: {press_estp: {}}}", "do", "exactly one of press_estop"),
        ("{do: {press_estop: {hard: true}}}", "do.press_estop.hard", "no further key"),
        ("{do: {mains_on: , mains_off: }}", "do", "exactly one of"),
        ("{do: 3}", "do", "a mapping with exactly one of press_estop"),
        ("{at: {time_s: 1}}", "do", ""),
        ("{at: {time_s: -1}, do: {mains_on: }}", "at.time_s", "from 0 to 86400 s"),
        ("{at: {time_s: 1, phase: raise}, do: {mains_on: }}", "at", "exactly one of time_s, phase, signal, after"),
        ("{at: {}, do: {mains_on: }}", "at", "exactly one of time_s, phase, signal, after"),
        ("{at: {phase: rise}, do: {mains_on: }}", "at.phase", "a phase, one of park"),
        ("{at: {after: nothing}, do: {mains_on: }}", "at.after", "the id of an event above"),
        ("{at: {signal: lift, above: 1}, do: {mains_on: }}", "at.signal", "text like shuttle.lift.pv_position_m"),
        ("{at: {signal: a.b.pv_c, above: 1, below: 2}, do: {mains_on: }}", "at", "exactly one of equals, above, below"),
        ("{do: {fault: {name: lock_stuk}}}", "do.fault", "exactly one of "),
        ("{do: {fault: {name: lock_stuck, target: lock1}}}", "do.fault.target", "text like bracket2.lock1"),
        (
            "{do: {fault: {name: truck_creep, speed_m_s: 9, duration_s: 1}}}",
            "do.fault.speed_m_s",
            "from -0.5 to 0.5 m/s",
        ),
        ("{do: {operator: {set: {op_mod: manual}}}}", "do.operator.set.op_mod", "a signal that people set"),
        ("{do: {operator: {set: {op_mode: 2}}}}", "do.operator.set.op_mode", "one of automatic"),
        ("{do: {operator: {set: {op_start: 1}}}}", "do.operator.set.op_start", "true or false"),
        (
            "{do: {operator: {set: {op_jog_speed_frac: 3}}}}",
            "do.operator.set.op_jog_speed_frac",
            "a number from -1 to 1",
        ),
    ],
)
def test_a_bad_event_is_named(event: str, key: str, expected: str) -> None:
    error = event_refusal(event)
    assert error.key == f"events.0.{key}"
    assert expected in error.expected
    assert error.line == 6


@pytest.mark.parametrize(
    ("fault", "at", "expected"),
    [
        ("name: lock_stuck, target: bracket1.lock1", "target", "a bracket on which a truck carries a pack: bracket2"),
        ("name: seat_debris, target: bracket3.cone1", "target", "a bracket on which a truck carries a pack: bracket2"),
        ("name: encoder_drift, target: shuttle.plate", "target", "an axis of the station: shuttle.travel"),
        ("name: charger_module_lost, target: rack.slot99", "target", "a slot of the station: rack.slot1"),
        ("name: wrong_serial, target: QJ75-7777", "target", "a pack of this scenario: QJ75-0101"),
        ("name: wrong_serial, target: QJ75-0101, reads: QJ75-7777", "reads", "a pack of this scenario: QJ75-0101"),
        ("name: bus_lost, target: gantry", "target", "a device of the station that measures, or its area"),
        ("name: clock_skew, target: shuttle.lifter", "target", "a device of the station that measures, or its area"),
        ("name: sensor_stale, target: shuttle.lift.pv_posit_m", "target", "a pv_ or st_ signal of the station"),
        ("name: sensor_offset, target: bay.clamp.st_closed, offset: 1", "target", "a number with a unit"),
        ("name: sensor_swapped, target: bay.clamp.st_closed, other: bay.clamp.st_opn", "other", "a pv_ or st_ signal"),
        ("name: sensor_swapped, target: bay.clamp.st_closed, other: bay.clamp.st_closed", "other", "another signal"),
        ("name: sensor_swapped, target: bay.clamp.st_closed, other: bay.pose.pv_x_m", "other", "another signal of the"),
    ],
)
def test_a_fault_that_is_aimed_at_what_is_not_there_is_named(fault: str, at: str, expected: str) -> None:
    error = event_refusal(f"{{do: {{fault: {{{fault}}}}}}}")
    assert error.key == f"events.0.do.fault.{at}"
    assert expected in error.expected
    assert error.line == 6


def test_what_is_cleared_must_be_there() -> None:
    error = event_refusal("{do: {clear: {name: encoder_drift, target: shuttle.elevator}}}")
    assert error.key == "events.0.do.clear.target" and "an axis of the station" in error.expected


def test_events_refer_to_those_above_them() -> None:
    error = refusal("events:\n  - {at: {after: b}, do: {mains_off: }}\n  - {id: b, do: {mains_on: }}\n")
    assert (error.key, error.line) == ("events.0.at.after", 6)


def test_overrides_reach_every_part(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(BASE + "events: [{id: stop, at: {time_s: 9}, do: {press_estop: }}]\n", encoding="utf-8")
    overrides = ["truck.parking.offset_y_mm=35", "seed=7", "events.stop.at.time_s=4", "inventory.rack.slot2.serial=C-1"]
    loaded = load_scenario(file, [*overrides, "controller.axis.fast_m_s=0.4"])
    assert loaded.name == "mine"
    assert (loaded.truck.parking.offset_y_mm, loaded.seed) == (35, 7)
    condition = loaded.events[0].at
    assert isinstance(condition, TimeCondition)
    assert condition.time_s == 4
    assert loaded.inventory["rack.slot2"].serial == "C-1"
    assert loaded.controller == {"axis.fast_m_s": 0.4}


@given(st.floats(-300, 300), st.floats(-5, 5), st.integers(0, 2**32 - 1))
def test_a_scenario_is_the_same_after_its_record(offset_y_mm: float, yaw_deg: float, seed: int) -> None:
    loaded = load_scenario(
        "nominal_swap",
        [f"truck.parking.offset_y_mm={offset_y_mm}", f"truck.parking.yaw_deg={yaw_deg}", f"seed={seed}"],
    )
    assert parse_scenario(loaded.to_yaml(), name="nominal_swap") == loaded
