"""What the picture shows of signals: lamps, charge of packs, labels; told to the viewer beside the meshes.

The assets say it (``lamps``, ``lamp_kinds``, ``names``); here device and field become full names, labels of enums their
values, and colour words colours, so that a viewer needs to know neither assets nor words.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from typing import Any

from twin import assets, palette
from twin.errors import InputError
from twin.layout import pack_charge_signal, place_positions
from twin.parts import DrawnTruck
from twin.record import SceneModel
from twin.signals import SignalTable

#: Labels of places stand this far in front of the rack, over the supports.
_OVER_PLACE_M = 0.62


def bindings(
    station: assets.Station,
    table: SignalTable,
    models: Sequence[SceneModel],
    *,
    packs: Sequence[str],
    bodies: Sequence[str] = (),
    trucks: Sequence[DrawnTruck],
    logged: Container[str] | None = None,
) -> bytes:
    """The attachment ``bindings.json`` of a Record.

    Args:
        table: the station's signals. models: the scene.
        packs: serials, in the order of their numbers.
        bodies: frames of packs that bear no serial of their own: their charge is that of the slot they stand in.
        trucks: what drives in.
        logged: the signals that a log has, where it has not all: lamps that need others stay as they are drawn.

    Raises:
        InputError: a lamp is bound to a part, a material's lamp kind or a signal that is not there.
    """
    lamps = [_lamp(lamp, station.lamp_kinds, table, models, lamp.frame) for lamp in station.lamps]
    for truck in trucks:
        data = assets.load_truck(truck.asset)
        for lamp in data.lamps:
            # The interface speaks for one truck at a time: the one whose identity it tells.
            who = {f"{lamp.device}.pv_truck_id": [truck.identity]} if truck.identity is not None else {}
            lamps.append(_lamp(lamp, data.lamp_kinds, table, models, f"{truck.machine}.{lamp.frame}", who))
    content = {
        "lamps": [lamp for lamp in lamps if logged is None or all(name in logged for name in _asked(lamp))],
        "packs": [_pack(serial, number, station) for number, serial in enumerate(packs, 1)]
        + [_body(frame, station, logged) for frame in bodies],
        "charge": {"scale": [[soc, colour] for soc, colour in palette.CHARGE], "unknown": palette.CHARGE_UNKNOWN},
        "labels": _labels(station, trucks),
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _asked(lamp: Mapping[str, Any]) -> list[str]:
    return [name for line in lamp["lines"] for name in (*line["is"], *line["above"])]


def _lamp(
    lamp: assets.Lamp,
    kinds: Mapping[str, assets.LampKind],
    table: SignalTable,
    models: Sequence[SceneModel],
    frame: str,
    also: Mapping[str, Sequence[float]] | None = None,
) -> dict[str, Any]:
    if not any(model.frame == frame and model.name == lamp.part for model in models):
        raise InputError(key=f"lamps: {lamp.part}", expected=f"a part that is drawn in {frame}", got=lamp.part)
    if lamp.kind not in kinds:
        raise InputError(key=f"lamps: {lamp.part}", expected="one of lamp_kinds: " + ", ".join(kinds), got=lamp.kind)
    kind = kinds[lamp.kind]
    lines = [
        {
            "is": {
                f"{lamp.device}.{field}": _values(table, f"{lamp.device}.{field}", v) for field, v in line.when.items()
            }
            | dict(also or {}),
            "above": {table[f"{lamp.device}.{field}"].name: limit for field, limit in line.above.items()},
            "colour": palette.LAMP_COLOURS[line.colour],
        }
        for line in kind.lines
    ]
    otherwise = palette.LAMP_COLOURS[kind.otherwise] if kind.otherwise else None
    return {"frame": frame, "part": lamp.part, "material": lamp.material, "lines": lines, "otherwise": otherwise}


def _values(table: SignalTable, name: str, wanted: Sequence[str | float]) -> list[float]:
    """Numbers of a signal's values; labels of an enum are looked up."""
    numbers = {label: value for value, label in table[name].labels.items()}
    for value in wanted:
        if isinstance(value, str) and value not in numbers:
            raise InputError(key=name, expected="one of " + ", ".join(numbers), got=value)
    return [float(numbers[value]) if isinstance(value, str) else value for value in wanted]


def _slots(station: assets.Station) -> list[str]:
    return [device for device, kind in station.devices.items() if kind == "rack_slot"]


def _body(frame: str, station: assets.Station, logged: Container[str] | None) -> dict[str, Any]:
    """A pack that is followed through a log: what the slot measures in which it stands."""
    charge = []
    for slot in _slots(station):
        signal, connected = f"{slot}.pv_soc_frac", f"{slot}.st_connected"
        if logged is None or signal in logged:
            condition = {connected: [1]} if logged is None or connected in logged else {}
            charge.append({"place": slot, "is": condition, "above": {}, "signal": signal, "source": "measured"})
    return {"frame": frame, "part": frame, "material": palette.SOC.name, "charge": charge}


def _pack(serial: str, number: int, station: assets.Station) -> dict[str, Any]:
    """Where a pack's charge can be read: the truth, or else the slot in which it is connected."""
    measured = [
        {
            "is": {f"{slot}.pv_pack_serial": [number], f"{slot}.st_connected": [1]},
            "above": {},
            "signal": f"{slot}.pv_soc_frac",
            "source": "measured",
        }
        for slot in _slots(station)
    ]
    truth = {"is": {}, "above": {}, "signal": pack_charge_signal(number), "source": "truth"}
    part = {"frame": f"pack.{serial}", "part": f"pack.{serial}", "material": palette.SOC.name}
    return {**part, "serial": serial, "charge": [truth, *measured]}


def _labels(station: assets.Station, trucks: Sequence[DrawnTruck]) -> list[dict[str, Any]]:
    """What stands written in the picture beside the packs: machines, trucks, places."""
    places = place_positions(station)
    front_m = assets.RACK_DEPTH_M / 2
    labels: list[dict[str, Any]] = []
    for name, text in station.names.items():
        if name in places:
            x, y, top = places[name]
            forward = front_m if name.startswith("rack.") else 0.0
            at = [x, y - forward, top + _OVER_PLACE_M]
            labels.append({"kind": "name", "frame": "station", "at": at, "text": text})
        else:
            labels.append({"kind": "name", "frame": name, "at": None, "text": text})
    for number in range(1, station.rack.slots + 1):
        x, y, top = places[f"rack.slot{number}"]
        at = [x, y - front_m, top + _OVER_PLACE_M]
        labels.append({"kind": "number", "frame": "station", "at": at, "text": {"en": str(number)}})
    for truck in trucks:
        if truck.label:
            frame = f"{truck.machine}.chassis"
            labels.append({"kind": "name", "frame": frame, "at": None, "text": {"en": truck.label}})
    return labels
