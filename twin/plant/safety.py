"""The safety chain and the power it gives to the drives or takes from them."""

from __future__ import annotations

from typing import Any, ClassVar

from twin.plant.device import Device


class SafetyChain(Device):
    """Emergency stops that latch, mains, doors and floor, and the contactor of the drives.

    Pulling the button out does not close the chain: it waits for ``cmd_reset``, and closing it starts nothing.
    """

    STATE: ClassVar[tuple[str, ...]] = ("pressed", "mains", "chain_closed", "on", "_reset_before")

    def __init__(self, name: str, inputs: Any, outputs: Any) -> None:
        super().__init__(name)
        self._in, self._out = inputs, outputs
        self.pressed = False
        self.mains = True
        self.chain_closed = True
        #: Whether the drives have power; brakes close without it.
        self.on = False
        self._reset_before = False

    def press(self) -> None:
        """A person presses an emergency stop: power is off at once, without the controller."""
        self.pressed = True
        self.chain_closed = False
        self.on = False

    def fail_mains(self) -> None:
        """The mains fail, and the drives' power with them."""
        self.mains = False
        self.on = False

    def release(self) -> None:
        """A person pulls the button out."""
        self.pressed = False

    def return_mains(self) -> None:
        """The mains come back; power stays off until it is switched on."""
        self.mains = True

    def sense(self, t_ns: int) -> None:
        node = self._in
        node.st_estop_ok = self.chain_closed
        node.st_mains_ok = self.mains
        node.st_fence_closed = True
        node.st_floor_dry = True
        node.st_drives_on = self.on

    def act(self, t_ns: int) -> None:
        out = self._out
        if out.cmd_reset and not self._reset_before and not self.pressed:
            self.chain_closed = True
        self._reset_before = out.cmd_reset
        self.on = bool(out.cmd_drives_on) and self.chain_closed and self.mains
