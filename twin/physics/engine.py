"""One PyBullet world, asked by name.

Every engine default that matters is chosen here, and everything that PyBullet's ``restoreState`` forgets (locks,
motor commands, held bodies) is kept beside it, so that a checkpoint continues bit for bit.
"""

from __future__ import annotations

import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntFlag
from pathlib import Path
from types import MappingProxyType
from typing import Any

from twin.errors import InputError, MissingExtraError

try:
    import pybullet
except ImportError as error:
    raise MissingExtraError(
        "simulating needs PyBullet, which has wheels for Linux x86-64 and CPython 3.10 or 3.11: "
        "install with `pip install swaptwin[sim]` there; viewing and reading Records work without it"
    ) from error

GRAVITY_M_S2 = 9.81
_NO_COMMAND = (0.0, 0.0, 0.0, 0.0)
#: Steps after which a body that was put to rest no longer moves, and one that was woken does.
_STEPS_TO_REST = 2

Vector = Sequence[float]
Pose = tuple[Sequence[float], Sequence[float]]  # position, quaternion xyzw


class Group(IntFlag):
    """Collision groups; what may touch what is in :data:`_TOUCHES`."""

    SUPPORT = 1
    STRUCTURE = 2
    PACK = 4
    MACHINE = 8
    TRUCK = 16


_TOUCHES: dict[Group, Group] = {
    Group.SUPPORT: Group.PACK | Group.MACHINE,
    Group.STRUCTURE: Group.PACK | Group.MACHINE,
    Group.PACK: Group.SUPPORT | Group.STRUCTURE | Group.PACK | Group.MACHINE | Group.TRUCK,
    Group.MACHINE: Group.SUPPORT | Group.STRUCTURE | Group.PACK | Group.TRUCK,
    Group.TRUCK: Group.PACK | Group.MACHINE,
}

#: Speed-level friction alone lets a carried pack creep 0.05 mm/s on its plate; anchors hold its place.
_ANCHORED = frozenset({Group.MACHINE, Group.SUPPORT})


def engine_version() -> str:
    """PyBullet's API version, for a Record's metadata."""
    return str(pybullet.getAPIVersion())


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
class _Tie:
    """A joint without force from a machine to the anchor, which makes both one island of the solver."""

    machine: Articulated
    handle: int = -1


@dataclass(slots=True)
class _SpringGroup:
    machine: Articulated
    indices: list[int]
    stiffness: list[float]
    damping: list[float]
    preload: list[float]
    idle: bool = False


@dataclass(frozen=True, slots=True)
class EngineCheckpoint:
    """What :meth:`Engine.restore` needs: the engine's own state and all that it forgets."""

    path: Path
    #: Copies of locks and ties, in the order of the solver.
    constraints: list[Lock | _Tie]
    lock_forces: list[Vector]
    commands: list[tuple[float, float, float, float] | None]
    joints: list[tuple[float, float, float]]
    free: list[tuple[Vector, Vector, Vector, Vector]]
    #: Of each body: whether it is held, and for how many steps when it is not yet at rest or awake, else None.
    held: list[tuple[bool, int | None]]
    idle: list[bool]
    row: list[float]
    touching: dict[tuple[str, str], tuple[Group, bool]]


