"""Writes the shipped meshes: one binary glTF for each part, the same bytes every time.

``python assets/generate_meshes.py`` writes them, ``--check`` only compares and fails with the names that differ. Needs
numpy and the ``twin`` package; the rack is not here, a station builds it from its keys (``twin.rack_mesh``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ASSETS = Path(__file__).resolve().parent
sys.path[:0] = [str(ASSETS), str(ASSETS.parent)]

from mesh_parts import cell, crane, hoist, lathe, pack, shuttle, station, truck  # noqa: E402

from twin.gltf import Model  # noqa: E402

FOLDERS: dict[str, dict[str, Callable[[], Model]]] = {
    "trucks/tractor_6x4": {
        "chassis": truck.chassis,
        "running_gear": truck.running_gear,
        "wheel": truck.wheel,
        "wheel_pair": truck.wheel_pair,
        "bracket": truck.bracket,
    },
    "packs/block_171": {"pack": pack.build},
    "robots/rail_shuttle": shuttle.PARTS,
    "robots/stacker_crane": crane.PARTS,
    "stations/chassis_swap": station.PARTS,
    "cells/generic_cell": cell.PARTS,
    "cells/lathe_2axis": lathe.PARTS,
    "cells/overhead_hoist": hoist.PARTS,
    "packs/cab_back_282": {"pack": hoist.pack},
}

#: Folders and parts whose z = 0 is the floor they stand on, and parts without depth: the floor itself, and wires.
ON_FLOOR = {"trucks/tractor_6x4/chassis", "trucks/tractor_6x4/running_gear", "robots/rail_shuttle/carriage"}
ON_FLOOR |= {"robots/rail_shuttle/trolley", "robots/stacker_crane/base", "robots/stacker_crane/mast"}
ON_FLOOR |= {"cells/lathe_2axis/bed"}
ON_FLOOR |= {f"stations/chassis_swap/{name}" for name in station.PARTS}
BARE = {"lane", "fence"}


def meshes() -> Iterator[tuple[Path, bytes]]:
    """Every shipped mesh: its path below ``assets/`` and its bytes."""
    for folder, parts in FOLDERS.items():
        for name, build in parts.items():
            model = build() if name in BARE else build().shaded(floor=f"{folder}/{name}" in ON_FLOOR)
            yield Path(folder, "meshes", f"{name}.glb"), model.to_glb()


def main(arguments: list[str]) -> None:
    """Writes or, with ``--check``, compares the files."""
    stale = []
    for path, data in meshes():
        target = ASSETS / path
        if target.exists() and target.read_bytes() == data:
            continue
        if "--check" in arguments:
            stale.append(path.as_posix())
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    if stale:
        raise SystemExit(f"not what the script writes: {', '.join(stale)}; run python assets/generate_meshes.py")


if __name__ == "__main__":
    main(sys.argv[1:])
