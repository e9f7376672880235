"""What came of a run, as JSON-ready data."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, field
from typing import Any

from twin.clock import ns_to_s
from twin.plant.truck import Truck
from twin.scenario import Scenario
from twin.units import m_to_mm, rad_to_deg
from twin.world import World


@dataclass
class Course:
    """What the run loop notes on the way."""

    states: list[str] = field(default_factory=list)
    phases: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[dict[str, Any]] = field(default_factory=list)

    def copy(self) -> Course:
        return copy.deepcopy(self)


def summarise(
    scenario: Scenario, world: World, course: Course,
    *, ended: str, failed: bool, sim_ns: int, wall_s: float, digest: str,
) -> dict[str, Any]:  # fmt: skip
    """The summary of a run.

    Times are seconds since the start. ``completed``: every truck was given what it asked for, the controller ended
    in Idle, and no pack is out of place. ``swap_time_s`` runs from the truck standing at its mark to its release,
    ``station_time_s`` from its front axle over the entry line to its rear axle over the exit line; both are of the
    first truck, ``trucks`` has them all.
    """
    where = world.whereabouts()
    trucks = [_truck(world, scenario, truck, where) for truck in world.trucks]
    state = course.states[-1] if course.states else ""
    served = all(entry["swapped"] for entry in trucks)
    completed = not failed and served and state == "Idle" and "unknown" not in where.values()
    brackets = [bracket for truck in world.trucks for bracket in truck.brackets.values()]
    gaps = [bracket.lock_gap_m for bracket in brackets if bracket.lock_gap_m is not None]
    clearance = world.clearance
    sim_s = ns_to_s(sim_ns)
    return {
        "scenario": scenario.name,
        "completed": completed,
        "ended": ended,
        "final_state": state,
        "states_visited": list(dict.fromkeys(course.states)),
        "swap_time_s": trucks[0]["swap_time_s"],
        "station_time_s": trucks[0]["station_time_s"],
        "trucks": trucks,
        "phases": course.phases,
        "sim_time_s": sim_s,
        "wall_time_s": wall_s,
        "real_time_factor": sim_s / wall_s if wall_s > 0 else None,
        "trace_digest": digest,
        "alarms": course.alarms,
        "peak_pack_force_n": max(world.plate.peak_n, world.fork.peak_n),
        "peak_lock_force_n": max((bracket.peak_lock_force_n for bracket in brackets), default=0.0),
        "max_pack_tilt_deg": rad_to_deg(max(world.plate.tilt_rad, world.fork.tilt_rad)),
        "max_pack_sway_mm": m_to_mm(max(world.plate.sway_m, world.fork.sway_m)),
        "min_clearance_mm": m_to_mm(clearance.least_m) if math.isfinite(clearance.least_m) else None,
        "min_clearance_pair": clearance.least_pair,
        "seat_gap_mm": m_to_mm(max(gaps)) if gaps else None,
        "packs": where,
    }


def _truck(world: World, scenario: Scenario, truck: Truck, where: dict[str, str]) -> dict[str, Any]:
    wanted = scenario.fleet[truck.index]
    old = {pack.serial for pack in wanted.packs.values()}
    given = {place: serial for serial, place in where.items() if place.startswith(f"{truck.name}.")}
    swapped = bool(wanted.positions) and all(
        given.get(f"{truck.name}.{position}", "") not in {"", *old} for position in wanted.positions
    )
    return {
        "id": wanted.id,
        "stage": truck.stage,
        "swapped": swapped,
        "swap_time_s": _duration_s(truck.mark_ns, truck.release_ns),
        "station_time_s": _duration_s(truck.x_entry_ns, truck.x_exit_ns),
    }


def _duration_s(start_ns: int, end_ns: int) -> float | None:
    return ns_to_s(end_ns - start_ns) if 0 <= start_ns <= end_ns else None
