"""What a slot feels of its pack: the charge connector's pins, coolant, insulation, and the air around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from twin import assets
from twin.plant.air import Air, Exhaust
from twin.plant.device import Device
from twin.plant.rack import RackSlot
from twin.plant.safety import SafetyChain

#: Below this above the air a pin is as cool as the air.
_COOL_K = 0.01


class SlotClimate(Device):
    """Pins warm with the square of the charge current; coolant that leaks away takes the insulation with it.

    Args:
        slot: whose pack and charger it looks at. pack: the station's kind of pack.
    """

    STATE: ClassVar[tuple[str, ...]] = ("pin_c", "coolant", "_seen")
    #: Resistance of the pins over a new one's; share of the coolant's pressure that is lost a second.
    FLAWS: ClassVar[Mapping[str, Any]] = {"pin_added_ohm": 0.0, "leak_1_s": 0.0}
    pin_added_ohm: float
    leak_1_s: float

    def __init__(
        self,
        slot: RackSlot,
        data: assets.Climate,
        exhaust: Exhaust,
        pack: assets.Pack,
        inputs: Any,
        power: SafetyChain,
        scan_s: float,
    ) -> None:
        super().__init__(f"{slot.name}.climate")
        self._slot, self._in, self._power, self._scan_s = slot, inputs, power, scan_s
        self._voltage_v = pack.nominal_voltage_v.value
        self._lower_frac = pack.thermal.lower_explosive_frac.value
        self.air = Air(data, exhaust)
        self._air_c = data.air_temperature_c.value
        self._pin_ohm, self._pin_w_k = data.pin_resistance_ohm.value, data.pin_conductance_w_k.value
        self._pin_j_k = data.pin_heat_capacity_j_k.value
        self._pressure_pa, self._coolant_w_k = data.coolant_pressure_pa.value, data.coolant_conductance_w_k.value
        self._dry_ohm, self._wet_ohm = data.insulation_ohm.value, data.insulation_wet_ohm.value
        self.pin_c = self._air_c
        #: Share of the coolant's pressure that is left.
        self.coolant = 1.0
        self._seen: tuple[object, ...] = ()

    def afflicted(self, flaw: str) -> None:
        if flaw == "leak_1_s" and not self.leak_1_s:
            self.coolant = 1.0

    @property
    def insulation_ohm(self) -> float:
        """From dry to wet by the share of the coolant that is out, on a scale of powers of ten."""
        return float(self._dry_ohm * (self._wet_ohm / self._dry_ohm) ** (1.0 - self.coolant))

    def sense(self, t_ns: int) -> None:
        pack, air = self._slot.place.pack, self.air
        hottest_c = self._air_c if pack is None else pack.heat.hottest_c
        seen = (round(self.pin_c, 1), round(hottest_c, 1), self.coolant, air.gas_frac, air.smoke_frac, air.flame)
        if seen == self._seen:
            return
        self._seen = seen
        node = self._in
        node.pv_pin_temperature_c, node.pv_pack_temperature_c = seen[0], seen[1]
        node.pv_coolant_pressure_pa = float(round(self._pressure_pa * self.coolant))
        node.pv_insulation_ohm = float(round(self.insulation_ohm))
        node.pv_gas_lel_frac = round(air.gas_frac / self._lower_frac, 4)
        node.st_smoke, node.st_flame = air.smoke, air.flame

    def act(self, t_ns: int) -> None:
        slot, pack = self._slot, self._slot.place.pack
        current_a = slot.charge_w / self._voltage_v
        if self.leak_1_s:
            self.coolant -= self.coolant * self.leak_1_s * self._scan_s
        if pack is not None:
            pack.current_a = current_a
            pack.coolant_w_k = self._coolant_w_k * self.coolant if slot.connector == 1.0 else 0.0
        above_k = self.pin_c - self._air_c
        if current_a or above_k > _COOL_K:
            gained_w = current_a * current_a * (self._pin_ohm + self.pin_added_ohm)
            self.pin_c += (gained_w - above_k * self._pin_w_k) * self._scan_s / self._pin_j_k
        if self.air.flame:
            self._power.flames.add(self.name)
        else:
            self._power.flames.discard(self.name)
        if not self.air.clean or (pack is not None and pack.heat.ventings):
            self.air.mix(self._scan_s, None if pack is None else pack.heat)

    def state(self) -> dict[str, Any]:
        return {**super().state(), "air": self.air.state()}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self.air.restore(state["air"])
