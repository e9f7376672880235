"""Heat, gas and smoke in the rack: which slots may not charge, which packs have to go, and when the exhaust runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.control.alarm import Alarms
from twin.control.settings import Settings
from twin.control.wiring import Wiring

#: What a slot's alarms are called: what is in the air first.
ALARMS = ("alm_gas", "alm_smoke", "alm_flame", "alm_pack_hot", "alm_pin_hot", "alm_coolant", "alm_insulation")


class SlotWatch:
    """Looks at every slot in every scan. Gas or smoke at a pack makes it a suspect until it stands in isolation."""

    def __init__(self, wiring: Wiring, alarms: Alarms, settings: Settings) -> None:
        self._w, self._alarms, self._s = wiring, alarms, settings.fire
        self._names = {slot.device: tuple(f"{slot.device}.{name}" for name in ALARMS) for slot in wiring.slots}
        #: Slots that may not charge: something is wrong there, or was and nobody has acknowledged it.
        self.blocked: set[str] = set()
        #: Slots whose pack has to go to isolation.
        self.suspect: set[str] = set()

    def look(self) -> None:
        """One scan; what is found stops the charging of its slot in this scan."""
        s, alarms = self._s, self._alarms
        gas_lel_frac, hot_c, pin_c = s.gas_lel_frac, s.pack_hot_c, s.pin_hot_c
        coolant_pa, insulation_ohm = s.coolant_low_pa, s.insulation_low_ohm
        for slot in self._w.slots:
            node = slot.inp
            if (
                node.pv_gas_lel_frac < gas_lel_frac
                and not node.st_smoke
                and not node.st_flame
                and node.pv_pack_temperature_c < hot_c
                and node.pv_pin_temperature_c < pin_c
                and node.pv_coolant_pressure_pa > coolant_pa
                and node.pv_insulation_ohm > insulation_ohm
            ):
                if slot.device in self.blocked and not self._told(slot.device):
                    self.blocked.discard(slot.device)
                if slot.device in self.suspect and not node.st_pack_present:
                    self.suspect.discard(slot.device)
                continue
            self.blocked.add(slot.device)
            slot.out.cmd_charge = False
            gas = node.pv_gas_lel_frac >= gas_lel_frac
            if (gas or node.st_smoke) and node.st_pack_present and not slot.isolation:
                self.suspect.add(slot.device)
            elif not node.st_pack_present:
                self.suspect.discard(slot.device)
            found = (
                gas, node.st_smoke, node.st_flame, node.pv_pack_temperature_c >= hot_c,
                node.pv_pin_temperature_c >= pin_c, node.pv_coolant_pressure_pa <= coolant_pa,
                node.pv_insulation_ohm <= insulation_ohm,
            )  # fmt: skip
            for wrong, name in zip(found, self._names[slot.device], strict=True):
                if wrong:
                    alarms.raise_(name)

    @property
    def draws(self) -> bool:
        """Whether the exhaust has to run: gas, smoke or flame anywhere, or told of and not acknowledged."""
        return any(self._told(device, 3) for device in self.blocked)

    def _told(self, device: str, first: int = len(ALARMS)) -> bool:
        """Whether one of the first so many alarms of a slot stands."""
        active = self._alarms.active
        return any(name in active for name in self._names[device][:first])

    def take_up(self) -> None:
        """Go on from the alarms that stand."""
        self.blocked = {slot.device for slot in self._w.slots if self._told(slot.device)}
        self.suspect = {
            slot.device
            for slot in self._w.slots
            if self._told(slot.device, 2) and slot.inp.st_pack_present and not slot.isolation
        }

    def state(self) -> dict[str, Any]:
        return {"blocked": sorted(self.blocked), "suspect": sorted(self.suspect)}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.blocked, self.suspect = set(state["blocked"]), set(state["suspect"])
