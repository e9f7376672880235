"""A Record that knows a driver and a number plate, and writes both wherever a Record can write a word."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from twin.gltf import Model
from twin.mesh import box
from twin.palette import PAINT
from twin.record import Event, Frame, RecordWriter, SceneModel
from twin.signals import Signal, SignalTable

PLATE, DRIVER, CARD = "沪A12345", "Zhang Wei", "A7"
SECRETS = (PLATE, DRIVER)
SECOND = 1_000_000_000

PLATE_READ = Signal(
    "gate.camera.pv_plate", "enum", labels={0: "none", 1: PLATE}, source="cam/plate", private=True
)  # fmt: skip
DRIVER_READ = Signal("operator.panel.pv_driver", "enum", labels={0: "none", 1: DRIVER, 2: CARD}, private=True)
STATE = Signal("station.unit.seq_state", "enum", labels={0: "none", 4: f"Execute for {DRIVER}"})
HEIGHT = Signal("shuttle.lift.pv_position_m", unit="m", text={"en": f"height, set by {DRIVER}"})
TABLES = {"plant": SignalTable([PLATE_READ, DRIVER_READ, HEIGHT]), "controller": SignalTable([STATE])}
NAMED, OTHER = f"truck.{PLATE}", "shuttle.lift"
BINDINGS = {
    "lamps": [
        {"frame": OTHER, "part": "lift", "material": "lamp_a", "otherwise": "#000000",
         "lines": [{"is": {PLATE_READ.name: [1]}, "above": {}, "colour": "#ff0000"}]},
        {"frame": OTHER, "part": "lift", "material": "lamp_b", "otherwise": "#000000",
         "lines": [{"is": {STATE.name: [4]}, "above": {}, "colour": "#00ff00"}]},
    ],
    "packs": [],
    "charge": {"scale": [[0, "#ff0000"], [1, "#00ff00"]], "unknown": "#777777"},
    "labels": [{"kind": "name", "frame": NAMED, "at": None, "text": {"en": f"Truck {PLATE.lower()}"}}],
}  # fmt: skip


def events() -> list[Event]:
    """What a log may say: before, during and after a stretch from 2 s to 4 s."""
    listed = [
        (0.0, "state", "Idle", "", {}),
        (0.5, "state", "Execute", "", {}),
        (0.6, "phase", "park", "", {"edge": "start"}),
        (0.7, "phase", "park", "", {"edge": "end"}),
        (0.8, "phase", "lift", "", {"edge": "start"}),
        (1.0, "alarm", "bracket1.seat.alm_not_seated", "", {"edge": "raised"}),
        (1.1, "alarm", "bracket1.seat.alm_not_seated", "", {"edge": "cleared"}),
        (1.2, "alarm", "rack.slot1.alm_hot", "", {"edge": "raised"}),
        (1.5, "event", "before", "", {}),
        (2.5, "operator", "login", f"operator {DRIVER} logged in at the panel", {}),
        (3.0, "data", "gap", "", {"edge": "start", "finding": "gap", "subject": "cam/plate"}),
        (3.1, "alarm", PLATE_READ.name, "", {"edge": "raised"}),
        (3.2, "event", "seen", f"车辆{PLATE}驶入", {"who": [DRIVER]}),
        (3.5, "phase", "lift", "", {"edge": "end"}),
        (5.0, "event", "after", "", {}),
    ]
    return [Event(round(t * SECOND), kind, name, message, data=data) for t, kind, name, message, data in listed]  # type: ignore[arg-type]


def write_secret(folder: Path) -> Path:
    """The Record, 6 s long; its own name tells the plate."""
    path = folder / f"{PLATE}_20261122.mcap"
    model = Model(f"truck {PLATE}")
    model.add(PAINT, box((1, 1, 1), (0, 0, 0)))
    frames = [Frame(NAMED, ""), Frame(OTHER, "")]
    with RecordWriter(
        path,
        metadata={"source": "imported", "station": f"yard of {DRIVER}", "started_at": "2026-11-22T00:00:00Z"},
        tables=TABLES,
        frames=frames,
        scene=[SceneModel(frame.name, model.to_glb(), model.name) for frame in frames],
        attachments={"bindings.json": json.dumps(BINDINGS).encode()},
    ) as record:
        for scan in range(301):
            t_ns = scan * SECOND // 50
            record.row("plant", t_ns, [1, 1, 0.001 * scan])
            record.row("controller", t_ns, [4])
            record.poses(t_ns, np.array([[0, 0, 0.001 * scan, 0, 0, 0, 1.0]] * 2))
        for event in events():
            record.event(event)
    return path
