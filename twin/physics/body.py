"""What stands in the world: machines, free bodies, obstacles, and what may touch what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntFlag

import pybullet

Vector = Sequence[float]
Pose = tuple[Sequence[float], Sequence[float]]  # position, quaternion xyzw


class Group(IntFlag):
    """Collision groups; what may touch what is in :data:`TOUCHES`."""

    SUPPORT = 1
    STRUCTURE = 2
    PACK = 4
    MACHINE = 8
    TRUCK = 16


TOUCHES: dict[Group, Group] = {
    Group.SUPPORT: Group.PACK | Group.MACHINE,
    Group.STRUCTURE: Group.PACK | Group.MACHINE,
    Group.PACK: Group.SUPPORT | Group.STRUCTURE | Group.PACK | Group.MACHINE | Group.TRUCK,
    Group.MACHINE: Group.SUPPORT | Group.STRUCTURE | Group.PACK | Group.TRUCK,
    Group.TRUCK: Group.PACK | Group.MACHINE,
}

#: Speed-level friction alone lets a carried pack creep 0.05 mm/s on its plate; anchors hold its place.
ANCHORED = frozenset({Group.MACHINE, Group.SUPPORT})


@dataclass(slots=True)
class Joint:
    """One driven or sprung joint: its state after the last step and its motor.

    ``q`` in m or rad, ``v`` per second, ``effort`` of the motor in N or N·m.
    """

    name: str
    body: int
    index: int
    client: int
    q: float = 0.0
    v: float = 0.0
    effort: float = 0.0
    command: tuple[float, float, float, float] | None = None

    def servo(self, position: float, speed: float, gain: float, limit: float) -> None:
        """Follow a set point until told otherwise.

        Args:
            position, speed: where to be, and how fast to be moving, at the end of the next step.
            gain: share of the position error taken out in one step, 0 for a pure speed motor.
            limit: largest effort, N or N·m.
        """
        self.command = (position, speed, gain, limit)
        pybullet.setJointMotorControl2(
            self.body, self.index, pybullet.POSITION_CONTROL, position, speed, limit, gain, 1.0,
            physicsClientId=self.client,
        )  # fmt: skip

    def read_effort(self) -> float:
        """The motor's effort in the last step, N or N·m, without reading the rest."""
        state = pybullet.getJointState(self.body, self.index, physicsClientId=self.client)
        return state[3]  # type: ignore[no-any-return]

    def resend(self) -> None:
        """Give the motor its last command again, which a restored engine has forgotten."""
        if self.command is not None:
            position, speed, gain, limit = self.command
            self.servo(position, speed, gain, limit)


@dataclass(slots=True)
class Articulated:
    """A machine with joints, standing on a fixed root."""

    name: str
    body: int
    joints: dict[str, Joint]
    link_index: dict[str, int]
    X_WR: Pose
    held: bool = False
    _resting: bool = False
    _steps: int = 0
    _order: list[Joint] = field(default_factory=list)
    _indices: list[int] = field(default_factory=list)


@dataclass(slots=True)
class FreeBody:
    """A body with six freedoms: position and quaternion (xyzw) of its frame in W, and its velocities in W."""

    name: str
    body: int
    mass_kg: float
    p: Sequence[float] = (0.0, 0.0, 0.0)
    q_xyzw: Sequence[float] = (0.0, 0.0, 0.0, 1.0)
    v: Sequence[float] = (0.0, 0.0, 0.0)
    w: Sequence[float] = (0.0, 0.0, 0.0)
    held: bool = False
    _resting: bool = False
    _steps: int = 0


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A static box or ball. ``size`` is edge lengths of a box, or one radius of a ball."""

    name: str
    size: tuple[float, ...]
    p: tuple[float, float, float]
    group: Group
