"""From a log's signals to moving machines, truck and packs, each with how well it is known."""

from __future__ import annotations

from twin.motion.follow import follow
from twin.motion.hold import ATTACHMENT as HOLDS
from twin.motion.hold import Hold, to_json
from twin.motion.known import INFERRED, MEASURED, UNKNOWN, Known
from twin.motion.motion import ATTACHMENT, Motion, Setup
from twin.motion.rules import APPEARED, NOWHERE, TWICE
from twin.motion.source import JointSource, MachineSource, PlaceSource, SliderSource, TruckSource
from twin.motion.station import How, station_setup

__all__ = [
    "APPEARED", "ATTACHMENT", "HOLDS", "INFERRED", "MEASURED", "NOWHERE", "TWICE", "UNKNOWN", "Hold", "How",
    "JointSource", "Known", "MachineSource", "Motion", "PlaceSource", "Setup", "SliderSource", "TruckSource",
    "follow", "station_setup", "to_json",
]  # fmt: skip
