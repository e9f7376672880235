"""Isolators that are locked out: what feeds a danger is cut, and stays cut while anybody's lock hangs on it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

from twin.plant.axis import Axis
from twin.plant.device import Device
from twin.plant.safety import SafetyChain

LOCKS = ("op_lock1", "op_lock2", "op_lock3")
#: An axis that is faster than this cannot be propped.
_STANDS = 1e-3
#: What charged capacitors are below is called nothing.
_NO_VOLTAGE_V = 1.0


class Isolator(Device):
    """A switch, or a prop under a load, with room for personal locks. People work it; the controller cannot.

    ``op_off`` turns it off and on again. A lock goes on only while it is off, and while one hangs it cannot be turned
    on: the request is in the Record, and nothing happens. Each is an act, so it follows the edges of its signal.

    Args:
        cut: cuts the energy, or gives it back.
        may_cut: whether it can be turned off now.
    """

    STATE: ClassVar[tuple[str, ...]] = ("isolated", "locks", "_asked")

    def __init__(
        self, name: str, inputs: Any, cut: Callable[[bool], None], may_cut: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__(name)
        self._in, self._cut, self._may_cut = inputs, cut, may_cut
        self.isolated = False
        #: The places of :data:`LOCKS` where a lock hangs.
        self.locks: tuple[bool, ...] = (False,) * len(LOCKS)
        self._asked: tuple[bool, ...] = (False,) * (1 + len(LOCKS))

    def sense(self, t_ns: int) -> None:
        node = self._in
        node.st_isolated = self.isolated
        node.st_lock1, node.st_lock2, node.st_lock3 = self.locks
        node.st_locked = any(self.locks)

    def act(self, t_ns: int) -> None:
        node = self._in
        asked = (node.op_off, node.op_lock1, node.op_lock2, node.op_lock3)
        if asked == self._asked:
            return
        (off, *locks), (was_off, *were) = asked, self._asked
        self._asked = asked
        if off and not was_off and self._may_cut():
            self._turn(True)
        self.locks = tuple(
            (hangs or (self.isolated and not before)) if now else False
            for hangs, now, before in zip(self.locks, locks, were, strict=True)
        )
        if was_off and not off and not any(self.locks):
            self._turn(False)

    def _turn(self, isolated: bool) -> None:
        if isolated != self.isolated:
            self.isolated = isolated
            self._cut(isolated)


class BusIsolator(Isolator):
    """The isolator of the chargers' DC bus. Its capacitors stay charged for a while: being off is not being dead.

    Args:
        voltage_v: of the bus when it is fed. discharge_s: time constant of its discharge.
    """

    STATE: ClassVar[tuple[str, ...]] = (*Isolator.STATE, "_voltage_v")

    def __init__(
        self, name: str, inputs: Any, power: SafetyChain, voltage_v: float, discharge_s: float, scan_s: float
    ) -> None:
        super().__init__(name, inputs, power.cut_charging)
        self._power, self._fed_v, self._keeps = power, voltage_v, math.exp(-scan_s / discharge_s)
        self._voltage_v = voltage_v

    def sense(self, t_ns: int) -> None:
        super().sense(t_ns)
        self._in.pv_voltage_v = round(self._voltage_v, 1)

    def act(self, t_ns: int) -> None:
        super().act(t_ns)
        if self._power.charging:
            self._voltage_v = self._fed_v
        elif self._voltage_v:
            left_v = self._voltage_v * self._keeps
            self._voltage_v = left_v if left_v >= _NO_VOLTAGE_V else 0.0


def prop(name: str, inputs: Any, axis: Axis) -> Isolator:
    """A prop under what an axis carries: it goes in only while the axis stands, and holds whatever the brake does."""
    return Isolator(name, inputs, axis.prop, lambda: abs(axis.v) < _STANDS)
