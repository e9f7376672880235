"""From files and shapes to bodies of the engine, with every default of it chosen."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

import pybullet

from twin.errors import InputError
from twin.physics.body import ANCHORED, TOUCHES, Articulated, FreeBody, Group, Joint, Obstacle, Pose, Vector


class Loader:
    """Loads into one client.

    Args:
        scratch: folder for the copies of files that the engine reads.
    """

    def __init__(self, client: int, scratch: Path) -> None:
        self._client, self._scratch = client, scratch

    def machine(
        self,
        name: str,
        urdf: Path,
        X_WR: Pose,
        *,
        group: Group,
        friction: float,
        without: Collection[str],
        origins: Mapping[str, Vector],
    ) -> Articulated:
        """A machine on a fixed root, its joints free of the motors that PyBullet gives them."""
        body = self._load(urdf, X_WR, fixed=True, without=without, origins=origins)
        joints: dict[str, Joint] = {}
        link_index: dict[str, int] = {}
        for index in range(pybullet.getNumJoints(body, physicsClientId=self._client)):
            info = pybullet.getJointInfo(body, index, physicsClientId=self._client)
            link_index[info[12].decode()] = index
            if info[2] != pybullet.JOINT_FIXED:
                joint = Joint(info[1].decode(), body, index, self._client)
                joints[joint.name] = joint
                # A default velocity motor acts on every joint until switched off.
                pybullet.setJointMotorControl2(
                    body, index, pybullet.VELOCITY_CONTROL, force=0, physicsClientId=self._client
                )
        order = list(joints.values())
        self._choose_dynamics(body, group, friction)
        return Articulated(
            name, body, joints, link_index, X_WR, _order=order, _indices=[joint.index for joint in order]
        )

    def free(self, name: str, urdf: Path, X_WB: Pose, *, group: Group, friction: float) -> FreeBody:
        """A free body; its mass is that of all its links."""
        body = self._load(urdf, X_WB, fixed=False)
        self._choose_dynamics(body, group, friction)
        links = range(-1, pybullet.getNumJoints(body, physicsClientId=self._client))
        mass = sum(pybullet.getDynamicsInfo(body, link, physicsClientId=self._client)[0] for link in links)
        return FreeBody(name, body, mass)

    def obstacle(self, obstacle: Obstacle, *, friction: float) -> int:
        """A static box or ball."""
        client = self._client
        if len(obstacle.size) == 1:
            shape = pybullet.createCollisionShape(pybullet.GEOM_SPHERE, radius=obstacle.size[0], physicsClientId=client)
        else:
            shape = pybullet.createCollisionShape(
                pybullet.GEOM_BOX, halfExtents=[edge / 2 for edge in obstacle.size], physicsClientId=client
            )
        # As a plain rigid body it costs the solver nothing while nothing touches it.
        body = pybullet.createMultiBody(0, shape, -1, obstacle.p, useMaximalCoordinates=True, physicsClientId=client)
        self._choose_dynamics(body, obstacle.group, friction)
        # Asleep, its contacts with held packs are passed over.
        for state in (pybullet.ACTIVATION_STATE_ENABLE_SLEEPING, pybullet.ACTIVATION_STATE_SLEEP):
            pybullet.changeDynamics(body, -1, activationState=state, physicsClientId=client)
        return int(body)

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
        prepared = _prepare(urdf, without, origins, self._scratch)
        try:
            return int(
                pybullet.loadURDF(
                    str(prepared), X_W[0], X_W[1], useFixedBase=fixed, flags=flags, physicsClientId=self._client
                )
            )
        except pybullet.error as error:
            raise InputError(key=urdf.name, expected="a URDF that PyBullet loads", got=error, file=urdf) from error

    def _choose_dynamics(self, body: int, group: Group, friction: float) -> None:
        client = self._client
        for link in range(-1, pybullet.getNumJoints(body, physicsClientId=client)):
            pybullet.changeDynamics(
                body, link, lateralFriction=friction, rollingFriction=0, spinningFriction=0, restitution=0,
                linearDamping=0, angularDamping=0, jointDamping=0, frictionAnchor=int(group in ANCHORED),
                physicsClientId=client,
            )  # fmt: skip
            pybullet.setCollisionFilterGroupMask(body, link, int(group), int(TOUCHES[group]), client)
        pybullet.changeDynamics(
            body, -1, activationState=pybullet.ACTIVATION_STATE_DISABLE_SLEEPING, physicsClientId=client
        )


def _prepare(urdf: Path, without: Collection[str], origins: Mapping[str, Vector], scratch: Path) -> Path:
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
