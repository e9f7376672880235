"""The world of a run, at one instant, as a MuJoCo model.

Masses, inertias, joints and shapes are read back from the running engine, so both engines solve the same station. What
differs is said in :data:`DIFFERENCES`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mujoco
import numpy as np
import pybullet

from twin.physics import Articulated, FreeBody, Group
from twin.physics.body import TOUCHES
from twin.world import World

DIFFERENCES = """\
Not the same: MuJoCo's contacts are soft, and at this step the stiffest stable ones give millimetres under a pack; its
position actuators give too, and get the effort of the instant fed forward. A socket is four boxes instead of a
concave mesh, without its lead-in. What PyBullet puts to sleep is fixed in MuJoCo. MuJoCo takes the larger friction of a
pair, PyBullet the product: each geom carries the square of its own."""

#: Stiffness of actuators: a moving mass on its drive swings at this angular frequency, rad/s, with this damping ratio.
_DRIVE_RAD_S, _DRIVE_RATIO = 60.0, 1.0
_TYPES = {pybullet.JOINT_PRISMATIC: "slide", pybullet.JOINT_REVOLUTE: "hinge"}


class ModelBuilder:
    """Builds the model of one instant.

    Args:
        world: between two scans.
    """

    def __init__(self, world: World, *, solver: str, iterations: int) -> None:
        self._world, self._engine = world, world.engine
        self._client = world.engine.client
        self._root = ElementTree.Element("mujoco", model="station")
        ElementTree.SubElement(self._root, "compiler", angle="radian", autolimits="true", boundmass="0")
        # The time constant of contacts is the shortest that the step allows.
        option = ElementTree.SubElement(
            self._root, "option", timestep=str(world.step_s), gravity="0 0 -9.81", integrator="implicitfast",
            cone="pyramidal", solver=solver, iterations=str(iterations),
        )  # fmt: skip
        ElementTree.SubElement(option, "flag", energy="disable", warmstart="enable")
        default = ElementTree.SubElement(self._root, "default")
        ElementTree.SubElement(default, "geom", solref=f"{2 * world.step_s} 1", condim="3", margin="0")
        self._asset = ElementTree.SubElement(self._root, "asset")
        self._worldbody = ElementTree.SubElement(self._root, "worldbody")
        self._equality = ElementTree.SubElement(self._root, "equality")
        self._actuator = ElementTree.SubElement(self._root, "actuator")
        self._joints: dict[str, float] = {}
        self._targets: dict[str, float] = {}
        self._poses: dict[str, Sequence[float]] = {}
        self._bodies: dict[str, ElementTree.Element] = {}

    def build(self) -> tuple[Any, Any]:
        """Model and data, standing as the world stands now."""
        self._add_obstacles()
        springs = {id(group.machine): group for group in self._engine.springs}
        for machine in self._engine.machines.values():
            self._add_machine(machine, springs.get(id(machine)))
        for body in self._engine.free.values():
            self._add_free(body)
        for number, lock in enumerate(self._engine.locks):
            if lock.parent.held:
                continue
            # By sites: between bodies, MuJoCo would take the far point from where all joints stand at zero.
            ends = (
                (lock.child.name, lock.point_on_child),
                (f"{lock.parent.name}.{lock.parent_link}", lock.point_on_parent),
            )
            sites = {}
            for end, (name, point) in enumerate(ends, 1):
                sites[f"site{end}"] = site = f"lock{number}.{end}"
                ElementTree.SubElement(self._bodies[name], "site", name=site, pos=_text(point))
            ElementTree.SubElement(
                self._equality, "connect", name=f"lock{number}", solref=f"{2 * self._world.step_s} 1", **sites
            )
        model = mujoco.MjModel.from_xml_string(ElementTree.tostring(self._root, encoding="unicode"))
        data = mujoco.MjData(model)
        for name, q in self._joints.items():
            data.qpos[model.joint(name).qposadr[0]] = q
        for name, pose in self._poses.items():
            at = model.joint(f"{name}.free").qposadr[0]
            data.qpos[at : at + 7] = pose
        for name, target in self._targets.items():
            data.ctrl[model.actuator(name).id] = target
        mujoco.mj_forward(model, data)
        return model, data

    # -- bodies ---------------------------------------------------------------------------------------------------

    def _add_obstacles(self) -> None:
        world, supports = self._world, self._world.station.supports
        radius = supports.dome_radius_m.value
        friction = world._pack_data.friction.value
        for place in world.places:
            for sx, sy in itertools.product((1, -1), (1, -1)):
                p = place.x + sx * supports.x_m.value, place.y + sy * supports.y_m.value, place.top_m - radius
                self._add_geom(self._worldbody, Group.SUPPORT, friction, type="sphere", size=str(radius), pos=_text(p))
        for box in world.structure.values():
            self._add_geom(
                self._worldbody, Group.STRUCTURE, friction, type="box", size=_half(box.size_m), pos=_text(box.p_m)
            )

    def _add_machine(self, machine: Articulated, springs: Any) -> None:
        group = Group.TRUCK if machine.name.startswith("truck") else Group.MACHINE
        base = ElementTree.SubElement(
            self._worldbody, "body", name=machine.name, pos=_text(machine.X_WR[0]), quat=_wxyz(machine.X_WR[1])
        )
        nodes, offsets = {-1: base}, {-1: np.zeros(3)}
        names = {index: link for link, index in machine.link_index.items()}
        spring_of = {} if springs is None else {index: n for n, index in enumerate(springs.indices)}
        for index in range(pybullet.getNumJoints(machine.body, physicsClientId=self._client)):
            info = pybullet.getJointInfo(machine.body, index, physicsClientId=self._client)
            parent = info[16]
            # The engine gives a joint's place from its parent's centre of mass.
            origin = np.array(info[14]) + offsets[parent]
            node = ElementTree.SubElement(
                nodes[parent], "body", name=f"{machine.name}.{names[index]}", pos=_text(origin)
            )
            nodes[index] = self._bodies[f"{machine.name}.{names[index]}"] = node
            offsets[index] = self._add_inertia(node, machine.body, index)
            self._add_shapes(node, machine.body, index, group, offsets[index])
            joint = machine.joints.get(info[1].decode())
            if joint is None or machine.held:
                if joint is not None and info[2] == pybullet.JOINT_PRISMATIC:
                    node.set("pos", _text(origin + joint.q * np.array(info[13])))
                continue
            name = f"{machine.name}.{joint.name}"
            element = ElementTree.SubElement(
                node, "joint", name=name, type=_TYPES[info[2]], axis=_text(info[13]), range=f"{info[8]} {info[9]}"
            )
            self._joints[name] = joint.q
            if index in spring_of:
                self._add_spring(element, springs, spring_of[index])
            elif joint.command is not None:
                self._add_actuator(machine, name, joint)

    def _add_spring(self, element: ElementTree.Element, springs: Any, n: int) -> None:
        stiffness, damping, preload = springs.stiffness[n], springs.damping[n], springs.preload[n]
        element.set("stiffness", str(stiffness))
        element.set("damping", str(damping))
        element.set("springref", str(preload / stiffness))

    def _add_actuator(self, machine: Articulated, name: str, joint: Any) -> None:
        assert joint.command is not None
        moved = self._engine.mass_above_kg(machine, joint.name)
        pack_kg = 1250.0 if machine.name in ("shuttle", "crane") else 0.0
        stiffness = (moved + pack_kg) * _DRIVE_RAD_S**2
        limit = joint.command[3]
        ElementTree.SubElement(
            self._actuator, "position", name=name, joint=name, kp=str(stiffness),
            kv=str(2 * _DRIVE_RATIO * stiffness / _DRIVE_RAD_S), forcerange=f"{-limit} {limit}",
        )  # fmt: skip
        # The effort it has now is fed forward: it stands where it stands.
        self._targets[name] = joint.q + joint.effort / stiffness

    def _add_free(self, body: FreeBody) -> None:
        node = ElementTree.SubElement(
            self._worldbody, "body", name=body.name, pos=_text(body.p), quat=_wxyz(body.q_xyzw)
        )
        self._bodies[body.name] = node
        if not body.held:
            ElementTree.SubElement(node, "freejoint", name=f"{body.name}.free")
            x, y, z, w = body.q_xyzw
            self._poses[body.name] = (*body.p, w, x, y, z)
        self._add_inertia(node, body.body, -1)
        self._add_shapes(node, body.body, -1, Group.PACK, np.zeros(3))
        for index in range(pybullet.getNumJoints(body.body, physicsClientId=self._client)):
            link = ElementTree.SubElement(node, "body", name=f"{body.name}.{index}")
            offset = self._add_inertia(link, body.body, index)
            self._add_shapes(link, body.body, index, Group.PACK, offset)

    def _add_inertia(self, node: ElementTree.Element, body: int, link: int) -> np.ndarray:
        mass, _, inertia, offset = pybullet.getDynamicsInfo(body, link, physicsClientId=self._client)[:4]
        ElementTree.SubElement(node, "inertial", pos=_text(offset), mass=str(mass), diaginertia=_text(inertia))
        return np.array(offset)

    # -- shapes ---------------------------------------------------------------------------------------------------

    def _add_shapes(self, node: ElementTree.Element, body: int, link: int, group: Group, offset: np.ndarray) -> None:
        friction = pybullet.getDynamicsInfo(body, link, physicsClientId=self._client)[1]
        for shape in pybullet.getCollisionShapeData(body, link, physicsClientId=self._client):
            kind, size, file = shape[2], shape[3], shape[4].decode()
            p = _text(np.array(shape[5]) + offset)
            if kind == pybullet.GEOM_BOX:
                self._add_geom(node, group, friction, type="box", size=_half(size), pos=p)
            elif kind == pybullet.GEOM_SPHERE:
                self._add_geom(node, group, friction, type="sphere", size=str(size[0]), pos=p)
            elif Path(file).stem == "sockets":
                for middle, edges in socket_walls(Path(file)):
                    self._add_geom(node, group, friction, type="box", size=_half(edges), pos=_text(middle))
            else:
                name = Path(file).stem
                if self._asset.find(f"mesh[@name='{name}']") is None:
                    ElementTree.SubElement(self._asset, "mesh", name=name, file=file)
                # A mesh is put on its own centre by MuJoCo, which then keeps its place.
                self._add_geom(node, group, friction, type="mesh", mesh=name, pos=p)

    def _add_geom(self, node: ElementTree.Element, group: Group, friction: float, **attributes: str) -> None:
        ElementTree.SubElement(
            node, "geom", contype=str(int(group)), conaffinity=str(int(TOUCHES[group])),
            friction=f"{friction**2} 0 0", **attributes,
        )  # fmt: skip


def socket_walls(mesh: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """Middle and edge lengths (m) of the four walls of each socket of a concave mesh.

    A socket is one connected part; its outline is its bounding box, its hole the box of its lowest vertices.
    """
    lines = [line.split() for line in mesh.read_text().splitlines()]
    vertices = np.array([[float(word) for word in line[1:4]] for line in lines if line[:1] == ["v"]])
    part = list(range(len(vertices)))

    def find(vertex: int) -> int:
        while part[vertex] != vertex:
            vertex = part[vertex]
        return vertex

    for line in lines:
        if line[:1] == ["f"]:
            corners = [int(word.split("/")[0]) - 1 for word in line[1:]]
            for corner in corners[1:]:
                part[find(corner)] = find(corners[0])
    roots = np.array([find(vertex) for vertex in range(len(vertices))])
    walls = []
    for root in np.unique(roots):
        own = vertices[roots == root]
        low, high = own.min(axis=0), own.max(axis=0)
        hole = own[np.isclose(own[:, 2], low[2])]
        inner_low, inner_high = hole.min(axis=0), hole.max(axis=0)
        for axis, (side_low, side_high) in itertools.product((0, 1), (("low", "inner_low"), ("inner_high", "high"))):
            corners = {"low": low, "high": high, "inner_low": inner_low, "inner_high": inner_high}
            a, b = low.copy(), high.copy()
            a[axis], b[axis] = corners[side_low][axis], corners[side_high][axis]
            if axis == 1:  # between the walls across x
                a[0], b[0] = inner_low[0], inner_high[0]
            walls.append(((a + b) / 2, b - a))
    return walls


def _text(values: Sequence[float] | np.ndarray) -> str:
    return " ".join(repr(float(value)) for value in values)


def _half(edges: Sequence[float] | np.ndarray) -> str:
    return _text([edge / 2 for edge in edges])


def _wxyz(q_xyzw: Sequence[float]) -> str:
    x, y, z, w = q_xyzw
    return _text((w, x, y, z))
