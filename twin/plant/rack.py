"""Where packs stand: transfer places, and rack slots with latch, charge connector and charger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from twin import assets
from twin.physics import Engine
from twin.plant.device import Device
from twin.plant.grid import Grid
from twin.plant.pack import Place
from twin.plant.safety import SafetyChain


def _show_place(place: Place, node: Any) -> None:
    node.st_pack_present = place.pack is not None
    node.st_seated = place.seated
    node.pv_pack_serial = place.pack.read_number if place.pack is not None else 0


class TransferPlace(Device):
    """Sensors of a place where shuttle and crane hand packs over."""

    def __init__(self, name: str, place: Place, inputs: Any) -> None:
        super().__init__(name)
        self.place, self._in = place, inputs

    def sense(self, t_ns: int) -> None:
        _show_place(self.place, self._in)


class RackSlot(Device):
    """A slot: its latch holds the pack, its connector mates, its charger gives constant power until full.

    Latch and connector keep their position without mains; the latch does not open on a mated connector.
    """

    STATE: ClassVar[tuple[str, ...]] = ("latch", "connector", "charge_w")
    #: Latch or connector stays where it is; share of the charger's power.
    FLAWS: ClassVar[Mapping[str, Any]] = {"latch_stuck": False, "connector_stuck": False, "power_share": 1.0}
    latch_stuck: bool
    connector_stuck: bool
    power_share: float

    def __init__(
        self,
        name: str,
        place: Place,
        data: assets.Rack,
        engine: Engine,
        inputs: Any,
        outputs: Any,
        power: SafetyChain,
        grid: Grid,
        scan_s: float,
    ) -> None:
        super().__init__(name)
        self.place, self._engine, self._grid = place, engine, grid
        self._in, self._out, self._power = inputs, outputs, power
        self._latch_step, self._connect_step = scan_s / data.latch_s.value, scan_s / data.connect_s.value
        self._charge_power_w, self._full = data.charge_power_w.value, data.charge_full_frac.value
        self._scan_s = scan_s
        self.latch = 0.0
        self.connector = 0.0
        self.charge_w = 0.0
        #: What the signals show; they are written when it changes.
        self._seen: tuple[object, ...] = ()

    def close_at_start(self) -> None:
        """Latched and connected, as a pack that has long stood here is."""
        self.latch = self.connector = 1.0
        self._hold(True)

    def sense(self, t_ns: int) -> None:
        place, charging = self.place, self.charge_w > 0.0
        pack = place.pack
        told = (pack.read_number, pack.soc_error_frac) if pack is not None else ()
        seen = (pack, told, place.seated, self.latch, self.connector, charging)
        if seen == self._seen and not charging:
            return
        self._seen = seen
        _show_place(place, self._in)
        node = self._in
        node.st_latched = self.latch == 1.0
        node.st_connected = self.connector == 1.0
        node.pv_soc_frac = round(pack.told_soc_frac, 4) if pack is not None and self.connector == 1.0 else 0.0
        node.pv_charge_w = self.charge_w

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self._seen = ()

    def act(self, t_ns: int) -> None:
        out, pack = self._out, self.place.pack
        if self._power.mains:
            self._latch(pack is not None and self.place.seated)
            wanted = 1.0 if out.cmd_connect and self.latch == 1.0 and pack is not None else 0.0
            if wanted != self.connector and not self.connector_stuck:
                self.connector += max(-self._connect_step, min(self._connect_step, wanted - self.connector))
        self.charge_w = 0.0
        charging = out.cmd_charge and self.connector == 1.0 and self._power.charging
        # The charger ends where the pack's management says that it is full.
        if charging and pack is not None and pack.told_soc_frac < self._full:
            self.charge_w = self._grid.give(self._charge_power_w * self.power_share)
            pack.charge(self.charge_w, self._scan_s)

    def _latch(self, seated: bool) -> None:
        wanted = 1.0 if (self._out.cmd_latch and seated) or self.connector > 0.0 else 0.0
        if wanted == self.latch or self.latch_stuck:
            return
        self.latch += max(-self._latch_step, min(self._latch_step, wanted - self.latch))
        self._hold(self.latch == 1.0)

    def _hold(self, held: bool) -> None:
        if self.place.pack is not None:
            self._engine.hold(self.place.pack.body, held)
