"""One PyBullet world, asked by name.

Every engine default that matters is chosen here and in ``loader``, and everything that PyBullet's ``restoreState``
forgets (locks, motor commands, held bodies) is kept beside it, so that a checkpoint continues bit for bit.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pybullet

from twin.physics import checkpoint
from twin.physics.body import TOUCHES, Articulated, FreeBody, Group, Joint, Obstacle, Pose, Vector
from twin.physics.checkpoint import EngineCheckpoint
from twin.physics.constraint import Constraints, Lock
from twin.physics.hold import Holds
from twin.physics.loader import Loader
from twin.physics.spring import SpringGroup

GRAVITY_M_S2 = 9.81
_NO_COMMAND = (0.0, 0.0, 0.0, 0.0)


def engine_version() -> str:
    """PyBullet's API version, for a Record's metadata."""
    return str(pybullet.getAPIVersion())


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
        self.springs: list[SpringGroup] = []
        #: Links that were let touch, or not: group, and whether.
        self.touching: dict[tuple[str, str], tuple[Group, bool]] = {}
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
        self._loader = Loader(self.client, Path(self._scratch.name))
        self.constraints = Constraints(self.client)
        self.holds = Holds(self.client, self.constraints)

    def close(self) -> None:
        """Free the world; the engine is not usable afterwards."""
        if self.client >= 0:
            pybullet.disconnect(physicsClientId=self.client)
            self.client = -1
            self._scratch.cleanup()

    # -- building ------------------------------------------------------------------------------------------------

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

        Raises:
            InputError: the file is missing, or PyBullet does not load it.
        """
        machine = self._loader.machine(
            name, urdf, X_WR, group=group, friction=friction, without=without, origins=origins or {}
        )
        self.machines[name] = machine
        self.constraints.tie_later(machine)
        return machine

    def add_free(self, name: str, urdf: Path, X_WB: Pose, *, group: Group, friction: float) -> FreeBody:
        """Load a free body at ``X_WB``; its mass is that of all its links.

        Raises:
            InputError: the file is missing, or PyBullet does not load it.
        """
        self.free[name] = self._loader.free(name, urdf, X_WB, group=group, friction=friction)
        return self.free[name]

    def add_obstacles(self, obstacles: Iterable[Obstacle], *, friction: float) -> None:
        """Add static boxes and balls."""
        for obstacle in obstacles:
            self.obstacles[obstacle.name] = self._loader.obstacle(obstacle, friction=friction)

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
        self.springs.append(SpringGroup(machine, indices, stiffness, damping, preload))
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

    # -- running -------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Apply the springs and advance by one step."""
        self.constraints.before_step()
        for group in self.springs:
            group.push(self.client)
        pybullet.stepSimulation(self.client)
        self.holds.after_step()
        self.constraints.after_step()

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
        self.holds.after_read()

    def _lay_out_row(self) -> None:
        offsets = self.offsets()
        self.row = [0.0] * (13 * len(self.free) + 7 * len(self.all_joints()))
        self._free_places = [(offsets[body.name], body) for body in self.free.values()]
        self._machine_places = [
            (offsets[f"{machine.name}.{machine._order[0].name}"], machine)
            for machine in self.machines.values()
            if machine._order
        ]

    # -- locks and holds -----------------------------------------------------------------------------------------

    @property
    def locks(self) -> list[Lock]:
        """The locks that hold, in the order of the solver."""
        return self.constraints.locks

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
        return self.constraints.lock(Lock(parent, parent_link, child, point_on_parent, point_on_child, max_force_n))

    def unlock(self, lock: Lock) -> None:
        """Take a lock away."""
        self.constraints.remove(lock)

    def lock_force(self, lock: Lock) -> Sequence[float]:
        """The force a lock passed on in the last step, N, in W."""
        return self.constraints.force(lock)

    def hold(self, body: FreeBody | Articulated, held: bool) -> None:
        """Take a body that a latch holds (or a truck that waits outside) out of the solver, or put it back."""
        self.holds.hold(body, held)

    def set_touching(self, machine: Articulated, link: str, group: Group, touching: bool) -> None:
        """Let a link touch what its group touches, or nothing."""
        self.touching[machine.name, link] = (group, touching)
        # PyBullet lets two touch when either's mask has the other's group, so both go.
        pybullet.setCollisionFilterGroupMask(
            machine.body,
            machine.link_index[link],
            int(group) if touching else 0,
            int(TOUCHES[group]) if touching else 0,
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

    def all_joints(self) -> list[Joint]:
        """The joints of all machines, in the order of loading."""
        return [joint for machine in self.machines.values() for joint in machine._order]

    def all_bodies(self) -> list[FreeBody | Articulated]:
        """All that can be held."""
        return [*self.free.values(), *self.machines.values()]

    def save(self) -> EngineCheckpoint:
        """Keep this instant; the files live as long as the engine."""
        self._checkpoints += 1
        return checkpoint.save(self, Path(self._scratch.name) / f"checkpoint-{self._checkpoints}.bullet")

    def restore(self, saved: EngineCheckpoint) -> list[Lock]:
        """Go back to an instant of this same world.

        Returns:
            The locks made again, in the order in which they stood in :attr:`locks` when it was saved.
        """
        checkpoint.restore(self, saved)
        return self.locks
