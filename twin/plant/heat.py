"""How a pack warms, and what comes of a cell that runs away: heat, then gas in two ventings."""

from __future__ import annotations

import copy
from typing import Any, ClassVar

from twin import assets

#: Below this above the air a pack is as cool as the air.
_COOL_K = 0.01


class Heat:
    """A pack's temperature, and that of its hottest cell.

    Args:
        data: the pack's numbers. air_c: temperature of what is around it.
    """

    STATE: ClassVar[tuple[str, ...]] = ("mean_c", "hottest_c", "first_s", "second_s")

    def __init__(self, data: assets.Thermal, air_c: float) -> None:
        self._data, self._air_c = data, air_c
        self.mean_c = self.hottest_c = air_c
        #: How long each venting has lasted; below 0 before it.
        self.first_s = self.second_s = -1.0

    @property
    def cool(self) -> bool:
        """Whether nothing goes on."""
        return self.hottest_c - self._air_c < _COOL_K

    @property
    def lower_explosive_frac(self) -> float:
        return self._data.lower_explosive_frac.value

    @property
    def ventings(self) -> int:
        """How many ventings of its worst cell have begun."""
        return (self.first_s >= 0.0) + (self.second_s >= 0.0)

    def warm(self, duration_s: float, current_a: float, coolant_w_k: float, heating_k_s: float) -> None:
        """Go on for a while.

        Args:
            current_a: through all cells. coolant_w_k: conductance to a coolant as warm as the air.
            heating_k_s: how fast its worst cell heats itself; 0: it is healthy.
        """
        data, above_k = self._data, self.mean_c - self._air_c
        gained_w = current_a * current_a * data.resistance_ohm.value
        lost_w = above_k * (data.passive_w_k.value + coolant_w_k)
        self.mean_c += (gained_w - lost_w) * duration_s / data.heat_capacity_j_k.value
        if not heating_k_s:
            self.hottest_c, self.first_s, self.second_s = self.mean_c, -1.0, -1.0
            return
        self.first_s = self._vents(self.first_s, data.first_vent_c.value, duration_s)
        self.second_s = self._vents(self.second_s, data.second_vent_c.value, duration_s)
        rise_k_s = heating_k_s if self.second_s < 0.0 else data.runaway_k_s.value
        self.hottest_c = min(data.peak_c.value, self.hottest_c + rise_k_s * duration_s)

    def _vents(self, since_s: float, from_c: float, duration_s: float) -> float:
        if since_s >= 0.0:
            return since_s + duration_s
        return 0.0 if self.hottest_c >= from_c else since_s

    @property
    def gas_m3_s(self) -> float:
        """What its worst cell gives off now."""
        data = self._data
        whole_m3, first, lasts_s = data.vent_gas_m3.value, data.first_vent_frac.value, data.vent_s.value
        gas_m3 = (first if 0.0 <= self.first_s < lasts_s else 0.0) * whole_m3
        gas_m3 += (1.0 - first if 0.0 <= self.second_s < lasts_s else 0.0) * whole_m3
        return gas_m3 / lasts_s

    def state(self) -> dict[str, Any]:
        return {name: copy.copy(getattr(self, name)) for name in self.STATE}

    def restore(self, state: dict[str, Any]) -> None:
        for name in self.STATE:
            setattr(self, name, state[name])
