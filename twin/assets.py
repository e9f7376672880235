"""Assets: machines, trucks, packs and stations as typed YAML beside their URDF.

Every number is a :class:`~twin.document.Quantity` with source, confidence and range; the unit is the suffix of its
key. The models here say what a file must hold; ``load_*`` read one by the name of its folder.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, Strict

from twin.document import Document, Quantity, load_document
from twin.errors import InputError
from twin.shipped import shipped
from twin.signals import Signal, SignalTable, SignalType

#: Uprights of a rack: their width, the rack's depth, and their height above the topmost level's next support.
UPRIGHT_X_M, RACK_DEPTH_M, UPRIGHT_ABOVE_M = 0.08, 2.4, 0.44

Text = dict[Literal["en", "zh"], str]
#: YAML has lists only, so a tuple takes one.
Point = Annotated[tuple[float, float], Strict(False)]
Vector = Annotated[tuple[float, float, float], Strict(False)]


class Asset(Document):
    """What every asset file begins with."""

    text: Text
    grade: str
    urdf: str = ""


class Drive(Document):
    """A servo drive with its brake and encoder: limits in the axis's own unit (m or rad), N or N·m."""

    unit: Literal["m", "rad"]
    joints: Annotated[list[str], Field(min_length=1)]
    max_speed: Quantity
    acceleration: Quantity
    jerk: Quantity
    force: Quantity
    brake_force: Quantity
    gain_1_s: Quantity
    following_error: Quantity
    in_position: Quantity
    encoder_step: Quantity


class Float(Document):
    """The passive give of a plate in its own plane, and the actuator that centres it."""

    joints: Annotated[list[str], Field(min_length=3, max_length=3)]
    stroke_m: Quantity
    stroke_rad: Quantity
    centring_force_n: Quantity
    centring_torque_n_m: Quantity
    locked_force_n: Quantity
    gain_1_s: Quantity


class LockDriverData(Document):
    """Keys that reach up into the locks of a bracket and turn them."""

    joint: str
    stroke_m: Quantity
    speed_m_s: Quantity
    reach_gap_m: Quantity
    reach_sideways_m: Quantity
    torque_n_m: Quantity
    stall_torque_n_m: Quantity


class Pads(Document):
    """Elastic pads between a pack and what it rests on: stiffness and damping of each point of contact."""

    stiffness_n_m: Quantity
    damping_n_s_m: Quantity


class Robot(Asset):
    """A machine: its drives by the device name they bear in a station."""

    axes: dict[str, Drive]
    carrier_link: str
    carrier_half_size_m: Point
    friction: Quantity
    pads: Pads
    tare_joint: str
    float_plate: Float | None = None
    lock_driver: LockDriverData | None = None


class Thermal(Document):
    """How a pack warms, and what one of its cells does when it runs away."""

    heat_capacity_j_k: Quantity
    passive_w_k: Quantity
    resistance_ohm: Quantity
    first_vent_c: Quantity
    second_vent_c: Quantity
    runaway_k_s: Quantity
    peak_c: Quantity
    vent_gas_m3: Quantity
    first_vent_frac: Quantity
    vent_s: Quantity
    lower_explosive_frac: Quantity


class Pack(Asset):
    """A swappable pack."""

    energy_kwh: Quantity
    nominal_voltage_v: Quantity
    length_x_m: Quantity
    length_y_m: Quantity
    height_m: Quantity
    deck_height_m: Quantity
    lock_points_m: list[Point]
    friction: Quantity
    thermal: Thermal


class Suspension(Document):
    """Springs of the chassis on its axles."""

    heave_n_m: Quantity
    heave_damping_n_s_m: Quantity
    pitch_n_m_rad: Quantity
    pitch_damping_n_m_s_rad: Quantity
    roll_n_m_rad: Quantity
    roll_damping_n_m_s_rad: Quantity
    chassis_mass_kg: Quantity


class Bracket(Document):
    """The seat of a pack: pads in the frame of the seated pack, locks and connectors."""

    seat_height_m: Quantity
    pads_m: list[Point]
    pads: Pads
    pad_touch_gap_m: Quantity
    lock_max_force_n: Quantity
    lock_time_s: Quantity
    capture_gap_m: Quantity
    capture_sideways_m: Quantity
    connector_gap_m: Quantity
    connector_sideways_m: Quantity


class TruckDrive(Document):
    """How a driver moves the truck and what the truck takes its time for."""

    speed_m_s: Quantity
    acceleration_m_s2: Quantity
    jerk_m_s3: Quantity
    force_n: Quantity
    park_brake_force_n: Quantity
    request_delay_s: Quantity
    hv_off_s: Quantity
    hv_on_s: Quantity
    reaction_s: Quantity


LampColour = Literal["red", "amber", "green", "blue", "white", "dark"]


class LampLine(Document):
    """A colour, and what must hold for it: fields of the device that have one of the values (numbers, or labels of
    an enum), and fields that stand above a number."""

    when: dict[str, list[str | float]] = {}
    above: dict[str, float] = {}
    colour: LampColour


