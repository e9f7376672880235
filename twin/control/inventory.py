"""What the controller believes about every pack: where it is, which one it is, and who is at its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.control.wiring import Place, Wiring

#: A pack whose serial nobody has read yet.
UNREAD = 0


class Inventory:
    """Presence and serial by place, from sensors and from hand-overs, and the claims on the transfer places."""

    def __init__(self, wiring: Wiring) -> None:
        self._w = wiring
        #: Place to presence as the hand-overs say.
        self.present: dict[str, bool] = {}
        #: Place to serial; only of occupied places.
        self.serial: dict[str, int] = {}
        #: Serial to its last state of charge, so that a pack is still known when it has left its slot.
        self.soc_frac: dict[int, float] = {}
        #: Transfer place to who is inside it: "", "shuttle" or "crane".
        self.claims: dict[str, str] = {place.device: "" for place in wiring.transfers}
        #: Transfer places with a pack from a truck, to be stored.
        self.returned: list[str] = []
        #: Every belief agreed with its sensor when last compared.
        self.consistent = True
        self._turn = 0

    def accept(self) -> None:
        """Believe the sensors, at the start of a run and when a person has checked every place."""
        for place in self._w.places:
            self._note(place, bool(place.inp.st_pack_present))
        self.consistent = True

    def _note(self, place: Place, present: bool) -> None:
        self.present[place.device] = present
        if present:
            self.serial[place.device] = place.inp.pv_pack_serial
        else:
            self.serial.pop(place.device, None)
            if place.device in self.returned:
                self.returned.remove(place.device)

    def arrive(self, place: Place, *, returned: bool = False) -> None:
        """A machine has set a pack down at a place."""
        self._note(place, True)
        if returned and place.device not in self.returned:
            self.returned.append(place.device)

    def leave(self, place: Place) -> int:
        """A machine has lifted the pack off a place; its serial."""
        serial = self.serial.get(place.device, UNREAD)
        self._note(place, False)
        return serial

    def compare(self, busy: tuple[Place | None, Place | None]) -> bool:
        """Compare one place a scan with its sensor, in turn, and read its serial and charge; False: they disagree."""
        self._turn = (self._turn + 1) % len(self._w.places)
        place = self._w.places[self._turn]
        device, node = place.device, place.inp
        if place in busy or self.claims.get(device):
            return True
        if node.st_pack_present != self.present[device]:
            self.consistent = False
            return False
        if node.st_pack_present:
            serial = node.pv_pack_serial
            self.serial[device] = serial
            if place.slot:
                self.soc_frac[serial] = node.pv_soc_frac
        return True

    def claim(self, place: Place, owner: str) -> bool:
        """Ask for a transfer place; True when it is the owner's."""
        if not place.slot and not self.claims[place.device]:
            self.claims[place.device] = owner
        return place.slot or self.claims[place.device] == owner

    def release(self, owner: str) -> None:
        """Give up every claim of an owner."""
        for device, holder in self.claims.items():
            if holder == owner:
                self.claims[device] = ""

    def state(self) -> dict[str, Any]:
        return {
            "present": dict(self.present),
            "serial": dict(self.serial),
            "soc_frac": dict(self.soc_frac),
            "claims": dict(self.claims),
            "returned": list(self.returned),
            "consistent": self.consistent,
            "turn": self._turn,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self.present, self.serial = dict(state["present"]), dict(state["serial"])
        self.soc_frac = {int(serial): soc for serial, soc in state["soc_frac"].items()}
        self.claims, self.returned = dict(state["claims"]), list(state["returned"])
        self.consistent, self._turn = state["consistent"], state["turn"]
