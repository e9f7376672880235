"""Heat, gas and smoke in the rack: which slots may not charge, which packs have to go, and when the exhaust runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.control.alarm import Alarms
from twin.control.settings import Settings
from twin.control.station_alarm import OF_SLOT
from twin.control.wiring import Wiring

#: Of a slot's alarms so many, from the first, are of gas and smoke, and of flame too.
_GAS_SMOKE, _GAS_SMOKE_FLAME = 2, 3


class SlotWatch:
    """Looks at every slot in every scan. Gas or smoke at a pack makes it a suspect until it stands in isolation."""

    def __init__(self, wiring: Wiring, alarms: Alarms, settings: Settings) -> None:
        self._w, self._alarms, self._s = wiring, alarms, settings.fire
        self._names = {slot.device: tuple(f"{slot.device}.{name}" for name in OF_SLOT) for slot in wiring.slots}
        #: Slots that may not charge: something is wrong there, or was and nobody has acknowledged it.
        self.blocked: set[str] = set()
        #: Slots whose pack has to go to isolation.
        self.suspect: set[str] = set()

    def look(self) -> None:
        """One scan; what is found stops the charging of its slot in this scan."""
        s = self._s
        gas_lel_frac, hot_c, pin_c = s.gas_lel_frac, s.pack_hot_c, s.pin_hot_c
        coolant_pa, insulation_ohm = s.coolant_low_pa, s.insulation_low_ohm
        for slot in self._w.slots:
            node, device = slot.inp, slot.device
            gas, smoke = node.pv_gas_lel_frac >= gas_lel_frac, node.st_smoke
            found = (
                gas, smoke, node.st_flame,
                node.pv_pack_temperature_c >= hot_c, node.pv_pin_temperature_c >= pin_c,
                node.pv_coolant_pressure_pa <= coolant_pa, node.pv_insulation_ohm <= insulation_ohm,
            )  # fmt: skip
            if True in found:
                self.blocked.add(device)
                slot.out.cmd_charge = False
                for wrong, name in zip(found, self._names[device], strict=True):
                    if wrong:
                        self._alarms.raise_(name)
                if (gas or smoke) and not slot.isolation:
                    self.suspect.add(device)
            elif device in self.blocked and not self._told(device):
                self.blocked.discard(device)
            if device in self.suspect and not node.st_pack_present:
                self.suspect.discard(device)

    @property
    def draws(self) -> bool:
        """Whether the exhaust has to run: gas, smoke or flame anywhere, or told of and not acknowledged."""
        return any(self._told(device, _GAS_SMOKE_FLAME) for device in self.blocked)

    def _told(self, device: str, first: int = len(OF_SLOT)) -> bool:
        """Whether one of the first so many alarms of a slot stands."""
        active = self._alarms.active
        return any(name in active for name in self._names[device][:first])

    def take_up(self) -> None:
        """Go on from the alarms that stand."""
        self.blocked = {slot.device for slot in self._w.slots if self._told(slot.device)}
        self.suspect = {
            slot.device
            for slot in self._w.slots
            if self._told(slot.device, _GAS_SMOKE) and slot.inp.st_pack_present and not slot.isolation
        }

    def state(self) -> dict[str, Any]:
        return {"blocked": sorted(self.blocked), "suspect": sorted(self.suspect)}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.blocked, self.suspect = set(state["blocked"]), set(state["suspect"])
