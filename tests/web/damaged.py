"""Records with something wrong, each made from a whole one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mcap.reader import make_reader
from mcap.writer import Writer

Change = Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def rewritten(
    whole: Path,
    path: Path,
    *,
    profile: str = "swaptwin",
    metadata: Change = _same,
    signals: Change = _same,
    topics: Callable[[str], bool] = lambda topic: True,
    until_ns: int = 2**63 - 1,
) -> Path:
    """A copy with another profile, with metadata or signal tables changed, or with a part of its messages."""
    with whole.open("rb") as source, path.open("wb") as target:
        reader, writer = make_reader(source), Writer(target)
        writer.start(profile, "test")
        for entry in reader.iter_metadata():
            writer.add_metadata(entry.name, metadata(dict(entry.metadata)))
        for attachment in reader.iter_attachments():
            data = attachment.data
            if attachment.name == "signals.json":
                data = json.dumps(signals(json.loads(data))).encode()
            writer.add_attachment(
                attachment.create_time, attachment.log_time, attachment.name, attachment.media_type, data
            )
        ids: dict[int, int] = {}
        summary = reader.get_summary()
        assert summary is not None
        for number, channel in summary.channels.items():
            schema = summary.schemas[channel.schema_id]
            schema_id = writer.register_schema(schema.name, schema.encoding, schema.data)
            ids[number] = writer.register_channel(
                channel.topic, channel.message_encoding, schema_id, dict(channel.metadata)
            )
        for _, channel, message in reader.iter_messages(log_time_order=False):
            if topics(channel.topic) and message.log_time <= until_ns:
                writer.add_message(
                    ids[channel.id], message.log_time, message.data, message.publish_time, message.sequence
                )
        writer.finish()
    return path


def _unknown_type(tables: Any) -> Any:
    tables["tables"]["plant"][0]["type"] = "quaternion"
    return tables


def damaged(whole: Path, folder: Path) -> dict[str, Path]:
    """A file of each kind, by what is wrong with it."""
    data = whole.read_bytes()
    plain = {"cut": data[: len(data) * 6 // 10], "empty": b"", "other_file": b"%PDF-1.7 something else " * 40}
    paths = {}
    for name, content in plain.items():
        paths[name] = folder / f"{name}.mcap"
        paths[name].write_bytes(content)

    def make(name: str, **changes: Any) -> None:
        paths[name] = rewritten(whole, folder / f"{name}.mcap", **changes)

    make("other_profile", profile="ros2")
    make("other_version", metadata=lambda values: {**values, "format": "7"})
    make("unknown_station", metadata=lambda values: {**values, "station": "moon_base", "source": "elsewhere"})
    make("unknown_type", signals=_unknown_type)
    make("no_poses", topics=lambda topic: topic != "/tf")
    make("no_models", topics=lambda topic: topic != "/scene")
    make("events_only", topics=lambda topic: topic == "/events")
    make("one_sample", until_ns=0)
    make("nothing", topics=lambda topic: False)
    return paths
