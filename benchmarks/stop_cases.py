"""Two hundred stops, each with the cause that made it: drawn once, early in a swap where that can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from twin.run import run_to_end
from twin.scenario import load_scenario

COUNT = 200
#: Phases of a swap, until its first pack is on its way down.
_EARLY = ("authorise", "secure", "measure", "approach", "take", "unlock", "lower")
_COUPLED = ("measure", "approach", "take", "unlock", "lower")
_AXES = ("travel", "cross", "lift")


@dataclass(frozen=True)
class Stop:
    """One run that stops: the cause that is to be named, as causes.yaml calls it, and what makes it.

    Args:
        device: what the cause is about, where it is about one of several.
        plain: judged as a plant logs it too, without steps and alarms of the controller.
    """

    number: int
    cause: str
    overrides: tuple[str, ...]
    device: str = ""
    plain: bool = False

    def record(self, folder: Path) -> Path:
        """Its Record in a folder, simulated when it is not there."""
        path = folder / f"stop{self.number:03}-{self.cause}.mcap"
        if not path.is_file():
            unfinished = path.with_suffix(".part")
            run_to_end(load_scenario("nominal_swap", self.overrides), out=unfinished)
            unfinished.replace(path)
        return path


def stops() -> list[Stop]:
    """All of them, in an order in which any beginning is a fair sample."""
    rng = np.random.default_rng(20260302)
    made = list(_made(rng))
    order = rng.permutation(len(made))
    plain = set(order[: len(made) // 4].tolist())
    return [Stop(n, *made[i], i in plain) for n, i in enumerate(order.tolist())][:COUNT]


def _made(rng: np.random.Generator) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Cause, overrides, device."""

    def at(*phases: str, most_s: float = 2.0) -> dict[str, Any]:
        return {"phase": str(rng.choice(phases)), "delay_s": round(float(rng.uniform(0.1, most_s)), 2)}

    def made(cause: str, *events: dict[str, Any], device: str = "", more: tuple[str, ...] = ()) -> Any:
        parked = (
            f"seed={rng.integers(1, 10_000)}", f"truck.parking.offset_y_mm={rng.uniform(-30, 30):.0f}",
            f"truck.parking.offset_x_mm={rng.uniform(-25, 25):.0f}",
            f"truck.parking.yaw_deg={rng.uniform(-0.8, 0.8):.2f}",
            "time_limit_s=400", "controller.timeouts.park_s=30", "controller.timeouts.authorise_s=20",
        )  # fmt: skip
        return cause, (*parked, *more, f"events={_yaml(list(events))}"), device

    def stuck(target: str, value: str = "false", when: dict[str, Any] | None = None) -> dict[str, Any]:
        fault = {"name": "sensor_stuck", "target": target, "value": value == "true"}
        return {"do": {"fault": fault}} | ({"at": when} if when else {})

    for bracket in (2, 2, 2, 1, 3):
        for lock in (1, 2, 3, 4):
            device = f"bracket{bracket}.lock{lock}"
            more = () if bracket == 2 else (f"truck.packs={{p{bracket}: {{serial: QJ75-0101, soc_frac: 0.1}}}}",)
            yield made(
                "lock_stuck", {"do": {"fault": {"name": "lock_stuck", "target": device}}}, device=device, more=more
            )
    for lock in (1, 2, 3, 4) * 2:
        device = f"bracket2.lock{lock}"
        fault = {"fault": {"name": "lock_stuck", "target": device}}
        yield made("lock_not_closed", {"at": at("fetch", "return"), "do": fault}, device=device)
    for lock in (1, 2, 3, 4) * 2:
        device = f"bracket2.lock{lock}"
        yield made("lock_sensor", stuck(f"{device}.st_released"), device=device)
    for cone in (1, 2) * 4:
        fault = {
            "name": "seat_debris",
            "target": f"bracket2.cone{cone}",
            "height_mm": round(float(rng.uniform(9, 20)), 1),
        }
        yield made("not_seated", {"at": at("fetch"), "do": {"fault": fault}}, device="bracket2.seat")
    for _ in range(14):
        fault = {"name": "truck_creep", "speed_m_s": round(float(rng.choice([-1, 1]) * rng.uniform(0.015, 0.08)), 3),
                 "duration_s": round(float(rng.uniform(2, 5)), 1)}  # fmt: skip
        yield made("truck_moved", {"at": at(*_COUPLED), "do": {"fault": fault}})
    for n in range(18):
        far = float(rng.choice([-1, 1]))
        off = (f"truck.parking.offset_y_mm={far * rng.uniform(80, 140):.0f}",) if n % 2 else (
            f"truck.parking.yaw_deg={far * rng.uniform(2.4, 4.0):.2f}",)  # fmt: skip
        yield made("parked_off", more=off)
    for _ in range(20):
        yield made("estop", {"at": at(*_EARLY), "do": {"press_estop": {}}})
    for _ in range(16):
        yield made("mains", {"at": at(*_EARLY), "do": {"mains_off": {}}})
    for n in range(8):
        yield made("fence_open", stuck("station.safety.st_fence_closed", when=at(*_EARLY)))
        # Water stops a swap at its next safe point; after the first pack of one there is none.
        when = {**at(*_EARLY), "phase": _EARLY[n % 2]}
        yield made("water", stuck("station.safety.st_floor_dry", when=when))
    for _ in range(8):
        empty = (
            "inventory={rack.slot1: {serial: QJ75-0001, soc_frac: 0.3}, rack.slot2: {serial: QJ75-0002, soc_frac: 0.2}}"
        )
        yield made("no_full_pack", more=(empty, "time_limit_s=60"))
        yield made("hv_not_off", stuck("truck.interface.st_hv_off"))
    for _ in range(5):
        yield made("park_brake", stuck("truck.interface.st_park_brake"))
        yield made("no_request", stuck("truck.interface.st_swap_request"))
        yield made("not_connected", stuck("truck.interface.st_connected"))
        yield made("not_at_mark", stuck("bay.sensor.st_at_mark"))
    for _ in range(6):
        yield made("clamp_not_closed", stuck("bay.clamp.st_closed"))
        yield made("no_measurement", stuck("bay.pose.st_valid"))
        yield made("keys_not_engaged", stuck("shuttle.lock_driver.st_engaged"), device="shuttle.lock_driver")
    for n in range(12):
        axis = _AXES[n % 3]
        yield made("drive_fault", stuck(f"shuttle.{axis}.st_ready", when=at(*_COUPLED)), device=f"shuttle.{axis}")
    for _ in range(10):
        yield made("operator_hold", {"at": at(*_EARLY), "do": {"operator": {"set": {"op_hold": True}, "hold_s": 0.5}}})
    for name in ("electrical", "coolant") * 2:
        yield made("not_mated", stuck(f"bracket2.seat.st_{name}_mated", when=at("clear")), device="bracket2.seat")


def _yaml(value: Any) -> str:
    """Plain data as one line of YAML."""
    import json

    return json.dumps(value)
