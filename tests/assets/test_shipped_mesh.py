"""The shipped meshes: what the script writes, small enough, inside their outlines, moving without poking through."""

from __future__ import annotations

import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from twin.gltf import Primitive, bounds, read_glb
from twin.rack_mesh import build_rack

ASSETS = Path(__file__).resolve().parents[2] / "assets"
TOTAL_BYTES = 3_000_000

# The outline of each part in its link frame: (low, high) in metres. Mirrors stand 0.2 m outside the truck's 2.55 m.
OUTLINES = {
    "trucks/tractor_6x4/meshes/chassis.glb": ((-3.95, -1.48, 0.33), (3.36, 1.48, 3.90)),
    "trucks/tractor_6x4/meshes/running_gear.glb": ((-3.86, -1.275, 0.0), (2.50, 1.275, 1.09)),
    "trucks/tractor_6x4/meshes/wheel.glb": ((-0.54, -0.16, -0.54), (0.54, 0.18, 0.54)),
    "trucks/tractor_6x4/meshes/wheel_pair.glb": ((-0.54, -0.48, -0.54), (0.54, 0.18, 0.54)),
    "trucks/tractor_6x4/meshes/bracket.glb": ((-0.375, -1.10, 0.14), (0.375, 1.10, 0.33)),
    "packs/block_171/meshes/pack.glb": ((-0.375, -1.10, -0.20), (0.375, 1.10, 0.20)),
    "robots/rail_shuttle/meshes/rails.glb": ((-1.25, -1.0, -0.01), (1.25, 5.9, 0.08)),
    "robots/rail_shuttle/meshes/carriage.glb": ((-1.20, -0.652, 0.0), (1.20, 0.652, 0.15)),
    "robots/rail_shuttle/meshes/trolley.glb": ((-0.25, -0.53, 0.005), (0.25, 0.53, 0.15)),
    "robots/rail_shuttle/meshes/lift_stage1.glb": ((-0.25, -0.45, 0.005), (0.25, 0.45, 0.15)),
    "robots/rail_shuttle/meshes/lift_stage2.glb": ((-0.25, -0.45, 0.005), (0.25, 0.45, 0.15)),
    "robots/rail_shuttle/meshes/lift.glb": ((-0.25, -0.45, -0.185), (0.25, 0.45, -0.036)),
    "robots/rail_shuttle/meshes/turntable.glb": ((-0.24, -0.24, -0.04), (0.24, 0.24, -0.03)),
    "robots/rail_shuttle/meshes/float_x.glb": ((-0.24, -0.30, -0.04), (0.24, 0.30, -0.03)),
    "robots/rail_shuttle/meshes/float_y.glb": ((-0.24, -0.30, -0.04), (0.24, 0.30, -0.029)),
    "robots/rail_shuttle/meshes/plate.glb": ((-0.33, -0.802, -0.03), (0.33, 0.802, 0.0)),
    "robots/rail_shuttle/meshes/lock_driver.glb": ((-0.31, -0.63, -0.02), (0.31, 0.63, 0.025)),
    "robots/stacker_crane/meshes/base.glb": ((-3.7, -0.25, -0.01), (6.3, 0.25, 3.8)),
    "robots/stacker_crane/meshes/mast.glb": ((-1.15, -0.3, 0.0), (1.15, 0.3, 3.72)),
    "robots/stacker_crane/meshes/carriage.glb": ((-0.55, -1.0, -0.19), (0.55, 1.0, 0.51)),
    "robots/stacker_crane/meshes/fork_mid.glb": ((-0.22, -1.1, -0.11), (0.22, 1.1, -0.05)),
    "robots/stacker_crane/meshes/fork.glb": ((-0.22, -1.1, -0.05), (0.22, 1.1, 0.0)),
    "stations/chassis_swap/meshes/lane.glb": ((-46.0, -3.6, -0.21), (46.0, 12.2, 0.125)),
    "stations/chassis_swap/meshes/transfer.glb": ((-1.75, 3.6, 0.0), (1.75, 5.6, 1.95)),
    "stations/chassis_swap/meshes/clamp_base.glb": ((1.6, -2.2, 0.0), (2.3, 2.2, 0.45)),
    "stations/chassis_swap/meshes/clamp_left.glb": ((1.60, 1.44, 0.0), (2.30, 2.1, 0.4)),
    "stations/chassis_swap/meshes/clamp_right.glb": ((1.60, -2.1, 0.0), (2.30, -1.44, 0.4)),
    "stations/chassis_swap/meshes/entry_light.glb": ((-9.9, -2.5, 0.0), (-9.4, -1.9, 3.4)),
    "stations/chassis_swap/meshes/exit_light.glb": ((5.7, -2.5, 0.0), (6.2, -1.9, 3.4)),
    "stations/chassis_swap/meshes/fence.glb": ((-4.3, 2.2, 0.0), (7.0, 11.7, 1.95)),
    "stations/chassis_swap/meshes/cabinet.glb": ((-6.3, 2.3, 0.0), (-4.2, 3.7, 2.2)),
    "cells/generic_cell/meshes/base.glb": ((-0.73, -0.56, -0.8), (0.73, 0.56, 0.04)),
    "cells/generic_cell/meshes/bridge.glb": ((-0.09, -0.52, 0.02), (0.09, 0.52, 0.86)),
    "cells/generic_cell/meshes/slide.glb": ((0.07, -0.09, 0.69), (0.15, 0.09, 0.91)),
    "cells/generic_cell/meshes/tool.glb": ((-0.03, -0.05, -0.02), (0.2, 0.05, 0.91)),
    "packs/cab_back_282/meshes/pack.glb": ((-0.45, -1.2, -0.8), (0.45, 1.2, 0.8)),
    "cells/overhead_hoist/meshes/site.glb": ((-11.0, -2.9, -0.03), (11.0, 8.2, 5.86)),
    "cells/overhead_hoist/meshes/bridge.glb": ((-1.1, -3.03, 5.83), (1.1, 8.33, 7.38)),
    "cells/overhead_hoist/meshes/trolley.glb": ((-0.95, -1.03, 4.75), (0.95, 1.03, 7.35)),
    "cells/overhead_hoist/meshes/rope.glb": ((-0.3, -0.82, 0.3), (0.3, 0.82, 1.85)),
    "cells/overhead_hoist/meshes/grab.glb": ((-0.57, -1.2, -0.34), (0.57, 1.2, 1.85)),
    "cells/overhead_hoist/meshes/cradle.glb": ((-0.52, -1.2, 0.98), (0.52, 1.2, 1.31)),
    "cells/lathe_2axis/meshes/bed.glb": ((-1.3, -0.83, 0.0), (2.9, 2.02, 2.36)),
    "cells/lathe_2axis/meshes/chuck.glb": ((-0.12, -0.13, -0.13), (0.06, 0.13, 0.13)),
    "cells/lathe_2axis/meshes/saddle.glb": ((-0.62, 0.25, -0.40), (1.02, 1.57, -0.15)),
    "cells/lathe_2axis/meshes/turret.glb": ((-0.11, 0.0, -0.28), (0.55, 0.87, 0.28)),
}
SIGNAL_MATERIALS = {
    "packs/block_171/meshes/pack.glb": {"soc"},
    "packs/cab_back_282/meshes/pack.glb": {"soc"},
    "stations/chassis_swap/meshes/entry_light.glb": {"lamp_red", "lamp_amber", "lamp_green"},
    "stations/chassis_swap/meshes/exit_light.glb": {"lamp_red", "lamp_amber", "lamp_green"},
}


