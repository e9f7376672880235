"""The only importer of pybullet: one world of articulated machines, free packs, static structure and locks."""

from twin.errors import MissingExtraError

try:
    import pybullet as _  # noqa: F401
except ImportError as error:
    raise MissingExtraError(
        "simulating needs PyBullet, which has wheels for Linux x86-64 and CPython 3.10 or 3.11: "
        "install with `pip install swaptwin[sim]` there; viewing and reading Records work without it"
    ) from error

from twin.physics.body import Articulated, FreeBody, Group, Joint, Obstacle, Pose
from twin.physics.checkpoint import EngineCheckpoint
from twin.physics.constraint import Lock
from twin.physics.engine import GRAVITY_M_S2, Engine, engine_version
from twin.physics.pose import compose, relative, rotate

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
