"""What is drawn and where: the frames of a station, their poses from one row of physics, and their meshes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin import frames
from twin.gltf import placed
from twin.kinematics import Chain, Link
from twin.record import Frame, SceneModel

Array = npt.NDArray[np.float64]

WORLD = "world"
STATION = "station"

#: Poses are recorded in steps of about a micrometre: below that is the solver's noise, which does not compress.
_POSE_STEPS = float(2**20)


@dataclass(frozen=True)
class Machine:
    """A machine as it is drawn: its kinematics, where its root stands, and links that are left out."""

    name: str
    chain: Chain
    X_WR: Array
    without: frozenset[str] = frozenset()


class Scene:
    """The frames of a record and how their poses follow from the physics.

    Args:
        machines: drawn machines. free: names of free bodies, each a frame in W.
        sliders: further frames of the station that slide: along which vector, times which value of a row.
        offsets: where a row of physics holds ``machine.joint``, free bodies and the sliders' values.
    """

    def __init__(
        self,
        machines: list[Machine],
        free: list[str],
        sliders: Mapping[str, tuple[Array, str]],
        offsets: Mapping[str, int],
    ) -> None:
        self.machines = machines
        self.frames: list[Frame] = [Frame(STATION, WORLD)]
        base: list[Array] = [frames.pose()]
        slides: list[tuple[int, int, Array]] = []
        turns: list[tuple[int, int, Array, Array]] = []
        for machine in machines:
            for link, parent, X_PL in _drawn(machine):
                index = len(self.frames)
                self.frames.append(Frame(f"{machine.name}.{link.name}", parent))
                base.append(X_PL)
                if link.kind == "prismatic":
                    direction = link.ratio * frames.rotate(X_PL[3:], link.axis)
                    slides.append((index, offsets[f"{machine.name}.{link.driver}"], direction))
                elif link.movable:
                    axis = frames.multiply(X_PL[3:], np.append(link.axis, 0.0))
                    turns.append((index, offsets[f"{machine.name}.{link.driver}"], axis, X_PL[3:]))
        self._free_frames = np.arange(len(self.frames), len(self.frames) + len(free))
        self._free_places = np.array([np.arange(offsets[name], offsets[name] + 7) for name in free], dtype=np.intp)
        for name in free:
            self.frames.append(Frame(name, WORLD))
            base.append(frames.pose())
        for name, (direction, value) in sliders.items():
            slides.append((len(self.frames), offsets[value], direction))
            self.frames.append(Frame(name, STATION))
            base.append(frames.pose())
        self._base: Array = np.array(base)
        self.index = {frame.name: index for index, frame in enumerate(self.frames)}
        self._slide_frames = np.array([index for index, _, _ in slides], dtype=np.intp)
        self._slide_places = np.array([place for _, place, _ in slides], dtype=np.intp)
        self._slide_directions = np.array([direction for _, _, direction in slides])
        self._slide_origins = self._base[self._slide_frames, :3]
        self._turn_frames = np.array([index for index, _, _, _ in turns], dtype=np.intp)
        self._turn_places = np.array([place for _, place, _, _ in turns], dtype=np.intp)
        self._turn_axes = np.array([axis for _, _, axis, _ in turns]).reshape(-1, 4)
        self._turn_rests = np.array([rest for _, _, _, rest in turns]).reshape(-1, 4)

    def poses(self, rows: Array) -> Array:
        """Poses of all frames in their parents, (n, F, 7) as x, y, z, qx, qy, qz, qw, from rows of physics (n, k)."""
        X = np.repeat(self._base[None], len(rows), axis=0)
        X[:, self._slide_frames, :3] = self._slide_origins + self._slide_directions * rows[:, self._slide_places, None]
        half = rows[:, self._turn_places, None] * 0.5
        X[:, self._turn_frames, 3:] = np.sin(half) * self._turn_axes + np.cos(half) * self._turn_rests
        if len(self._free_frames):
            X[:, self._free_frames] = rows[:, self._free_places]
        X *= _POSE_STEPS
        np.rint(X, out=X)
        X /= _POSE_STEPS
        return X

    def machine_models(self) -> list[SceneModel]:
        """The meshes of the machines' links; a mesh file that is missing is left out."""
        return [
            SceneModel(f"{machine.name}.{link.name}", placed(glb, visual.X_LV, name=visual.mesh.stem), visual.mesh.stem)
            for machine in self.machines
            for link, _, _ in _drawn(machine)
            for visual in link.visuals
            for glb in _read(visual.mesh)
        ]

    def pack_models(self, mesh: Path) -> list[SceneModel]:
        """The packs' meshes, of frames called ``pack.…``."""
        return [
            SceneModel(frame.name, glb, frame.name)
            for frame in self.frames
            if frame.name.startswith("pack.")
            for glb in _read(mesh)
        ]

    def station_models(self, folder: Path) -> list[SceneModel]:
        """The meshes of a station's folder, each in the frame that slides it or in the station's."""
        models = []
        for path in sorted((folder / "meshes").glob("*.glb")):
            frame = f"bay.{path.stem}" if f"bay.{path.stem}" in self.index else STATION
            models.append(SceneModel(frame, path.read_bytes(), path.stem))
        return models


def _drawn(machine: Machine) -> list[tuple[Link, str, Array]]:
    """Links that get a frame, with its parent frame and their pose in it at zero: what moves or is drawn."""
    kept: list[tuple[Link, str, Array]] = []
    anchor: dict[str, tuple[str, Array]] = {}  # link → frame it hangs on, and its pose in that frame
    for link in machine.chain.links.values():
        if link.name in machine.without:
            continue
        parent, X_FP = anchor[link.parent] if link.parent else (WORLD, machine.X_WR)
        X_FL = frames.compose(X_FP, link.X_PL)
        if link.movable or link.visuals or not link.parent:
            kept.append((link, parent, X_FL))
            anchor[link.name] = (f"{machine.name}.{link.name}", frames.pose())
        else:
            anchor[link.name] = (parent, X_FL)
    return kept


def _read(mesh: Path) -> list[bytes]:
    return [mesh.read_bytes()] if mesh.is_file() else []
