"""The shipped swap as a plant shows it, without a controller's steps and alarms, stopped by a lock."""

from __future__ import annotations

from pathlib import Path

from twin.record import Record, RecordWriter
from twin.shipped import shipped
from twin.signals import SignalTable

#: A lock stays locked from here on, and nothing goes on.
STUCK_NS, STANDS_NS = 44_800_000_000, 20_000_000_000
LOCK = "bracket2.lock3"


def write_stopped(path: Path) -> Path:
    """Write it; the lock sticks at 44.8 s."""
    source = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    tables = {
        "plant": source.tables["plant"],
        "controller": SignalTable(s for s in source.tables["controller"] if s.kind == "cmd"),
    }
    metadata = {"station": "chassis_swap", "source": "imported", "scan_ns": "20000000"}
    with RecordWriter(path, metadata=metadata, tables=tables, frames=source.frames, scene=source.scene) as writer:
        for name, table in tables.items():
            t_ns, rows = source.rows(name, 0, STUCK_NS, names=table.names)
            at = {signal: n for n, signal in enumerate(table.names)}
            if name == "plant":
                rows[:, at[f"{LOCK}.st_locked"]] = rows[:, at["truck.interface.st_connected"]]
                rows[:, at[f"{LOCK}.st_released"]] = 0
            for t, row in zip(t_ns.tolist(), rows.tolist(), strict=True):
                writer.row(name, t, row)
            if name == "plant":
                rows[-1, [at[f"bracket2.lock{n}.st_released"] for n in (1, 2, 4)]] = 1
            for t in range(STUCK_NS + 20_000_000, STUCK_NS + STANDS_NS, 20_000_000):
                writer.row(name, t, rows[-1].tolist())
        t_ns, poses = source.poses(0, STUCK_NS)
        for n in range(0, len(t_ns), 5):
            writer.poses(int(t_ns[n]), poses[n])
    return path
