"""An instant of a world, with all that PyBullet's ``restoreState`` forgets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pybullet

from twin.physics.body import Group, Vector
from twin.physics.constraint import Lock, Tie
from twin.physics.hold import SavedHold

if TYPE_CHECKING:
    from twin.physics.engine import Engine


@dataclass(frozen=True, slots=True)
class EngineCheckpoint:
    """What :func:`restore` needs: the engine's own state and all that it forgets."""

    path: Path
    #: Copies of locks and ties, in the order of the solver.
    constraints: list[Lock | Tie]
    lock_forces: list[Vector]
    commands: list[tuple[float, float, float, float] | None]
    joints: list[tuple[float, float, float]]
    free: list[tuple[Vector, Vector, Vector, Vector]]
    held: list[SavedHold]
    idle: list[bool]
    row: list[float]
    touching: dict[tuple[str, str], tuple[Group, bool]]


def save(engine: Engine, path: Path) -> EngineCheckpoint:
    """Keep this instant; ``path`` is where the engine's own state is written."""
    pybullet.saveBullet(str(path), physicsClientId=engine.client)
    constraints, lock_forces = engine.constraints.save()
    joints = engine.all_joints()
    return EngineCheckpoint(
        path,
        constraints,
        lock_forces,
        [joint.command for joint in joints],
        [(joint.q, joint.v, joint.effort) for joint in joints],
        [(tuple(body.p), tuple(body.q_xyzw), tuple(body.v), tuple(body.w)) for body in engine.free.values()],
        engine.holds.save(engine.all_bodies()),
        [group.idle for group in engine.springs],
        list(engine.row),
        dict(engine.touching),
    )


def restore(engine: Engine, checkpoint: EngineCheckpoint) -> None:
    """Go back to an instant of this same world.

    Contacts come back only for bodies that are awake, and what is held comes to rest only in steps, which move what
    is not: so the state is restored once before these steps and once after.
    """
    bodies, joints = engine.all_bodies(), engine.all_joints()
    engine.constraints.remove_all()
    engine.holds.release_all(bodies)
    _restore_state(engine, checkpoint)
    engine.constraints.make_again(checkpoint.constraints)
    for joint, command in zip(joints, checkpoint.commands, strict=True):
        joint.command = command
        joint.resend()
    for (machine, link), (group, touching) in checkpoint.touching.items():
        engine.set_touching(engine.machines[machine], link, group, touching)
    engine.holds.restore(bodies, checkpoint.held)
    _restore_state(engine, checkpoint)
    for spring, idle in zip(engine.springs, checkpoint.idle, strict=True):
        spring.idle = idle
    for joint, (q, v, effort) in zip(joints, checkpoint.joints, strict=True):
        joint.q, joint.v, joint.effort = q, v, effort
    for free, (p, q_xyzw, velocity, w) in zip(engine.free.values(), checkpoint.free, strict=True):
        free.p, free.q_xyzw, free.v, free.w = p, q_xyzw, velocity, w
    engine.row = list(checkpoint.row)
    engine.constraints.restore_forces(checkpoint.lock_forces)


def _restore_state(engine: Engine, checkpoint: EngineCheckpoint) -> None:
    pybullet.restoreState(fileName=str(checkpoint.path), physicsClientId=engine.client)
