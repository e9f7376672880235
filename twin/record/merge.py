"""Rewrites a Record with large chunks: when a run ends, and to close a file whose writer was killed."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from twin.errors import InputError, RecordError
from twin.record.chunk import Block, unpack_chunk
from twin.record.container import Container
from twin.record.index import SIGNALS, FileIndex, read_attachment, read_chunk, read_index, require_record
from twin.record.overview import FEWEST_ROWS, TableOverview
from twin.record.overview import PREFIX as OVERVIEW
from twin.record.row import RowLayout
from twin.signals import SignalTable

#: Least size of a merged chunk before compression, bytes. One channel each: a window of poses does not unpack signals.
CHUNK_BYTES = 1 << 20
_LEVEL = 2  # on rows of signals and poses smaller and faster than 1 and 3
_TRIES = 5
_RETRY_S = 0.1


@dataclass(frozen=True)
class Recovery:
    """What :func:`recover` found and wrote.

    Args:
        path: the file written.
        was_finished: nothing had to be closed.
        chunks, messages: how many were kept.
        end_ns: time of the last message, ns.
        damage: a plain sentence for everything that was lost.
    """

    path: Path
    was_finished: bool
    chunks: int
    messages: int
    end_ns: int
    damage: tuple[str, ...]


def merge_file(path: Path) -> None:
    """Merges a finished Record in place. While someone else holds the file and it cannot be replaced, it stays."""
    with path.open("rb") as file:
        index = read_index(file, path)
        beside = path.with_name(path.name + ".merging")
        _rewrite(file, index, beside)
    _replace(beside, path, keep_old=True)


def recover(path: str | Path, out: str | Path | None = None) -> Recovery:
    """Closes a Record whose writer was killed: keeps every whole chunk, adds the summary, merges small chunks.

    Args:
        path: the damaged or unfinished file.
        out: where the result goes; in place of *path* if not given.

    Raises:
        RecordError: the file is no Record, or the result cannot be written.
    """
    source = Path(path)
    target = source if out is None else Path(out)
    try:
        with source.open("rb") as file:
            index = read_index(file, source)
            require_record(index, source)
            beside = target.with_name(target.name + ".merging")
            messages, end_ns, lost = _rewrite(file, index, beside)
    except OSError as error:
        raise RecordError(f"{source}: cannot be recovered: {error}") from error
    _replace(beside, target, keep_old=False)
    return Recovery(target, index.finished, len(index.chunks), messages, end_ns, (*index.damage, *lost))


def _rewrite(file: BinaryIO, index: FileIndex, target: Path) -> tuple[int, int, list[str]]:
    """Writes all that can be read into *target*; returns messages, time of the last one, and what was lost."""
    lost: list[str] = []
    messages = end_ns = 0
    try:
        with target.open("wb", buffering=0) as out:
            container = Container(out, _LEVEL)
            container.start(index.profile, index.library)
            container.add_metadata("swaptwin", index.metadata)
            for name, place in index.attachments.items():
                # Of what may be lost now: made anew.
                if name.startswith(OVERVIEW):
                    continue
                lost += _copy_attachment(file, name, place, container)
            for channel in index.channels.values():
                container.copy_channel(index.schemas.get(channel.schema_id), channel)
            waiting: dict[int, list[Block]] = {}
            overviews = _overviews(file, index)

            def write(pending: list[Block]) -> None:
                block = Block.join(pending)
                container.add_chunk([block])
                if block.channel_id in overviews:
                    layout, overview = overviews[block.channel_id]
                    try:
                        overview.add(block.log_times, layout.decode(block.records(layout.record_bytes)))
                    except RecordError:
                        # Rows of another length: kept as they are, and not looked into.
                        del overviews[block.channel_id]

            for number, entry in enumerate(index.chunks):
                try:
                    blocks = unpack_chunk(read_chunk(file, entry))
                except RecordError as error:
                    lost.append(f"chunk {number}, {entry.start_ns / 1e9:.2f} to {entry.end_ns / 1e9:.2f} s: {error}")
                    continue
                for block in blocks:
                    messages += len(block)
                    end_ns = max(end_ns, int(block.log_times[-1]))
                    pending = waiting.setdefault(block.channel_id, [])
                    pending.append(block)
                    if sum(len(part.data) for part in pending) >= CHUNK_BYTES:
                        write(pending)
                        waiting[block.channel_id] = []
            for pending in waiting.values():
                if pending:
                    write(pending)
            for _, overview in overviews.values():
                add_overviews(container, overview)
            container.finish()
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return messages, end_ns, lost


def add_overviews(container: Container, overview: TableOverview) -> None:
    """Attaches the overviews of a table's signals."""
    for name, levels in overview.levels().items():
        for level in levels:
            container.add_attachment(level.attachment_name(name), "application/zstd", level.to_bytes())


def _overviews(file: BinaryIO, index: FileIndex) -> dict[int, tuple[RowLayout, TableOverview]]:
    """Number of a channel to how its rows are read and what thins them, for tables that are long."""
    try:
        tables = json.loads(read_attachment(file, index.attachments[SIGNALS]).data)["tables"]
        signals = {name: SignalTable.from_list(listed) for name, listed in tables.items()}
    except (RecordError, InputError, ValueError, KeyError, TypeError):
        return {}
    scan = index.metadata.get("scan_ns", "")
    found = {}
    for channel in index.channels.values():
        name = channel.topic[1:]
        if name in signals and index.counts.get(channel.id, 0) >= FEWEST_ROWS:
            overview = TableOverview(list(signals[name]), int(scan) if scan.isdecimal() else 0)
            found[channel.id] = (RowLayout(name, signals[name]), overview)
    return found


def _copy_attachment(file: BinaryIO, name: str, place: tuple[int, int], container: Container) -> list[str]:
    """Copies an attachment; returns what was lost."""
    try:
        found = read_attachment(file, place)
    except RecordError as error:
        return [f"attachment {name}: {error}"]
    container.add_attachment(found.name, found.media_type, found.data, found.log_time)
    return []


def _replace(beside: Path, path: Path, *, keep_old: bool) -> None:
    """Moves *beside* to *path*. Some systems refuse while a reader has the file open: tried again for a while."""
    for _ in range(_TRIES - 1):
        with contextlib.suppress(OSError):
            beside.replace(path)
            return
        time.sleep(_RETRY_S)
    try:
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        if not keep_old:
            raise RecordError(f"{path}: the result cannot be put in place: {error}") from error
