"""Packs and the places where they can stand: who is where, seen from the physics alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from twin.physics import FreeBody
from twin.plant.device import Device
from twin.plant.heat import Heat

_NEAR_X_M, _NEAR_Y_M = 0.20, 0.30
_PRESENT_BELOW_M, _PRESENT_ABOVE_M = -0.010, 0.020
_SEATED_M = 0.003
_FULL_SOC = 1.0
_J_PER_KWH = 3.6e6


class Pack(Device):
    """A pack: its body, its identity and its charge.

    Args:
        number: value of ``pv_pack_serial`` where this pack stands; its label is the serial.
        half_height_m: from its centre to its underside.
    """

    STATE: ClassVar[tuple[str, ...]] = ("soc_frac", "place")
    #: The number that its label is read as (None: its own); what its management adds to its state of charge; how fast
    #: its worst cell heats itself.
    FLAWS: ClassVar[Mapping[str, Any]] = {"label": None, "soc_error_frac": 0.0, "heating_k_s": 0.0}
    label: int | None
    soc_error_frac: float
    heating_k_s: float

    def __init__(
        self, serial: str, number: int, body: FreeBody, *, soc_frac: float, energy_kwh: float, half_height_m: float,
        heat: Heat, scan_s: float,
    ) -> None:  # fmt: skip
        super().__init__(f"pack.{serial}")
        self.serial, self.number, self.body = serial, number, body
        self.soc_frac = soc_frac
        self.energy_j = energy_kwh * _J_PER_KWH
        self.half_height_m = half_height_m
        self.heat, self._scan_s = heat, scan_s
        #: What its slot lets through it in this scan, and cools it with.
        self.current_a = self.coolant_w_k = 0.0
        #: Name of the place on whose supports it stands, or empty.
        self.place = ""

    @property
    def read_number(self) -> int:
        """What a reader reads: the number of its serial, 0 when there is nothing to read."""
        return self.number if self.label is None else self.label

    @property
    def told_soc_frac(self) -> float:
        """State of charge as its management says it."""
        return min(1.0, max(0.0, self.soc_frac + self.soc_error_frac))

    @property
    def underside_m(self) -> float:
        """Height of the underside's middle above the floor."""
        return self.body.p[2] - self.half_height_m

    @property
    def tilt_rad(self) -> float:
        """Angle of the pack's upright against the vertical."""
        x, y, _, _ = self.body.q_xyzw
        return 2.0 * math.asin(min(1.0, math.hypot(x, y)))

    def act(self, t_ns: int) -> None:
        """Warm or cool for a scan."""
        if self.current_a or self.heating_k_s or not self.heat.cool:
            self.heat.warm(self._scan_s, self.current_a, self.coolant_w_k, self.heating_k_s)
        self.current_a = self.coolant_w_k = 0.0

    def state(self) -> dict[str, Any]:
        return {**super().state(), "heat": self.heat.state()}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self.heat.restore(state["heat"])

    def charge(self, power_w: float, duration_s: float) -> None:
        """Add energy at constant power until full."""
        self.soc_frac = min(_FULL_SOC, self.soc_frac + power_w * duration_s / self.energy_j)


class Place:
    """Supports on which a pack can stand."""

    def __init__(self, name: str, x: float, y: float, top_m: float) -> None:
        self.name, self.x, self.y, self.top_m = name, x, y, top_m
        self.pack: Pack | None = None
        self.seated = False


class PackTracker:
    """Finds, each scan, the place under every pack that can move."""

    def __init__(self, packs: list[Pack], places: list[Place]) -> None:
        self.packs, self.places = packs, places
        self.by_name = {place.name: place for place in places}

    def update(self) -> None:
        """Bring ``Place.pack``, ``Place.seated`` and ``Pack.place`` up to date."""
        for pack in self.packs:
            body = pack.body
            if body.held:
                continue
            x, y, z = body.p
            under = z - pack.half_height_m
            here = self.by_name.get(pack.place)
            if here is None or not self._stands(here, x, y, under):
                if here is not None:
                    here.pack, here.seated = None, False
                here = None
                for place in self.places:
                    if self._stands(place, x, y, under):
                        here = place
                        break
                pack.place = here.name if here else ""
            if here is not None:
                here.pack, here.seated = pack, under - here.top_m < _SEATED_M

    @staticmethod
    def _stands(place: Place, x: float, y: float, under: float) -> bool:
        return (
            abs(x - place.x) < _NEAR_X_M
            and abs(y - place.y) < _NEAR_Y_M
            and _PRESENT_BELOW_M < under - place.top_m < _PRESENT_ABOVE_M
        )

    def restore(self) -> None:
        """Rebuild what follows from the packs' own state."""
        for place in self.places:
            place.pack, place.seated = None, False
        for pack in self.packs:
            if pack.place:
                here = self.by_name[pack.place]
                here.pack, here.seated = pack, pack.underside_m - here.top_m < _SEATED_M
