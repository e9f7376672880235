"""Import: a source's batches through the spool into a Record."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from twin import __version__
from twin.analysis.quality import Expectation, Findings, StreamOrder, TagQuality
from twin.errors import InputError
from twin.importing.clocks import Clocks
from twin.importing.convert import convert, unread
from twin.importing.layout import Column, lay_out, tables_of
from twin.importing.moving import motion_of
from twin.importing.recognition import known_map, look_ahead
from twin.importing.spool import Series, Spool
from twin.importing.timeline import Happening, alarm_event, data_events, read_journal
from twin.motion import ATTACHMENT as MOTION
from twin.record import RecordWriter
from twin.source.opening import readers, source_files
from twin.source.sample import Batch, Damage, JournalEntry, Samples
from twin.source.stamp import MISSING_NS
from twin.tag_map import TagMap, load_map, unused


@dataclass
class Imported:
    """What an import found.

    Args:
        first_ns: the earliest sample or journal entry, last_ns: the last sample, ns since 1970.
    """

    samples: int = 0
    first_ns: int = 0
    last_ns: int = 0
    columns: list[Column] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    journal: list[JournalEntry] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)


def import_files(paths: Sequence[Path], out: Path, map_path: Path | None = None) -> Imported:
    """Write the logs of files, folders and archives into a new Record.

    Args:
        map_path: the map; without it the shipped map that knows the log's tags, else every tag is kept as it is.

    Raises:
        InputError: a path or an archive that cannot be read, a file of no known kind, or as of :func:`import_log`.
    """
    looked = [look_ahead(reader.batches()) for _, reader in readers(source_files(paths))]
    chosen = map_path or known_map({name for names, _ in looked for name in names})
    tag_map = load_map(chosen) if chosen else TagMap()
    text = chosen.read_text(encoding="utf-8") if chosen else ""
    batches = itertools.chain.from_iterable(stream for _, stream in looked)
    return import_log(batches, tag_map, out, map_text=text)


def import_log(batches: Iterable[Batch], tag_map: TagMap, out: Path, *, map_text: str = "") -> Imported:
    """Write a log into a new Record; nothing of it is left when this fails.

    Raises:
        InputError: nothing in the log has a time stamp and a value, or it is not what the map takes it for.
    """
    found = Imported()
    with tempfile.TemporaryDirectory(prefix="swaptwin-", dir=out.parent) as folder:
        spool = Spool(Path(folder))
        order: dict[str, StreamOrder] = {}
        clocks = Clocks(tag_map, found.findings)
        for batch in batches:
            if isinstance(batch, Samples):
                watch = order.setdefault(batch.stream, StreamOrder(batch.stream, found.findings))
                _take(batch, spool, clocks, found, watch)
            elif isinstance(batch, JournalEntry):
                found.journal.append(batch)
            else:
                found.damage.append(batch)
        if not spool.samples:
            raise InputError(
                key="source", expected="samples with a time stamp", got=f"none; {len(found.damage)} lines not read"
            )
        found.samples, found.first_ns, found.last_ns = spool.samples, spool.first_ns, spool.last_ns
        happenings = read_journal(found.journal, clocks, found.damage)
        found.first_ns = min([found.first_ns, *(t_ns for t_ns, _, _ in happenings)])
        for name in unused(tag_map, spool.tags):
            found.findings.of("missing_tag", name).count = 1
        found.columns = lay_out(spool, tag_map)
        beside = out.with_name(out.name + ".importing")
        try:
            _write(beside, spool, tag_map, found, happenings, map_text)
            beside.replace(out)
        finally:
            beside.unlink(missing_ok=True)
    return found


def _take(samples: Samples, spool: Spool, clocks: Clocks, found: Imported, order: StreamOrder) -> None:
    time = clocks.of(samples.stream, samples.time)
    t_ns, tags = spool.add(samples, time, clocks.offset_ns(samples.stream))
    stamped = t_ns != MISSING_NS
    order.look(t_ns[stamped], tags[stamped])
    if not stamped.all():
        lost = samples.row[~stamped]
        found.damage.append(Damage(samples.stream, int(lost[0]), "no time stamp that can be read", len(lost)))


def _write(
    path: Path, spool: Spool, tag_map: TagMap, found: Imported, happenings: Sequence[Happening], map_text: str
) -> None:
    started = datetime.fromtimestamp(found.first_ns / 1e9, timezone.utc)
    metadata = {
        "version": __version__,
        "source": "imported",
        "started_at": started.isoformat().replace("+00:00", "Z"),
        "started_ns": str(found.first_ns),
        "zone": tag_map.time.zone,
    }
    attachments = {"map.yaml": map_text.encode()} if map_text else {}
    motion = motion_of(tag_map, found.columns)
    if motion is not None:
        metadata["estimated_geometry"] = "true"
        attachments[MOTION] = motion.setup.to_json()
    drawn, scene = (motion.scene.frames, motion.scene.machine_models()) if motion is not None else ([], [])
    texts = list(spool.texts)
    bad_codes = np.array([quality == "bad" for quality in tag_map.judge(spool.codes).values()] + [False])
    with RecordWriter(
        path, metadata=metadata, tables=tables_of(found.columns), attachments=attachments, frames=drawn, scene=scene
    ) as writer:
        watches = [_watch(column, found.findings) for column in found.columns]
        for series in spool.series():
            column = found.columns[series.tag]
            bad = bad_codes[series.quality]
            values = _values(column, series, texts, bad)
            lost = unread(column.tag, series, texts, values[:, 0])
            watches[series.tag].look(series.t_ns, values[:, 0], bad, lost)
            writer.rows(column.table, series.t_ns - found.first_ns, values, sequence=series.row % (1 << 32))
        events = [alarm_event(happening, found.first_ns) for happening in happenings]
        events += data_events(found.findings, found.first_ns)
        for event in sorted(events, key=lambda event: event.t_ns):
            writer.event(event)


def _watch(column: Column, findings: Findings) -> TagQuality:
    tag = column.tag
    expectation = Expectation(
        period_ns=None if tag.period_s is None else round(tag.period_s * 1e9),
        low=-np.inf if tag.low is None else tag.low,
        high=np.inf if tag.high is None else tag.high,
        on_change=column.mapped and tag.logged != "periodic",
    )
    return TagQuality(f"{column.stream}/{column.name}", findings, expectation)


def _values(column: Column, series: Series, texts: Sequence[str], bad: np.ndarray) -> np.ndarray:
    parts = [convert(column.tag, series, texts, bad)]
    if column.raw:
        parts.append(series.value[:, None])
    if column.quality:
        parts.append(np.where(series.quality < 0, np.nan, series.quality)[:, None])
    return np.hstack(parts) if len(parts) > 1 else parts[0]