class LampKind(Document):
    """How a lamp follows a device: the first line that holds gives its colour, else ``otherwise``, else its own."""

    lines: list[LampLine]
    otherwise: LampColour | None = None


class Lamp(Document):
    """A material of a part in a frame, whose colour follows a device; of a truck the frame is its link's name."""

    frame: str
    part: str
    material: str
    device: str
    kind: str


class Truck(Asset):
    """A truck with pack positions along its frame."""

    positions_x_m: dict[str, float]
    front_axle_x_m: Quantity
    rear_axle_x_m: Quantity
    tyre_diameter_m: Quantity
    tyre_width_m: Quantity
    tyre_tracks_y_m: list[float]
    friction: Quantity
    suspension: Suspension
    bracket: Bracket
    drive: TruckDrive
    lamp_kinds: dict[str, LampKind] = {}
    lamps: list[Lamp] = []


class Cell(Asset):
    """A machine that is only shown: moved by what a log says of its axes.

    ``parameters`` is what is known of it as numbers; each key carries its unit.
    """

    parameters: dict[str, Quantity] = {}


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


class DeviceSignal(Document):
    """One line of the I/O list of a device type.

    ``private``: it tells who somebody is. ``renewed_within_ms``: a person's request for it is taken back when it is not
    renewed so often: a dead-man's switch.
    """

    type: SignalType = "real"
    unit: str = ""
    labels: dict[str, str] = {}
    low: float | None = None
    high: float | None = None
    safe: float = 0.0
    private: bool = False
    renewed_within_ms: Annotated[int, Field(ge=0, le=10_000)] = 0
    text: Text

    @property
    def number_labels(self) -> dict[int, str]:
        """Value of an enum to its label."""
        return {int(value): label for value, label in self.labels.items()}


class DeviceType(Document):
    """What one device of a type says to the controller and is told by it.

    ``described_by``: patterns of the keys of its machine's, truck's or station's file that say what it is.
    """

    text: Text
    described_by: list[str] = []
    signals: dict[str, DeviceSignal]


class DeviceTypes(Document):
    """The I/O lists of all device types."""

    types: dict[str, DeviceType]


A = TypeVar("A", bound=Document)


def _load(model: type[A], *parts: str) -> A:
    return load_document(shipped("assets", *parts), model)


def asset_folder(kind: str, name: str) -> Path:
    """Folder of an asset, for its URDF and meshes.

    Raises:
        InputError: there is no such asset; the message lists those there are.
    """
    folder = shipped("assets", kind, name)
    if not folder.is_dir():
        known = sorted(path.name for path in shipped("assets", kind).iterdir() if path.is_dir())
        raise InputError(key=name, expected=f"one of assets/{kind}: {', '.join(known)}", got=name)
    return folder


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
    return _load(Station, "stations", name, "station.yaml")


def load_truck(name: str) -> Truck:
    asset_folder("trucks", name)
    return _load(Truck, "trucks", name, "truck.yaml")


def load_pack(name: str) -> Pack:
    asset_folder("packs", name)
    return _load(Pack, "packs", name, "pack.yaml")


def load_robot(name: str) -> Robot:
    asset_folder("robots", name)
    return _load(Robot, "robots", name, "robot.yaml")


def load_cell(name: str) -> Cell:
    asset_folder("cells", name)
    return _load(Cell, "cells", name, "cell.yaml")


class Phrases(Document):
    """What English words of the asset files are called in other languages."""

    zh: dict[str, str]


@cache
def load_phrases() -> Phrases:
    """The translations of sources and notes; read once."""
    return _load(Phrases, "phrases.yaml")


@cache
def load_device_types() -> dict[str, DeviceType]:
    """The I/O lists of all device types, by type; read once."""
    return _load(DeviceTypes, "devices.yaml").types


def signal_table(station: Station, labels: dict[str, dict[int, str]]) -> SignalTable:
    """The station's I/O list: its devices' signals.

    Args:
        labels: field of a signal (``pv_pack_serial``) to the labels of its values, where a scenario decides them.

    Raises:
        InputError: a device has a type that is not in ``assets/devices.yaml``.
    """
    types = load_device_types()
    signals = []
    for device, type_name in station.devices.items():
        if type_name not in types:
            raise InputError(key=device, expected="one of " + ", ".join(types), got=type_name)
        for name, signal in types[type_name].signals.items():
            signals.append(
                Signal(
                    name=f"{device}.{name}",
                    type=signal.type,
                    unit=signal.unit,
                    labels=signal.number_labels or labels.get(name, {}),
                    low=-math.inf if signal.low is None else signal.low,
                    high=math.inf if signal.high is None else signal.high,
                    safe=signal.safe,
                    text={str(language): words for language, words in signal.text.items()},
                    private=signal.private,
                )
            )
    return SignalTable(signals)
