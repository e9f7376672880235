"""The least distance between what moves and what it must not touch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar

from twin.physics import Engine
from twin.plant.device import Device

Shape = tuple[int, int]  # body, link (-1 is a body's base)

_WITHIN_M = 2.0
#: How long a change of what is carried may go unnoticed without :meth:`Clearance.changed`.
_LOOK_NS = 1_000_000_000
#: No two things of a station approach each other faster; between two measurements a pair cannot come closer than
#: this allows, so a pair far from the least distance is left alone, and the least distance stays exact.
_APPROACH_M_S = 3.0


class Clearance(Device):
    """Keeps the least distance over all pairs and where it was.

    Args:
        pairs: name of a pair to a function that gives its shapes now: what moves, and what it must not touch.
    """

    STATE: ClassVar[tuple[str, ...]] = ("least_m", "least_pair", "least_ns", "_due_ns", "_look_ns")

    def __init__(self, engine: Engine, pairs: dict[str, Callable[[], tuple[list[Shape], list[Shape]]]]) -> None:
        super().__init__("clearance")
        self._engine, self._pairs = engine, pairs
        self.least_m = math.inf
        self.least_pair = ""
        self.least_ns = 0
        #: When each two shapes must be measured again; and the first of these times.
        self._due_ns: dict[tuple[Shape, Shape], int] = {}
        self._look_ns = 0

    def changed(self) -> None:
        """What is carried, or which truck is in the bay, has changed: look at the pairs anew."""
        self._look_ns = 0

    def measure(self, t_ns: int) -> None:
        """Measure the shapes that may have come closer than the least distance so far."""
        if t_ns < self._look_ns:
            return
        look_ns = t_ns + _LOOK_NS
        for name, pair in self._pairs.items():
            moving, others = pair()
            for shape in moving:
                for other in others:
                    due_ns = self._due_ns.get((shape, other), 0)
                    if t_ns >= due_ns:
                        due_ns = t_ns + self._measure(name, shape, other, t_ns)
                        self._due_ns[shape, other] = due_ns
                    look_ns = min(look_ns, due_ns)
        self._look_ns = look_ns

    def _measure(self, name: str, shape: Shape, other: Shape, t_ns: int) -> int:
        distance = self._engine.distance_m(*shape, *other, within_m=_WITHIN_M)
        if distance < self.least_m:
            self.least_m, self.least_pair, self.least_ns = distance, name, t_ns
        return int((distance - self.least_m) / _APPROACH_M_S * 1e9)
