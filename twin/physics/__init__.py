"""The only importer of pybullet: one world of articulated machines, free packs, static structure and locks."""

from twin.physics.engine import (
    GRAVITY_M_S2,
    Articulated,
    Engine,
    EngineCheckpoint,
    FreeBody,
    Group,
    Joint,
    Lock,
    Obstacle,
    Pose,
    compose,
    engine_version,
    relative,
    rotate,
)

__all__ = [
    "GRAVITY_M_S2",
    "Articulated",
    "Engine",
    "EngineCheckpoint",
    "FreeBody",
    "Group",
    "Joint",
    "Lock",
    "Obstacle",
    "Pose",
    "compose",
    "engine_version",
    "relative",
    "rotate",
]
