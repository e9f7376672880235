"""A part of a Record as a Record: some signals, some time, with all that belongs to it."""

from __future__ import annotations

import json
from pathlib import Path

from twin.exporting.selection import Selection
from twin.motion import ATTACHMENT as MOTION
from twin.record import RecordWriter
from twin.record.index import FRAMES, SIGNALS
from twin.signals import SignalTable


def write_cut(selection: Selection, path: Path) -> int:
    """Write the selection; its times stay as they are. Returns the number of samples."""
    record = selection.record
    tables = {name: SignalTable(signals) for name, signals in selection.tables.items()}
    attachments = {n: data for n, data in record.attachments.items() if n not in (SIGNALS, FRAMES)}
    if len(selection.signals) < sum(not signal.private for signal in record.signals):
        # Half of a machine's axes would stand still where they moved.
        attachments.pop(MOTION, None)
    samples = 0
    metadata = {**record.metadata, "cut": json.dumps({"from_ns": selection.t0_ns, "to_ns": selection.t1_ns})}
    with RecordWriter(
        path, metadata=metadata, tables=tables, frames=record.frames, attachments=attachments, scene=record.scene,
        at_once=True,
    ) as writer:  # fmt: skip
        for window in selection.windows():
            t_ns, X = record.poses(*window)
            for t, X_t in zip(t_ns.tolist(), X, strict=True):
                writer.poses(t, X_t)
        for name, table in tables.items():
            for window in selection.windows():
                t_ns, values = record.rows(name, *window, names=table.names)
                published, sequence = record.stamps(name, *window)
                writer.rows(name, t_ns, values, publish_ns=published, sequence=sequence)
                samples += values.size
        for event in record.events(selection.t0_ns, selection.t1_ns):
            writer.event(event)
    return samples
