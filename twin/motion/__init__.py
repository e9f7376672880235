"""From a log's signals to moving machines, truck and packs, each with how well it is known."""

from __future__ import annotations

from twin.motion.hold import Hold
from twin.motion.known import INFERRED, MEASURED, UNKNOWN, Known
from twin.motion.motion import ATTACHMENT, Motion, Setup
from twin.motion.source import JointSource, MachineSource, PlaceSource, SliderSource, TruckSource

__all__ = [
    "ATTACHMENT", "INFERRED", "MEASURED", "UNKNOWN", "Hold", "JointSource", "Known", "MachineSource", "Motion",
    "PlaceSource", "Setup", "SliderSource", "TruckSource",
]  # fmt: skip
