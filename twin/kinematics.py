"""URDF kinematics with numpy: from joint positions to poses of links, many instants at once.

This is how a log without poses becomes a moving station, and how a run writes its poses. A link's frame is that of
its URDF; a pose is ``x, y, z, qx, qy, qz, qw`` of the link in its parent's frame.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin import frames
from twin.errors import InputError

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Visual:
    """A mesh drawn in a link's frame, moved by ``X_LV``."""

    mesh: Path
    X_LV: Array


@dataclass(frozen=True)
class Link:
    """A link with the joint that carries it; the root has no joint and no parent.

    A joint that mimics another moves by ``ratio`` times the position of ``driver``; any other is its own driver.
    ``low`` and ``high`` are its limits, infinite where it has none.
    """

    name: str
    parent: str
    X_PL: Array
    joint: str
    kind: str
    axis: Array
    visuals: tuple[Visual, ...]
    driver: str = ""
    ratio: float = 1.0
    low: float = -math.inf
    high: float = math.inf

    @property
    def movable(self) -> bool:
        return self.kind in ("prismatic", "revolute", "continuous")


class Chain:
    """A machine's links in the order of its file, parents before children.

    Args:
        urdf: the file; its meshes are looked for beside it.
        text: what stands in it, when it is not to be read.

    Raises:
        InputError: no such file, no XML, a joint of unknown links, or a kind that is not supported.
    """

    def __init__(self, urdf: Path, text: str | None = None) -> None:
        self.path = urdf
        try:
            root = ElementTree.fromstring(urdf.read_text(encoding="utf-8") if text is None else text)
        except (OSError, UnicodeDecodeError, ElementTree.ParseError) as error:
            raise InputError(key=urdf.name, expected="a URDF file", got=error, file=urdf) from error
        joints = {_child(joint): joint for joint in root.iter("joint")}
        elements = {str(link.get("name")): link for link in root.iter("link")}
        links = {name: self._link(name, element, joints.get(name)) for name, element in elements.items()}
        for link in links.values():
            if link.parent and link.parent not in links:
                raise InputError(key=link.joint, expected="a parent link of this file", got=link.parent, file=urdf)
        self.links: dict[str, Link] = {}
        while len(self.links) < len(links):
            ready = [
                link for name, link in links.items() if name not in self.links and link.parent in ("", *self.links)
            ]
            if not ready:
                raise InputError(key=urdf.name, expected="a tree of links", got="a loop", file=urdf)
            self.links.update((link.name, link) for link in ready)

    def _link(self, name: str, element: ElementTree.Element, joint: ElementTree.Element | None) -> Link:
        visuals = tuple(
            Visual((self.path.parent / str(mesh.get("filename"))), _origin(visual))
            for visual in element.iter("visual")
            for mesh in visual.iter("mesh")
        )
        if joint is None:
            return Link(name, "", frames.pose(), "", "root", np.zeros(3), visuals)
        kind = str(joint.get("type"))
        if kind not in ("fixed", "prismatic", "revolute", "continuous"):
            raise InputError(
                key=str(joint.get("name")), expected="fixed, prismatic, revolute or continuous", got=kind,
                file=self.path,
            )  # fmt: skip
        parent, axis = joint.find("parent"), joint.find("axis")
        direction = _numbers(axis.get("xyz") if axis is not None else None, "1 0 0")
        return Link(
            name, str(parent.get("link")) if parent is not None else "", _origin(joint), str(joint.get("name")), kind,
            direction / np.linalg.norm(direction), visuals, *_driver(joint), *_limits(joint),
        )  # fmt: skip

    def local_poses(self, positions: dict[str, Array]) -> dict[str, Array]:
        """Each link's pose in its parent.

        Args:
            positions: joint to its positions, shape (n,), m or rad; a joint left out stands at zero.

        Returns:
            Link to poses, (n, 7) where its joint was given and (7,) where it stands still.
        """
        poses: dict[str, Array] = {}
        for link in self.links.values():
            q = positions.get(link.driver)
            poses[link.name] = link.X_PL if q is None or not link.movable else _moved(link, link.ratio * np.asarray(q))
        return poses

    def world_poses(self, X_WR: Array, positions: dict[str, Array]) -> dict[str, Array]:
        """Each link's pose in W, the root standing at ``X_WR``; shapes as in :meth:`local_poses`."""
        local = self.local_poses(positions)
        world: dict[str, Array] = {}
        for link in self.links.values():
            base = world[link.parent] if link.parent else X_WR
            world[link.name] = frames.compose(base, local[link.name])
        return world


def _moved(link: Link, q: Array) -> Array:
    if link.kind == "prismatic":
        motion = frames.join(q[..., None] * link.axis, np.broadcast_to([0.0, 0.0, 0.0, 1.0], (*q.shape, 4)))
    else:
        half = q[..., None] / 2
        quaternion = np.concatenate([np.sin(half) * link.axis, np.cos(half)], axis=-1)
        motion = frames.join(np.zeros((*q.shape, 3)), quaternion)
    return frames.compose(link.X_PL, motion)


def _driver(joint: ElementTree.Element) -> tuple[str, float]:
    mimic = joint.find("mimic")
    if mimic is None:
        return str(joint.get("name")), 1.0
    return str(mimic.get("joint")), float(mimic.get("multiplier", "1"))


def _limits(joint: ElementTree.Element) -> tuple[float, float]:
    limit = joint.find("limit")
    if limit is None:
        return -math.inf, math.inf
    return float(limit.get("lower", "-inf")), float(limit.get("upper", "inf"))


def _child(joint: ElementTree.Element) -> str:
    child = joint.find("child")
    return str(child.get("link")) if child is not None else ""


def _numbers(text: str | None, default: str) -> Array:
    return np.array([float(word) for word in (text or default).split()])


def _origin(element: ElementTree.Element) -> Array:
    origin = element.find("origin")
    if origin is None:
        return frames.pose()
    return frames.pose(_numbers(origin.get("xyz"), "0 0 0"), _numbers(origin.get("rpy"), "0 0 0"))
