"""What a run writes: its Record's tables, scene and attachments, and a row of each table every scan."""

from __future__ import annotations

import json
import platform
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from twin import __version__, assets, frames
from twin.binding import bindings
from twin.clock import ScanClock
from twin.desk import ATTACHMENT, load_panel, panel_of_record
from twin.kinematics import Chain
from twin.parts import DrawnTruck, describe
from twin.physics import engine_version
from twin.rack_mesh import station_rack
from twin.record import Event, RecordWriter, SceneModel
from twin.scenario import Scenario
from twin.scene import STATION, Machine, Scene
from twin.signals import Image, Signal, SignalTable
from twin.world import World

_WATCHED_FLUSH_S, _FLUSH_S = 0.1, 1.0

Row = Sequence[float]


class Recording:
    """The Record of a run while it is written.

    Args:
        out: the file. world: what runs, with its scenario and station.
        images: input, output and truth image; their rows are what is recorded.
        about: what the metadata tell beside what follows from the scenario: who controls, as ``controller``.
        transitions: the controller's tables, as it tells them.
        watched: someone looks on: chunks are closed every 100 ms of wall time.
        attachments: texts that the Record carries beside its own, by file name.
    """

    def __init__(
        self, out: Path, world: World, station: assets.Station, images: tuple[Image, Image, Image], clock: ScanClock,
        about: Mapping[str, str], transitions: Mapping[str, list[dict[str, Any]]], *, watched: bool = False,
        attachments: Mapping[str, str],
    ) -> None:  # fmt: skip
        inputs, outputs, truth = images
        scenario = world.scenario
        scene = _make_scene(world, station)
        self._plant, self._operator = _take(inputs, "plant"), _take(inputs, "operator")
        parameters = _parameters(world)
        tables = {
            "plant": SignalTable(s for s in _in_order(inputs) if s.writer == "plant"),
            "operator": SignalTable(s for s in _in_order(inputs) if s.writer == "operator"),
            "controller": SignalTable(_in_order(outputs)),
            "truth": SignalTable(_in_order(truth)),
            "parameter": SignalTable(signal for signal, _ in parameters),
        }
        models = _models(scene, scenario, station)
        signals = SignalTable([*_in_order(inputs), *_in_order(outputs)])
        self._writer = RecordWriter(
            out,
            metadata={**_metadata(scenario, clock), **about},
            tables=tables,
            frames=scene.frames,
            attachments={
                **_attachments(scenario, station, scene, models, signals, world),
                **({"transitions.json": json.dumps(transitions).encode()} if transitions else {}),
                **{name: text.encode() for name, text in attachments.items()},
            },
            scene=models,
            poses_of=scene.poses,
            flush_s=_WATCHED_FLUSH_S if watched else _FLUSH_S,
        )
        self._writer.row("parameter", 0, [value for _, value in parameters])

    def scan(self, t_ns: int, inputs: list[float], outputs: Row, truth: Row, physics: array[float]) -> None:
        """A scan's rows; ``physics`` is the engine's row with the clamp's stroke behind it."""
        writer = self._writer
        writer.row("plant", t_ns, self._plant(inputs))
        writer.row("operator", t_ns, self._operator(inputs))
        writer.row("controller", t_ns, outputs)
        writer.row("truth", t_ns, truth)
        writer.pose_row(t_ns, physics)
        writer.poll()

    def event(self, event: Event) -> None:
        """Something that happened."""
        self._writer.event(event)

    def flush(self) -> None:
        """What was told so far is in the file when this returns."""
        self._writer.flush()

    def finish(self, summary: dict[str, Any]) -> None:
        """Close the Record with a run's summary in it."""
        self._writer.finish({"summary.json": json.dumps(summary, ensure_ascii=False, indent=1).encode()})


