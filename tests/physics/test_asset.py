"""Every shipped URDF: sane masses, loads and steps, and numpy kinematics agree with the engine."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pybullet")

from tests.physics import scene
from twin import assets, frames
from twin.kinematics import Chain
from twin.physics import Group

pytestmark = pytest.mark.sim

ASSETS = assets.asset_folder("packs", scene.PACK).parents[1]
#: What is simulated; the machines of assets/cells are only shown.
URDFS = sorted(path for path in ASSETS.glob("*/*/*.urdf") if path.parts[-3] != "cells")


def _name(path: Path) -> str:
    return path.stem


def test_there_are_assets() -> None:
    assert {path.stem for path in URDFS} >= {"truck", "pack", "shuttle", "crane"}


@pytest.mark.parametrize("urdf", URDFS, ids=_name)
def test_masses_and_inertias_can_exist(urdf: Path) -> None:
    for link in ElementTree.parse(urdf).getroot().iter("link"):
        inertial = link.find("inertial")
        assert inertial is not None, link.get("name")
        mass, inertia = inertial.find("mass"), inertial.find("inertia")
        assert mass is not None and float(mass.get("value", "0")) > 0
        assert inertia is not None
        xx, xy, xz, yy, yz, zz = (float(inertia.get(k, "nan")) for k in ("ixx", "ixy", "ixz", "iyy", "iyz", "izz"))
        a, b, c = np.linalg.eigvalsh([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
        assert a > 0, link.get("name")
        # No body has a moment larger than the other two together.
        assert a + b >= c * (1 - 1e-9), link.get("name")


@pytest.mark.parametrize("urdf", URDFS, ids=_name)
def test_it_loads_and_steps(urdf: Path) -> None:
    engine = scene.make_engine(0.01)
    if urdf.stem == "pack":
        engine.add_free("pack", urdf, ((0, 0, 1), scene.UPRIGHT), group=Group.PACK, friction=0.5)
    else:
        engine.add_machine("m", urdf, ((0, 0, 0), scene.UPRIGHT), group=Group.MACHINE, friction=0.5)
    for _ in range(50):
        engine.step()
    engine.read()
    assert all(map(math.isfinite, engine.row))
    engine.close()


@pytest.mark.parametrize("urdf", [path for path in URDFS if path.stem != "pack"], ids=_name)
def test_kinematics_agree_with_the_engine(urdf: Path) -> None:
    chain, engine, rng = Chain(urdf), scene.make_engine(0.01), np.random.default_rng(3)
    root = ((0.4, -0.3, 0.1), (0.0, 0.0, math.sin(0.2), math.cos(0.2)))
    machine = engine.add_machine("m", urdf, root, group=Group.MACHINE, friction=0.5)
    for _ in range(3):
        positions = {name: np.array(rng.uniform(-0.05, 0.05)) for name in machine.joints}
        for name, joint in machine.joints.items():
            engine.place_joint(joint, float(positions[name]))
        poses = chain.world_poses(frames.join(*map(np.array, root)), positions)
        for link in machine.link_index:
            p, q = engine.pose_of_link(machine, link)
            assert np.abs(poses[link][:3] - p).max() < 1e-6, link
            assert min(np.abs(poses[link][3:] - q).max(), np.abs(poses[link][3:] + q).max()) < 1e-6, link
    engine.close()
