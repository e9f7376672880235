"""Machines: drives, plate, keys and pads; and machines that are only shown."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.assets.asset import Asset, Point, asset_folder, load
from twin.document import Document, Quantity


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


class Cell(Asset):
    """A machine that is only shown: moved by what a log says of its axes.

    ``parameters`` is what is known of it as numbers; each key carries its unit.
    """

    parameters: dict[str, Quantity] = {}


def load_robot(name: str) -> Robot:
    asset_folder("robots", name)
    return load(Robot, "robots", name, "robot.yaml")


def load_cell(name: str) -> Cell:
    asset_folder("cells", name)
    return load(Cell, "cells", name, "cell.yaml")
