"""A simulated Record as a log of the same station would be: no poses, no truth; motion reconstructed from signals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from twin.errors import RecordError
from twin.motion.follow import follow
from twin.motion.hold import ATTACHMENT as HOLDS
from twin.motion.hold import to_json
from twin.motion.known import Array
from twin.motion.motion import ATTACHMENT, Motion
from twin.motion.station import How, station_setup
from twin.record import Record, RecordWriter
from twin.signals import Signal, SignalTable

#: Metadata that name what a log would not know.
_KEPT = ("version", "station", "scan_ns", "started_at", "estimated_geometry", "scenario")


def strip(
    record: Record, out: Path, *, truck: str = "tractor_6x4", change: Callable[[Signal, Array], Array] | None = None
) -> Motion:
    """Write a Record without its truth and poses, and the motion that follows from what is left.

    Args:
        record: of a simulated run. out: the new file. truck: the asset that is drawn for the trucks that came.
        change: what becomes of a signal's values on the way, such as noise.

    Raises:
        RecordError: the record does not say of which station it is.
    """
    station = record.metadata.get("station", "")
    if not station:
        raise RecordError("expected a record of a simulated station, got one that names none")
    tables = {
        name: SignalTable(signal for signal in table if signal.kind != "gt") for name, table in record.tables.items()
    }
    tables = {name: table for name, table in tables.items() if len(table)}
    period_s = int(record.metadata.get("scan_ns", "0")) / 1e9 or None
    how: How = (period_s, "periodic" if period_s else "on_change", 0.0)
    motion = Motion(station_setup(station, truck, {s.name: how for table in tables.values() for s in table}))
    metadata = {name: record.metadata[name] for name in _KEPT if name in record.metadata}
    metadata |= {"source": "simulated", "poses": "reconstructed"}
    with RecordWriter(
        out, metadata=metadata, tables=tables, frames=motion.scene.frames, scene=motion.models(),
        attachments={ATTACHMENT: motion.setup.to_json()},
    ) as writer:  # fmt: skip
        for name, table in tables.items():
            names = [signal.name for signal in table]
            t_ns, values = record.rows(name, names=names)
            if change is not None:
                values = np.column_stack([change(signal, values[:, n]) for n, signal in enumerate(table)])
            writer.rows(name, t_ns, values)
        for event in record.events():
            writer.event(event)
        writer.flush()
        writer.finish({HOLDS: to_json(follow(motion, Record.open(out)))})
    return motion
