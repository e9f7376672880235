"""A small Record with every type of value, for the tests of this folder."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np

from twin.record import Event, Frame, RecordWriter, SceneModel
from twin.signals import Signal, SignalTable

SCAN_NS = 20_000_000

PLANT = SignalTable(
    [
        Signal("shuttle.lift.pv_position_m", unit="m"),
        Signal("shuttle.lift.st_homed", type="bool"),
        Signal("shuttle.lift.pv_speed_m_s", unit="m/s"),
        Signal("station.unit.st_serial", type="enum", labels={0: "", 7: "QJ75-0001"}),
        Signal("shuttle.travel.pv_position_m", unit="m"),
        Signal("shuttle.lift.pv_cycles", type="int"),
    ]
)
CONTROLLER = SignalTable([Signal("shuttle.lift.cmd_move", type="bool"), Signal("station.unit.seq_state", type="enum")])
TABLES = {"plant": PLANT, "controller": CONTROLLER}
FRAMES = [Frame("shuttle.carriage", "station"), Frame("shuttle.lift", "shuttle.carriage"), Frame("pack.甲", "world")]
SCENE = [SceneModel("shuttle.lift", b"glTF" + bytes(range(256)), "Lift 举升"), SceneModel("pack.甲", b"glTF", "Pack")]


class Example:
    """Values of *scans* scans, drawn from a seed, and the writer's calls that record them."""

    def __init__(self, scans: int, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self.t_ns = np.arange(scans, dtype=np.int64) * SCAN_NS
        self.plant = np.column_stack(
            [
                rng.normal(size=scans),
                rng.integers(0, 2, scans),
                rng.normal(size=scans),
                rng.integers(-5, 9, scans),
                rng.normal(size=scans),
                rng.integers(0, 2**40, scans),
            ]
        ).astype(float)
        self.controller = np.column_stack([rng.integers(0, 2, scans), rng.integers(0, 18, scans)]).astype(float)
        self.poses = rng.normal(size=(scans, len(FRAMES), 7))
        self.events = [
            Event(int(t), "phase", f"phase{i}", "Raising 举升", "warning", {"edge": "start", "n": i})
            for i, t in enumerate(self.t_ns[::10])
        ]

    def writer(self, path: Path, **arguments: Any) -> RecordWriter:
        arguments = {"flush_s": 1e9, "scene": SCENE, "frames": FRAMES, "tables": TABLES, **arguments}
        metadata = {"scenario": "example", **arguments.pop("metadata", {})}
        return RecordWriter(path, metadata=metadata, **arguments)

    def write(self, writer: RecordWriter, first: int = 0, stop: int | None = None) -> None:
        """Adds scans first to stop: plant rows as a plain list in their types, controller rows as an array."""
        for i in range(first, len(self.t_ns) if stop is None else stop):
            t = int(self.t_ns[i])
            p = self.plant[i]
            writer.row("plant", t, [float(p[0]), bool(p[1]), float(p[2]), int(p[3]), float(p[4]), int(p[5])])
            writer.row("controller", t, self.controller[i])
            writer.poses(t, self.poses[i])
            if i % 10 == 0:
                writer.event(self.events[i // 10])

    def record(self, path: Path, chunks: int = 1) -> Path:
        """A finished file; before merging it had *chunks* chunks."""
        with self.writer(path) as writer:
            self._write_in_chunks(writer, chunks)
        return path

    def unfinished(self, path: Path, chunks: int = 4) -> Path:
        """What a killed writer leaves after *chunks* chunks."""
        writer = self.writer(path)
        self._write_in_chunks(writer, chunks)
        writer.abandon()
        return path

    def _write_in_chunks(self, writer: RecordWriter, chunks: int) -> None:
        bounds = np.linspace(0, len(self.t_ns), chunks + 1).astype(int)
        for first, stop in itertools.pairwise(bounds):
            self.write(writer, int(first), int(stop))
            writer.flush()
