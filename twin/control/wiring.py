"""The station as the controller is wired to it: axes, places, brackets and the nodes of its images."""

from __future__ import annotations

import re
from typing import Any

from twin.control.axis import AngularAxis, Axis
from twin.control.settings import Settings
from twin.errors import InputError
from twin.signals import Image, SignalTable


class Place:
    """A place where the crane puts a pack: a rack slot or a transfer place. Heights are of the fork's top, in W."""

    __slots__ = ("device", "inp", "isolation", "out", "over_m", "side", "slot", "under_m", "x_m", "y_m")

    def __init__(
        self, device: str, *, x_m: float, y_m: float, support_m: float, slot: bool, isolation: bool, settings: Settings
    ) -> None:
        self.device, self.x_m, self.y_m = device, x_m, y_m
        self.under_m = support_m - settings.crane.under_gap_m
        self.over_m = support_m + settings.crane.over_gap_m
        self.slot, self.isolation = slot, isolation
        #: +1: on the rack's side of the aisle, -1: on the lane's.
        self.side = 1 if slot else -1
        self.inp: Any = None
        self.out: Any = None


class Bracket:
    """A pack position of the truck: four locks with two sensors each, and the seat."""

    __slots__ = ("locks", "name", "seat")

    def __init__(self, name: str) -> None:
        self.name = name
        self.locks: tuple[Any, ...] = ()
        self.seat: Any = None


class Wiring:
    """Everything that is named in the I/O list, by role.

    Raises:
        InputError: the settings name a device that the table does not have, or brackets are missing.
    """

    def __init__(self, table: SignalTable, settings: Settings) -> None:
        devices = {signal.device for signal in table}
        shuttle, crane = settings.shuttle, settings.crane
        self.travel = Axis("shuttle.travel", shuttle.travel)
        self.cross = Axis("shuttle.cross", shuttle.cross)
        self.lift = Axis("shuttle.lift", shuttle.lift)
        self.yaw = AngularAxis("shuttle.yaw", shuttle.yaw)
        self.mast = Axis("crane.travel", crane.travel)
        self.hoist = Axis("crane.hoist", crane.hoist)
        self.fork = Axis("crane.fork", crane.fork)
        self.axes = (self.travel, self.cross, self.lift, self.yaw, self.mast, self.hoist, self.fork)

        def transfer(place: Any) -> Place:
            return Place(
                place.device, x_m=place.x_m, y_m=place.y_m, support_m=place.support_m,
                slot=False, isolation=False, settings=settings,
            )  # fmt: skip

        self.full = transfer(settings.transfer_full)
        self.one_place = settings.transfer_empty.device == settings.transfer_full.device
        self.empty = self.full if self.one_place else transfer(settings.transfer_empty)
        self.slots = [
            Place(name, x_m=slot.x_m, y_m=0.0, support_m=slot.support_m, slot=True, isolation=slot.isolation,
                  settings=settings)
            for name, slot in settings.slots.items()
        ]  # fmt: skip
        self.transfers = [self.full] if self.one_place else [self.full, self.empty]
        self.places = [*self.transfers, *self.slots]
        for place in self.places:
            if place.device not in devices:
                raise InputError(key="controller.places", expected="a device of the station", got=place.device)
        names = sorted(device.split(".")[0] for device in devices if re.fullmatch(r"bracket\d+\.seat", device))
        self.brackets = [Bracket(name) for name in names]
        if not names or len(names) > len(settings.truck.bracket_x_m):
            raise InputError(
                key="controller.truck.bracket_x_m",
                expected=f"a position for each of {len(names)} brackets",
                got=settings.truck.bracket_x_m,
            )

    def bind(self, inputs: Image, outputs: Image) -> None:
        """Look up every node once, so that a scan is attribute access only."""
        for axis in self.axes:
            axis.bind(inputs.device(axis.name), outputs.device(axis.name))
        for place in self.places:
            place.inp = inputs.device(place.device)
            place.out = outputs.device(place.device) if place.slot else None
        for bracket in self.brackets:
            bracket.locks = tuple(inputs.device(f"{bracket.name}.lock{i}") for i in range(1, 5))
            bracket.seat = inputs.device(f"{bracket.name}.seat")
        station: Any = inputs
        commands: Any = outputs
        self.safety, self.safety_out = station.station.safety, commands.station.safety
        self.panel = station.operator.panel
        self.panel_out = commands.operator.panel
        self.unit_out = commands.station.unit
        self.bay, self.pose, self.pose_out = station.bay.sensor, station.bay.pose, commands.bay.pose
        self.clamp, self.clamp_out = station.bay.clamp, commands.bay.clamp
        self.entry, self.exit = commands.bay.entry_light, commands.bay.exit_light
        self.truck, self.truck_out = station.truck.interface, commands.truck.interface
        self.plate, self.plate_out = station.shuttle.plate, commands.shuttle.plate
        self.keys, self.keys_out = station.shuttle.lock_driver, commands.shuttle.lock_driver
        self.load = station.crane.load
        self.load_out = commands.crane.load
        self.shuttle_out, self.crane_out = commands.shuttle.sequence, commands.crane.sequence
        self.inventory_out = commands.station.inventory
        #: The exhaust of the rack, where there is one.
        self.exhaust_out = getattr(commands.rack, "exhaust", None)
