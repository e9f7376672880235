"""The station's controller: a PLC-like scan that sees only its images."""

from twin.control.controller import INPUT_KINDS, OUTPUT_KINDS, Controller
from twin.control.packml import State
from twin.control.settings import Settings

__all__ = ["INPUT_KINDS", "OUTPUT_KINDS", "Controller", "Settings", "State"]