class Engine:
    """A world at a fixed step.

    Args:
        step_s: physics step.
        iterations: upper bound of solver iterations a step.
        residual: the solver stops earlier below this residual.
    """

    def __init__(self, *, step_s: float, iterations: int, residual: float) -> None:
        self.step_s = step_s
        self.client: int = pybullet.connect(pybullet.DIRECT)
        self.machines: dict[str, Articulated] = {}
        self.free: dict[str, FreeBody] = {}
        self.obstacles: dict[str, int] = {}
        #: Locks and ties in the order of the solver, which decides how redundant locks share a load.
        self._constraints: list[Lock | _Tie] = []
        self._springs: list[_SpringGroup] = []
        #: Bodies whose hold changed so lately that the engine has not followed yet.
        self._turning: list[FreeBody | Articulated] = []
        #: Forces of locks made again by a restore, until the next step.
        self._lock_forces: dict[int, Vector] = {}
        self._touching: dict[tuple[str, str], tuple[Group, bool]] = {}
        #: What :meth:`read` found last: all bodies and joints as one flat row.
        self.row: list[float] = []
        self._free_places: list[tuple[int, FreeBody]] = []
        self._machine_places: list[tuple[int, Articulated]] = []
        self._scratch = tempfile.TemporaryDirectory(prefix="swaptwin-")
        self._checkpoints = 0
        pybullet.setPhysicsEngineParameter(
            fixedTimeStep=step_s,
            numSubSteps=0,
            numSolverIterations=iterations,
            solverResidualThreshold=residual,
            deterministicOverlappingPairs=1,
            contactBreakingThreshold=0.001,
            enableConeFriction=0,
            # One batch for all islands: which of them share one would depend on the past.
            minimumSolverIslandSize=1_000_000,
            physicsClientId=self.client,
        )
        pybullet.setGravity(0, 0, -GRAVITY_M_S2, physicsClientId=self.client)
        self._anchor = self._make_anchor()
        self._untied: list[Articulated] = []

    def close(self) -> None:
        """Free the world; the engine is not usable afterwards."""
        if self.client >= 0:
            pybullet.disconnect(physicsClientId=self.client)
            self.client = -1
            self._scratch.cleanup()

    # -- building ------------------------------------------------------------------------------------------------

    def _make_anchor(self) -> int:
        """A body that touches nothing and to which all machines that move are tied.

        The solver sorts motors and locks by islands, which it finds from overlapping boxes that remember where
        things came from; with everything in the anchor's island the order, and so the last digit, follows from the
        present state alone, and a restored run continues bit for bit.
        """
        client = self.client
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

    @property
    def locks(self) -> list[Lock]:
        """The locks that hold, in the order of the solver."""
        return [constraint for constraint in self._constraints if isinstance(constraint, Lock)]

    def add_machine(
        self,
        name: str,
        urdf: Path,
        X_WR: Pose,
        *,
        group: Group,
        friction: float,
        without: Collection[str] = (),
        origins: Mapping[str, Vector] | None = None,
    ) -> Articulated:
        """Load a machine whose root stands fixed at ``X_WR``.

        Args:
            without: links to leave out, with their joints. origins: other origins of joints than the file's, m.
        """
        body = self._load(urdf, X_WR, fixed=True, without=without, origins=origins or {})
        joints: dict[str, Joint] = {}
        link_index: dict[str, int] = {}
        for index in range(pybullet.getNumJoints(body, physicsClientId=self.client)):
            info = pybullet.getJointInfo(body, index, physicsClientId=self.client)
            link_index[info[12].decode()] = index
            if info[2] != pybullet.JOINT_FIXED:
                joint = Joint(info[1].decode(), body, index, self.client)
                joints[joint.name] = joint
                # A default velocity motor acts on every joint until switched off.
                pybullet.setJointMotorControl2(
                    body, index, pybullet.VELOCITY_CONTROL, force=0, physicsClientId=self.client
                )
        order = list(joints.values())
        machine = Articulated(
            name, body, joints, link_index, X_WR, _order=order, _indices=[joint.index for joint in order]
        )
        self._choose_dynamics(body, group, friction)
        self.machines[name] = machine
        self._untied.append(machine)
        return machine

    def add_free(self, name: str, urdf: Path, X_WB: Pose, *, group: Group, friction: float) -> FreeBody:
        """Load a free body at ``X_WB``; its mass is that of all its links."""
        body = self._load(urdf, X_WB, fixed=False)
        self._choose_dynamics(body, group, friction)
        links = range(-1, pybullet.getNumJoints(body, physicsClientId=self.client))
        mass = sum(pybullet.getDynamicsInfo(body, link, physicsClientId=self.client)[0] for link in links)
        self.free[name] = FreeBody(name, body, mass)
        return self.free[name]

    def add_obstacles(self, obstacles: Iterable[Obstacle], *, friction: float) -> None:
        """Add static boxes and balls."""
        for obstacle in obstacles:
            if len(obstacle.size) == 1:
                shape = pybullet.createCollisionShape(
                    pybullet.GEOM_SPHERE, radius=obstacle.size[0], physicsClientId=self.client
                )
            else:
                shape = pybullet.createCollisionShape(
                    pybullet.GEOM_BOX, halfExtents=[edge / 2 for edge in obstacle.size], physicsClientId=self.client
                )
            # As a plain rigid body it costs the solver nothing while nothing touches it.
            body = pybullet.createMultiBody(
                0, shape, -1, obstacle.p, useMaximalCoordinates=True, physicsClientId=self.client
            )
            self._choose_dynamics(body, obstacle.group, friction)
            # Asleep, its contacts with held packs are passed over.
            for state in (pybullet.ACTIVATION_STATE_ENABLE_SLEEPING, pybullet.ACTIVATION_STATE_SLEEP):
                pybullet.changeDynamics(body, -1, activationState=state, physicsClientId=self.client)
            self.obstacles[obstacle.name] = body

    def add_springs(
        self, machine: Articulated, joints: Sequence[str], stiffness: Sequence[float], damping: Sequence[float]
    ) -> list[float]:
        """Make joints linear spring-dampers.

        Args:
            stiffness: N/m or N·m/rad at zero position. damping: N·s/m or N·m·s/rad.

        Returns:
            The preload of each joint, N or N·m, a live list: change it to change the load at zero.
        """
        preload = [0.0] * len(joints)
        indices = [machine.joints[name].index for name in joints]
        self._springs.append(_SpringGroup(machine, indices, list(stiffness), list(damping), preload))
        return preload

    def soften(self, machine: Articulated, link: str, *, stiffness_n_m: float, damping_n_s_m: float) -> None:
        """Make a link's surface elastic: each point of contact with it is a spring and a damper."""
        pybullet.changeDynamics(
            machine.body, machine.link_index[link], contactStiffness=stiffness_n_m, contactDamping=damping_n_s_m,
            physicsClientId=self.client,
        )  # fmt: skip

    def place_joint(self, joint: Joint, q: float) -> None:
        """Set a joint's position before the run starts."""
        pybullet.resetJointState(joint.body, joint.index, q, 0.0, physicsClientId=self.client)
        joint.q, joint.v = q, 0.0

    def _load(
        self,
        urdf: Path,
        X_W: Pose,
        *,
        fixed: bool,
        without: Collection[str] = (),
        origins: Mapping[str, Vector] = MappingProxyType({}),
    ) -> int:
        flags = (
            pybullet.URDF_USE_INERTIA_FROM_FILE | pybullet.URDF_MAINTAIN_LINK_ORDER | pybullet.URDF_IGNORE_VISUAL_SHAPES
        )
        prepared = _prepare_urdf(urdf, without, origins, Path(self._scratch.name))
        try:
            return int(
                pybullet.loadURDF(
                    str(prepared), X_W[0], X_W[1], useFixedBase=fixed, flags=flags, physicsClientId=self.client
                )
            )
        except pybullet.error as error:
            raise InputError(key=urdf.name, expected="a URDF that PyBullet loads", got=error, file=urdf) from error

    def _choose_dynamics(self, body: int, group: Group, friction: float) -> None:
        for link in range(-1, pybullet.getNumJoints(body, physicsClientId=self.client)):
            pybullet.changeDynamics(
                body, link, lateralFriction=friction, rollingFriction=0, spinningFriction=0, restitution=0,
                linearDamping=0, angularDamping=0, jointDamping=0, frictionAnchor=int(group in _ANCHORED),
                physicsClientId=self.client,
            )  # fmt: skip
            pybullet.setCollisionFilterGroupMask(body, link, int(group), int(_TOUCHES[group]), self.client)
        pybullet.changeDynamics(
            body, -1, activationState=pybullet.ACTIVATION_STATE_DISABLE_SLEEPING, physicsClientId=self.client
        )

    # -- running -------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Apply the springs and advance by one step."""
        if self._untied:
            self._tie_all()
        for group in self._springs:
            # What is put to rest is still stepped once.
            if group.idle:
                group.idle = group.machine.held
                continue
            group.idle = group.machine.held
            body = group.machine.body
            states = pybullet.getJointStates(body, group.indices, physicsClientId=self.client)
            forces = [
                preload - stiffness * state[0] - damping * state[1]
                for preload, stiffness, damping, state in zip(
                    group.preload, group.stiffness, group.damping, states, strict=True
                )
            ]
            pybullet.setJointMotorControlArray(
                body, group.indices, pybullet.TORQUE_CONTROL, forces=forces, physicsClientId=self.client
            )
        pybullet.stepSimulation(self.client)
        if self._turning:
            self._follow_holds()
        if self._lock_forces:
            self._lock_forces.clear()

    def offsets(self) -> dict[str, int]:
        """Where the row of :meth:`read` holds a free body (by name) and a joint (``machine.joint``).

        A body takes 13 places: position, quaternion xyzw, velocity, angular velocity. A joint takes 7: position,
        speed, motor effort, and the motor's command: position, speed, gain, limit.
        """
        names = [(name, 13) for name in self.free]
        names += [(f"{machine.name}.{joint}", 7) for machine in self.machines.values() for joint in machine.joints]
        offsets, at = {}, 0
        for name, width in names:
            offsets[name] = at
            at += width
        return offsets

    def read(self) -> None:
        """Bring every body, every joint and :attr:`row` up to date; see :meth:`offsets`.

        A held body that has come to rest cannot move, so its last values stand.
        """
        if not self.row:
            self._lay_out_row()
        row = self.row
        client = self.client
        get_pose, get_velocity = pybullet.getBasePositionAndOrientation, pybullet.getBaseVelocity
        for at, body in self._free_places:
            if body._resting:
                continue
            body.p, body.q_xyzw = get_pose(body.body, client)
            body.v, body.w = get_velocity(body.body, client)
            row[at : at + 13] = (*body.p, *body.q_xyzw, *body.v, *body.w)
        for at, machine in self._machine_places:
            if not machine._resting:
                states = pybullet.getJointStates(machine.body, machine._indices, client)
                for joint, (q, v, _, effort) in zip(machine._order, states, strict=True):
                    joint.q, joint.v, joint.effort = q, v, effort
                    row[at : at + 7] = (q, v, effort, *(joint.command or _NO_COMMAND))
                    at += 7
        if self._turning:
            self._come_to_rest()

    def _lay_out_row(self) -> None:
        offsets = self.offsets()
        self.row = [0.0] * (13 * len(self.free) + 7 * len(self._all_joints()))
        self._free_places = [(offsets[body.name], body) for body in self.free.values()]
        self._machine_places = [
            (offsets[f"{machine.name}.{machine._order[0].name}"], machine)
            for machine in self.machines.values()
            if machine._order
        ]

    def _follow_holds(self) -> None:
        for body in self._turning:
            body._steps += 1
            # What is woken moves from its second step on; tied before that it would move without its springs.
            if body._steps == 1 and not body.held and isinstance(body, Articulated) and body.joints:
                self._tie(_Tie(body))

    def _come_to_rest(self) -> None:
        for body in list(self._turning):
            if body._steps >= _STEPS_TO_REST:
                body._resting = body.held
                self._turning = [other for other in self._turning if other is not body]

    # -- locks and holds -----------------------------------------------------------------------------------------

    def lock(
        self,
        parent: Articulated,
        parent_link: str,
        child: FreeBody,
        *,
        point_on_parent: Vector,
        point_on_child: Vector,
        max_force_n: float,
    ) -> Lock:
        """Join two points that coincide now; points are in the frames of the link and of the body, m."""
        lock = Lock(parent, parent_link, child, point_on_parent, point_on_child, max_force_n)
        self._make(lock)
        return lock

    def unlock(self, lock: Lock) -> None:
        """Take a lock away."""
        self._remove(lock)

    def _remove(self, constraint: Lock | _Tie) -> None:
        pybullet.removeConstraint(constraint.handle, physicsClientId=self.client)
        # PyBullet puts its last constraint in the place of the one that goes.
        index = next(n for n, other in enumerate(self._constraints) if other is constraint)
        self._constraints[index] = self._constraints[-1]
        del self._constraints[-1]

    def _tie_all(self) -> None:
        # Not before all machines stand: motors made between ties would leave gaps in the order.
        for machine in self._untied:
            if not machine.held and machine.joints:
                self._tie(_Tie(machine))
        self._untied.clear()

    def _tie(self, tie: _Tie) -> None:
        tie.handle = pybullet.createConstraint(
            tie.machine.body, tie.machine._order[0].index, self._anchor, 0, pybullet.JOINT_GEAR, (0, 0, 1),
            (0, 0, 0), (0, 0, 0), physicsClientId=self.client,
        )  # fmt: skip
        pybullet.changeConstraint(tie.handle, gearRatio=1, maxForce=0, physicsClientId=self.client)
        self._constraints.append(tie)

    def lock_force(self, lock: Lock) -> Sequence[float]:
        """The force a lock passed on in the last step, N, in W."""
        if self._lock_forces:
            return self._lock_forces[lock.handle]
        return pybullet.getConstraintState(lock.handle, physicsClientId=self.client)  # type: ignore[no-any-return]

    def _make(self, lock: Lock) -> None:
        link = lock.parent.link_index[lock.parent_link]
        # PyBullet measures a link's constraint point from its centre of mass.
        inertial = pybullet.getDynamicsInfo(lock.parent.body, link, physicsClientId=self.client)[3]
        at_mass = [value - offset for value, offset in zip(lock.point_on_parent, inertial, strict=True)]
        lock.handle = pybullet.createConstraint(
            lock.parent.body, link, lock.child.body, -1, pybullet.JOINT_POINT2POINT, (0, 0, 0),
            at_mass, lock.point_on_child, physicsClientId=self.client,
        )  # fmt: skip
        pybullet.changeConstraint(lock.handle, maxForce=lock.max_force_n, physicsClientId=self.client)
        self._constraints.append(lock)

    def hold(self, body: FreeBody | Articulated, held: bool) -> None:
        """Take a body that a latch holds (or a truck that waits outside) out of the solver, or put it back.

        PyBullet's own sleeping stays off: what is held is decided by the plant alone.
        """
        if body.held != held:
            self._send_hold(body, held)
            body._resting, body._steps = False, 0
            self._turning = [*(other for other in self._turning if other is not body), body]
            tie = next((c for c in self._constraints if isinstance(c, _Tie) and c.machine is body), None)
            if tie is not None:
                self._remove(tie)

    def _send_hold(self, body: FreeBody | Articulated, held: bool) -> None:
        states = (
            (pybullet.ACTIVATION_STATE_ENABLE_SLEEPING, pybullet.ACTIVATION_STATE_SLEEP)
            if held
            else (pybullet.ACTIVATION_STATE_WAKE_UP, pybullet.ACTIVATION_STATE_DISABLE_SLEEPING)
        )
        for state in states:
            pybullet.changeDynamics(body.body, -1, activationState=state, physicsClientId=self.client)
        body.held = held

    def set_touching(self, machine: Articulated, link: str, group: Group, touching: bool) -> None:
        """Let a link touch what its group touches, or nothing."""
        self._touching[machine.name, link] = (group, touching)
        # PyBullet lets two touch when either's mask has the other's group, so both go.
        pybullet.setCollisionFilterGroupMask(
            machine.body,
            machine.link_index[link],
            int(group) if touching else 0,
            int(_TOUCHES[group]) if touching else 0,
            physicsClientId=self.client,
        )

    def mass_above_kg(self, machine: Articulated, joint: str) -> float:
        """Mass that a joint moves: its link and everything after it, in the order of the file."""
        count = pybullet.getNumJoints(machine.body, physicsClientId=self.client)
        links = range(machine.joints[joint].index, count)
        return float(sum(pybullet.getDynamicsInfo(machine.body, i, physicsClientId=self.client)[0] for i in links))

    # -- measuring -----------------------------------------------------------------------------------------------

    def distance_m(self, body: int, link: int, other: int, other_link: int, *, within_m: float) -> float:
        """Least distance of two links' collision shapes, or ``within_m`` when they are further apart."""
        points = pybullet.getClosestPoints(
            body, other, within_m, linkIndexA=link, linkIndexB=other_link, physicsClientId=self.client
        )
        return min((point[8] for point in points), default=within_m)

    def contact_force_n(self, body: int, other: int, link: int | None = None) -> float:
        """Sum of normal forces between two bodies in the last step; ``link`` narrows the first."""
        arguments: dict[str, Any] = {"bodyA": body, "bodyB": other, "physicsClientId": self.client}
        if link is not None:
            arguments["linkIndexA"] = link
        return float(sum(point[9] for point in pybullet.getContactPoints(**arguments)))

    def pose_of_link(self, machine: Articulated, link: str) -> Pose:
        """Pose of a link's frame in W, freshly computed; not for the hot path."""
        state = pybullet.getLinkState(
            machine.body, machine.link_index[link], computeForwardKinematics=True, physicsClientId=self.client
        )
        return state[4], state[5]

    def height_m(self, x: float, y: float) -> float:
        """Height of the topmost static surface at a point of the floor plan."""
        hit = pybullet.rayTest((x, y, 0.5), (x, y, -2.0), physicsClientId=self.client)[0]
        return float(hit[3][2]) if hit[0] >= 0 else float("-inf")

    # -- checkpoints ---------------------------------------------------------------------------------------------

    def _all_joints(self) -> list[Joint]:
        return [joint for machine in self.machines.values() for joint in machine._order]

    def _all_holdable(self) -> list[FreeBody | Articulated]:
        return [*self.free.values(), *self.machines.values()]

    def save(self) -> EngineCheckpoint:
        """Keep this instant; the files live as long as the engine."""
        path = Path(self._scratch.name) / f"checkpoint-{self._checkpoints}.bullet"
        self._checkpoints += 1
        pybullet.saveBullet(str(path), physicsClientId=self.client)
        return EngineCheckpoint(
            path,
            [replace(constraint) for constraint in self._constraints],
            [tuple(self.lock_force(lock)) for lock in self.locks],
            [joint.command for joint in self._all_joints()],
            [(joint.q, joint.v, joint.effort) for joint in self._all_joints()],
            [(tuple(body.p), tuple(body.q_xyzw), tuple(body.v), tuple(body.w)) for body in self.free.values()],
            [
                (body.held, body._steps if any(other is body for other in self._turning) else None)
                for body in self._all_holdable()
            ],
            [group.idle for group in self._springs],
            list(self.row),
            dict(self._touching),
        )

    def restore(self, checkpoint: EngineCheckpoint) -> list[Lock]:
        """Go back to an instant of this same world.

        Returns:
            The locks made again, in the order in which they stood in :attr:`locks` when it was saved.
        """
        for constraint in reversed(list(self._constraints)):
            self._remove(constraint)
        # Contacts come back only for bodies that are awake, and what is held comes to rest only in steps, which
        # move what is not: so the state is restored once before these steps and once after.
        for body in self._all_holdable():
            self._send_hold(body, False)
        self._step_raw(_STEPS_TO_REST)
        self._restore_state(checkpoint)
        for constraint in checkpoint.constraints:
            if isinstance(constraint, Lock):
                self._make(replace(constraint))
            else:
                self._tie(replace(constraint))
        for joint, command in zip(self._all_joints(), checkpoint.commands, strict=True):
            joint.command = command
            joint.resend()
        for (machine, link), (group, touching) in checkpoint.touching.items():
            self.set_touching(self.machines[machine], link, group, touching)
        self._restore_holds(checkpoint)
        self._restore_state(checkpoint)
        for spring, idle in zip(self._springs, checkpoint.idle, strict=True):
            spring.idle = idle
        for joint, (q, v, effort) in zip(self._all_joints(), checkpoint.joints, strict=True):
            joint.q, joint.v, joint.effort = q, v, effort
        for free, (p, q_xyzw, velocity, w) in zip(self.free.values(), checkpoint.free, strict=True):
            free.p, free.q_xyzw, free.v, free.w = p, q_xyzw, velocity, w
        self.row = list(checkpoint.row)
        self._lock_forces = {lock.handle: force for lock, force in zip(self.locks, checkpoint.lock_forces, strict=True)}
        return self.locks

    def _restore_state(self, checkpoint: EngineCheckpoint) -> None:
        pybullet.restoreState(fileName=str(checkpoint.path), physicsClientId=self.client)

    def _step_raw(self, steps: int) -> None:
        for _ in range(steps):
            pybullet.stepSimulation(self.client)

    def _restore_holds(self, checkpoint: EngineCheckpoint) -> None:
        """Hold and wake bodies as many steps before the checkpoint's instant as it was."""
        bodies = list(zip(self._all_holdable(), checkpoint.held, strict=True))
        for body, (held, steps) in bodies:
            self._send_hold(body, held if steps is None else not held)
        for ago in range(2 * _STEPS_TO_REST, -1, -1):
            for body, (held, steps) in bodies:
                if steps == ago:
                    self._send_hold(body, held)
            self._step_raw(1 if ago else 0)
        self._turning = []
        for body, (held, steps) in bodies:
            body.held, body._steps, body._resting = held, steps or 0, held and steps is None
            if steps is not None:
                self._turning.append(body)


