"""What a map's tags move: the motion that an imported Record carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from twin import assets, frames
from twin.analysis.finding import Findings, Kind
from twin.importing.layout import Column
from twin.motion import (
    APPEARED,
    NOWHERE,
    TWICE,
    Hold,
    How,
    JointSource,
    MachineSource,
    Motion,
    PlaceSource,
    Setup,
    station_setup,
)
from twin.tag_map import MapPlace, TagMap

_KINDS: Mapping[str, Kind] = {NOWHERE: "pack_nowhere", TWICE: "pack_twice", APPEARED: "pack_appeared"}


def motion_of(tag_map: TagMap, columns: Sequence[Column]) -> Motion | None:
    """What the map's tags move, of those that the log has.

    Raises:
        InputError: an asset that is not there. RecordError: a joint or a frame that none of the machines has.
    """
    if not tag_map.machines:
        return None
    logged: dict[str, How] = {
        signal.name: (column.tag.period_s, column.tag.logged, column.tag.dead_band)
        for column in columns
        if column.mapped
        for signal in column.tag.signals("")
    }
    setup = Setup([], [])
    for name, machine in tag_map.machines.items():
        if machine.station is not None:
            setup = setup.beside(station_setup(machine.station, machine.truck, logged))
        elif machine.cell is not None:
            urdf = assets.asset_folder("cells", machine.cell) / assets.load_cell(machine.cell).urdf
            X_WR = tuple(frames.pose(machine.p_m, machine.rpy_rad).tolist())
            setup.machines.append(MachineSource(name, urdf.read_text(encoding="utf-8"), X_WR, str(urdf)))
    setup.joints.extend(
        JointSource(
            tag.joint,
            tag.signal,
            tag.joint_scale,
            tag.joint_offset,
            tag.period_s,
            tag.logged,
            error=abs(tag.joint_scale) * tag.dead_band,
        )
        for tag in (column.tag for column in columns)
        if tag.joint is not None and tag.signal is not None
    )
    places = {place.name: place for place in setup.places}
    for name, entry in tag_map.places.items():
        place = _place(name, entry, logged)
        if place.seen or place.load:
            places[name] = place
    return Motion(replace(setup, pack=setup.pack or tag_map.pack or "").with_places(list(places.values())))


def _place(name: str, entry: MapPlace, logged: Mapping[str, How]) -> PlaceSource:
    """A map's place, with the signals that the log has."""

    def there(signal: str | None) -> str:
        return signal if signal is not None and signal in logged else ""

    locked = tuple(there(signal) for signal in entry.locked)
    return PlaceSource(
        name,
        entry.frame,
        tuple(frames.pose(entry.p_m, entry.rpy_rad).tolist()),
        entry.error_m,
        entry.error_rad,
        seen=tuple(signal for signal in entry.seen if signal in logged),
        locked=locked if all(locked) else (),
        load=there(entry.load),
        load_above=entry.load_above,
        serial=there(entry.serial),
        valid=there(entry.valid),
        carries=entry.carries,
    )


def doubts(holds: Sequence[Hold], findings: Findings, first_ns: int, last_ns: int) -> None:
    """What speaks against where packs are said to be, as findings: of a pack from then on until it is cleared up."""
    by_frame: dict[str, list[Hold]] = {}
    for hold in holds:
        by_frame.setdefault(hold.frame, []).append(hold)
    for found in by_frame.values():
        found.sort(key=lambda hold: hold.t_ns)
        ends = [hold.t_ns + first_ns for hold in found[1:]] + [last_ns]
        for n, (hold, end_ns) in enumerate(zip(found, ends, strict=True)):
            kind = _KINDS.get(hold.doubt)
            if kind is None or (kind == "pack_appeared" and n and found[n - 1].doubt == hold.doubt):
                continue
            start_ns = hold.t_ns + first_ns
            # That a pack appeared is an instant; that it is nowhere, or in two places, lasts.
            end_ns = start_ns if kind == "pack_appeared" else end_ns
            finding = findings.of(kind, hold.serial or hold.frame, "s")
            finding.add(np.array([start_ns]), np.array([end_ns]), np.array([(end_ns - start_ns) / 1e9]))
