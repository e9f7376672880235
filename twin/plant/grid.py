"""The supply of the chargers, which share what there is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from twin.plant.device import Device


class Grid(Device):
    """Gives each charger what it asks for, or the same share of it where all ask for more than there is.

    The share follows what was asked for in the scan before. It acts before the chargers do.
    """

    STATE: ClassVar[tuple[str, ...]] = ("asked_w", "share")
    #: The most that all chargers get together, W.
    FLAWS: ClassVar[Mapping[str, Any]] = {"limit_w": math.inf}
    limit_w: float

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.asked_w = 0.0
        self.share = 1.0

    def give(self, asked_w: float) -> float:
        """The power that a charger gets for what it asks for, W."""
        self.asked_w += asked_w
        return asked_w * self.share

    def act(self, t_ns: int) -> None:
        self.share = 1.0 if self.asked_w <= self.limit_w else self.limit_w / self.asked_w
        self.asked_w = 0.0
