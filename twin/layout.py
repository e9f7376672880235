"""What follows from a station's file and a scenario: where things stand, the I/O list, the controller's settings."""

from __future__ import annotations

import itertools
from typing import Any

from twin import assets
from twin.scenario import Scenario
from twin.signals import Signal, SignalTable

#: The pack positions of a truck, as bracket 1, 2 and 3.
POSITIONS = ("p1", "p2", "p3")


def place_positions(station: assets.Station) -> dict[str, tuple[float, float, float]]:
    """Middle of every place and the height of its supports: device to (x, y, top), m in W."""
    places = {
        f"transfer.{name}": (place.x_m.value, place.y_m.value, place.support_top_m.value)
        for name, place in station.transfer.items()
    }
    rack = station.rack
    cells = itertools.product(range(rack.levels), range(rack.columns))
    for number, (level, column) in enumerate(itertools.islice(cells, rack.slots), 1):
        places[f"rack.slot{number}"] = (
            rack.first_x_m.value + column * rack.pitch_x_m.value,
            rack.y_m.value,
            rack.support_top_m.value + level * rack.pitch_z_m.value,
        )
    places["rack.isolation"] = (rack.isolation_x_m.value, rack.y_m.value, rack.isolation_support_top_m.value)
    return places


def controller_settings(truck_asset: str, station: assets.Station) -> dict[str, Any]:
    """The settings a controller of this station gets: what follows from the layout, then what the station file says."""
    places = place_positions(station)
    truck = assets.load_truck(truck_asset)
    settings: dict[str, Any] = {
        f"transfer_{name}": dict(zip(("x_m", "y_m", "support_m"), places[f"transfer.{name}"], strict=True))
        | {"device": f"transfer.{name}"}
        for name in station.transfer
    }
    settings["slots"] = {
        name: {"x_m": x, "support_m": top, "isolation": name == "rack.isolation"}
        for name, (x, _, top) in places.items()
        if name.startswith("rack.")
    }
    pack = assets.load_pack(station.pack)
    settings["truck"] = {
        "bracket_x_m": [truck.positions_x_m[position] for position in POSITIONS],
        "pack_underside_m": truck.bracket.seat_height_m.value - pack.height_m.value / 2,
    }
    settings.update(station.controller)
    return settings


def io_list(scenario: Scenario, station: assets.Station) -> SignalTable:
    """The station's I/O list with the labels that the scenario decides."""
    serials = {0: "none", **dict(enumerate(scenario.packs, 1))}
    trucks = {0: "none", **{index + 1: truck.id for index, truck in enumerate(scenario.fleet)}}
    return assets.signal_table(station, {"pv_pack_serial": serials, "pv_truck_id": trucks})


def pack_charge_signal(number: int) -> str:
    """Name of the true state of charge of a pack, by the number that ``pv_pack_serial`` has where it stands."""
    return f"pack{number}.battery.gt_soc_frac"


def truth_signals(scenario: Scenario, station: assets.Station) -> list[Signal]:
    """Ground truth written every scan, for the Record alone."""
    signals = [
        Signal("bay.sensor.gt_position_m", unit="m", text={"en": "true position of the truck", "zh": "车辆真实位置"}),
        Signal("shuttle.lift.gt_force_n", unit="N", text={"en": "true force of the lift", "zh": "升降驱动真实力"}),
        Signal("station.unit.gt_clearance_m", unit="m", text={"en": "least clearance so far", "zh": "最小间隙"}),
    ]
    for n in range(1, station.brackets + 1):
        signals += [
            Signal(f"bracket{n}.seat.gt_gap_m", unit="m", text={"en": "largest gap at the pads", "zh": "最大落座间隙"}),
            Signal(f"bracket{n}.seat.gt_sideways_m", unit="m", text={"en": "pack off its seat", "zh": "横向偏差"}),
            Signal(f"bracket{n}.seat.gt_lock_force_n", unit="N", text={"en": "total lock force", "zh": "锁总受力"}),
        ]
        for k in (1, 2, 3, 4):
            signals += [
                Signal(f"bracket{n}.lock{k}.gt_stroke_frac", text={"en": "latch stroke", "zh": "锁行程"}),
                Signal(f"bracket{n}.lock{k}.gt_holding", "bool", text={"en": "latch holds", "zh": "锁已受力"}),
            ]
    for number, serial in enumerate(scenario.packs, 1):
        text = {"en": f"true state of charge of {serial}", "zh": f"{serial} 真实荷电状态"}
        signals.append(Signal(pack_charge_signal(number), low=0.0, high=1.0, text=text))
    return signals
