"""What happened is told from signals: from outside, by people, and what broke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from twin import event as events
from twin.analysis.cause_table import load_cause_table
from twin.fault.truck import TruckCreep
from twin.motion import Hold
from twin.rebuild.course import happenings
from twin.rebuild.happening import Happenings
from twin.rebuild.stock import stay
from twin.shipped import shipped
from twin.signals import Signal

S = 1_000_000_000
STATES = {2: "Idle", 4: "Execute", 8: "Aborted", 0: "Stopped", 14: "Holding", 15: "Held", 16: "Unholding"}
WELL = {f"station.safety.st_{name}": [(0, 1)] for name in ("estop_ok", "mains_ok", "fence_closed", "floor_dry")}


class Log:
    """Signals given as steps in seconds, as formulas and the rebuild read them."""

    end_ns = 100 * S + 1

    def __init__(self, series: Mapping[str, Iterable[tuple[float, float]]]) -> None:
        self._series = {name: list(steps) for name, steps in {**WELL, **series}.items()}
        self.signals = {name: _signal(name) for name in self._series}

    def load(self, names: Iterable[str]) -> None:
        pass

    def series(self, name: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        steps = self._series[name]
        return np.array([round(t * S) for t, _ in steps], dtype=np.int64), np.array([v for _, v in steps], dtype=float)

    def period_ns(self, signal: Signal) -> int:
        return 0

    def events(self, text: str) -> npt.NDArray[np.int64]:
        return np.array([], dtype=np.int64)


def _signal(name: str) -> Signal:
    if name.endswith(("seq_state", "seq_mode")):
        labels = STATES if name.endswith("state") else {0: "automatic", 2: "manual"}
        return Signal(name, "enum", labels=labels)
    unit = "m/s" if name.endswith("_m_s") else "m" if name.endswith("_m") else ""
    return Signal(name, "real" if ".pv_" in name else "bool", unit)


def _happened(series: Mapping[str, Iterable[tuple[float, float]]], *, causes: bool = False) -> Happenings:
    table = load_cause_table(shipped("assets", "stations", "chassis_swap", "causes.yaml")) if causes else None
    return happenings(Log(series), [], table, 0, 100 * S)  # type: ignore[arg-type]


def _told(found: Happenings) -> list[tuple[float | None, str]]:
    def what(action: Any) -> str:
        if isinstance(action, events.OperatorAction):
            return " ".join(f"{key}={value}" for key, value in action.set.items())
        return action.fault.tag if isinstance(action, events.FaultAction) else str(action.tag)

    return [(None if one.t_ns is None else one.t_ns / S, what(one.action)) for one in found.found]


def test_what_comes_from_outside_is_what_its_signals_say() -> None:
    found = _happened({"station.safety.st_mains_ok": [(0, 1), (20, 0), (32, 1)]})
    assert _told(found) == [(20.0, "mains_off"), (32.0, "mains_on")]


def test_a_signal_that_is_not_logged_is_named() -> None:
    log = Log({})
    del log.signals["station.safety.st_floor_dry"]
    found = happenings(log, [], None, 0, 100 * S)  # type: ignore[arg-type]
    assert ("station.safety.st_floor_dry", "not known") in {(fact.what, fact.how) for fact in found.known}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        # As every scan shows it, and as a log shows it that looks rarely.
        ([(0, 4), (20, 14), (20.1, 15), (40, 16), (40.1, 4)], [(20.0, "op_hold=True"), (40.0, "op_confirm=True")]),
        ([(0, 4), (20, 15), (40, 4)], [(20.0, "op_hold=True"), (40.0, "op_confirm=True")]),
        (
            [(0, 8), (20, 0), (60, 2)],
            [(19.0, "op_reset=True"), (20.0, "op_clear=True"), (59.0, "op_inventory_ok=True"), (60.0, "op_reset=True")],
        ),
    ],
)
def test_what_people_pressed_follows_from_states(
    states: list[tuple[float, float]], expected: list[tuple[float, str]]
) -> None:
    assert _told(_happened({"station.unit.seq_state": states})) == expected


def test_the_panels_own_signals_say_it_where_they_are_logged() -> None:
    found = _happened(
        {"operator.panel.op_confirm": [(0, 0), (30, 1), (31, 0)], "station.unit.seq_state": [(0, 4), (20, 15), (30, 4)]}
    )
    assert _told(found) == [(30.0, "op_confirm=True"), (31.0, "op_confirm=False")]


def test_without_states_somebody_must_have_held_what_stood_and_let_it_go_on() -> None:
    axes = ("shuttle.cross", "shuttle.lift", "crane.travel", "crane.hoist", "crane.fork", "bay.sensor")
    still = {f"{axis}.pv_position_m": [(0.0, 0.0)] for axis in axes}
    moving = [(t / 4, 0.05 * t) for t in range(80)] + [(50 + t / 4, 4 + 0.05 * t) for t in range(80)]
    found = _happened(
        {**still, "shuttle.travel.pv_position_m": moving, "bay.sensor.st_truck_present": [(0, 1), (70, 0)]}, causes=True
    )
    (held, on) = found.found
    assert [one.how for one in (held, on)] == ["assumed", "assumed"]
    assert [what for _, what in _told(found)] == ["op_hold=True", "op_confirm=True"]
    assert held.t_ns is not None and on.t_ns is not None
    assert held.t_ns / S == pytest.approx(20, abs=0.5) and on.t_ns / S == pytest.approx(49.5, abs=0.5)


def test_an_axis_moved_by_hand_is_jogged_to_where_it_came_to_stand() -> None:
    way = [(t / 4, 0.4 - 0.02 * min(max(t / 4 - 30.0, 0.0), 10.0)) for t in range(400)]
    found = _happened(
        {
            "station.unit.seq_state": [(0, 4), (10, 15)],
            "station.unit.seq_mode": [(0, 0), (20, 2), (60, 0)],
            "shuttle.lift.pv_position_m": way,
        }
    )
    assert [what for _, what in _told(found)] == [
        "op_hold=True", "op_mode=manual", "op_jog_axis=shuttle.lift op_jog_speed_frac=-1.0", "op_mode=automatic",
    ]  # fmt: skip
    jog = found.found[2]
    assert jog.t_ns is not None and jog.t_ns / S == pytest.approx(30.0, abs=0.5) and jog.ends is not None
    ended_ns, until, _ = jog.ends
    assert ended_ns / S == pytest.approx(40.0, abs=0.5)
    assert until.signal == "shuttle.lift.pv_position_m" and until.above is None
    assert until.below == pytest.approx(0.2, abs=0.01)


def test_a_creeping_truck_is_read_off_the_line_of_its_way() -> None:
    """Looked at once a second: it crept at 20 mm/s from 30.4 s to 33.4 s."""
    way = [(t, 0.004 + 0.02 * min(max(t - 30.4, 0.0), 3.0)) for t in range(25, 45)]
    found = _happened(
        {
            "bay.sensor.pv_position_m": [(0, 0.004), *way],
            "bay.clamp.st_closed": [(0, 0), (10, 1)],
            "station.unit.seq_state": [(0, 4), (31, 8)],
        },
        causes=True,
    )
    creep = next(one for one in found.found if isinstance(one.action, events.FaultAction))
    assert isinstance(creep.action, events.FaultAction) and isinstance(creep.action.fault, TruckCreep)
    assert creep.action.fault.speed_m_s == pytest.approx(0.02, rel=0.02)
    assert creep.action.fault.duration_s == pytest.approx(3.0, rel=0.05)
    assert creep.t_ns is not None and creep.t_ns / S == pytest.approx(30.4, abs=0.1)


def test_a_pack_that_left_is_not_the_one_that_comes_next() -> None:
    holds = [
        Hold("pack.1", 0, place="transfer.full", serial="A1"), Hold("pack.1", 50 * S, place="truck.p2", serial="A1"),
        Hold("pack.1", 60 * S), Hold("pack.1", 200 * S, place="truck.p1"),
        Hold("pack.1", 240 * S, place="shuttle.plate"),
    ]  # fmt: skip
    assert [hold.place for hold in stay(holds, 0, 10 * S, 90 * S)] == ["transfer.full", "truck.p2"]
    assert stay(holds, 100 * S, 120 * S, 190 * S) == []
    assert [hold.place for hold in stay(holds, 195 * S, 220 * S, 300 * S)] == ["truck.p1", "shuttle.plate"]