def _metadata(scenario: Scenario, clock: ScanClock) -> dict[str, str]:
    return {
        "version": __version__,
        "source": "simulated",
        "scenario": scenario.name,
        "station": scenario.station,
        "seed": str(scenario.seed),
        "scan_ns": str(clock.scan_ns),
        "step_ns": str(clock.step_ns),
        "started_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "estimated_geometry": "true",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pybullet": engine_version(),
    }


def _attachments(
    scenario: Scenario,
    station: assets.Station,
    scene: Scene,
    models: list[SceneModel],
    signals: SignalTable,
    world: World,
) -> dict[str, bytes]:
    trucks = [
        DrawnTruck(truck.name, data.asset, data.id, number)
        for number, (truck, data) in enumerate(zip(world.trucks, scenario.fleet, strict=True), 1)
    ]
    parts = describe(scenario.station, trucks, {machine.name: machine.chain for machine in scene.machines}, models)
    panel = panel_of_record(load_panel(scenario.station), signals.names)
    return {
        "scenario.yaml": scenario.to_yaml().encode(),
        "station.json": station.model_dump_json(indent=1).encode(),
        "assets.json": json.dumps(parts, ensure_ascii=False).encode(),
        "bindings.json": bindings(station, signals, models, packs=list(scenario.packs), trucks=trucks),
        ATTACHMENT: json.dumps(panel, ensure_ascii=False).encode(),
    }


def _models(scene: Scene, scenario: Scenario, station: assets.Station) -> list[SceneModel]:
    pack = assets.asset_folder("packs", station.pack) / "meshes" / "pack.glb"
    models = scene.machine_models() + scene.pack_models(pack)
    models += scene.station_models(assets.asset_folder("stations", scenario.station))
    return models + [SceneModel(STATION, glb, name) for name, glb in station_rack(station).items()]


def _parameters(world: World) -> list[tuple[Signal, float]]:
    return [
        (Signal(f"{axis.name}.par_{name}", unit=unit), value)
        for axis in world.axes
        for name, (unit, value) in axis.parameters().items()
    ]


def _in_order(image: Image) -> list[Signal]:
    """An image's signals in the order of its row."""
    return [image.table[name] for name in image.order]


def _take(image: Image, writer: str) -> Callable[[list[float]], Row]:
    """A function that takes one writer's part out of a row of an image."""
    places = [n for n, signal in enumerate(_in_order(image)) if signal.writer == writer]
    if places == list(range(places[0], places[-1] + 1)):
        first, last = places[0], places[-1] + 1
        return lambda row: row[first:last]
    pick = itemgetter(*places)
    return lambda row: list(pick(row))


def _make_scene(world: World, station: assets.Station) -> Scene:
    machines = [
        Machine("shuttle", _chain("robots", station.shuttle), frames.pose(station.shuttle_p_m)),
        Machine("crane", _chain("robots", station.crane), frames.pose(station.crane_p_m)),
    ]
    for truck, data in zip(world.trucks, world.scenario.fleet, strict=True):
        chain = _chain("trucks", data.asset)
        root = frames.join(*truck.machine.X_WR)
        # What only mimics another's motion is drawn though it is not simulated.
        without = frozenset(
            link.name
            for link in chain.links.values()
            if link.parent and link.name not in truck.machine.link_index and link.driver == link.joint
        )
        machines.append(Machine(truck.name, chain, root, without))
    stroke = station.bay.clamp_stroke_m.value
    # Drawn open, on either side of the lane; the row ends with how far they are closed.
    clamps = {
        f"bay.clamp_{side}": (np.array([0.0, inward * stroke, 0.0]), "bay.clamp")
        for side, inward in (("left", -1.0), ("right", 1.0))
    }
    offsets = {**world.engine.offsets(), "bay.clamp": len(world.row)}
    return Scene(machines, [pack.name for pack in world.packs], clamps, offsets)


def _chain(kind: str, name: str) -> Chain:
    data = assets.load_truck(name) if kind == "trucks" else assets.load_robot(name)
    return Chain(assets.asset_folder(kind, name) / data.urdf)
