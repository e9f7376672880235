"""The safety chain and the power it gives to the drives or takes from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from twin.plant.device import Device


class SafetyChain(Device):
    """Emergency stops that latch, mains, doors and floor, and the contactor of the drives.

    The button is wired into the chain: pressed, it takes the power at once, without the controller. Pulling it out does
    not close the chain: that waits for ``cmd_reset``, and closing it starts nothing. A flame detector opens it too.

    Args:
        button: the node of the emergency-stop button, ``op_pressed``.
        crew: the node of what people do, ``op_gate_open``.
    """

    STATE: ClassVar[tuple[str, ...]] = (
        "supplied", "mains_cut", "charging_cut", "chain_closed", "on", "flames", "_reset_before",
    )  # fmt: skip
    #: Contactor welded; a wire of the chain broken; mains gone for now; a door open; water on the floor.
    FLAWS: ClassVar[Mapping[str, Any]] = {
        "welded": False, "wire_broken": False, "mains_dipped": False, "door_open": False, "floor_wet": False,
    }  # fmt: skip
    welded: bool
    wire_broken: bool
    mains_dipped: bool
    door_open: bool
    floor_wet: bool

    def __init__(self, name: str, inputs: Any, outputs: Any, button: Any, crew: Any) -> None:
        super().__init__(name)
        self._in, self._out, self._button, self._crew = inputs, outputs, button, crew
        #: Whether the mains feed the station.
        self.supplied = True
        self.mains_cut = self.charging_cut = False
        self.chain_closed = True
        #: Where flame is detected.
        self.flames: set[str] = set()
        #: Whether the drives have power; brakes close without it.
        self.on = False
        self._reset_before = False

    @property
    def mains(self) -> bool:
        """Whether there is mains behind the main isolator."""
        return self.supplied and not self.mains_dipped and not self.mains_cut

    @property
    def charging(self) -> bool:
        """Whether the chargers' DC bus is fed."""
        return self.mains and not self.charging_cut

    def fail_mains(self) -> None:
        """The mains fail, and the drives' power with them."""
        self.supplied = False
        self.on = False

    def return_mains(self) -> None:
        """The mains come back; power stays off until it is switched on."""
        self.supplied = True

    def cut_mains(self, cut: bool) -> None:
        """The main isolator is turned off, or on again."""
        self.mains_cut = cut
        self.on = self.on and not cut

    def cut_charging(self, cut: bool) -> None:
        """The isolator of the chargers' DC bus is turned off, or on again."""
        self.charging_cut = cut

    def sense(self, t_ns: int) -> None:
        node = self._in
        node.st_estop_ok = self.chain_closed
        node.st_mains_ok = self.mains
        node.st_fence_closed = not (self.door_open or self._crew.op_gate_open)
        node.st_floor_dry = not self.floor_wet
        node.st_drives_on = self.on

    def act(self, t_ns: int) -> None:
        out, pressed = self._out, self._button.op_pressed
        if pressed or self.wire_broken or self.flames:
            self.chain_closed = False
        elif out.cmd_reset and not self._reset_before:
            self.chain_closed = True
        self._reset_before = out.cmd_reset
        asked = bool(out.cmd_drives_on) and self.chain_closed
        self.on = (asked or (self.welded and self.on)) and self.mains
