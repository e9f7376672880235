"""From a scenario and its station's files to devices standing in a world of physics."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from twin import assets
from twin import scenario as scenarios
from twin.errors import InputError
from twin.kinematics import Chain
from twin.layout import POSITIONS, place_positions
from twin.physics import Articulated, Engine, Group, Obstacle, Pose
from twin.plant.air import Exhaust
from twin.plant.axis import Axis, RotaryAxis
from twin.plant.bay import Bay
from twin.plant.bracket import Bracket
from twin.plant.carrier import Carrier
from twin.plant.clearance import Clearance, Pair, Shape
from twin.plant.climate import SlotClimate
from twin.plant.device import Device
from twin.plant.fieldbus import Fieldbus
from twin.plant.grid import Grid
from twin.plant.heat import Heat
from twin.plant.isolator import BusIsolator, Isolator, prop
from twin.plant.pack import Pack, PackTracker, Place
from twin.plant.rack import RackSlot, TransferPlace
from twin.plant.safety import SafetyChain
from twin.plant.shuttle import FloatingPlate, LockDriver
from twin.plant.truck import CHASSIS_HEIGHT_M, Truck, debris_links, spring_preloads
from twin.signals import Image
from twin.units import deg_to_rad, mm_to_m

_UPRIGHT = (0.0, 0.0, 0.0, 1.0)
#: Of the air where a station's file does not say it.
_AIR_C = 25.0


class Assembly:
    """A station with its trucks, packs and devices, each where it starts.

    Args:
        images: input and output image that the devices write and read.

    Raises:
        InputError: the scenario or the station names a place, an axis or a link that is not there.
    """

    def __init__(self, scenario: scenarios.Scenario, station: assets.Station, images: tuple[Image, Image]) -> None:
        self.scenario, self.station = scenario, station
        self.inputs, self.outputs = images
        self.scan_s, self.step_s = scenario.scan_ms / 1000, scenario.step_ms / 1000
        self.rng = np.random.Generator(np.random.PCG64(scenario.seed))
        solver = station.solver
        self.engine = Engine(step_s=self.step_s, iterations=solver.iterations, residual=solver.residual)
        self._pack_data = assets.load_pack(station.pack)
        self._pack_urdf = assets.asset_folder("packs", station.pack) / self._pack_data.urdf
        self.devices: list[Device] = []
        self.axes: list[Axis] = []

        self.safety: SafetyChain = self._add(
            SafetyChain(
                "station.safety", self._in("station.safety"), self._out("station.safety"), self._in("operator.estop"),
                self._in("operator.crew"),
            )
        )  # fmt: skip
        self.grid: Grid = self._add(Grid("station.grid"))
        self.fieldbus = Fieldbus("station.fieldbus", self.inputs, self.outputs)
        self.places = self._build_places()
        self.structure = assets.static_boxes(station)
        self._build_structure()
        self.packs = self._build_packs()
        self.tracker = PackTracker(self.packs, self.places)
        self.shuttle = self._build_robot("shuttle", station.shuttle, station.shuttle_p_m)
        self.crane = self._build_robot("crane", station.crane, station.crane_p_m)
        self.axis_lift = self.axis("shuttle.lift")
        for name, position in station.axes_at_start.items():
            self._place_axis(name, position)
        self._build_shuttle_top()
        self._build_crane_fork()
        self.trucks = self._build_trucks()
        self._build_isolators()
        self._build_slots()
        self.bay = self._build_bay()
        self.clearance = Clearance(self.engine, self._clearance_pairs())
        self.engine.read()

    def _add(self, device: Any) -> Any:
        self.devices.append(device)
        return device

    def _in(self, name: str) -> Any:
        return self.inputs.device(name)

    def _out(self, name: str) -> Any:
        return self.outputs.device(name)

    def _build_places(self) -> list[Place]:
        return [Place(name, x, y, top) for name, (x, y, top) in place_positions(self.station).items()]

    def _build_structure(self) -> None:
        supports = self.station.supports
        radius = supports.dome_radius_m.value
        self.engine.add_obstacles(
            (
                Obstacle(
                    f"{place.name}.support{n}",
                    (radius,),
                    (place.x + sx * supports.x_m.value, place.y + sy * supports.y_m.value, place.top_m - radius),
                    Group.SUPPORT,
                )
                for place in self.places
                for n, (sx, sy) in enumerate(itertools.product((1, -1), (1, -1)), 1)
            ),
            friction=self._pack_data.friction.value,
        )
        self.engine.add_obstacles(
            (Obstacle(name, box.size_m, box.p_m, Group.STRUCTURE) for name, box in self.structure.items()),
            friction=self._pack_data.friction.value,
        )

    def _build_packs(self) -> list[Pack]:
        data, packs = self._pack_data, []
        half_m = data.height_m.value / 2
        climate = self.station.rack.climate
        for number, (serial, (place, pack)) in enumerate(self.scenario.packs.items(), 1):
            X_WB = self._start_pose(place, half_m)
            body = self.engine.add_free(
                f"pack.{serial}", self._pack_urdf, X_WB, group=Group.PACK, friction=data.friction.value
            )
            packs.append(
                Pack(
                    serial,
                    number,
                    body,
                    soc_frac=pack.soc_frac,
                    energy_kwh=data.energy_kwh.value,
                    half_height_m=half_m,
                    heat=Heat(data.thermal, _AIR_C if climate is None else climate.air_temperature_c.value),
                    scan_s=self.scan_s,
                )
            )
        return packs

    def _start_pose(self, place: str, half_m: float) -> Pose:
        for known in self.places:
            if known.name == place:
                return (known.x, known.y, known.top_m + half_m), _UPRIGHT
        if place.startswith("truck"):
            index, position = place.removeprefix("truck").split(".")
            return self._seat_at_start(int(index), position)
        raise InputError(
            key=f"inventory.{place}", expected="a place of this station: " + ", ".join(p.name for p in self.places),
            got=place,
        )  # fmt: skip

    def _seat_at_start(self, index: int, position: str) -> Pose:
        """Where a seated pack is while its truck waits, with the attitude its parking gives it."""
        truck = self.scenario.fleet[index]
        data = assets.load_truck(truck.asset)
        (x0, y0, _), _ = self._truck_root(truck)
        yaw, roll = deg_to_rad(truck.parking.yaw_deg), deg_to_rad(truck.parking.roll_deg)
        along = self._queue_x(index) + data.positions_x_m[position]
        height = data.bracket.seat_height_m.value - CHASSIS_HEIGHT_M
        # Roll is about the chassis's x axis, CHASSIS_HEIGHT_M above the ground, after yaw.
        sideways, up = -height * math.sin(roll), height * math.cos(roll)
        p = (
            x0 + along * math.cos(yaw) - sideways * math.sin(yaw),
            y0 + along * math.sin(yaw) + sideways * math.cos(yaw),
            CHASSIS_HEIGHT_M + mm_to_m(truck.parking.ride_height_mm) + up,
        )
        cr, sr, cy, sy = math.cos(roll / 2), math.sin(roll / 2), math.cos(yaw / 2), math.sin(yaw / 2)
        return p, (sr * cy, sr * sy, cr * sy, cr * cy)

    def _truck_root(self, truck: scenarios.Truck) -> Pose:
        half = deg_to_rad(truck.parking.yaw_deg) / 2
        return (0.0, mm_to_m(truck.parking.offset_y_mm), 0.0), (0.0, 0.0, math.sin(half), math.cos(half))

    def _queue_x(self, index: int) -> float:
        bay = self.station.bay
        return bay.queue_x_m.value - index * bay.queue_pitch_m.value

    def _build_robot(self, area: str, name: str, p: tuple[float, float, float]) -> Articulated:
        data = assets.load_robot(name)
        folder = assets.asset_folder("robots", name)
        machine = self.engine.add_machine(
            area, folder / data.urdf, (p, _UPRIGHT), group=Group.MACHINE, friction=data.friction.value
        )
        self._soften(machine, data.carrier_link, data.pads)
        for axis, drive in data.axes.items():
            device = f"{area}.{axis}"
            joints = [machine.joints[joint] for joint in drive.joints]
            kind = RotaryAxis if drive.unit == "rad" else Axis
            self.axes.append(
                self._add(
                    kind(
                        device, drive, joints, self._in(device), self._out(device), self.safety,
                        step_s=self.step_s, scan_s=self.scan_s,
                    )
                )
            )  # fmt: skip
        return machine

    def _soften(self, machine: Articulated, link: str, pads: assets.Pads) -> None:
        stiffness, damping = pads.stiffness_n_m.value, pads.damping_n_s_m.value
        self.engine.soften(machine, link, stiffness_n_m=stiffness, damping_n_s_m=damping)

    def axis(self, name: str) -> Axis:
        for axis in self.axes:
            if axis.name == name:
                return axis
        known = ", ".join(axis.name for axis in self.axes)
        raise InputError(key="axes_at_start", expected=f"an axis of this station: {known}", got=name)

    def _build_shuttle_top(self) -> None:
        data = assets.load_robot(self.station.shuttle)
        machine, joints = self.shuttle, self.shuttle.joints
        assert data.float_plate is not None and data.lock_driver is not None
        float_joints = [joints[name] for name in data.float_plate.joints]
        travel, cross, lift = joints["travel"], joints["cross"], joints["lift"]
        fx, fy, _ = float_joints
        base_z = self.engine.pose_of_link(machine, data.carrier_link)[0][2] - lift.q

        def top() -> tuple[float, float, float]:
            return cross.q + fx.q, travel.q + fy.q, base_z + lift.q

        self._add(
            FloatingPlate(
                "shuttle.plate", data.float_plate, float_joints, self._in("shuttle.plate"), self._out("shuttle.plate"),
                self.step_s,
            )
        )  # fmt: skip
        self.plate: Carrier = self._add(
            Carrier(
                "shuttle.plate_load", packs=self.packs, top=top, half_size_m=data.carrier_half_size_m,
                lift=self.axis("shuttle.lift"), tare_kg=self.engine.mass_above_kg(machine, data.tare_joint),
                step_s=self.step_s, inputs=self._in("shuttle.plate"),
            )
        )  # fmt: skip
        self._lock_driver_data = data.lock_driver
        self.lock_driver: LockDriver = self._add(
            LockDriver(
                "shuttle.lock_driver", data.lock_driver, joints[data.lock_driver.joint],
                self._in("shuttle.lock_driver"), self._out("shuttle.lock_driver"), self.safety, self.scan_s,
            )
        )  # fmt: skip

    def _build_crane_fork(self) -> None:
        data = assets.load_robot(self.station.crane)
        joints = self.crane.joints
        travel, hoist, mid, fork = joints["travel"], joints["hoist"], joints["fork_mid"], joints["fork"]
        x0, y0, z0 = self.station.crane_p_m

        def top() -> tuple[float, float, float]:
            return x0 + travel.q, y0 + mid.q + fork.q, z0 + hoist.q

        self.fork: Carrier = self._add(
            Carrier(
                "crane.load", packs=self.packs, top=top, half_size_m=data.carrier_half_size_m,
                lift=self.axis("crane.hoist"), tare_kg=self.engine.mass_above_kg(self.crane, data.tare_joint),
                step_s=self.step_s, inputs=self._in("crane.load"),
            )
        )  # fmt: skip

    def _place_axis(self, name: str, q: float) -> None:
        axis = self.axis(name)
        for joint in axis.joints:
            self.engine.place_joint(joint, q / len(axis.joints))
        axis.reference.rest(q)

    def _build_trucks(self) -> list[Truck]:
        return [self._build_truck(index, truck) for index, truck in enumerate(self.scenario.fleet)]

    def _build_truck(self, index: int, truck: scenarios.Truck) -> Truck:
        data = assets.load_truck(truck.asset)
        folder = assets.asset_folder("trucks", truck.asset)
        numbers = [n for n, position in enumerate(POSITIONS, 1) if position in truck.packs]
        debris = self._debris_of(index)
        without = {f"bracket{n}{side}" for n in (1, 2, 3) if n not in numbers for side in ("", "_right")}
        without |= {link for n in (1, 2, 3) for link in debris_links(n) if link not in debris}
        machine = self.engine.add_machine(
            f"truck{index}", folder / data.urdf, self._truck_root(truck), group=Group.TRUCK,
            friction=data.friction.value, without=without, origins=self._debris_origins(folder / data.urdf, debris),
        )  # fmt: skip
        self._soften(machine, "chassis", data.bracket.pads)
        for link in debris:
            self.engine.set_touching(machine, link, Group.TRUCK, False)
        self.engine.place_joint(machine.joints["drive"], self._queue_x(index))
        xs = [data.positions_x_m[POSITIONS[n - 1]] for n in numbers]
        spring, parking = data.suspension, truck.parking
        preload = self.engine.add_springs(
            machine,
            ("heave", "pitch", "roll"),
            (spring.heave_n_m.value, spring.pitch_n_m_rad.value, spring.roll_n_m_rad.value),
            (
                spring.heave_damping_n_s_m.value,
                spring.pitch_damping_n_m_s_rad.value,
                spring.roll_damping_n_m_s_rad.value,
            ),
        )
        pack_kg = self.packs[0].body.mass_kg if self.packs else 0.0
        preload[:] = spring_preloads(spring, xs, pack_kg, parking)
        self.engine.place_joint(machine.joints["heave"], mm_to_m(parking.ride_height_mm))
        self.engine.place_joint(machine.joints["roll"], deg_to_rad(parking.roll_deg))
        brackets = {
            n: Bracket(
                f"{machine.name}.bracket{n}", data.bracket, self._pack_data, self.engine, machine,
                x_m=data.positions_x_m[POSITIONS[n - 1]], chassis_height_m=CHASSIS_HEIGHT_M, locked=True,
            )
            for n in numbers
        }  # fmt: skip
        bay = self.station.bay
        return Truck(
            index, data, self.engine, machine, brackets,
            identity=index + 1,
            swap=[POSITIONS.index(position) + 1 for position in truck.positions],
            stop_x_m=mm_to_m(parking.offset_x_mm),
            start_x_m=self._queue_x(index),
            away_x_m=bay.away_x_m.value + bay.queue_pitch_m.value * (len(self.scenario.fleet) - 1 - index),
            arrive_ns=int(truck.arrive_s * 1e9),
            step_s=self.step_s,
            preload=preload,
        )  # fmt: skip

    def _debris_of(self, index: int) -> dict[str, float]:
        """Debris links that some event of the scenario needs, with their heights; they are the first truck's."""
        found: dict[str, float] = {}
        if index == 0:
            for event in self.scenario.events:
                fault = getattr(event.do, "fault", None)
                if fault is not None and fault.name == "seat_debris":
                    bracket, cone = fault.target.split(".")
                    found[f"{bracket}_debris{cone.removeprefix('cone')}"] = mm_to_m(fault.height_mm)
        return found

    def _debris_origins(self, urdf: Path, heights: dict[str, float]) -> dict[str, tuple[float, float, float]]:
        """Origins of the joints that carry debris: the file has it flush under the deck of a seated pack."""
        links = Chain(urdf).links
        origins = {}
        for name, height_m in heights.items():
            x, y, z = links[name].X_PL[:3].tolist()
            origins[links[name].joint] = (x, y, z - height_m)
        return origins

    def _build_isolators(self) -> None:
        for name, data in self.station.isolators.items():
            node = self._in(name)
            if data.cuts == "gravity":
                self._add(prop(name, node, self.axis(data.axis)))
            elif data.cuts == "charging":
                voltage_v, discharge_s = data.voltage_v.value, data.discharge_s.value
                self._add(BusIsolator(name, node, self.safety, voltage_v, discharge_s, self.scan_s))
            else:
                self._add(Isolator(name, node, self.safety.cut_mains))

    def _build_slots(self) -> None:
        rack, climate = self.station.rack, self.station.rack.climate
        fan = None
        if climate is not None:
            name = "rack.exhaust"
            fan = self._add(Exhaust(name, climate, self._in(name), self._out(name), self.safety, self.scan_s))
        for place in self.places:
            if place.name.startswith("transfer."):
                self._add(TransferPlace(place.name, place, self._in(place.name)))
            else:
                slot = self._add(
                    RackSlot(
                        place.name, place, rack, self.engine, self._in(place.name), self._out(place.name), self.safety,
                        self.grid, self.scan_s,
                    )
                )  # fmt: skip
                if climate is not None and fan is not None:
                    node = self._in(place.name)
                    self._add(SlotClimate(slot, climate, fan, self._pack_data, node, self.safety, self.scan_s))

    def _build_bay(self) -> Bay:
        nodes = {
            "sensor": self._in("bay.sensor"), "pose": self._in("bay.pose"), "interface": self._in("truck.interface"),
            "clamp_in": self._in("bay.clamp"), "clamp_out": self._out("bay.clamp"), "pose_out": self._out("bay.pose"),
            "interface_out": self._out("truck.interface"), "entry_light": self._out("bay.entry_light"),
            "exit_light": self._out("bay.exit_light"),
            "brackets": {
                n: ([self._in(f"bracket{n}.lock{k}") for k in (1, 2, 3, 4)], self._in(f"bracket{n}.seat"))
                for n in range(1, self.station.brackets + 1)
            },
        }  # fmt: skip
        bay = Bay(self.station.bay, self.trucks, self.packs, self.engine, nodes, self.safety, self.rng, self.scan_s)
        return self._add(bay)  # type: ignore[no-any-return]

    def carried(self) -> list[Pack]:
        """Packs that hang on plate or fork alone."""
        return [c.pack for c in (self.plate, self.fork) if c.pack is not None and c.carries]

    def _clearance_pairs(self) -> list[Pair]:
        return [
            Pair(
                f"{pair.moving} to {pair.other}",
                _both(self._shapes_of(pair.moving), self._shapes_of(pair.other)),
                (*_movers(pair.moving), *_movers(pair.other)),
            )
            for pair in self.station.clearance
        ]

    def _shapes_of(self, name: str) -> Callable[[], list[Shape]]:
        if name == "pack":
            return lambda: [(pack.body.body, -1) for pack in self.carried()]
        if name == "structure":
            shapes = [(self.engine.obstacles[box], -1) for box in self.structure]
            return lambda: shapes
        area, link = name.split(".")
        if area == "truck":
            return lambda: (
                [(self.bay.truck.machine.body, self.bay.truck.machine.link_index[link])]
                if self.bay.truck is not None
                else []
            )
        machine = self.engine.machines.get(area)
        if machine is None or link not in machine.link_index:
            raise InputError(key="clearance", expected="machine.link, truck.link, pack or structure", got=name)
        return lambda: [(machine.body, machine.link_index[link])]


def _both(
    moving: Callable[[], list[Shape]], other: Callable[[], list[Shape]]
) -> Callable[[], tuple[list[Shape], list[Shape]]]:
    return lambda: (moving(), other())


def _movers(name: str) -> tuple[str, ...]:
    """Whose motion moves a thing of the clearance list."""
    return {"pack": ("shuttle", "crane"), "structure": ()}.get(name, (name.split(".")[0],))
