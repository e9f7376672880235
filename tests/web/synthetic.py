"""A small station that never was: a truck-like block, a shuttle that lifts a pack, a turning arm; for viewer tests."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from twin.gltf import Model
from twin.mesh import box
from twin.palette import CONCRETE, GRAPHITE, HOUSING, ORANGE, PAINT, SOC, Material
from twin.record import Event, Frame, RecordWriter, SceneModel
from twin.signals import Signal, SignalTable

SCAN_NS = 20_000_000
#: Lift of the pack over the run, m; it rises from 1 s on at 0.1 m/s.
LIFT_M = 0.4

FRAMES = [
    Frame("station", ""),
    Frame("truck0.chassis", ""),
    Frame("shuttle.carriage", ""),
    Frame("shuttle.lift", "shuttle.carriage"),
    Frame("shuttle.arm", "shuttle.lift"),
    Frame("pack.QJ75-0001", ""),
]

STATE = Signal(name="station.unit.seq_state", type="enum", labels={2: "Idle", 4: "Execute", 15: "Held"})
PHASE = Signal(name="station.unit.seq_phase", type="enum", labels={0: "none", 1: "park", 12: "raise", 14: "lock"})
MODE = Signal(name="station.unit.seq_mode", type="enum", labels={0: "automatic", 2: "manual"})
ALARM = Signal(name="bracket1.seat.alm_not_seated", type="bool", text={"en": "pack not seated", "zh": "电池包未落座"})
HEIGHT = Signal(name="shuttle.lift.pv_position_m", unit="m", text={"en": "encoder position", "zh": "编码器位置"})

TABLES = {"plant": SignalTable([HEIGHT]), "controller": SignalTable([STATE, PHASE, MODE, ALARM])}


def _block(name: str, size: tuple[float, float, float], centre: tuple[float, float, float], look: Material) -> Model:
    model = Model(name)
    model.add(look, box(size, centre))
    return model


def scene() -> list[SceneModel]:
    """One model for each frame; the pack has a charge strip."""
    pack = _block("pack", (0.75, 2.2, 0.34), (0, 0, -0.03), HOUSING)
    pack.add(SOC, box((0.76, 0.4, 0.06), (0, 0, 0.05)))
    parts = {
        "station": _block("floor", (12, 9, 0.02), (0, 2, -0.01), CONCRETE),
        "truck0.chassis": _block("truck", (7, 2.5, 1.2), (0, 0, 1.9), PAINT),
        "shuttle.carriage": _block("carriage", (2.4, 1.3, 0.12), (0, 0, 0.06), GRAPHITE),
        "shuttle.lift": _block("plate", (0.5, 1.6, 0.05), (0, 0, 0.15), ORANGE),
        "shuttle.arm": _block("arm", (1.2, 0.1, 0.1), (0.6, 0, 0.3), ORANGE),
        "pack.QJ75-0001": pack,
    }
    return [SceneModel(frame=frame, glb=model.to_glb(), name=model.name) for frame, model in parts.items()]


def height_m(t_s: float) -> float:
    """How high the lift stands."""
    return min(max(0.1 * (t_s - 1.0), 0.0), LIFT_M)


def arm_rad(t_s: float) -> float:
    """How far the arm has turned."""
    return 0.6 * t_s


def poses(t_s: float) -> np.ndarray:
    """Parent-relative poses (F, 7) at a time."""
    X = np.zeros((len(FRAMES), 7))
    X[:, 6] = 1.0
    X[1, 0] = max(3.0 - 2.0 * t_s, 0.0)
    X[2, 1] = 0.4
    X[3, 2] = height_m(t_s)
    half = arm_rad(t_s) / 2
    X[4, 5:] = math.sin(half), math.cos(half)
    X[5, :3] = 0.0, 0.4, 0.36 + height_m(t_s)
    return X


def events(seconds: float) -> list[Event]:
    """Phases, states, an alarm and a mark that a run of this length holds."""
    listed = [
        (0.0, "state", "Idle", {}),
        (0.2, "state", "Execute", {}),
        (0.2, "phase", "park", {"edge": "start"}),
        (1.0, "phase", "park", {"edge": "end"}),
        (1.0, "phase", "raise", {"edge": "start"}),
        (3.0, "fault", "seat_debris", {}),
        (5.0, "phase", "raise", {"edge": "end"}),
        (5.0, "phase", "lock", {"edge": "start"}),
        (6.0, "alarm", ALARM.name, {"edge": "raised", "class": "B"}),
        (6.0, "state", "Held", {}),
        (7.0, "alarm", ALARM.name, {"edge": "cleared", "class": "B"}),
        (7.0, "state", "Execute", {}),
    ]
    return [Event(t_ns=round(t * 1e9), kind=k, name=n, data=d) for t, k, n, d in listed if t <= seconds]  # type: ignore[arg-type]


def rows(t_s: float) -> dict[str, list[float]]:
    """A row of each table."""
    phase = 1 if t_s < 1 else 12 if t_s < 5 else 14
    state = 2 if t_s < 0.2 else 15 if 6 <= t_s < 7 else 4
    return {"plant": [height_m(t_s)], "controller": [state, phase, 0, float(6 <= t_s < 7)]}


METADATA = {
    "version": "0.1.0",
    "source": "simulated",
    "scenario": "synthetic",
    "scan_ns": str(SCAN_NS),
    "estimated_geometry": "true",
}


def writer(path: Path, *, flush_s: float = 1.0, **metadata: str) -> RecordWriter:
    """A writer for a Record of this station."""
    return RecordWriter(
        path,
        metadata={**METADATA, **metadata},
        tables=TABLES,
        frames=FRAMES,
        scene=scene(),
        flush_s=flush_s,
    )


def write_scan(record: RecordWriter, scan: int, seconds: float) -> None:
    """Everything of one scan."""
    t_ns = scan * SCAN_NS
    for table, values in rows(t_ns / 1e9).items():
        record.row(table, t_ns, values)
    record.poses(t_ns, poses(t_ns / 1e9))
    for event in events(seconds):
        if t_ns <= event.t_ns < t_ns + SCAN_NS:
            record.event(event)
    record.poll()


def write_record(path: Path, seconds: float = 8.0, **metadata: str) -> Path:
    """A finished Record of this station."""
    record = writer(path, **metadata)
    for scan in range(round(seconds * 1e9) // SCAN_NS + 1):
        write_scan(record, scan, seconds)
    record.finish()
    return path
