"""What an imported Record says of what is drawn: parts with their assets, lamps and labels that follow its signals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from twin import assets
from twin.binding import bindings
from twin.importing.layout import Column
from twin.motion import Motion
from twin.parts import DrawnTruck, describe, describe_cells
from twin.record import SceneModel
from twin.tag_map import TagMap


def described(
    tag_map: TagMap, motion: Motion, models: Sequence[SceneModel], columns: Sequence[Column]
) -> dict[str, bytes]:
    """The attachments ``assets.json`` and, of a station, ``bindings.json``."""
    cells = {name: machine.cell for name, machine in tag_map.machines.items() if machine.cell is not None}
    known: dict[str, Any] = describe_cells(cells, models, pack=tag_map.pack)
    found = {}
    for machine in tag_map.machines.values():
        if machine.station is None:
            continue
        trucks = [DrawnTruck("truck", machine.truck)]
        chains = {one.name: one.chain for one in motion.scene.machines}
        whole = describe(machine.station, trucks, chains, models)
        known = {part: {**entries, **known[part]} for part, entries in whole.items()}
        station = assets.load_station(machine.station)
        logged = {signal.name for column in columns for signal in column.signals}
        table = assets.signal_table(station, {})
        bodies = motion.setup.bodies
        found["bindings.json"] = bindings(station, table, models, packs=[], bodies=bodies, trucks=trucks, logged=logged)
    return {"assets.json": json.dumps(known, ensure_ascii=False).encode(), **found}
