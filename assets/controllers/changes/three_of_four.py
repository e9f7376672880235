"""A change that breaks an interlock: three of a bracket's four locks are enough to lower its pack.

A release sensor that flickered had stopped a few swaps. So three sensors were to do, in the step that waits for them
and in the interlock of the lift: which is what keeps a pack that still hangs in one lock from being pulled down.

swaptwin validate --controller assets.controllers.changes.three_of_four:ThreeOfFour --scenarios nominal_swap lock_stuck
"""

from dataclasses import replace

from twin.control import StationController
from twin.control.interlock import INTERLOCKS, Interlocks
from twin.control.sequence import Sequence
from twin.control.swap import GUARDS, SWAP


class ThreeOfFour(StationController):
    """The station's own controller, which takes the word of three release sensors for the fourth."""

    def __init__(self, table, settings, scan_ns):
        super().__init__(table, settings, scan_ns)
        self.facts.three_released = False
        rows = [replace(row, guard="three_released") if row.step == "unlock.turn" else row for row in SWAP]
        self.swap_sequence = Sequence(rows, GUARDS, self.facts, self.shuttle, self.settings.timeouts)
        self.interlocks = Interlocks(self.facts, [_without(one, "locks_settled") for one in INTERLOCKS])

    def scan(self, t_ns, inputs, outputs):
        bracket = getattr(inputs, f"bracket{self.shuttle.current + 1}")
        locks = (bracket.lock1, bracket.lock2, bracket.lock3, bracket.lock4)
        self.facts.three_released = sum(lock.st_released for lock in locks) >= 3
        super().scan(t_ns, inputs, outputs)


def _without(interlock, condition):
    return replace(interlock, always=tuple(name for name in interlock.always if name != condition))
