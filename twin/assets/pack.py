"""Packs that are swapped."""

from __future__ import annotations

from twin.assets.asset import Asset, Point, asset_folder, load
from twin.document import Document, Quantity


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


def load_pack(name: str) -> Pack:
    asset_folder("packs", name)
    return load(Pack, "packs", name, "pack.yaml")
