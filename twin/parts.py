"""What is drawn, told apart: each part's asset and devices, each device's parameters with their source.

A Record carries this as ``assets.json``, so that whoever looks at it sees the numbers that the run used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from twin import assets
from twin.document import Document, Quantity
from twin.kinematics import Chain
from twin.record import SceneModel
from twin.units import symbol_of

#: Units of a drive's limits, which are in its axis's own unit.
_DRIVE_UNITS = {
    "max_speed": "{}/s", "acceleration": "{}/s²", "jerk": "{}/s³", "following_error": "{}", "in_position": "{}",
    "encoder_step": "{}",
}  # fmt: skip
_EFFORT_UNITS = {"m": "N", "rad": "N·m"}
#: Stiffnesses, whose suffix elsewhere is that of a torque.
_STIFFNESS_UNITS = {"stiffness_n_m": "N/m", "heave_n_m": "N/m"}


@dataclass(frozen=True)
class DrawnTruck:
    """A truck of a scene.

    Args:
        machine: with which its frames begin. asset: what it is. label: what is written beside it.
        identity: what its interface says of it; None when that is not known, and one truck stands for all.
    """

    machine: str
    asset: str
    label: str = ""
    identity: int | None = None


def describe(
    station_name: str, trucks: Sequence[DrawnTruck], chains: Mapping[str, Chain], models: Sequence[SceneModel]
) -> dict[str, Any]:
    """Assets, devices and drawn parts of a station, JSON-ready.

    Args:
        chains: the drawn machines' kinematics, by the name their frames begin with.
        models: what is drawn.

    Returns:
        ``assets``: name to text, grade and parameters (key to unit and the :class:`~twin.document.Quantity`);
        ``devices``: name to type, text, asset and the keys of its parameters;
        ``parts``: ``frame/model`` to asset and devices;
        ``phrases``: language to what sources and notes of the parameters are called in it, as far as that is known.
    """
    station = assets.load_station(station_name)
    files = _files(station_name, station, trucks)
    owners = _owners(station_name, station, trucks)
    types = assets.load_device_types()
    devices: dict[str, Any] = {}
    places: dict[str, set[str]] = {}  # device → joints and links that its keys name
    for device, type_name in station.devices.items():
        area, name = device.split(".")
        asset = owners[area if area in owners else "truck" if area.startswith("bracket") else "station"]
        patterns = [pattern.format(device=name) for pattern in types[type_name].described_by]
        found = {key: v for key, v in _values(files[asset]) if any(fnmatchcase(key, p) for p in patterns)}
        places[device] = set(_names(found))
        devices[device] = {
            "type": type_name,
            "text": types[type_name].text,
            "asset": asset,
            "parameters": [key for key, value in found.items() if isinstance(value, Quantity)],
        }
    described = {name: _asset(file) for name, file in files.items()}
    return {
        "assets": described,
        "phrases": {"zh": _phrases(described)},
        "devices": devices,
        "parts": {
            f"{model.frame}/{model.name}": _part(model, owners, chains, places) for model in models
        },
    }  # fmt: skip


def describe_cells(
    cells: Mapping[str, str], models: Sequence[SceneModel], *, pack: str | None = None
) -> dict[str, Any]:
    """As :func:`describe`, of machines that are only shown; such a log says of devices nothing but their signals.

    Args:
        cells: the name of a machine, with which its frames begin, to the name of its asset.
        pack: the asset of the packs.
    """
    described: dict[str, Any] = {f"cells/{cell}": _asset(assets.load_cell(cell)) for cell in cells.values()}
    owners = {name: f"cells/{cell}" for name, cell in cells.items()}
    if pack is not None:
        described[f"packs/{pack}"] = _asset(assets.load_pack(pack))
        owners["pack"] = f"packs/{pack}"
    drawn = [(model, model.frame.partition(".")[0]) for model in models]
    return {
        "assets": described,
        "phrases": {"zh": _phrases(described)},
        "devices": {},
        "parts": {
            f"{model.frame}/{model.name}": {"asset": owners[head], "devices": []}
            for model, head in drawn
            if head in owners
        },
    }


def _files(name: str, station: assets.Station, trucks: Sequence[DrawnTruck]) -> dict[str, assets.Asset]:
    return {
        f"stations/{name}": station,
        f"robots/{station.shuttle}": assets.load_robot(station.shuttle),
        f"robots/{station.crane}": assets.load_robot(station.crane),
        f"packs/{station.pack}": assets.load_pack(station.pack),
        **{f"trucks/{truck.asset}": assets.load_truck(truck.asset) for truck in trucks},
    }


def _owners(name: str, station: assets.Station, trucks: Sequence[DrawnTruck]) -> dict[str, str]:
    """The first word of a frame's or a device's name to the asset it belongs to."""
    return {
        "station": f"stations/{name}",
        "shuttle": f"robots/{station.shuttle}",
        "crane": f"robots/{station.crane}",
        "pack": f"packs/{station.pack}",
        # The devices of the truck's interface and brackets, whichever truck is there.
        "truck": f"trucks/{trucks[0].asset}" if trucks else f"stations/{name}",
        **{truck.machine: f"trucks/{truck.asset}" for truck in trucks},
    }


def _asset(file: assets.Asset) -> dict[str, Any]:
    parameters = {
        key: {"unit": _unit(key, file), **value.model_dump(mode="json")}
        for key, value in _values(file)
        if isinstance(value, Quantity)
    }
    return {"text": file.text, "grade": file.grade, "parameters": parameters}


def _phrases(described: Mapping[str, Any]) -> dict[str, str]:
    known = assets.load_phrases().zh
    values = [value for asset in described.values() for value in asset["parameters"].values()]
    used = {value[key] for value in values for key in ("source", "note")}
    return {phrase: known[phrase] for phrase in sorted(used & known.keys())}


def _part(
    model: SceneModel, owners: Mapping[str, str], chains: Mapping[str, Chain], places: Mapping[str, set[str]]
) -> dict[str, Any]:
    head, _, link = model.frame.partition(".")
    chain = chains.get(head)
    if head.startswith("truck"):
        area = link if any(device.startswith(f"{link}.") for device in places) else "truck"
        found = [device for device in places if device.startswith(f"{area}.")]
    elif chain is not None:
        moved = {link, chain.links[link].joint, chain.links[link].driver} - {""}
        found = [device for device, names in places.items() if device.startswith(f"{head}.") and names & moved]
    elif head == "pack":
        found = []  # where a pack stands changes: the places that read its serial say it
    else:  # a part of the building belongs to the devices that bear its name or its first word
        found = [d for d in places if {model.name, model.name.split("_")[0]} & set(d.split("."))]
    return {"asset": owners.get(head, owners["station"]), "devices": found}


def _values(document: Document, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a file with its dotted key; a quantity is one value."""
    for key in type(document).model_fields:
        yield from _below(f"{prefix}{key}", getattr(document, key))


def _below(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Document) and not isinstance(value, Quantity):
        yield from _values(value, f"{key}.")
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _below(f"{key}.{name}", inner)
    else:
        yield key, value


def _names(values: Mapping[str, Any]) -> Iterator[str]:
    """Joints and links that keys name: what moves with the device."""
    for key, value in values.items():
        last = key.rsplit(".", 1)[-1]
        if last == "joints":
            yield from value
        elif last == "joint" or last.endswith("_link"):
            yield value


def _unit(key: str, file: assets.Asset) -> str:
    head, _, name = key.rpartition(".")
    drive = file.axes.get(head.removeprefix("axes.")) if isinstance(file, assets.Robot) else None
    if drive is None or name not in (*_DRIVE_UNITS, "force", "brake_force"):
        return _STIFFNESS_UNITS.get(name) or symbol_of(f"_{name}")
    return _DRIVE_UNITS[name].format(drive.unit) if name in _DRIVE_UNITS else _EFFORT_UNITS[drive.unit]
