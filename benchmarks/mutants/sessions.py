"""Scenarios drawn by a seed: swaps and sessions by hand with faults, stops and mistakes that nobody chose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import yaml

from twin.scenario import Scenario, parse_scenario

_INVENTORY = {
    "transfer.full": {"serial": "QJ75-0001", "soc_frac": 1.0},
    "rack.slot1": {"serial": "QJ75-0002", "soc_frac": 1.0},
    "rack.slot2": {"serial": "QJ75-0003", "soc_frac": 0.95},
    "rack.slot5": {"serial": "QJ75-0004", "soc_frac": 0.62},
}
_PHASES = ("authorise", "secure", "measure", "approach", "take", "unlock", "lower")
_AXES = ("shuttle.travel", "shuttle.cross", "shuttle.lift", "shuttle.yaw", "crane.travel", "crane.hoist", "crane.fork")
_BUTTONS = ("op_start", "op_stop", "op_hold", "op_confirm", "op_reset", "op_clear", "op_release_truck",
            "op_inventory_ok")  # fmt: skip
_SENSORS = (
    "truck.interface.st_park_brake", "truck.interface.st_hv_off", "truck.interface.st_swap_request",
    "bay.clamp.st_closed", "bay.pose.st_valid", "bay.sensor.st_at_mark", "shuttle.lift.st_ready",
    "shuttle.travel.st_ready", "crane.hoist.st_ready", "shuttle.lock_driver.st_engaged",
    "shuttle.lock_driver.st_retracted", "station.safety.st_fence_closed", "station.safety.st_floor_dry",
    "bracket2.lock1.st_released", "bracket2.lock4.st_locked", "shuttle.plate.st_centred", "rack.slot2.st_pack_present",
)  # fmt: skip
_SHORT = {"timeouts.park_s": 20, "timeouts.authorise_s": 8, "timeouts.high_voltage_s": 8, "timeouts.clamp_s": 8,
          "timeouts.measure_s": 5, "timeouts.move_s": 25, "timeouts.lift_s": 15}  # fmt: skip
Rng = np.random.Generator


def sessions(seed: int, count: int) -> list[Scenario]:
    """Scenarios, each of about a minute or two, in equal parts of the kinds there are."""
    rng = np.random.default_rng([seed, 5])
    made = []
    for number in range(count):
        data = _KINDS[number % len(_KINDS)](rng)
        text = yaml.safe_dump(
            {"text": {"en": "Drawn by a seed", "zh": "随机生成"}, "seed": int(rng.integers(1, 10_000)), **data}
        )
        made.append(parse_scenario(text, name=f"drawn_{seed}_{number:02}"))
    return made


def _pick(rng: Rng, *items: Any) -> Any:
    return items[int(rng.integers(len(items)))]


def _s(rng: Rng, low: float, high: float) -> float:
    return round(float(rng.uniform(low, high)), 2)


def _operate(at: dict[str, Any], hold_s: float = 0.4, **signals: Any) -> dict[str, Any]:
    return {"at": at, "do": {"operator": {"set": signals, "hold_s": hold_s}}}


def _truck(rng: Rng) -> dict[str, Any]:
    parking = {"offset_x_mm": _s(rng, -40, 40), "offset_y_mm": _s(rng, -45, 45), "yaw_deg": _s(rng, -1.2, 1.2)}
    return {
        "packs": {_pick(rng, "p1", "p2", "p2", "p3"): {"serial": "QJ75-0101", "soc_frac": 0.1}},
        "parking": parking,
    }


def _swap(rng: Rng, cause: list[dict[str, Any]], limit_s: float = 110) -> dict[str, Any]:
    return {
        "time_limit_s": limit_s, "inventory": _INVENTORY, "truck": _truck(rng), "controller": _SHORT, "events": cause,
    }  # fmt: skip


def _stopped(rng: Rng) -> dict[str, Any]:
    """A stop in some phase, and what a person does then, mostly in the right order."""
    at = {"phase": _pick(rng, *_PHASES), "delay_s": _s(rng, 0.2, 2.0)}
    kind = _pick(rng, "press_estop", "mains_off")
    back = {"press_estop": "release_estop", "mains_off": "mains_on"}[kind]
    order = ["op_reset", "op_clear", "op_inventory_ok", "op_reset", "op_start", "op_confirm"]
    if rng.random() < 0.5:
        first, second = sorted(rng.choice(len(order), 2, replace=False).tolist())
        order[first], order[second] = order[second], order[first]
    events: list[dict[str, Any]] = [
        {"id": "stop", "at": at, "do": {kind: {}}},
        {"at": {"after": "stop", "delay_s": _s(rng, 3, 8)}, "do": {back: {}}},
    ]
    events += [_operate({"after": "stop", "delay_s": 10 + 3 * n}, **{one: True}) for n, one in enumerate(order)]
    return _swap(rng, events)


def _sensor(rng: Rng) -> dict[str, Any]:
    """A sensor that says one thing for a while; a person looks, confirms, and lets the truck go if nothing helps."""
    target = _pick(rng, *_SENSORS)
    at = {"phase": _pick(rng, *_PHASES), "delay_s": _s(rng, 0.1, 2.0)}
    fault = {"name": "sensor_stuck", "target": target, "value": bool(rng.random() < 0.25)}
    events = [
        {"id": "broken", "at": at, "do": {"fault": fault}},
        _operate({"after": "broken", "delay_s": _s(rng, 12, 20)}, op_confirm=True),
        {"at": {"after": "broken", "delay_s": 24}, "do": {"clear": {"name": "sensor_stuck", "target": target}}},
        _operate({"after": "broken", "delay_s": 27}, op_confirm=True),
        _operate({"after": "broken", "delay_s": _s(rng, 40, 50)}, op_stop=True),
    ]
    return _swap(rng, events)


def _mistakes(rng: Rng) -> dict[str, Any]:
    """Buttons and modes at moments that mean nothing."""
    times = np.sort(rng.uniform(2, 80, 14)).round(2).tolist()
    events = []
    for time_s in times:
        if rng.random() < 0.35:
            mode = _pick(rng, "automatic", "semi_automatic", "manual", "maintenance")
            events.append(_operate({"time_s": time_s}, 0, op_mode=mode))
        else:
            events.append(_operate({"time_s": time_s}, **{_pick(rng, *_BUTTONS): True}))
    return _swap(rng, events, 95)


def _by_hand(rng: Rng) -> dict[str, Any]:
    """Jogging without a truck, in either mode, with one stop or fault on the way."""
    events = [_operate({"time_s": 1}, 0, op_mode=_pick(rng, "manual", "maintenance", "manual"))]
    time_s = 2.0
    for _ in range(int(rng.integers(10, 15))):
        hold_s = _s(rng, 0.6, 4.0)
        frac = _pick(rng, -1.0, -0.5, 0.5, 1.0)
        events.append(
            _operate({"time_s": round(time_s, 2)}, hold_s, op_jog_axis=_pick(rng, *_AXES), op_jog_speed_frac=frac)
        )
        time_s += hold_s + _s(rng, 0.3, 1.5)
    at = {"time_s": _s(rng, 5, time_s)}
    cause: dict[str, Any] = _pick(
        rng,
        {"press_estop": {}},
        {"mains_off": {}},
        {"fault": {"name": "sensor_stuck", "target": "station.safety.st_fence_closed", "value": False}},
        {"fault": {"name": "sensor_stuck", "target": "crane.fork.st_ready", "value": False}},
        {"operator": {"set": {"op_lock": True, "op_unlock": True}, "hold_s": 1}},
    )
    events.append({"at": at, "do": cause})
    return {
        "time_limit_s": round(time_s + 8, 1), "inventory": _INVENTORY, "truck": {"arrive_s": 80_000}, "events": events,
    }  # fmt: skip


def _held_by_hand(rng: Rng) -> dict[str, Any]:
    """A swap is held, and a person goes on by hand under the truck."""
    hold = _operate({"phase": _pick(rng, "approach", "take", "unlock", "lower"), "delay_s": _s(rng, 0.2, 2)})
    hold["do"]["operator"]["set"] = {"op_hold": True}
    events: list[dict[str, Any]] = [{"id": "hold", **hold}]
    events.append(_operate({"after": "hold", "delay_s": 4}, 0, op_mode=_pick(rng, "manual", "manual", "maintenance")))
    after_s = 5.0
    for _ in range(int(rng.integers(5, 9))):
        hold_s = _s(rng, 0.6, 5.0)
        signals: dict[str, Any] = _pick(
            rng, {"op_engage": True}, {"op_unlock": True}, {"op_lock": True},
            {"op_jog_axis": "shuttle.lift", "op_jog_speed_frac": _pick(rng, -1.0, -0.5, 0.5)},
            {"op_jog_axis": _pick(rng, *_AXES), "op_jog_speed_frac": _pick(rng, -0.5, 0.5)},
        )  # fmt: skip
        events.append(_operate({"after": "hold", "delay_s": round(after_s, 2)}, hold_s, **signals))
        after_s += hold_s + _s(rng, 0.5, 2)
    events.append(_operate({"after": "hold", "delay_s": round(after_s, 2)}, 0, op_mode="automatic"))
    events.append(_operate({"after": "hold", "delay_s": round(after_s + 2, 2)}, op_confirm=True))
    events.append(_operate({"after": "hold", "delay_s": round(after_s + 14, 2)}, op_stop=True))
    return _swap(rng, events, 130)


_KINDS: tuple[Callable[[Rng], dict[str, Any]], ...] = (_stopped, _sensor, _mistakes, _by_hand, _held_by_hand)
