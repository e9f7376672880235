"""The setup of a station's motion, as its files say it: machines, what moves their joints, places for packs, the truck.

A log whose map gives its tags the names of the station's I/O list is moved by this, as a simulated run is.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import replace

from twin import assets, frames
from twin.kinematics import Chain
from twin.layout import POSITIONS, place_positions
from twin.motion.motion import Setup
from twin.motion.source import (
    JointSource,
    Logged,
    MachineSource,
    PlaceSource,
    Pose,
    SliderSource,
    TruckSource,
)

GRAVITY_M_S2 = 9.81
#: Standard deviations that 95 of 100 stay within.
_SIGMAS = 2.0

#: What says that a pack stands in a place; a transfer place has no connector.
_IN_PLACE = ("st_pack_present", "st_seated", "st_connected")

#: How a signal is logged: period (s), manner, and how far it may go off its last sample unsaid, in its unit.
How = tuple[float | None, Logged, float]


def station_setup(name: str, truck: str, logged: Mapping[str, How]) -> Setup:
    """Machines, joints, places and truck of a station.

    Args:
        name: of the station's asset. truck: of the truck's. logged: every signal that a log has, by its full name.

    Raises:
        InputError: there is no such asset.
    """
    station, truck_data = assets.load_station(name), assets.load_truck(truck)
    chain_m, truck_chain = _machine("truck", "trucks", truck, truck_data.urdf, (0.0, 0.0, 0.0))
    machines, joints = [], []
    for area, robot, p_m in (
        ("shuttle", station.shuttle, station.shuttle_p_m),
        ("crane", station.crane, station.crane_p_m),
    ):
        data = assets.load_robot(robot)
        machines.append(_machine(area, "robots", robot, data.urdf, p_m)[0])
        joints += _robot_joints(area, data)
    machines.append(chain_m)
    joints.append(
        JointSource(
            "truck.drive",
            "bay.sensor.pv_position_m",
            error=_SIGMAS * station.bay.position_noise_m.value,
            valid="bay.sensor.st_truck_present",
        )
    )
    joints.append(JointSource("bay.clamp", "bay.clamp.st_closed", low="bay.clamp.st_open"))
    stroke = station.bay.clamp_stroke_m.value
    sliders = [
        SliderSource(f"bay.clamp_{side}", "bay.clamp", (0.0, inward * stroke, 0.0))
        for side, inward in (("left", -1.0), ("right", 1.0))
    ]
    places = [_only(place, logged) for place in _places(station, truck_data, truck_chain)]
    places = [place for place in places if place.seen or place.load]
    return Setup(
        machines,
        [_as_logged(joint, logged) for joint in joints if joint.signal in logged],
        sliders,
        [],
        _truck(station, truck_data, truck_chain, logged),
        [],
        {"truck.heave": 0.0, "truck.roll": 0.0, "truck.pitch": _pitch(station, truck_data)},
        name,
        station.pack,
    ).with_places(places)


def _machine(
    name: str, kind: str, asset: str, urdf: str, p_m: tuple[float, float, float]
) -> tuple[MachineSource, Chain]:
    path = assets.asset_folder(kind, asset) / urdf
    text = path.read_text(encoding="utf-8")
    return MachineSource(name, text, _pose(*p_m), str(path)), Chain(path, text)


def _robot_joints(area: str, data: assets.Robot) -> list[JointSource]:
    """Axes by their encoders, the plate's give by its offsets, the keys by their two ends."""
    joints = [
        JointSource(
            f"{area}.{joint}", f"{area}.{axis}.pv_position_{drive.unit}", 1.0 / len(drive.joints),
            error=drive.encoder_step.value,
        )
        for axis, drive in data.axes.items()
        for joint in drive.joints
    ]  # fmt: skip
    if data.float_plate is not None:
        fields = ("pv_offset_x_m", "pv_offset_y_m", "pv_offset_yaw_rad")
        joints += [
            JointSource(f"{area}.{joint}", f"{area}.plate.{field}", error=1e-5)
            for joint, field in zip(data.float_plate.joints, fields, strict=True)
        ]
    if data.lock_driver is not None:
        stroke_m, keys = data.lock_driver.stroke_m.value, f"{area}.lock_driver"
        joint = f"{area}.{data.lock_driver.joint}"
        joints.append(JointSource(joint, f"{keys}.st_engaged", stroke_m, low=f"{keys}.st_retracted"))
    return joints


def _as_logged(joint: JointSource, logged: Mapping[str, How]) -> JointSource:
    if joint.low:
        return replace(joint, period_s=None, logged="on_change", low=joint.low if joint.low in logged else "")
    period_s, manner, dead_band = logged[joint.signal]
    valid, error = joint.valid if joint.valid in logged else "", joint.error + abs(joint.scale) * dead_band
    return replace(joint, period_s=period_s, logged=manner, valid=valid, error=error)


