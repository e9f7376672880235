"""Import: a source's batches through the spool into a Record."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin import __version__
from twin.ahead import ahead
from twin.analysis.extent import STRAY_NS, Extent
from twin.analysis.finding import MOST_PLACES, Findings
from twin.analysis.order import StreamOrder
from twin.analysis.quality import Expectation, TagFacts, TagQuality
from twin.errors import InputError
from twin.importing.account import ACCOUNT, Account, account_of
from twin.importing.clocks import Clocks
from twin.importing.convert import convert, unread
from twin.importing.correction import Correction
from twin.importing.layout import Column, lay_out, tables_of
from twin.importing.moving import doubts, motion_of
from twin.importing.recognition import known_map, look_ahead, own_map
from twin.importing.runs import Series
from twin.importing.spool import Spool
from twin.importing.timeline import Happening, alarm_event, data_events, read_journal
from twin.motion import ATTACHMENT as MOTION
from twin.motion import HOLDS, Hold, follow, to_json
from twin.parts import describe_cells
from twin.record import Record, RecordWriter
from twin.source.opening import readers, source_files
from twin.source.sample import Batch, Damage, JournalEntry, Lines, Samples
from twin.source.stamp import MISSING_NS, Times
from twin.tag_map import TagMap, load_map, unused

#: Parts that a log's time is divided into, to show when each stream has samples.
COVERAGE_PARTS = 1000


@dataclass
class StreamFacts:
    """What was seen of a stream.

    Args:
        first_ns, last_ns: of its samples, by its own clock, ns since 1970.
        correction: what was done to its clock.
        coverage: samples in each of :data:`COVERAGE_PARTS` equal parts of the log's time.
    """

    name: str
    samples: int = 0
    first_ns: int = 0
    last_ns: int = 0
    correction: Correction = field(default_factory=Correction)
    coverage: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(COVERAGE_PARTS, dtype=np.int64))

    def clock(self, t_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stamps of this stream in the Record's time, ns since 1970."""
        return self.correction.apply(t_ns, self.first_ns)


@dataclass
class Imported:
    """What an import found.

    Args:
        first_ns: the earliest sample or journal entry, last_ns: the last sample, ns since 1970, clocks corrected.
        facts: of each column's tag.
        map_name: file name of the map, empty without one.
        account: all of it as data, once the Record is written.
    """

    samples: int = 0
    first_ns: int = 0
    last_ns: int = 0
    streams: dict[str, StreamFacts] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    facts: list[TagFacts] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    journal: list[JournalEntry] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    map_name: str = ""
    account: Account | None = None


def import_files(
    paths: Sequence[Path],
    out: Path,
    map_path: Path | None = None,
    *,
    progress: Callable[[int], None] | None = None,
    offsets_s: Mapping[str, float] | None = None,
) -> Imported:
    """Write the logs of files, folders and archives into a new Record.

    Args:
        map_path: the map; without it the one beside a single file (``day.map.yaml``), the shipped one that knows the
            log's tags, or none: then every tag is kept as it is.
        progress: called with the number of samples read so far.
        offsets_s: as of :func:`import_log`.

    Raises:
        InputError: a path or an archive that cannot be read, a file of no known kind, or as of :func:`import_log`.
    """
    map_path = map_path or own_map(paths)
    tag_map = load_map(map_path) if map_path else TagMap()
    looked = [look_ahead(reader.batches()) for _, reader in readers(source_files(paths), tag_map.streams)]
    chosen = map_path or known_map({name for names, _ in looked for name in names})
    if chosen and not map_path:
        tag_map = load_map(chosen)
        if tag_map.streams:
            looked = [look_ahead(reader.batches()) for _, reader in readers(source_files(paths), tag_map.streams)]
    text = chosen.read_text(encoding="utf-8") if chosen else ""
    batches = itertools.chain.from_iterable(stream for _, stream in looked)
    name = chosen.name if chosen else ""
    counted = _counted(batches, progress) if progress else batches
    return import_log(counted, tag_map, out, map_text=text, map_name=name, offsets_s=offsets_s)


def _counted(batches: Iterable[Batch], progress: Callable[[int], None]) -> Iterator[Batch]:
    count = 0
    for batch in batches:
        yield batch
        if isinstance(batch, Samples):
            progress(count := count + len(batch.row))


