"""What is inside a Record, as data: for ``swaptwin info``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from twin.record.event import TOPIC as EVENTS_TOPIC
from twin.record.reader import Record
from twin.record.transform import TransformLayout


def describe(path: str | Path) -> dict[str, Any]:
    """What is inside a Record: times in s, sizes in bytes, damage in plain sentences.

    Every chunk is read once, so that damage anywhere is found.

    Raises:
        RecordError: the file cannot be read, or is no Record.
    """
    record = Record.open(path)
    counts = record.message_counts()
    record.check()
    chunks = record.chunks()
    events = record.events()
    stored = sum(chunk.compressed_bytes for chunk in chunks)
    samples = sum(counts.get(f"/{name}", 0) * len(table) for name, table in record.tables.items())
    return {
        "path": str(record.path),
        "size_bytes": record.path.stat().st_size,
        "finished": record.finished,
        "damage": record.damage,
        "start_s": record.start_ns / 1e9,
        "end_s": record.end_ns / 1e9,
        "metadata": record.metadata,
        "tables": {
            name: {
                "signals": len(table),
                "rows": counts.get(f"/{name}", 0),
                "types": dict(Counter(signal.type for signal in table)),
            }
            for name, table in record.tables.items()
        },
        "samples": samples,
        "frames": len(record.frames),
        "poses": counts.get(TransformLayout.topic, 0),
        "models": len(record.scene),
        "events": {
            "count": counts.get(EVENTS_TOPIC, 0),
            "kinds": dict(Counter(event.kind for event in events)),
            "alarms": [
                {"tag": event.name, "at_s": event.t_ns / 1e9}
                for event in events
                if event.kind == "alarm" and event.data.get("edge", "raised") == "raised"
            ],
            "phases": [
                {"name": event.name, "edge": event.data.get("edge", ""), "at_s": event.t_ns / 1e9}
                for event in events
                if event.kind == "phase"
            ],
        },
        "attachments": {name: len(data) for name, data in record.attachments.items()},
        "chunks": {
            "count": len(chunks),
            "compressed_bytes": stored,
            "uncompressed_bytes": sum(chunk.uncompressed_bytes for chunk in chunks),
        },
    }
