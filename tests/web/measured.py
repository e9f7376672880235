"""A Record with much to read and little to see: five minutes of signals, their truth, parameters, events."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from tests.web.synthetic import FRAMES, METADATA, SCAN_NS, poses, scene
from twin.record import Event, RecordWriter
from twin.signals import Signal, SignalTable

SECONDS = 300
#: One sample of the force is this high, N, at this time, s.
SPIKE_N, SPIKE_S = 5000.0, 123.46
#: The encoder shows this much more than is true, m.
OFF_M = 0.0125
#: No force is recorded between these times, s.
GAP_S = (200.0, 220.0)

POSITION = Signal("shuttle.lift.pv_position_m", unit="m", text={"en": "encoder position", "zh": "编码器位置"})
FORCE = Signal("shuttle.lift.pv_force_n", unit="N", text={"en": "drive force", "zh": "驱动力"})
ENABLED = Signal("shuttle.lift.st_enabled", "bool", text={"en": "drive enabled", "zh": "驱动使能"})
SPEED = Signal("shuttle.lift.par_max_speed_m_s", unit="m/s")
STATE = Signal("station.unit.seq_state", "enum", labels={2: "Idle", 4: "Execute"}, text={"en": "state", "zh": "状态"})
ALARM = Signal("shuttle.lift.alm_overload", "bool", text={"en": "overload [B]", "zh": "过载 [B]"})
TRUE = Signal("shuttle.lift.gt_position_m", unit="m", text={"en": "true height", "zh": "真实高度"})

SOURCE = "maker's data sheet, page 12"
ASSETS = {
    "assets": {
        "robots/rail_shuttle": {
            "text": {"en": "Rail shuttle", "zh": "轨道穿梭车"},
            "grade": "estimated geometry: right in kind",
            "parameters": {
                "axes.lift.max_speed": {
                    "unit": "m/s", "value": 0.05, "source": SOURCE, "confidence": "H", "range": [0.03, 0.1], "note": "",
                },
                "axes.lift.force": {
                    "unit": "N", "value": 22000.0, "source": "engineering estimate", "confidence": "EE",
                    "range": [18000.0, 30000.0], "note": "",
                },
            },
        }
    },
    "devices": {
        "shuttle.lift": {
            "type": "linear_axis", "text": {"en": "Linear axis", "zh": "直线轴"}, "asset": "robots/rail_shuttle",
            "parameters": ["axes.lift.max_speed", "axes.lift.force"],
        }
    },
    "phrases": {"zh": {SOURCE: "厂家数据表第 12 页", "engineering estimate": "工程估算"}},
    "parts": {
        "shuttle.lift/plate": {"asset": "robots/rail_shuttle", "devices": ["shuttle.lift"]},
        "truck0.chassis/truck": {"asset": "robots/rail_shuttle", "devices": []},
    },
}  # fmt: skip


def height_m(t_s: np.ndarray) -> np.ndarray:
    """How high the lift truly stands."""
    return 0.2 + 0.1 * np.sin(t_s / 10)


def write_measured(path: Path) -> Path:
    """Write the Record."""
    t_ns = np.arange(SECONDS * 10**9 // SCAN_NS + 1, dtype=np.int64) * SCAN_NS
    t_s = t_ns / 1e9
    force = 1000.0 + np.sin(t_s)
    force[np.isclose(t_s, SPIKE_S)] = SPIKE_N
    force[(t_s >= GAP_S[0]) & (t_s < GAP_S[1])] = np.nan
    alarm = (t_s >= 60) & (t_s < 70)
    columns = {
        "plant": [(POSITION, height_m(t_s) + OFF_M), (FORCE, force), (ENABLED, t_s % 20 < 10)],
        "controller": [(STATE, np.where(t_s < 5, 2, 4)), (ALARM, alarm)],
        "truth": [(TRUE, height_m(t_s))],
    }
    tables = {name: SignalTable(signal for signal, _ in listed) for name, listed in columns.items()}
    tables["parameter"] = SignalTable([SPEED])
    attachments = {"assets.json": json.dumps(ASSETS).encode()}
    with RecordWriter(
        path, metadata={**METADATA, "station": "measured"}, tables=tables, frames=FRAMES, scene=scene(),
        attachments=attachments,
    ) as record:  # fmt: skip
        for name, listed in columns.items():
            record.rows(name, t_ns, np.column_stack([values for _, values in listed]).astype(float))
        record.row("parameter", 0, [0.05])
        for t in (0, SECONDS * 10**9):
            record.poses(t, poses(8.0))
        for t, kind, name, data in [
            (0.0, "state", "Idle", {}),
            (5.0, "state", "Execute", {}),
            (5.0, "phase", "raise", {"edge": "start"}),
            (50.0, "fault", "lock_stuck", {}),
            (60.0, "alarm", ALARM.name, {"edge": "raised", "class": "B"}),
            (70.0, "alarm", ALARM.name, {"edge": "cleared", "class": "B"}),
            (250.0, "phase", "raise", {"edge": "end"}),
        ]:
            record.event(Event(round(t * 1e9), kind, name, data=data))
    return path