def import_log(
    batches: Iterable[Batch],
    tag_map: TagMap,
    out: Path,
    *,
    map_text: str = "",
    map_name: str = "",
    offsets_s: Mapping[str, float] | None = None,
) -> Imported:
    """Write a log into a new Record; nothing of it is left when this fails.

    Args:
        offsets_s: what to add to the stamps of streams, instead of what the map says, s.

    Raises:
        InputError: nothing in the log has a time stamp and a value, or it is not what the map takes it for.
    """
    found = Imported(map_name=map_name)
    with tempfile.TemporaryDirectory(prefix="swaptwin-", dir=out.parent) as folder:
        spool = Spool(Path(folder))
        watches: dict[str, _StreamWatch] = {}
        clocks = Clocks(tag_map, found.findings)
        for batch in ahead(batches):
            if isinstance(batch, JournalEntry):
                found.journal.append(batch)
            elif isinstance(batch, Damage):
                found.damage.append(batch)
            else:
                watch = watches.setdefault(batch.stream, _StreamWatch(batch.stream, found.findings))
                _take(batch, spool, clocks, found, watch)
        if not spool.samples:
            raise InputError(
                key="source", expected="samples with a time stamp", got=f"none; {len(found.damage)} lines not read"
            )
        for watch in watches.values():
            watch.order.finish()
        body = Extent.merged(watch.extent for watch in watches.values()).body()
        found.streams = _streams(watches, body, tag_map, offsets_s or {})
        happenings = _happenings(read_journal(found.journal, clocks, found.damage), body, found)
        for name in unused(tag_map, spool.tags):
            found.findings.of("missing_tag", name).count = 1
        found.columns = lay_out(spool, tag_map)
        beside = out.with_name(out.name + ".importing")
        try:
            _write(beside, spool, tag_map, found, happenings, body, map_text)
            beside.replace(out)
        finally:
            beside.unlink(missing_ok=True)
    return found


class _StreamWatch:
    """What is watched of a stream while it is read."""

    def __init__(self, stream: str, findings: Findings) -> None:
        self.order, self.extent = StreamOrder(stream, findings), Extent()


def _take(batch: Samples | Lines, spool: Spool, clocks: Clocks, found: Imported, watch: _StreamWatch) -> None:
    if isinstance(batch, Lines):
        t_ns = clocks.read(batch.stream, batch.time)
        watch.order.look_at_lines(t_ns[t_ns != MISSING_NS])
        return
    t_ns, tags = spool.add(batch, clocks.of(batch.stream, batch.time))
    stamped = t_ns != MISSING_NS
    watch.order.look(t_ns[stamped], tags[stamped])
    watch.extent.look(t_ns[stamped])
    if not stamped.all():
        lost = batch.row[~stamped]
        found.damage.append(Damage(batch.stream, int(lost[0]), "no time stamp that can be read", len(lost)))


def _streams(
    watches: Mapping[str, _StreamWatch], body: tuple[int, int], tag_map: TagMap, offsets_s: Mapping[str, float]
) -> dict[str, StreamFacts]:
    """The streams that have samples within the log's time, each with its clock's correction."""
    for name in offsets_s:
        if name not in watches:
            raise InputError(key=name, expected="a stream: " + ", ".join(watches), got="no such stream")
    streams = {}
    for name, watch in watches.items():
        own = tag_map.streams.get(name)
        correction = Correction(own.clock_offset_s, own.clock_drift_ppm) if own else Correction()
        if name in offsets_s:
            correction = Correction(offsets_s[name], by="command")
        streams[name] = StreamFacts(name, *watch.extent.within(*body), correction)
    return streams


def _happenings(happenings: Sequence[Happening], body: tuple[int, int], found: Imported) -> list[Happening]:
    """A journal in the Record's time; entries far from all samples are found to be strays, and left out."""
    kept = []
    for t_ns, edge, entry in happenings:
        if body[0] - STRAY_NS < t_ns < body[1] + STRAY_NS:
            stream = found.streams.get(entry.stream)
            kept.append((int(stream.clock(np.array([t_ns]))[0]) if stream else t_ns, edge, entry))
        else:
            _stray(found.findings, entry.stream, np.array([t_ns]), np.array([entry.row]), body)
    return kept


def _stray(
    findings: Findings, stream: str, t_ns: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], body: tuple[int, int]
) -> None:
    """Samples or entries whose stamps are years away from all others."""
    finding = findings.of("stray_stamp", stream, "d")
    away_ns = np.maximum(body[0] - t_ns, t_ns - body[1])
    finding.add(t_ns, t_ns, away_ns / 86_400e9)
    lines = finding.data.setdefault("lines", [])
    lines += rows[: MOST_PLACES - len(lines)].tolist()


