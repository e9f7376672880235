"""The least distance between what moves and what it must not touch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from twin.physics import Engine
from twin.plant.device import Device

Shape = tuple[int, int]  # body, link (-1 is a body's base)

#: Beyond the queue: a distance that is cut off would have to be measured again and again.
_WITHIN_M = 200.0
#: Least distances are exact to this: two shapes are measured again when they may have come closer by more.
_RESOLUTION_M = 0.0001
#: How far things may travel before new pairs are looked for, without :meth:`Clearance.changed`.
_LOOK_M = 0.5


@dataclass
class Pair:
    """Two things that must not touch.

    Args:
        shapes: gives what moves and what it must not touch, now. movers: whose motion can bring them closer.
    """

    name: str
    shapes: Callable[[], tuple[list[Shape], list[Shape]]]
    movers: tuple[str, ...]
    #: Bound on how much closer they can have come since the start; and at which of it to measure again.
    travelled_m: float = 0.0
    look_m: float = 0.0
    due_m: dict[tuple[Shape, Shape], float] = field(default_factory=dict)


class Clearance(Device):
    """Keeps the least distance over all pairs and where it was."""

    STATE: ClassVar[tuple[str, ...]] = ("least_m", "least_pair", "least_ns")

    def __init__(self, engine: Engine, pairs: list[Pair]) -> None:
        super().__init__("clearance")
        self._engine, self._pairs = engine, pairs
        self.least_m = math.inf
        self.least_pair = ""
        self.least_ns = 0

    def changed(self) -> None:
        """What is carried, or which truck is in the bay, has changed: look at the pairs anew."""
        for pair in self._pairs:
            pair.look_m = 0.0

    def measure(self, t_ns: int, paths_m: dict[str, float]) -> None:
        """Measure the shapes that may have come closer than the least distance so far.

        Args:
            paths_m: by mover, how far anything of it moved since the last time, at most.
        """
        for pair in self._pairs:
            for mover in pair.movers:
                pair.travelled_m += paths_m[mover]
            if pair.travelled_m >= pair.look_m:
                self._look(pair, t_ns)

    def _look(self, pair: Pair, t_ns: int) -> None:
        moving, others = pair.shapes()
        look_m = pair.travelled_m + _LOOK_M
        for shape in moving:
            for other in others:
                due_m = pair.due_m.get((shape, other), 0.0)
                if pair.travelled_m >= due_m:
                    distance = self._engine.distance_m(*shape, *other, within_m=_WITHIN_M)
                    if distance < self.least_m:
                        self.least_m, self.least_pair, self.least_ns = distance, pair.name, t_ns
                    due_m = pair.travelled_m + _RESOLUTION_M + distance - self.least_m
                    pair.due_m[shape, other] = due_m
                look_m = min(look_m, due_m)
        pair.look_m = look_m

    def state(self) -> dict[str, Any]:
        return {**super().state(), "pairs": [(p.travelled_m, p.look_m, dict(p.due_m)) for p in self._pairs]}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore({name: state[name] for name in self.STATE})
        for pair, (travelled_m, look_m, due_m) in zip(self._pairs, state["pairs"], strict=True):
            pair.travelled_m, pair.look_m, pair.due_m = travelled_m, look_m, dict(due_m)
