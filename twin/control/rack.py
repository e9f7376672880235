"""The rack's slots: latch what stands there, connect it, charge it, and let go of what the crane fetches."""

from __future__ import annotations

from twin.control.settings import Settings
from twin.control.slot_watch import SlotWatch
from twin.control.wiring import Place, Wiring


class Rack:
    """Serves one slot a scan, in turn; a withdrawn permission to charge reaches every slot in the same scan."""

    def __init__(self, wiring: Wiring, watch: SlotWatch, settings: Settings) -> None:
        self._slots, self._watch = wiring.slots, watch
        self._settings = settings
        self._turn = 0
        self._permitted = False

    def serve(self, *, permitted: bool, fetched: Place | None, target: Place | None) -> None:
        """One scan.

        Args:
            permitted: charging is allowed.
            fetched: the slot that the crane is about to empty.
            target: the slot that the crane is filling.
        """
        if permitted != self._permitted:
            self._permitted = permitted
            for slot in self._slots:
                if not permitted:
                    slot.out.cmd_charge = False
        self._turn = (self._turn + 1) % len(self._slots)
        self._serve(self._slots[self._turn], fetched, target)

    def serve_all(self) -> None:
        """Every slot at once, in the first scan of a run."""
        for slot in self._slots:
            self._serve(slot, None, None)

    def _serve(self, slot: Place, fetched: Place | None, target: Place | None) -> None:
        node, out = slot.inp, slot.out
        if slot is fetched:
            out.cmd_charge = out.cmd_connect = False
            out.cmd_latch = node.st_connected
            return
        ready = node.st_pack_present and node.st_seated
        # The fork still stands beneath a pack that is being set down.
        out.cmd_latch = ready
        out.cmd_connect = ready and node.st_latched and not slot.isolation and slot is not target
        flagged = node.pv_pack_serial in self._settings.pack.isolate_serial
        out.cmd_charge = out.cmd_connect and node.st_connected and self._permitted and not flagged
        if slot.device in self._watch.blocked:
            out.cmd_charge = False

    def state(self) -> list[int]:
        return [self._turn, int(self._permitted)]

    def restore(self, state: list[int]) -> None:
        self._turn, self._permitted = state[0], bool(state[1])
