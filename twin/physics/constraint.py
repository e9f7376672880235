"""Locks between trucks and packs, and the ties that keep all machines in one island of the solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pybullet

from twin.physics.body import Articulated, FreeBody, Vector


@dataclass(slots=True)
class Lock:
    """A force-limited ball joint between a truck's bracket and a pack, made where the two met."""

    parent: Articulated
    parent_link: str
    child: FreeBody
    point_on_parent: Vector
    point_on_child: Vector
    max_force_n: float
    handle: int = -1


@dataclass(slots=True)
class Tie:
    """A joint without force from a machine to the anchor, which makes both one island of the solver."""

    machine: Articulated
    handle: int = -1


class Constraints:
    """Locks and ties in the order of the solver, which decides how redundant locks share a load."""

    def __init__(self, client: int) -> None:
        self._client = client
        self._made: list[Lock | Tie] = []
        self._anchor = _make_anchor(client)
        #: Machines that are loaded and not yet tied.
        self._untied: list[Articulated] = []
        #: Forces of locks made again by a restore, until the next step.
        self._forces: dict[int, Vector] = {}

    @property
    def locks(self) -> list[Lock]:
        """The locks that hold, in the order of the solver."""
        return [constraint for constraint in self._made if isinstance(constraint, Lock)]

    # -- locks ---------------------------------------------------------------------------------------------------

    def lock(self, lock: Lock) -> Lock:
        """Join two points that coincide now; points are in the frames of the link and of the body, m."""
        link = lock.parent.link_index[lock.parent_link]
        # PyBullet measures a link's constraint point from its centre of mass.
        inertial = pybullet.getDynamicsInfo(lock.parent.body, link, physicsClientId=self._client)[3]
        at_mass = [value - offset for value, offset in zip(lock.point_on_parent, inertial, strict=True)]
        lock.handle = pybullet.createConstraint(
            lock.parent.body, link, lock.child.body, -1, pybullet.JOINT_POINT2POINT, (0, 0, 0),
            at_mass, lock.point_on_child, physicsClientId=self._client,
        )  # fmt: skip
        pybullet.changeConstraint(lock.handle, maxForce=lock.max_force_n, physicsClientId=self._client)
        self._made.append(lock)
        return lock

    def remove(self, constraint: Lock | Tie) -> None:
        """Take a lock or a tie away."""
        pybullet.removeConstraint(constraint.handle, physicsClientId=self._client)
        # PyBullet puts its last constraint in the place of the one that goes.
        index = next(n for n, other in enumerate(self._made) if other is constraint)
        self._made[index] = self._made[-1]
        del self._made[-1]

    def force(self, lock: Lock) -> Sequence[float]:
        """The force a lock passed on in the last step, N, in W."""
        if lock.handle in self._forces:
            return self._forces[lock.handle]
        return pybullet.getConstraintState(lock.handle, physicsClientId=self._client)  # type: ignore[no-any-return]

    # -- ties ----------------------------------------------------------------------------------------------------

    def tie_later(self, machine: Articulated) -> None:
        """Tie a machine before the first step: motors made between ties would leave gaps in the solver's order."""
        self._untied.append(machine)

    def before_step(self) -> None:
        """Tie what is waiting."""
        for machine in self._untied:
            if not machine.held and machine.joints:
                self.tie(machine)
        self._untied.clear()

    def after_step(self) -> None:
        """Forces are the solver's again."""
        if self._forces:
            self._forces.clear()

    def tie(self, machine: Articulated) -> None:
        """Tie a machine to the anchor."""
        tie = Tie(machine)
        tie.handle = pybullet.createConstraint(
            machine.body, machine._order[0].index, self._anchor, 0, pybullet.JOINT_GEAR, (0, 0, 1),
            (0, 0, 0), (0, 0, 0), physicsClientId=self._client,
        )  # fmt: skip
        pybullet.changeConstraint(tie.handle, gearRatio=1, maxForce=0, physicsClientId=self._client)
        self._made.append(tie)

    def untie(self, body: FreeBody | Articulated) -> None:
        """Take a machine's tie away, if it has one."""
        tie = next((made for made in self._made if isinstance(made, Tie) and made.machine is body), None)
        if tie is not None:
            self.remove(tie)

    # -- checkpoints ---------------------------------------------------------------------------------------------

    def save(self) -> tuple[list[Lock | Tie], list[Vector]]:
        """Copies of all constraints, and the forces of the locks among them."""
        return [replace(made) for made in self._made], [tuple(self.force(lock)) for lock in self.locks]

    def remove_all(self) -> None:
        for made in reversed(list(self._made)):
            self.remove(made)

    def make_again(self, saved: list[Lock | Tie]) -> None:
        """Make what was saved in the same order."""
        for made in saved:
            if isinstance(made, Lock):
                self.lock(replace(made))
            else:
                self.tie(made.machine)

    def restore_forces(self, forces: list[Vector]) -> None:
        """Show these forces until the next step, which finds them anew."""
        self._forces = {lock.handle: force for lock, force in zip(self.locks, forces, strict=True)}


def _make_anchor(client: int) -> int:
    """A body that touches nothing and to which all machines that move are tied.

    The solver sorts motors and locks by islands, which it finds from overlapping boxes that remember where
    things came from; with everything in the anchor's island the order, and so the last digit, follows from the
    present state alone, and a restored run continues bit for bit.
    """
    ball = pybullet.createCollisionShape(pybullet.GEOM_SPHERE, radius=0.01, physicsClientId=client)
    upright = (0.0, 0.0, 0.0, 1.0)
    body = pybullet.createMultiBody(
        0, -1, -1, (0.0, 0.0, -50.0), upright, linkMasses=[1.0], linkCollisionShapeIndices=[ball],
        linkVisualShapeIndices=[-1], linkPositions=[(0.0, 0.0, 0.0)], linkOrientations=[upright],
        linkInertialFramePositions=[(0.0, 0.0, 0.0)], linkInertialFrameOrientations=[upright],
        linkParentIndices=[0], linkJointTypes=[pybullet.JOINT_PRISMATIC], linkJointAxis=[(1.0, 0.0, 0.0)],
        physicsClientId=client,
    )  # fmt: skip
    pybullet.setJointMotorControl2(body, 0, pybullet.VELOCITY_CONTROL, force=0, physicsClientId=client)
    for link in (-1, 0):
        pybullet.setCollisionFilterGroupMask(body, link, 0, 0, client)
    pybullet.changeDynamics(
        body, -1, activationState=pybullet.ACTIVATION_STATE_DISABLE_SLEEPING, physicsClientId=client
    )
    return int(body)