def _write(
    path: Path, spool: Spool, tag_map: TagMap, found: Imported, happenings: Sequence[Happening],
    body: tuple[int, int], map_text: str,
) -> None:  # fmt: skip
    ends = [
        stream.clock(np.array([stream.first_ns, stream.last_ns])) for stream in found.streams.values() if stream.samples
    ]
    found.samples = sum(stream.samples for stream in found.streams.values())
    found.first_ns = min([int(first) for first, _ in ends] + [t_ns for t_ns, _, _ in happenings])
    found.last_ns = max(int(last) for _, last in ends)
    started = datetime.fromtimestamp(found.first_ns / 1e9, timezone.utc)
    metadata = {
        "version": __version__,
        "source": "imported",
        "started_at": started.isoformat().replace("+00:00", "Z"),
        "started_ns": str(found.first_ns),
        "zone": tag_map.time.zone,
    }
    corrected = {name: asdict(s.correction) for name, s in found.streams.items() if s.correction.changes}
    if corrected:
        metadata["clocks"] = json.dumps(corrected, ensure_ascii=False)
    attachments = {"map.yaml": map_text.encode()} if map_text else {}
    motion = motion_of(tag_map, found.columns)
    if motion is not None:
        metadata["estimated_geometry"] = "true"
        attachments[MOTION] = motion.setup.to_json()
    drawn, scene = (motion.scene.frames, motion.models()) if motion is not None else ([], [])
    cells = {name: machine.cell for name, machine in tag_map.machines.items() if machine.cell is not None}
    if cells:
        attachments["assets.json"] = json.dumps(describe_cells(cells, scene), ensure_ascii=False).encode()
    texts = list(spool.texts)
    bad_codes = np.array([quality == "bad" for quality in tag_map.judge(spool.codes).values()] + [False])
    span_ns = found.last_ns + 1 - found.first_ns
    parts = np.array([found.first_ns + n * span_ns // COVERAGE_PARTS for n in range(COVERAGE_PARTS + 1)])
    with RecordWriter(
        path,
        metadata=metadata,
        tables=tables_of(found.columns),
        attachments=attachments,
        frames=drawn,
        scene=scene,
        at_once=True,
    ) as writer:
        watches = [_watch(column, found.findings) for column in found.columns]
        found.facts = [watch.facts for watch in watches]

        def converted() -> Iterator[tuple[Series, Times, npt.NDArray[np.float64]]]:
            for series in spool.series():
                column = found.columns[series.tag]
                if series.t_ns[0] < body[0] or series.t_ns[-1] > body[1]:
                    inside = (series.t_ns >= body[0]) & (series.t_ns <= body[1])
                    _stray(found.findings, column.stream, series.t_ns[~inside], series.row[~inside], body)
                    series = series.where(inside)
                    if not len(series.t_ns):
                        continue
                stream = found.streams[column.stream]
                t_ns = stream.clock(series.t_ns)
                stream.coverage += np.diff(np.searchsorted(t_ns, parts))
                bad = bad_codes[series.quality]
                values = _values(column, series, texts, bad)
                watches[series.tag].look(t_ns, values[:, 0], bad, unread(column.tag, series, texts, values[:, 0]))
                yield series, t_ns, values

        for series, t_ns, values in ahead(converted()):
            writer.rows(
                found.columns[series.tag].table,
                t_ns - found.first_ns,
                values,
                publish_ns=np.maximum(series.t_ns, 0),
                sequence=series.row % (1 << 32),
            )
        for watch in watches:
            watch.finish()
        holds: list[Hold] = []
        if motion is not None:
            # Rules about packs look at the whole log: it is read back from what is written of it.
            writer.flush()
            holds = follow(motion, Record.open(path))
            doubts(holds, found.findings, found.first_ns, found.last_ns)
        events = [alarm_event(happening, found.first_ns) for happening in happenings]
        events += data_events(found.findings, found.first_ns)
        for event in sorted(events, key=lambda event: event.t_ns):
            writer.event(event)
        found.account = account_of(found, tag_map.time.zone)
        known_at_end = {ACCOUNT: found.account.to_json().encode()}
        writer.finish(known_at_end | ({HOLDS: to_json(holds)} if holds else {}))


def _watch(column: Column, findings: Findings) -> TagQuality:
    tag = column.tag
    expectation = Expectation(
        # The silence of a tag that is logged when it changes is no gap, however often it is looked at.
        period_ns=round(tag.period_s * 1e9) if tag.period_s is not None and tag.logged == "periodic" else None,
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
