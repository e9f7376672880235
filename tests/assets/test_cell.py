"""Machines that are only shown, and the maps that move them: what their files say fits together."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks import hoist_log
from tests.logs import LOGS, needs_logs
from twin.assets import asset_folder, load_cell, load_pack
from twin.importing import import_files
from twin.kinematics import Chain
from twin.motion import Motion
from twin.parts import describe_cells
from twin.record import Record
from twin.shipped import shipped
from twin.tag_map import load_map

NS = 1_000_000_000
CELLS = sorted(path.parent.name for path in shipped("assets", "cells").glob("*/cell.yaml"))
MAPS = sorted(shipped("assets", "maps").glob("*.yaml"))


def limits(cell: str) -> dict[str, tuple[float, float]]:
    """Joint to its limits, m or rad."""
    root = ElementTree.parse(asset_folder("cells", cell) / load_cell(cell).urdf).getroot()
    found = {str(joint.get("name")): joint.find("limit") for joint in root.iter("joint")}
    return {name: (float(x.get("lower", 0)), float(x.get("upper", 0))) for name, x in found.items() if x is not None}


@pytest.mark.parametrize("cell", CELLS)
def test_every_link_of_a_cell_is_drawn_and_its_strokes_are_those_of_its_parameters(cell: str) -> None:
    chain = Chain(asset_folder("cells", cell) / load_cell(cell).urdf)
    assert all(visual.mesh.is_file() for link in chain.links.values() for visual in link.visuals)
    assert any(link.visuals for link in chain.links.values())
    parameters = load_cell(cell).parameters
    for joint, (low, high) in limits(cell).items():
        stroke = parameters.get(f"stroke_{joint}_m")
        assert stroke is None or stroke.value == pytest.approx(high - low)


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_a_shipped_map_moves_joints_of_its_machines_and_speaks_both_languages(path: Path) -> None:
    tag_map = load_map(path)
    joints = {
        f"{name}.{joint}" for name, machine in tag_map.machines.items() for joint in limits(machine.cell)
    }  # fmt: skip
    moved = [tag.joint for tag in tag_map.tags.values() if tag.joint is not None]
    assert moved and set(moved) <= joints and len(set(moved)) == len(moved)
    assert tag_map.tag_names
    for entry in (tag_map, *tag_map.tags.values()):
        assert set(entry.text) == {"en", "zh"}


@needs_logs
def test_the_lathe_moves_as_its_log_says(tmp_path: Path) -> None:
    found = import_files([LOGS / "okuma_lathe" / "okuma.txt"], tmp_path / "lathe.mcap")
    assert not [finding for finding in found.findings if finding.kind == "missing_tag"]
    record = Record.open(tmp_path / "lathe.mcap")
    x, z = (record.signal(f"lathe.{axis}.pv_machine_position_m") for axis in "xz")
    assert np.ptp(x[1]) == pytest.approx(0.5607, abs=1e-4) and np.ptp(z[1]) == pytest.approx(1.2305, abs=1e-4)
    motion = Motion.of(record)
    assert motion is not None
    _, X = motion.poses(record, 0, record.end_ns)
    for link, axis, joint in (("saddle", 0, "z"), ("turret", 1, "x")):
        low, high = limits("lathe_2axis")[joint]
        travel = X[:, motion.scene.index[f"lathe.{link}"], axis]
        assert low <= travel.min() < travel.max() <= high
    # What the map says of X: a diameter, for its half and Y go round in a circle.
    t_y, y = record.signal("lathe.y.pv_work_position_m", 120 * NS, 480 * NS)
    radius = np.hypot(np.interp(t_y, *record.signal("lathe.x.pv_work_position_m")), y)
    assert np.percentile(radius, [5, 50, 95]) == pytest.approx([0.0408] * 3, abs=2e-4)


def test_an_overhead_hoist_is_assets_alone_and_its_packs_go_along(tmp_path: Path) -> None:
    hoist_log.write(tmp_path / "hoist.csv")
    found = import_files([tmp_path / "hoist.csv"], tmp_path / "hoist.mcap")
    assert found.samples > 900 and not found.damage
    record = Record.open(tmp_path / "hoist.mcap")
    assert record.metadata["synthetic"] == "true"
    motion = Motion.of(record)
    assert motion is not None
    # The truck's pack goes to the empty slot, one of the full ones to the truck.
    went = {frame: [hold.place for hold in held.holds if hold.place] for frame, held in motion.holds.items()}
    assert ["cradle", "grab", f"slot{hoist_log.EMPTY_SLOT}"] in went.values()
    assert [f"slot{hoist_log.FULL_SLOT}", "grab", "cradle"] in went.values()
    assert sum(bool(places) for places in went.values()) == 8
    assert [f.count for f in found.findings if f.kind in ("pack_nowhere", "pack_twice")] == []
    # What hangs on the grab is where the grab is.
    carried = next(frame for frame, places in went.items() if places[:2] == ["cradle", "grab"])
    hangs = next(hold for hold in motion.holds[carried].holds if hold.place == "grab")
    t_ns, X = motion.poses(record, hangs.t_ns + 10 * NS, hangs.t_ns + 20 * NS)
    axes = {name: record.signal(f"hoist.{name}") for name in ("bridge.pv_position_m", "trolley.pv_position_m")}
    for axis, (t, q) in enumerate(axes.values()):
        logged = np.isin(t_ns, t)
        at = X[logged, motion.scene.index[carried], axis]
        assert at == pytest.approx(q[np.isin(t, t_ns)], abs=1e-5)


def test_the_cab_back_pack_weighs_what_its_file_says() -> None:
    pack = load_pack("cab_back_282")
    root = ElementTree.parse(asset_folder("packs", "cab_back_282") / pack.urdf).getroot()
    mass, box = root.find(".//mass"), root.find(".//box")
    assert mass is not None and float(str(mass.get("value"))) == 3200
    size = [pack.length_x_m.value, pack.length_y_m.value, pack.height_m.value]
    assert box is not None and [float(x) for x in str(box.get("size")).split()] == size


def test_what_is_said_of_the_numbers_is_said_in_chinese_too() -> None:
    described = describe_cells({cell: cell for cell in CELLS}, [], pack="cab_back_282")
    parameters = [one for asset in described["assets"].values() for one in asset["parameters"].values()]
    said = {one[key] for one in parameters for key in ("source", "note")} - {""}
    assert len(said) > 8 and said == set(described["phrases"]["zh"])
