"""A station that runs: it senses, acts and moves, scan by scan."""

from __future__ import annotations

from typing import Any

from twin import assets
from twin import scenario as scenarios
from twin.assembly import Assembly
from twin.layout import POSITIONS
from twin.physics import Lock
from twin.plant.bay import nearest_bracket
from twin.plant.bracket import Bracket, Latch
from twin.plant.device import Device
from twin.plant.pack import Pack
from twin.plant.rack import RackSlot
from twin.signals import Image

#: Time before t = 0 in which packs and springs come to rest.
_SETTLE_S = 1.0
#: Speeds are read at the end of a scan; within it they may have been this much higher.
_PATH_MARGIN = 1.5
#: What moves without an axis, such as a pack that settles.
_UNSEEN_M_S = 0.002


class World(Assembly):
    """A station with its trucks and packs, standing as the scenario says at t = 0.

    Once a scan: :meth:`sense` fills :attr:`inputs`, the controller fills :attr:`outputs`, :meth:`act` hands them to
    the devices and :meth:`advance` steps the physics.

    Args:
        images: input and output image that the controller shares.
    """

    def __init__(self, scenario: scenarios.Scenario, station: assets.Station, images: tuple[Image, Image]) -> None:
        super().__init__(scenario, station, images)
        self._steps = scenario.scan_ms // scenario.step_ms
        self._settle()

    def _settle(self) -> None:
        """Close what is closed at the start: locks of the trucks, latches of the rack; waiting trucks stand still."""
        self.tracker.update()
        for truck in self.trucks:
            truck.look(self.packs)
            for bracket in truck.brackets.values():
                for latch in bracket.latches:
                    bracket.engage(latch)
        for axis in self.axes:
            axis.act(0)
        for truck in self.trucks:
            truck.wait()
        for _ in range(round(_SETTLE_S / self.step_s)):
            self.engine.step()
        self.engine.read()
        for device in self.devices:
            if isinstance(device, RackSlot) and device.place.pack is not None:
                device.close_at_start()
        for truck in self.trucks:
            self.engine.hold(truck.machine, True)
            for bracket in truck.brackets.values():
                if bracket.pack is not None:
                    self.engine.hold(bracket.pack.body, True)

    def close(self) -> None:
        self.engine.close()

    @property
    def row(self) -> list[float]:
        """All bodies and joints as of the last scan; see :meth:`twin.physics.Engine.offsets`."""
        return self.engine.row

    # -- one scan ------------------------------------------------------------------------------------------------

    def sense(self, t_ns: int) -> None:
        """Bring truth and the input image to the instant ``t_ns``."""
        self.fieldbus.before_sensing()
        self.tracker.update()
        self.bay.look()
        self.lock_driver.bracket = self._bracket_over_plate()
        for device in self.devices:
            device.sense(t_ns)
        self.fieldbus.after_sensing(t_ns)
        self._follow_packs()
        self.clearance.measure(t_ns, self._paths_m())

    def act(self, t_ns: int) -> None:
        """Let the devices follow the output image."""
        self.fieldbus.before_acting(t_ns)
        for device in self.devices:
            device.act(t_ns)
        for pack in self.packs:
            pack.act(t_ns)
        self.fieldbus.after_acting()

    def advance(self) -> None:
        """Step the physics through one scan period and read it."""
        axes = [axis for axis in self.axes if axis.moving]
        truck = self.bay.truck
        driving = truck is not None and truck.moving
        step, weigh_plate, weigh_fork = self.engine.step, self.plate.weigh, self.fork.weigh
        for _ in range(self._steps):
            for axis in axes:
                if axis.moving:
                    axis.substep()
            if driving and truck is not None and truck.moving:
                truck.substep()
            step()
            weigh_plate()
            weigh_fork()
        self.engine.read()

    def checkpoint(self) -> dict[str, Any]:
        """This instant between two scans: physics, locks, devices and packs."""
        return {
            "engine": self.engine.save(),
            "devices": [device.state() for device in self._stateful()],
            "latches": [latch.joint is not None for latch in self._latches()],
            "order": [self._latch_of(lock) for lock in self.engine.locks],
        }

    def restore(self, checkpoint: dict[str, Any]) -> None:
        """Go back to an instant of this world; the images are restored by the caller."""
        locks = self.engine.restore(checkpoint["engine"])
        latches = self._latches()
        for latch in latches:
            latch.joint = None
        for index, lock in zip(checkpoint["order"], locks, strict=True):
            latches[index].joint = lock
        for device, state in zip(self._stateful(), checkpoint["devices"], strict=True):
            device.restore(state)
        self.tracker.restore()

    def _latches(self) -> list[Latch]:
        brackets = [bracket for truck in self.trucks for bracket in truck.brackets.values()]
        return [latch for bracket in brackets for latch in bracket.latches]

    def _latch_of(self, lock: Lock) -> int:
        return next(n for n, latch in enumerate(self._latches()) if latch.joint is lock)

    def _stateful(self) -> list[Device]:
        brackets = [bracket for truck in self.trucks for bracket in truck.brackets.values()]
        return [*self.devices, self.fieldbus, *self.packs, *self.trucks, *brackets, *self._latches(), self.clearance]

    def _paths_m(self) -> dict[str, float]:
        """How far the truck and each machine can have moved in the last scan."""
        truck = self.bay.truck
        speeds = {"truck": abs(truck.v_m_s) if truck is not None else 0.0, "shuttle": 0.0, "crane": 0.0}
        for axis in self.axes:
            if axis.mode != "hold":
                speeds[axis.area] += abs(axis.v) * axis.arm_m
        per_scan = self.scan_s * _PATH_MARGIN
        return {mover: (speed + _UNSEEN_M_S) * per_scan for mover, speed in speeds.items()}

    def _follow_packs(self) -> None:
        for carrier in (self.plate, self.fork):
            pack = carrier.pack
            carried = pack is not None and not pack.place and not self._at_bracket(pack)
            if carrier.follow(carried):
                self.clearance.changed()

    def _at_bracket(self, pack: Pack) -> bool:
        truck = self.bay.truck
        return truck is not None and any(bracket.pack is pack for bracket in truck.brackets.values())

    def _bracket_over_plate(self) -> Bracket | None:
        driver = self._lock_driver_data
        x, y, z = self.plate.top()
        truck = self.bay.truck
        if truck is None or truck.stage != "parked":
            return None
        bracket = nearest_bracket(truck, x, y, driver.reach_sideways_m.value)
        if bracket is None:
            return None
        seated_underside = bracket.X_WS[0][2] - self._pack_data.height_m.value / 2
        return bracket if abs(seated_underside - z) < driver.reach_gap_m.value else None

    # -- truth ---------------------------------------------------------------------------------------------------

    def whereabouts(self) -> dict[str, str]:
        """Serial of every pack to where it is: a place, ``truck0.p2``, ``shuttle``, ``crane`` or ``unknown``."""
        where: dict[str, str] = {}
        for pack in self.packs:
            where[pack.serial] = pack.place or self._on_truck(pack) or self._on_carrier(pack) or "unknown"
        return where

    def _on_truck(self, pack: Pack) -> str:
        for truck in self.trucks:
            for number, bracket in truck.brackets.items():
                if bracket.pack is pack and bracket.held:
                    return f"{truck.name}.{POSITIONS[number - 1]}"
        return ""

    def _on_carrier(self, pack: Pack) -> str:
        return "shuttle" if self.plate.pack is pack else "crane" if self.fork.pack is pack else ""
