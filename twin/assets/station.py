"""Stations: which machines, where they stand, and what belongs to the building."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from twin.assets.asset import Asset, Text, Vector, asset_folder, load
from twin.assets.lamp import Lamp, LampKind
from twin.document import Document, Quantity

#: Uprights of a rack: their width, the rack's depth, and their height above the topmost level's next support.
UPRIGHT_X_M, RACK_DEPTH_M, UPRIGHT_ABOVE_M = 0.08, 2.4, 0.44


class Supports(Document):
    """Four domed supports under a pack, from the middle of the place."""

    x_m: Quantity
    y_m: Quantity
    dome_radius_m: Quantity


class TransferPlace(Document):
    """Where shuttle and crane hand a pack over."""

    x_m: Quantity
    y_m: Quantity
    support_top_m: Quantity


class Climate(Document):
    """What slots feel of heat and fire, and the exhaust: air, pins of the charge connector, coolant, insulation."""

    air_temperature_c: Quantity
    air_volume_m3: Quantity
    air_leakage_m3_s: Quantity
    air_smoke_frac: Quantity
    air_smoke_s: Quantity
    exhaust_m3_s: Quantity
    exhaust_start_s: Quantity
    pin_resistance_ohm: Quantity
    pin_conductance_w_k: Quantity
    pin_heat_capacity_j_k: Quantity
    coolant_pressure_pa: Quantity
    coolant_conductance_w_k: Quantity
    insulation_ohm: Quantity
    insulation_wet_ohm: Quantity


class Rack(Document):
    """Slots in columns and levels; the isolation slot stands apart. Without ``climate`` nothing feels heat or fire."""

    columns: Annotated[int, Field(ge=1, le=20)]
    levels: Annotated[int, Field(ge=1, le=6)]
    slots: Annotated[int, Field(ge=1, le=120)]
    first_x_m: Quantity
    y_m: Quantity
    pitch_x_m: Quantity
    pitch_z_m: Quantity
    support_top_m: Quantity
    isolation_x_m: Quantity
    isolation_support_top_m: Quantity
    latch_s: Quantity
    connect_s: Quantity
    charge_power_w: Quantity
    charge_full_frac: Quantity
    climate: Climate | None = None


class Bay(Document):
    """The lane, its lines, the clamp and the sensors that watch the truck."""

    entry_line_x_m: Quantity
    exit_line_x_m: Quantity
    queue_x_m: Quantity
    queue_pitch_m: Quantity
    away_x_m: Quantity
    clamp_s: Quantity
    clamp_force_n: Quantity
    clamp_stroke_m: Quantity
    at_mark_m: Quantity
    position_noise_m: Quantity
    pose_noise_m: Quantity
    pose_noise_rad: Quantity
    pose_bias_m: Quantity
    pose_bias_rad: Quantity
    pose_measure_s: Quantity


class Floor(Document):
    """Flush rails in the lane: what a tyre rolls over."""

    rail_x_m: list[float]
    rail_head_m: Quantity
    groove_m: Quantity
    rail_below_floor_m: Quantity
    floor_friction: Quantity


class StaticBox(Document):
    """A part of the building that nothing may touch, as a box standing along the axes of W."""

    size_m: Vector
    p_m: Vector


class ClearancePair(Document):
    """Two things that must not touch; ``pack`` stands for a carried pack, ``truck`` for the one in the bay."""

    moving: str
    other: str


class Solver(Document):
    """Settings of the physics, chosen by the study in ``benchmarks/step_study.py``."""

    iterations: Annotated[int, Field(ge=1, le=1000)]
    residual: Annotated[float, Field(gt=0, le=1)]


class MainsIsolator(Document):
    """Cuts the mains of the whole station."""

    cuts: Literal["mains"]


class ChargingIsolator(Document):
    """Cuts the chargers' DC bus, whose capacitors take their time to discharge."""

    cuts: Literal["charging"]
    voltage_v: Quantity
    discharge_s: Quantity


class GravityProp(Document):
    """A prop that bears what an axis carries."""

    cuts: Literal["gravity"]
    axis: str


class Station(Asset):
    """A station: which machines, where they stand, its I/O list, and its controller's settings."""

    shuttle: str
    shuttle_p_m: Vector
    crane: str
    crane_p_m: Vector
    pack: str
    devices: dict[str, str]
    brackets: int
    axes_at_start: dict[str, float]
    supports: Supports
    transfer: dict[str, TransferPlace]
    rack: Rack
    bay: Bay
    floor: Floor
    structure: dict[str, StaticBox]
    solver: Solver
    clearance: list[ClearancePair]
    names: dict[str, Text] = {}
    lamp_kinds: dict[str, LampKind] = {}
    lamps: list[Lamp] = []
    controller: dict[str, Any] = {}
    isolators: dict[str, Annotated[MainsIsolator | ChargingIsolator | GravityProp, Field(discriminator="cuts")]] = {}


def static_boxes(station: Station) -> dict[str, StaticBox]:
    """Everything of the building that nothing may touch: what the file names, and the rack's rows of uprights."""
    rack = station.rack
    height_m = rack.support_top_m.value + rack.levels * rack.pitch_z_m.value + UPRIGHT_ABOVE_M
    uprights = {
        f"rack_upright{k}": StaticBox(
            size_m=(UPRIGHT_X_M, RACK_DEPTH_M, height_m),
            p_m=(rack.first_x_m.value + (k - 0.5) * rack.pitch_x_m.value, rack.y_m.value, height_m / 2),
        )
        for k in range(rack.columns + 1)
    }
    return {**station.structure, **uprights}


def load_station(name: str) -> Station:
    asset_folder("stations", name)
    return load(Station, "stations", name, "station.yaml")
