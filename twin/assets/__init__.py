"""Assets: machines, trucks, packs and stations as typed YAML beside their URDF.

Every number is a :class:`~twin.document.Quantity` with source, confidence and range; the unit is the suffix of its
key. The models say what a file must hold, a module per kind; ``load_*`` read one by the name of its folder.
"""

from __future__ import annotations

from twin.assets.asset import Asset, Text, asset_folder
from twin.assets.device import DeviceSignal, DeviceType, load_device_types, signal_table
from twin.assets.lamp import Lamp, LampKind
from twin.assets.machine import Cell, Drive, Float, LockDriverData, Pads, Robot, load_cell, load_robot
from twin.assets.pack import Pack, Thermal, load_pack
from twin.assets.phrases import load_phrases
from twin.assets.station import (
    RACK_DEPTH_M,
    UPRIGHT_ABOVE_M,
    UPRIGHT_X_M,
    Bay,
    Climate,
    Floor,
    Rack,
    StaticBox,
    Station,
    load_station,
    static_boxes,
)
from twin.assets.truck import Bracket, Suspension, Truck, load_truck

__all__ = [
    "RACK_DEPTH_M",
    "UPRIGHT_ABOVE_M",
    "UPRIGHT_X_M",
    "Asset",
    "Bay",
    "Bracket",
    "Cell",
    "Climate",
    "DeviceSignal",
    "DeviceType",
    "Drive",
    "Float",
    "Floor",
    "Lamp",
    "LampKind",
    "LockDriverData",
    "Pack",
    "Pads",
    "Rack",
    "Robot",
    "StaticBox",
    "Station",
    "Suspension",
    "Text",
    "Thermal",
    "Truck",
    "asset_folder",
    "load_cell",
    "load_device_types",
    "load_pack",
    "load_phrases",
    "load_robot",
    "load_station",
    "load_truck",
    "signal_table",
    "static_boxes",
]