@cache
def generator() -> ModuleType:
    """The script that writes the meshes, imported from its folder."""
    sys.path.insert(0, str(ASSETS))
    try:
        import generate_meshes

        return generate_meshes
    finally:
        sys.path.remove(str(ASSETS))


@cache
def written() -> dict[str, bytes]:
    """What the script would write: path below ``assets/`` to bytes."""
    return {path.as_posix(): data for path, data in generator().meshes()}


@cache
def mesh(path: str) -> list[Primitive]:
    return read_glb((ASSETS / path).read_bytes(), name=path)


def link(name: str) -> tuple[np.ndarray, np.ndarray]:
    return bounds(mesh(f"robots/rail_shuttle/meshes/{name}.glb"))


def test_the_script_writes_the_committed_bytes() -> None:
    committed = {path.relative_to(ASSETS).as_posix() for path in ASSETS.glob("**/meshes/*.glb")}
    assert set(written()) <= committed
    stale = [path for path, data in written().items() if (ASSETS / path).read_bytes() != data]
    assert not stale, "run python assets/generate_meshes.py"


def test_every_shipped_mesh_has_an_outline_and_all_are_small() -> None:
    assert set(written()) == set(OUTLINES)
    assert sum(map(len, written().values())) < TOTAL_BYTES


@pytest.mark.parametrize("path", OUTLINES)
def test_a_part_stays_inside_its_outline(path: str) -> None:
    low, high = bounds(mesh(path))
    tolerance = 5e-4
    assert (low >= np.array(OUTLINES[path][0]) - tolerance).all(), low
    assert (high <= np.array(OUTLINES[path][1]) + tolerance).all(), high


