"""What runs in the PLC: a controller by name, with the settings laid over the station's."""

from twin.program.child import Limits
from twin.program.described import describe, no_number, raised
from twin.program.handover import Handover
from twin.program.in_process import OWN
from twin.program.model import Program

__all__ = ["OWN", "Handover", "Limits", "Program", "describe", "no_number", "raised"]
