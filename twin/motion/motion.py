"""From the signals of a log to moving machines, the truck and packs: joints by what drives them, poses by kinematics.

A log says where an axis was at some instants, and bits of where a pack is. Joints follow their signals (:mod:`joint`);
what stands in what was worked out once, when the log was imported (:mod:`hold`). Poses are computed when asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from twin import assets, frames
from twin.errors import RecordError
from twin.kinematics import Chain, Link
from twin.motion import joint as joints_of
from twin.motion.hold import ATTACHMENT as HOLDS
from twin.motion.hold import Hold, Holds, from_json
from twin.motion.known import MEASURED, UNKNOWN, Array, Known, Times, instants, only_while, together
from twin.motion.source import JointSource, MachineSource, PlaceSource, SliderSource, TruckSource
from twin.rack_mesh import station_rack
from twin.record import Record, SceneModel
from twin.scene import STATION, WORLD, Machine, Scene

ATTACHMENT = "motion.json"
NS = 1_000_000_000
#: A joint that nothing senses and that can be this far off at most only adds its range to the error (m or rad).
SMALL_RANGE = 0.05


@dataclass(frozen=True)
class Setup:
    """What moves and what says so, before any time is looked at.

    Args:
        bodies: frames of packs. unsensed: joints that nothing senses to how far off zero they may be (m or rad), where
            the limits of the URDF say too much. station: the asset that is drawn around the machines. pack:
            the asset that is drawn for the bodies.
    """

    machines: list[MachineSource]
    joints: list[JointSource]
    sliders: list[SliderSource] = field(default_factory=list)
    places: list[PlaceSource] = field(default_factory=list)
    truck: TruckSource | None = None
    bodies: list[str] = field(default_factory=list)
    unsensed: dict[str, float] = field(default_factory=dict)
    station: str = ""
    pack: str = ""

    def beside(self, other: Setup) -> Setup:
        """Both in one scene."""
        return Setup(
            self.machines + other.machines, self.joints + other.joints, self.sliders + other.sliders,
            self.places + other.places, other.truck or self.truck, [], self.unsensed | other.unsensed,
            other.station or self.station, other.pack or self.pack,
        ).with_places(self.places + other.places)  # fmt: skip

    def with_places(self, places: list[PlaceSource]) -> Setup:
        """With these places, and as many bodies as can be in them at once."""
        return replace(self, places=places, bodies=[f"pack.{n}" for n in range(1, len(places) + 1)])

    def to_json(self) -> bytes:
        """As it travels in a Record; where files were is of no use to others."""
        data = asdict(self)
        for machine in data["machines"]:
            machine["path"] = ""
        return json.dumps(data, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Setup:
        data = json.loads(text)
        places: list[dict[str, Any]] = [
            {k: tuple(v) if isinstance(v, list) else v for k, v in place.items()} for place in data["places"]
        ]
        return cls(
            [MachineSource(**machine) for machine in data["machines"]],
            [JointSource(**source) for source in data["joints"]],
            [SliderSource(**slider) for slider in data["sliders"]],
            [PlaceSource(**place) for place in places],
            TruckSource(**data["truck"]) if data["truck"] else None,
            data["bodies"],
            data["unsensed"],
            data["station"],
            data["pack"],
        )


class Motion:
    """The frames of a Record without poses, and what moves them.

    Args:
        holds: what stands where, of the bodies and the truck.

    Raises:
        RecordError: a joint is of no machine, or a place in no frame.
    """

    def __init__(self, setup: Setup, holds: Sequence[Hold] = ()) -> None:
        self.setup = setup
        chains = {m.name: Chain(Path(m.path or f"{m.name}.urdf"), m.urdf) for m in setup.machines}
        self._links = _driven_links(chains)
        names = self._joints = [*self._links, *(slider.joint for slider in setup.sliders)]
        for source in setup.joints:
            if source.joint not in names:
                raise RecordError(f"{source.joint}: expected a joint of {', '.join(names) or 'a machine'}")
        #: Joints that something drives, each once; a row ends with a zero for those that nothing does.
        self._driven = list(dict.fromkeys(source.joint for source in setup.joints))
        places = {name: len(self._driven) for name in names}
        places |= {name: n for n, name in enumerate(self._driven)}
        places |= dict.fromkeys(setup.bodies, 0)
        drawn = [Machine(m.name, chains[m.name], frames.join(m.X_WR[:3], m.X_WR[3:])) for m in setup.machines]
        sliders = {slider.frame: (np.array(slider.direction), slider.joint) for slider in setup.sliders}
        self._width = max(len(self._driven) + 1, 7)
        self.scene = Scene(drawn, setup.bodies, sliders, places)
        for place in setup.places:
            if place.frame not in self.scene.index:
                raise RecordError(f"{place.frame}: expected a frame, one of {', '.join(self.scene.index)}")
        self._needs = self._joints_by_frame(drawn, sliders)
        self._parents = {frame.name: frame.parent for frame in self.scene.frames}
        self._firsts: dict[str, float] = {}
        self.stand(holds)

    def stand(self, holds: Sequence[Hold]) -> None:
        """Take what stands where."""
        by_frame: dict[str, list[Hold]] = {name: [Hold(name, 0)] for name in self.setup.bodies}
        for hold in holds:
            by_frame.setdefault(hold.frame, []).append(hold)
        self.holds = {name: Holds(found) for name, found in by_frame.items()}

    @classmethod
    def of(cls, record: Record) -> Motion | None:
        """The motion that a Record carries, or None when it carries poses or nothing."""
        if ATTACHMENT not in record.attachments:
            return None
        holds = from_json(record.attachment(HOLDS)) if HOLDS in record.attachments else []
        return cls(Setup.from_json(record.attachment(ATTACHMENT)), holds)

    @property
    def movable(self) -> list[str]:
        """Joints of the machines and of the station that something could drive."""
        return [name for name in self._joints if name not in self.setup.unsensed]

    @property
    def reach_ns(self) -> int:
        """As far after an instant the next sample may be without a gap."""
        return max((joints_of.gap_ns(source) or 0 for source in self.setup.joints), default=0)

    def models(self) -> list[SceneModel]:
        """Everything that is drawn: the machines, and the station around them with its packs."""
        models = self.scene.machine_models()
        if self.setup.pack:
            models += self.scene.pack_models(assets.asset_folder("packs", self.setup.pack) / "meshes" / "pack.glb")
        if self.setup.station:
            models += self.scene.station_models(assets.asset_folder("stations", self.setup.station))
            rack = station_rack(assets.load_station(self.setup.station))
            models += [SceneModel(STATION, glb, name) for name, glb in rack.items()]
        return models

    # -- poses ---------------------------------------------------------------------------------------------------

    def read(self, record: Record, t0_ns: int, t1_ns: int) -> list[tuple[Times, Array]]:
        """Each joint source's samples in a window and beside it: for :meth:`poses` and :meth:`certainty` in it."""
        return [joints_of.samples(record, source, t0_ns, t1_ns) for source in self.setup.joints]

    def poses(
        self,
        record: Record,
        t0_ns: int,
        t1_ns: int,
        *,
        before: bool = False,
        series: Sequence[tuple[Times, Array]] | None = None,
    ) -> tuple[Times, Array]:
        """Poses at the window's start, where a joint was logged and where something else begins to hold a body.

        Times (n,), poses (n, F, 7) as ``Record.poses``; NaN is not in the station. Before its first sample a joint is
        shown where that sample has it.

        Args:
            series: what was :meth:`read` already.
        """
        series = self.read(record, t0_ns, t1_ns) if series is None else series
        changes = [held.t_ns for held in self.holds.values()]
        if not series and not changes:
            return np.empty(0, dtype=np.int64), np.empty((0, len(self.scene.frames), 7))
        seen = instants([np.array([t0_ns]), *(t for t, _ in series), *changes])
        inside = seen[(seen >= t0_ns) & (seen <= t1_ns)]
        logged = [t[t < t0_ns][-1:] for t, _ in series]
        earlier = instants(logged) if logged else np.empty(0, dtype=np.int64)
        t_ns = np.concatenate([earlier[-1:], inside]) if before else inside
        return t_ns, self._placed(record, t_ns, series)

    def poses_at(self, record: Record, t_ns: Times) -> Array:
        """Poses at instants of one's own, rising: (n, F, 7) as of :meth:`poses`."""
        return self._placed(record, t_ns, self.read(record, int(t_ns[0]), int(t_ns[-1]) + self.reach_ns))

    def _placed(self, record: Record, t_ns: Times, series: Sequence[tuple[Times, Array]]) -> Array:
        rows = np.zeros((len(t_ns), self._width))
        for source, (t, q) in zip(self.setup.joints, series, strict=True):
            column = rows[:, self._driven.index(source.joint)]
            column += joints_of.positions(source, t, q, t_ns) if len(t) else self._first(record, source)
        X = self.scene.poses(rows)
        index = self.scene.index
        # Holders are machines' links; nothing that is held holds another but the truck, whose own links come first.
        for name in sorted(self.holds, key=lambda name: name in self.setup.bodies):
            held = self.holds[name]
            at = np.searchsorted(held.t_ns, t_ns, side="right") - 1
            X[at < 0, index[name]] = np.nan
            for row in np.unique(at[at >= 0]).tolist():
                hold, when = held.holds[row], at == row
                X_HF = held.X[row]
                X[when, index[name]] = frames.compose(self._world(X[when], hold.holder), X_HF) if hold.holder else X_HF
        return X

    def _world(self, X: Array, name: str) -> Array:
        """A frame's poses in the world, (n, 7)."""
        index = self.scene.index
        X_WF, parent = X[:, index[name]], self._parents[name]
        while parent != WORLD:
            X_WF = frames.compose(X[:, index[parent]], X_WF)
            parent = self._parents[parent]
        return X_WF

    def world_positions(
        self,
        t_ns: Times,
        series: Sequence[tuple[Times, Array]],
        record: Record,
        points: Mapping[str, tuple[str, Array]],
    ) -> dict[str, Array]:
        """Where poses that are fixed in frames are in the world at instants.

        Args:
            series: each joint source's samples. points: name to frame and pose there.

        Returns:
            Name to positions (n, 3), m.
        """
        X = self._placed(record, t_ns, series)
        return {name: frames.compose(self._world(X, frame), X_FP)[:, :3] for name, (frame, X_FP) in points.items()}

    def _first(self, record: Record, source: JointSource) -> float:
        """The joint's first known position, 0 when there is none."""
        if source.signal not in self._firsts:
            end_ns, reach_ns = record.end_ns, 10 * NS
            values = np.empty(0)
            while not len(values) and reach_ns < 8 * max(end_ns, NS):
                values = joints_of.samples(record, source, 0, min(reach_ns, end_ns))[1]
                reach_ns *= 8
            self._firsts[source.signal] = float(values[0]) if len(values) else 0.0
        return self._firsts[source.signal]

    def sources(self) -> dict[str, list[str]]:
        """The signals that each frame's pose in the world follows from; of packs those of all places."""
        truck = self.setup.truck
        found = {
            name: [signal for s in self.setup.joints if s.joint in needs for signal in (s.signal, s.low) if signal]
            + list(truck.signals if truck is not None and name.startswith(f"{truck.machine}.") else ())
            for name, needs in self._needs.items()
        }
        every = [name for place in self.setup.places for name in place.signals]
        return found | {name: list(dict.fromkeys(every)) for name in self.setup.bodies}

    # -- how well that is known ------------------------------------------------------------------------------------

    def certainty(
        self, record: Record, t0_ns: int, t1_ns: int, *, series: Sequence[tuple[Times, Array]] | None = None
    ) -> dict[str, Known]:
        """How well each frame's pose in the world is known in a window; the first row stands at its start.

        Args:
            series: what was :meth:`read` already, of this window or a wider one.
        """
        series = self.read(record, t0_ns, t1_ns) if series is None else series
        joints = self._known_joints(series, t0_ns, t1_ns)
        held = {
            name: self.holds[name].known.within(t0_ns, t1_ns) for name in self.holds if name not in self.setup.bodies
        }
        # Frames that hang on the same are equally well known: worked out once.
        shared: dict[tuple[tuple[str, ...], tuple[str, ...], bool], Known] = {}
        nothing = Known.of([(t0_ns, MEASURED, 0.0, 0.0)])
        found: dict[str, Known] = {}
        truck = f"{self.setup.truck.machine}." if self.setup.truck is not None else None
        if truck is not None and f"{truck}mark" in self.holds:
            there = self.holds[f"{truck}mark"].there.within(t0_ns, t1_ns)
        else:
            truck = None
        for frame in self.scene.frames:
            needs = self._needs.get(frame.name, ())
            standing: tuple[str, ...] = ()
            name = frame.name
            while name != WORLD:
                standing += (name,) if name in held else ()
                name = self._parents[name]
            key = needs, standing, truck is not None and frame.name.startswith(truck)
            if key not in shared:
                parts = [*(joints[name] for name in needs), *(held[name] for name in standing)] or [nothing]
                known = together(parts)
                shared[key] = only_while(known, there) if key[2] else known
            found[frame.name] = shared[key]
        for name in self.setup.bodies:
            found[name] = self._known_body(self.holds[name], found, t0_ns, t1_ns)
        return found

    def stands(self, t0_ns: int, t1_ns: int) -> dict[str, list[dict[str, Any]]]:
        """Where each pack stands in a window: from ``t_ns`` on in ``place``, its ``serial``, and what is in ``doubt``.

        The first row of each stands at the window's start; ``place`` is empty while it is not in the station.
        """
        found: dict[str, list[dict[str, Any]]] = {}
        for name in self.setup.bodies:
            held = self.holds[name]
            first = max(int(np.searchsorted(held.t_ns, t0_ns, side="right")) - 1, 0)
            last = max(int(np.searchsorted(held.t_ns, t1_ns, side="right")), 1)
            found[name] = [
                {"t_ns": max(hold.t_ns, t0_ns), "place": hold.place, "serial": hold.serial, "doubt": hold.doubt}
                for hold in held.holds[first:last]
            ]
        return found

    def _known_body(self, held: Holds, found: Mapping[str, Known], t0_ns: int, t1_ns: int) -> Known:
        """A body is as well known as what holds it, and where it stands in that."""
        first = max(int(np.searchsorted(held.t_ns, t0_ns, side="right")) - 1, 0)
        last = max(int(np.searchsorted(held.t_ns, t1_ns, side="right")), 1)
        rows: list[tuple[int, int, float, float]] = []
        for n in range(first, last):
            hold = held.holds[n]
            start = max(hold.t_ns, t0_ns)
            end = held.holds[n + 1].t_ns - 1 if n + 1 < len(held.holds) else t1_ns
            own = Known.of([(start, hold.state, hold.m, hold.rad)])
            known = together([own, found[hold.holder].within(start, max(end, start))]) if hold.holder else own
            rows += zip(known.t_ns.tolist(), known.state.tolist(), known.m.tolist(), known.rad.tolist(), strict=True)
        return Known.of(rows)

    def _known_joints(self, series: Sequence[tuple[Times, Array]], t0_ns: int, t1_ns: int) -> dict[str, Known]:
        found: dict[str, list[Known]] = {}
        for source, (t, q) in zip(self.setup.joints, series, strict=True):
            link = self._links.get(source.joint)
            turns = link is not None and link.kind != "prismatic"
            span = link.high - link.low if link is not None else abs(source.scale)
            known = joints_of.known_of(source, t, q, t0_ns, span, turns)
            found.setdefault(source.joint, []).append(known.within(t0_ns, t1_ns))
        joints = {name: together(parts) for name, parts in found.items()}
        for name, link in self._links.items():
            if name not in joints:
                off = self.setup.unsensed.get(name, max(abs(link.low), abs(link.high)))
                state = MEASURED if off <= SMALL_RANGE else UNKNOWN
                turns = link.kind != "prismatic"
                joints[name] = Known.of([(t0_ns, state, 0.0 if turns else off, off if turns else 0.0)])
        for slider in self.setup.sliders:
            joints.setdefault(slider.joint, Known.of([(t0_ns, UNKNOWN, float(np.linalg.norm(slider.direction)), 0.0)]))
        return joints

    def _joints_by_frame(
        self, machines: Sequence[Machine], sliders: Mapping[str, tuple[Array, str]]
    ) -> dict[str, tuple[str, ...]]:
        """The joints that each frame's pose in the world hangs on."""
        needs: dict[str, tuple[str, ...]] = {}
        for machine in machines:
            below: dict[str, tuple[str, ...]] = {}
            for link in machine.chain.links.values():
                own = (f"{machine.name}.{link.driver}",) if link.movable else ()
                below[link.name] = (*below.get(link.parent, ()), *own)
                needs[f"{machine.name}.{link.name}"] = below[link.name]
        return needs | {name: (joint,) for name, (_, joint) in sliders.items()}


def _driven_links(chains: Mapping[str, Chain]) -> dict[str, Link]:
    """Every joint that is its own driver, ``machine.joint``, with the link that it carries."""
    return {
        f"{name}.{link.driver}": link
        for name, chain in chains.items()
        for link in chain.links.values()
        if link.movable and link.driver == link.joint
    }