@pytest.mark.parametrize("path", OUTLINES)
def test_normals_are_unit_and_no_material_is_left_unnamed_or_grey_by_default(path: str) -> None:
    for primitive in mesh(path):
        assert primitive.normals is not None
        assert np.allclose(np.linalg.norm(primitive.normals, axis=1), 1.0, atol=1e-4)
        assert primitive.material
        assert primitive.rgba_linear[:3] != (1.0, 1.0, 1.0)
        assert primitive.triangles.max() < len(primitive.points)
        assert primitive.blended == (primitive.material == "shadow")


@pytest.mark.parametrize("path", SIGNAL_MATERIALS)
def test_what_a_signal_recolours_is_a_material_of_its_own(path: str) -> None:
    assert SIGNAL_MATERIALS[path] <= {primitive.material for primitive in mesh(path)}


@pytest.mark.parametrize("lift_m", [-0.005, 0.0, 0.1, 0.2, 0.4, 0.41])
def test_the_lift_neither_pokes_through_the_floor_nor_comes_apart(lift_m: float) -> None:
    columns = [link("trolley")]
    for name, rise in (("lift_stage1", lift_m / 3), ("lift_stage2", lift_m * 2 / 3), ("lift", 0.19 + lift_m)):
        up = np.array([0.0, 0.0, rise])
        columns.append((link(name)[0] + up, link(name)[1] + up))
    for below, above in pairwise(columns):
        assert above[0][2] > 0.0
        assert above[0][2] < below[1][2] - 0.002, "the tubes still overlap"


def test_the_collapsed_shuttle_ends_at_its_plate() -> None:
    tops = {name: link(name)[1][2] for name in ("carriage", "trolley", "lift_stage1", "lift_stage2")}
    assert all(top < 0.16 for top in tops.values()), tops  # the plate's underside
    assert link("lift")[1][2] < -0.03 and link("turntable")[1][2] < -0.03
    assert link("plate")[1][2] == pytest.approx(0.0, abs=1e-5)


def test_the_keys_are_below_the_plate_when_down_and_in_the_pack_when_up() -> None:
    top = link("lock_driver")[1][2] - 0.03  # against the plate's top
    assert top < -0.004
    assert 0.03 < top + 0.06 < 0.2


def test_the_trolley_passes_over_the_ends_of_the_carriage() -> None:
    """At full cross travel the trolley stands over the carriage's ends, which must be lower than it is."""
    parts = [p for p in mesh("robots/rail_shuttle/meshes/carriage.glb") if p.material != "shadow"]
    corners = np.vstack([p.points[p.triangles] for p in parts])  # (triangle, corner, xyz)
    under = (corners[..., 1].min(1) < 0.0) & (corners[..., 1].max(1) > 0.0)
    assert under.any()
    assert corners[under][..., 2].max() < 0.055
    columns = np.abs(mesh("robots/rail_shuttle/meshes/lift_stage1.glb")[0].points[:, 0]).max()
    assert 0.95 + columns < np.abs(corners[under][..., 0]).min(), "and its columns stop short of them"


