"""What each drawn part is: its asset, its devices, their parameters with unit and source."""

from __future__ import annotations

from typing import Any

import pytest

from twin import assets
from twin.kinematics import Chain
from twin.parts import DrawnTruck, describe
from twin.record import SceneModel
from twin.scenario import load_scenario

LOCKS_AND_SEAT = ["bracket2.lock1", "bracket2.lock2", "bracket2.lock3", "bracket2.lock4", "bracket2.seat"]


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    scenario = load_scenario("nominal_swap")
    station = assets.load_station(scenario.station)
    machines = {"shuttle": station.shuttle, "crane": station.crane}
    chains = {name: Chain(assets.asset_folder("robots", robot) / assets.load_robot(robot).urdf)
              for name, robot in machines.items()}  # fmt: skip
    drawn = [
        *((f"{name}.{link}", link) for name, chain in chains.items() for link in chain.links),
        ("truck0.bracket2", "bracket"), ("truck0.chassis", "chassis"), ("pack.QJ75-0001", "pack.QJ75-0001"),
        ("station", "rack"), ("station", "entry_light"), ("bay.clamp_left", "clamp_left"),
    ]  # fmt: skip
    trucks = [DrawnTruck("truck0", scenario.truck.asset)]
    return describe(scenario.station, trucks, chains, [SceneModel(frame, b"", name) for frame, name in drawn])


@pytest.mark.parametrize(
    ("part", "asset", "devices"),
    [
        ("shuttle.turntable/turntable", "robots/rail_shuttle", ["shuttle.yaw"]),
        ("shuttle.lift_stage1/lift_stage1", "robots/rail_shuttle", ["shuttle.lift"]),
        ("shuttle.float_x/float_x", "robots/rail_shuttle", ["shuttle.plate"]),
        ("shuttle.rails/rails", "robots/rail_shuttle", []),
        ("crane.fork/fork", "robots/stacker_crane", ["crane.fork", "crane.load"]),
        ("truck0.chassis/chassis", "trucks/tractor_6x4", ["truck.interface"]),
        ("truck0.bracket2/bracket", "trucks/tractor_6x4", LOCKS_AND_SEAT),
        ("pack.QJ75-0001/pack.QJ75-0001", "packs/block_171", []),
        ("station/entry_light", "stations/chassis_swap", ["bay.entry_light"]),
        ("bay.clamp_left/clamp_left", "stations/chassis_swap", ["bay.clamp"]),
    ],
)
def test_a_part_has_its_asset_and_its_devices(
    described: dict[str, Any], part: str, asset: str, devices: list[str]
) -> None:
    assert described["parts"][part] == {"asset": asset, "devices": devices}


def test_what_is_said_of_the_shipped_numbers_is_said_in_chinese_too(described: dict[str, Any]) -> None:
    parameters = [one for asset in described["assets"].values() for one in asset["parameters"].values()]
    said = {one[key] for one in parameters for key in ("source", "note")} - {""}
    assert len(said) > 20
    assert said == set(described["phrases"]["zh"])


def test_a_parameter_has_unit_source_confidence_and_range(described: dict[str, Any]) -> None:
    speed = described["assets"]["robots/rail_shuttle"]["parameters"]["axes.lift.max_speed"]
    data = assets.load_robot("rail_shuttle").axes["lift"].max_speed
    assert speed == {"unit": "m/s", **data.model_dump(mode="json")}
    units = {
        ("robots/rail_shuttle", "axes.yaw.force"): "N·m",
        ("robots/rail_shuttle", "axes.lift.force"): "N",
        ("robots/rail_shuttle", "axes.lift.gain_1_s"): "1/s",
        ("robots/rail_shuttle", "pads.stiffness_n_m"): "N/m",
        ("robots/rail_shuttle", "float_plate.centring_torque_n_m"): "N·m",
        ("trucks/tractor_6x4", "suspension.heave_n_m"): "N/m",
        ("trucks/tractor_6x4", "suspension.pitch_n_m_rad"): "N·m/rad",
        ("packs/block_171", "energy_kwh"): "kWh",
    }
    for (asset, key), unit in units.items():
        assert described["assets"][asset]["parameters"][key]["unit"] == unit, key


def test_every_key_that_describes_a_device_is_there(described: dict[str, Any]) -> None:
    for name, device in described["devices"].items():
        known = described["assets"][device["asset"]]["parameters"]
        assert set(device["parameters"]) <= set(known), name
    for type_name, kind in assets.load_device_types().items():
        found = [d["parameters"] for d in described["devices"].values() if d["type"] == type_name]
        assert not kind.described_by or all(found), f"{type_name}: {kind.described_by} names nothing"
