"""The least distance between what moves and what it must not touch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

from twin.physics import Engine
from twin.plant.device import Device

Shape = tuple[int, int]  # body, link (-1 is a body's base)

_WITHIN_M = 1.5
#: No two things of a station approach each other faster; between two measurements a pair cannot come closer than
#: this allows, so a pair far from the least distance is left alone, and the least distance stays exact.
_APPROACH_M_S = 3.0


class Clearance(Device):
    """Keeps the least distance over all pairs and where it was.

    Args:
        pairs: name of a pair to a function that gives its shapes now: what moves, and what it must not touch.
    """

    STATE: ClassVar[tuple[str, ...]] = ("least_m", "least_pair", "least_ns", "_due_ns")

    def __init__(self, engine: Engine, pairs: dict[str, Callable[[], tuple[list[Shape], list[Shape]]]]) -> None:
        super().__init__("clearance")
        self._engine, self._pairs = engine, pairs
        self.least_m = math.inf
        self.least_pair = ""
        self.least_ns = 0
        self._due_ns = dict.fromkeys(pairs, 0)

    def measure(self, t_ns: int) -> None:
        """Measure the pairs that may have come closer than the least distance so far."""
        for name, due_ns in self._due_ns.items():
            if t_ns >= due_ns:
                distance = self._distance(name)
                if distance < self.least_m:
                    self.least_m, self.least_pair, self.least_ns = distance, name, t_ns
                slack_m = max(0.0, min(distance, _WITHIN_M) - self.least_m)
                self._due_ns[name] = t_ns + int(slack_m / _APPROACH_M_S * 1e9)

    def _distance(self, name: str) -> float:
        moving, others = self._pairs[name]()
        within = min(_WITHIN_M, self.least_m + _WITHIN_M)
        return min(
            (self._engine.distance_m(*a, *b, within_m=within) for a in moving for b in others), default=_WITHIN_M
        )

    def state(self) -> dict[str, Any]:
        return {**super().state(), "_due_ns": dict(self._due_ns)}