@pytest.mark.parametrize("name", ["robots/rail_shuttle/meshes/rails.glb", "stations/chassis_swap/meshes/lane.glb"])
def test_nothing_drawn_stands_in_the_path_of_a_tyre(name: str) -> None:
    for part in mesh(name):
        across = np.abs(part.points[:, 1])
        path = part.points[(across > 0.60) & (across < 1.34)]  # inner edge of a drive pair to 60 mm outside the tyres
        assert len(path) == 0 or path[:, 2].max() < 0.005


def rack(**keys: object) -> dict[str, list[Primitive]]:
    """A rack's parts by their names."""
    station: dict[str, object] = {
        "columns": 4,
        "levels": 2,
        "slots": 7,
        "first_x_m": -1.575,
        "y_m": 8.3,
        "pitch_x_m": 1.05,
        "pitch_z_m": 0.8,
        "support_top_m": 0.56,
        "isolation_x_m": 4.4,
        "isolation_support_top_m": 0.56,
    }
    built = build_rack(**{**station, **keys})  # type: ignore[arg-type]
    return {name: read_glb(glb) for name, glb in built.items()}


def together(parts: dict[str, list[Primitive]]) -> list[Primitive]:
    return [primitive for primitives in parts.values() for primitive in primitives]


@pytest.mark.parametrize(("columns", "levels", "slots"), [(4, 2, 7), (3, 3, 8), (6, 1, 6), (1, 1, 1)])
def test_a_rack_has_a_lamp_for_each_slot_and_stands_where_its_keys_say(columns: int, levels: int, slots: int) -> None:
    parts = rack(columns=columns, levels=levels, slots=slots, isolation_x_m=None)
    lamps = {name: p.points.mean(0) for name, part in parts.items() for p in part if p.material == "lamp_slot"}
    assert set(lamps) == {f"slot{k + 1}" for k in range(slots)}
    low, high = bounds(together(parts))
    assert low[0] == pytest.approx(-1.575 - 0.525, abs=0.1)
    assert high[0] == pytest.approx(-1.575 + 1.05 * (columns - 0.5), abs=0.1)
    assert low[2] > -1e-6
    for k in range(slots):
        x, z = lamps[f"slot{k + 1}"][[0, 2]]
        assert x == pytest.approx(-1.575 + 1.05 * (k % columns), abs=0.2)
        assert z == pytest.approx(0.56 + 0.8 * (k // columns) + 0.57, abs=0.1)


def test_the_supports_of_a_rack_reach_its_support_height_and_leave_the_fork_its_way() -> None:
    parts = together(rack(isolation_x_m=None))
    domes = np.concatenate([part.points for part in parts if part.material == "hardened"])
    assert sorted({round(float(z), 3) for z in domes[:, 2] if abs(z - round(float(z), 2)) < 1e-6})[-1] == 1.36
    for x in (-1.575, -0.525, 0.525):
        inside = [p.points[(np.abs(p.points[:, 0] - x) < 0.23) & (p.points[:, 1] < 9.4)] for p in parts]
        heights = np.concatenate([p[:, 2] for p in inside])
        heights = heights[(heights > 0.03) & (heights < 0.56 + 0.47)]
        assert len(heights) == 0, "nothing stands between the ledges where fork and pack pass"


def test_a_rack_is_the_same_each_time() -> None:
    keys = {"columns": 2, "levels": 2, "slots": 3, "first_x_m": 0.0, "y_m": 8.0}
    keys |= {"pitch_x_m": 1.05, "pitch_z_m": 0.8, "support_top_m": 0.5}
    assert build_rack(**keys) == build_rack(**keys)  # type: ignore[arg-type]
