"""What carries a pack: the shuttle's plate and the crane's fork, with their load cells."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

from twin.physics import GRAVITY_M_S2
from twin.plant.axis import Axis
from twin.plant.device import Device
from twin.plant.pack import Pack

_PRESENT_ABOVE_M = 0.020
#: The load cell is of first order with this time constant (3 Hz), as weighing amplifiers are. The force of a blow
#: between rigid bodies is its momentum over one step, however short that is; read through the cell it no longer
#: depends on the step.
_CELL_S = 0.05


class Carrier(Device):
    """A load-bearing top that packs lie on by contact alone.

    Args:
        top: where the middle of the top is in W: (x, y, z).
        half_size_m: half edges of the top along x and y.
        lift: the axis that raises it. tare_kg: what that axis raises without a pack.
        step_s: physics step, at which the load cell follows.
        inputs: node with ``pv_load_n`` and ``st_pack_present``.
    """

    STATE: ClassVar[tuple[str, ...]] = ("load_n", "_taken_up", "sway_m", "tilt_rad", "peak_n")

    def __init__(
        self,
        name: str,
        *,
        packs: list[Pack],
        top: Callable[[], tuple[float, float, float]],
        half_size_m: tuple[float, float],
        lift: Axis,
        tare_kg: float,
        step_s: float,
        inputs: Any,
    ) -> None:
        super().__init__(name)
        self._packs, self.top, self._half_size_m = packs, top, half_size_m
        self._lift, self._tare_kg, self._in = lift, tare_kg, inputs
        self.pack: Pack | None = None
        #: What the load cell reads.
        self.load_n = 0.0
        self._share = 1.0 - math.exp(-step_s / _CELL_S)
        #: The pack's offset on the top when it was taken up, while it is carried.
        self._taken_up: tuple[float, float] | None = None
        self.sway_m = 0.0
        self.tilt_rad = 0.0
        #: Largest force between top and pack that the load cell read.
        self.peak_n = 0.0

    def sense(self, t_ns: int) -> None:
        x, y, z = self.top()
        self.pack = None
        for pack in self._packs:
            body = pack.body
            if body.held:
                continue
            px, py, pz = body.p
            gap = pz - pack.half_height_m - z
            if (
                abs(px - x) < self._half_size_m[0]
                and abs(py - y) < self._half_size_m[1]
                and abs(gap) < _PRESENT_ABOVE_M
            ):
                self.pack = pack
                break
        self._in.pv_load_n = float(round(self.load_n))
        self._in.st_pack_present = self.pack is not None

    def weigh(self) -> None:
        """Let the load cell follow the drive's force of the last physics step."""
        measured = self._lift.joints[0].read_effort() - self._tare_kg * (GRAVITY_M_S2 + self._lift.reference.a)
        self.load_n += self._share * (measured - self.load_n)
        if self.load_n > self.peak_n and self.pack is not None:
            self.peak_n = self.load_n

    @property
    def carries(self) -> bool:
        """Whether a pack hangs on nothing but this carrier."""
        return self._taken_up is not None

    def follow(self, carried: bool) -> bool:
        """Measure sway and tilt of a pack that is carried; True when that has just begun or ended."""
        if not carried or self.pack is None:
            ended = self._taken_up is not None
            self._taken_up = None
            return ended
        began = self._taken_up is None
        x, y, _ = self.top()
        px, py, _ = self.pack.body.p
        if self._taken_up is None:
            self._taken_up = (px - x, py - y)
        dx, dy = px - x - self._taken_up[0], py - y - self._taken_up[1]
        self.sway_m = max(self.sway_m, (dx * dx + dy * dy) ** 0.5)
        self.tilt_rad = max(self.tilt_rad, self.pack.tilt_rad)
        return began
