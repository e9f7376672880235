"""Trucks: springs, seats of packs, and how they are driven."""

from __future__ import annotations

from twin.assets.asset import Asset, Point, asset_folder, load
from twin.assets.lamp import Lamp, LampKind
from twin.assets.machine import Pads
from twin.document import Document, Quantity


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


def load_truck(name: str) -> Truck:
    asset_folder("trucks", name)
    return load(Truck, "trucks", name, "truck.yaml")
