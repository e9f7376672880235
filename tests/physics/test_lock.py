"""Locks: made where the pack is, only where the latch reaches, and no stronger than they are."""

from __future__ import annotations

import math

import pytest

pytest.importorskip("pybullet")

from tests.physics import scene
from twin.physics import GRAVITY_M_S2 as G
from twin.physics import Engine, FreeBody, Group, Obstacle
from twin.plant.bracket import Bracket

pytestmark = pytest.mark.sim


def _raised(dx: float, dz: float) -> tuple[Engine, FreeBody, Bracket]:
    """A pack on supports under a bracket, off its seat by ``dx`` sideways and ``dz`` in height."""
    engine = scene.make_engine(0.005)
    truck, _ = scene.add_truck(engine)
    top = 0.33 + dz
    engine.add_obstacles(
        [
            Obstacle(f"s{n}", (0.05,), (sx * 0.33, sy * 0.75, top - 0.05), Group.SUPPORT)
            for n, (sx, sy) in enumerate([(1, 1), (1, -1), (-1, 1), (-1, -1)])
        ],
        friction=0.5,
    )
    body = scene.add_pack(engine, (dx, 0.0, top + 0.2))
    scene.run_for(engine, 1.0)
    bracket = scene.make_bracket(engine, truck)
    bracket.look(engine.pose_of_link(truck, "chassis"), [scene.make_pack(body)])
    return engine, body, bracket


@pytest.mark.parametrize(("dx", "dz"), [(0.0, -0.0005), (0.002, -0.002)])
def test_closing_moves_the_pack_less_than_a_tenth_of_a_millimetre(dx: float, dz: float) -> None:
    engine, body, bracket = _raised(dx, dz)
    before = body.p
    bracket.turn(1, 10.0)
    assert all(latch.joint is not None for latch in bracket.latches)
    scene.run_for(engine, 0.5)
    assert math.dist(before, body.p) < 1e-4
    bracket.turn(-1, 10.0)
    assert not bracket.held
    engine.close()


def test_a_latch_does_not_close_on_a_pack_out_of_its_reach() -> None:
    engine, body, bracket = _raised(0.008, -0.012)
    before = body.p
    for _ in range(200):
        bracket.turn(1, 0.02)
        engine.step()
    engine.read()
    assert not bracket.held and not engine.locks
    assert all(latch.blocked or latch.stroke < 0.9 for latch in bracket.latches)
    assert math.dist(before, body.p) < 1e-3
    engine.close()


def test_a_lock_opens_only_when_driven() -> None:
    engine, _, bracket = _raised(0.0, -0.0005)
    bracket.turn(1, 10.0)
    strokes = [latch.stroke for latch in bracket.latches]
    scene.run_for(engine, 5.0)
    assert [latch.stroke for latch in bracket.latches] == strokes
    assert len(engine.locks) == 4
    engine.close()


@pytest.mark.parametrize(("limit_n", "holds"), [(40000.0, True), (2000.0, False)])
def test_a_hanging_pack_pulls_with_its_weight_and_a_weak_lock_gives_way(limit_n: float, holds: bool) -> None:
    engine = scene.make_engine(0.005)
    truck, _ = scene.add_truck(engine)
    body = scene.add_pack(engine, (0.0, 0.0, 0.53))
    engine.step()
    engine.read()
    locks = [
        engine.lock(
            truck, "chassis", body, point_on_parent=(x, y, 0.07), point_on_child=(x, y, 0.14), max_force_n=limit_n
        )
        for x, y in ((0.28, 0.6), (0.28, -0.6), (-0.28, 0.6), (-0.28, -0.6))
    ]
    scene.run_for(engine, 4.0 if holds else 1.0)
    if holds:
        force = [sum(engine.lock_force(lock)[axis] for lock in locks) for axis in range(3)]
        assert math.hypot(*force) == pytest.approx(body.mass_kg * G, rel=0.01)
    else:
        assert body.p[2] < 0.4
    engine.close()


def test_a_lock_made_between_a_restore_and_the_next_step_passes_on_nothing_yet() -> None:
    engine, body, bracket = _raised(0.0, -0.0005)
    bracket.turn(1, 10.0)
    scene.run_for(engine, 0.5)
    locks = engine.restore(engine.save())
    forces = [tuple(engine.lock_force(lock)) for lock in locks]
    assert all(math.hypot(*force) > 0.0 for force in forces), "as they were in the last step"
    made = engine.lock(
        locks[0].parent, "chassis", body,
        point_on_parent=locks[0].point_on_parent, point_on_child=locks[0].point_on_child, max_force_n=1000.0,
    )  # fmt: skip
    assert math.hypot(*engine.lock_force(made)) == 0.0
    assert [tuple(engine.lock_force(lock)) for lock in locks] == forces
    engine.step()
    assert math.hypot(*engine.lock_force(made)) > 0.0
    engine.close()
