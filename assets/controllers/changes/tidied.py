"""A change that is to change nothing: the conditions of every interlock in the order of the alphabet.

swaptwin validate --controller assets.controllers.changes.tidied:Tidied --scenarios all
"""

from dataclasses import replace

from twin.control import StationController
from twin.control.interlock import INTERLOCKS, Interlocks


class Tidied(StationController):
    """The station's own controller with its table of interlocks sorted."""

    def __init__(self, table, settings, scan_ns):
        super().__init__(table, settings, scan_ns)
        tidy = [replace(one, always=tuple(sorted(one.always)), keyed=tuple(sorted(one.keyed))) for one in INTERLOCKS]
        self.interlocks = Interlocks(self.facts, tidy)
