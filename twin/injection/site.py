"""Where faults are put: the things of a world by the names that faults call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from twin.errors import InputError
from twin.plant.axis import Axis
from twin.plant.bracket import Bracket, Latch
from twin.plant.climate import SlotClimate
from twin.plant.device import Device
from twin.plant.pack import Pack
from twin.plant.rack import RackSlot
from twin.plant.shuttle import FloatingPlate, LockDriver
from twin.plant.truck import Truck
from twin.world import World

D = TypeVar("D", bound=Device)


@dataclass(frozen=True)
class Site:
    """A world, and the truck that a fault of a truck or its brackets concerns."""

    world: World
    truck: Truck

    @classmethod
    def now(cls, world: World) -> Site:
        """With the truck in the bay, or the next one to come."""
        waiting = [truck for truck in world.trucks if truck.stage != "gone"]
        return cls(world, world.bay.truck or (waiting or world.trucks)[0])

    def axis(self, target: str) -> Axis:
        return self._find(target, Axis, self.world.axes)

    def slot(self, target: str) -> RackSlot:
        return self._find(target, RackSlot, self.world.devices)

    def climate(self, target: str) -> SlotClimate:
        self.slot(target)
        return self._find(f"{target}.climate", SlotClimate, self.world.devices)

    def plate(self, target: str) -> FloatingPlate:
        return self._find(target, FloatingPlate, self.world.devices)

    def keys(self, target: str) -> LockDriver:
        return self._find(target, LockDriver, self.world.devices)

    def pack(self, target: str) -> Pack:
        for pack in self.world.packs:
            if pack.serial == target:
                return pack
        raise InputError(
            key="target", expected="a pack of this scenario: " + ", ".join(pack.serial for pack in self.world.packs),
            got=target,
        )  # fmt: skip

    def bracket(self, target: str) -> Bracket:
        """The bracket of ``bracket2`` and of what is named below it."""
        number = int(target[len("bracket")])
        if number not in self.truck.brackets:
            raise InputError(key="target", expected="a bracket that carries a pack at the start", got=target)
        return self.truck.brackets[number]

    def latch(self, target: str) -> Latch:
        return self.bracket(target).latches[int(target[-1]) - 1]

    def measured(self, target: str) -> list[str]:
        """Signals that a device, or all devices of an area, say."""
        names = [signal.name for signal in self.world.inputs.table.select("pv", "st")]
        found = [name for name in names if name.startswith(f"{target}.")]
        if not found:
            known = ", ".join(dict.fromkeys(name.rpartition(".")[0] for name in names))
            raise InputError(key="target", expected="a device of this station, or its area: " + known, got=target)
        return found

    def commanded(self, target: str) -> list[str]:
        """Signals that a device, or all devices of an area, are told."""
        names = (signal.name for signal in self.world.outputs.table.select("cmd", "sp"))
        return [name for name in names if name.startswith(f"{target}.")]

    @staticmethod
    def _find(target: str, kind: type[D], among: list[Axis] | list[Device]) -> D:
        known = {device.name: device for device in among if isinstance(device, kind)}
        if target not in known:
            raise InputError(key="target", expected="one of this station's: " + ", ".join(known), got=target)
        return known[target]