def _places(station: assets.Station, truck: assets.Truck, chain: Chain) -> list[PlaceSource]:
    half_m, weight_n = assets.load_pack(station.pack).height_m.value / 2, _pack_kg(station) * GRAVITY_M_S2
    places = [
        PlaceSource(
            name, "station", _pose(x, y, top + half_m),
            seen=tuple(f"{name}.{bit}" for bit in _IN_PLACE), serial=f"{name}.pv_pack_serial",
        )
        for name, (x, y, top) in place_positions(station).items()
    ]  # fmt: skip
    chassis_m = float(chain.links["heave"].X_PL[2])
    for number, position in enumerate(POSITIONS, 1):
        bracket = f"bracket{number}"
        X_CB = _pose(truck.positions_x_m[position], 0.0, truck.bracket.seat_height_m.value - chassis_m)
        places.append(
            PlaceSource(
                f"truck.{position}", "truck.chassis", X_CB,
                seen=tuple(f"{bracket}.seat.st_pad{k}" for k in (1, 2, 3, 4)),
                locked=tuple(f"{bracket}.lock{k}.st_locked" for k in (1, 2, 3, 4)),
                valid="truck.interface.st_connected", of_truck=True,
            )
        )  # fmt: skip
    for name, device, link, present in (
        ("shuttle", "shuttle.plate", assets.load_robot(station.shuttle).carrier_link, "shuttle.plate"),
        ("crane", "crane.load", assets.load_robot(station.crane).carrier_link, "crane.load"),
    ):
        places.append(
            PlaceSource(
                device, f"{name}.{link}", _pose(0.0, 0.0, half_m),
                seen=(f"{present}.st_pack_present",), load=f"{device}.pv_load_n", load_above=weight_n / 2,
                serial=f"{device}.seq_pack_serial", carries=True,
            )
        )  # fmt: skip
    return places


def _only(place: PlaceSource, logged: Mapping[str, How]) -> PlaceSource:
    """A place with the signals that the log has."""
    seen, locked = (tuple(name for name in names if name in logged) for names in (place.seen, place.locked))
    load, serial, valid = (name if name in logged else "" for name in (place.load, place.serial, place.valid))
    if len(locked) < len(place.locked):
        locked = ()
    return replace(place, seen=seen, locked=locked, load=load, serial=serial, valid=valid)


def _truck(station: assets.Station, truck: assets.Truck, chain: Chain, logged: Mapping[str, How]) -> TruckSource | None:
    present = "bay.sensor.st_truck_present"
    if present not in logged:
        return None
    bay = station.bay

    def shown(field: str) -> str:
        name = f"bay.pose.{field}"
        return name if name in logged else ""

    weight_n = _pack_kg(station) * GRAVITY_M_S2
    spring = truck.suspension
    return TruckSource(
        "truck",
        present,
        valid=shown("st_valid"),
        x=shown("pv_x_m"),
        y=shown("pv_y_m"),
        z=shown("pv_z_m"),
        yaw=shown("pv_yaw_rad"),
        roll=shown("pv_roll_rad"),
        parked="bay.sensor.st_at_mark" if "bay.sensor.st_at_mark" in logged else "",
        heave_m=float(chain.links["heave"].X_PL[2]),
        error_m=_SIGMAS * bay.pose_noise_m.value + bay.pose_bias_m.value,
        error_rad=_SIGMAS * bay.pose_noise_rad.value + bay.pose_bias_rad.value,
        # The springs rise by as much as packs are taken off; what is on the truck changes while it stands.
        heave_error_m=len(POSITIONS) * weight_n / spring.heave_n_m.value,
        roll_error_rad=_SIGMAS * bay.pose_noise_rad.value + bay.pose_bias_rad.value,
    )


def _pitch(station: assets.Station, truck: assets.Truck) -> float:
    """How far packs that come and go may pitch the chassis, which nothing senses."""
    lever_m = sum(abs(x) for x in truck.positions_x_m.values())
    return _pack_kg(station) * GRAVITY_M_S2 * lever_m / truck.suspension.pitch_n_m_rad.value


def _pack_kg(station: assets.Station) -> float:
    path = assets.asset_folder("packs", station.pack) / assets.load_pack(station.pack).urdf
    masses = ElementTree.parse(path).getroot().iter("mass")
    return sum(float(mass.get("value", "0")) for mass in masses)


def _pose(x: float, y: float, z: float) -> Pose:
    return tuple(frames.pose((x, y, z)).tolist())
