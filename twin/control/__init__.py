"""The station's controller: a PLC-like scan that sees only its images."""

from twin.control.controller import INPUT_KINDS, OUTPUT_KINDS, Controller
from twin.control.packml import State
from twin.control.panel import Mode, Refusal
from twin.control.settings import Settings
from twin.control.station import StationController

__all__ = ["INPUT_KINDS", "OUTPUT_KINDS", "Controller", "Mode", "Refusal", "Settings", "State", "StationController"]