def _prepare_urdf(urdf: Path, without: Collection[str], origins: Mapping[str, Vector], scratch: Path) -> Path:
    """A copy of a URDF for the engine alone: no visuals, absolute mesh paths, some links left out or moved.

    A link that only mimics another's motion is drawn, not simulated.
    """
    if not urdf.is_file():
        raise InputError(key=urdf.name, expected="a URDF file", got="no such file", file=urdf)
    tree = ElementTree.parse(urdf)
    root = tree.getroot()
    carried = {joint: str(child.get("link")) for joint in root.iter("joint") for child in joint.iter("child")}
    gone = {*without, *(link for joint, link in carried.items() if joint.find("mimic") is not None)}
    for element in list(root):
        if element.get("name") in gone if element.tag == "link" else carried.get(element) in gone:
            root.remove(element)
    for link in root.iter("link"):
        for visual in link.findall("visual"):
            link.remove(visual)
    for joint in root.iter("joint"):
        if joint.get("name") in origins:
            origin = joint.find("origin")
            assert origin is not None
            origin.set("xyz", " ".join(map(str, origins[joint.get("name", "")])))
    for mesh in root.iter("mesh"):
        mesh.set("filename", str((urdf.parent / mesh.get("filename", "")).resolve()))
    prepared = scratch / f"{urdf.stem}-{len(list(scratch.iterdir()))}.urdf"
    tree.write(prepared)
    return prepared


def compose(X_AB: Pose, X_BC: Pose) -> Pose:
    """``X_AC``; for single poses in the hot path (``twin.frames`` does many at once)."""
    return pybullet.multiplyTransforms(X_AB[0], X_AB[1], X_BC[0], X_BC[1])  # type: ignore[no-any-return]


def relative(X_WA: Pose, X_WB: Pose) -> Pose:
    """``X_AB``."""
    inverse = pybullet.invertTransform(X_WA[0], X_WA[1])
    return pybullet.multiplyTransforms(inverse[0], inverse[1], X_WB[0], X_WB[1])  # type: ignore[no-any-return]


def rotate(q_AB_xyzw: Vector, v_B: Vector) -> Vector:
    """A vector turned into A."""
    return pybullet.multiplyTransforms((0.0, 0.0, 0.0), q_AB_xyzw, v_B, (0.0, 0.0, 0.0, 1.0))[0]  # type: ignore[no-any-return]
