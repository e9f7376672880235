"""From the spool into a Record: converted, watched for what is wrong, and told on the timeline."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin import __version__
from twin.ahead import ahead
from twin.analysis.finding import MOST_PLACES, Findings
from twin.analysis.quality import Expectation, TagQuality
from twin.errors import InputError
from twin.importing.account import ACCOUNT, account_of
from twin.importing.clock_check import check_clocks, tell
from twin.importing.convert import convert, unread
from twin.importing.drawn import described
from twin.importing.layout import Column, tables_of
from twin.importing.moving import doubts, motion_of
from twin.importing.outcome import COVERAGE_PARTS, Imported, StreamFacts
from twin.importing.runs import Series
from twin.importing.spool import Spool
from twin.importing.timeline import Happening, alarm_event, data_events
from twin.motion import ATTACHMENT as MOTION
from twin.motion import HOLDS, Hold, follow, to_json
from twin.record import Record, RecordWriter
from twin.source.stamp import Times
from twin.tag_map import TagMap

_YEAR_NS = 31_557_600 * 10**9
#: What a count of nanoseconds holds, with room.
_LONGEST_NS = 200 * _YEAR_NS


def write(
    path: Path, spool: Spool, tag_map: TagMap, found: Imported, journal: Sequence[Happening], body: tuple[int, int],
    map_text: str,
) -> None:  # fmt: skip
    """Write what was read; fills in what only the whole log tells.

    Args:
        journal: what happened, each stream by its own clock. body: first and last stamp that are no strays.
    """
    happenings = [(_in_time(t_ns, found.streams.get(entry.stream)), edge, entry) for t_ns, edge, entry in journal]
    _settle_span(found, happenings)
    attachments = {"map.yaml": map_text.encode()} if map_text else {}
    motion = motion_of(tag_map, found.columns)
    scene = motion.models() if motion is not None else []
    if motion is not None:
        attachments |= {MOTION: motion.setup.to_json(), **described(tag_map, motion, scene, found.columns)}
    with RecordWriter(
        path,
        metadata=_metadata(tag_map, found, moves=motion is not None),
        tables=tables_of(found.columns),
        attachments=attachments,
        frames=motion.scene.frames if motion is not None else [],
        scene=scene,
        at_once=True,
    ) as writer:
        with closing(ahead(_converted(spool, tag_map, found, body))) as coming:
            for series, t_ns, values in coming:
                writer.rows(
                    found.columns[series.tag].table,
                    t_ns - found.first_ns,
                    values,
                    publish_ns=np.maximum(series.t_ns, 0),
                    sequence=series.row % (1 << 32),
                )
        writer.flush()
        # Clocks and rules about packs look at the whole log: it is read back from what is written of it.
        found.skews = check_clocks(Record.open(path), found.columns, found.facts)
        tell(found.skews, found.findings)
        holds: list[Hold] = []
        if motion is not None:
            holds = follow(motion, Record.open(path))
            doubts(holds, found.findings, found.first_ns, found.last_ns)
        events = [alarm_event(happening, found.first_ns) for happening in happenings]
        events += data_events(found.findings, found.first_ns)
        for event in sorted(events, key=lambda event: event.t_ns):
            writer.event(event)
        found.account = account_of(found, tag_map.time.zone)
        known_at_end = {ACCOUNT: found.account.to_json().encode()}
        writer.finish(known_at_end | ({HOLDS: to_json(holds)} if holds else {}))


def _settle_span(found: Imported, happenings: Sequence[Happening]) -> None:
    """From when to when the log goes, by clocks that are corrected.

    Raises:
        InputError: it is longer than any log.
    """
    ends = [
        stream.clock(np.array([stream.first_ns, stream.last_ns])) for stream in found.streams.values() if stream.samples
    ]
    found.samples = sum(stream.samples for stream in found.streams.values())
    found.first_ns = min([int(first) for first, _ in ends] + [t_ns for t_ns, _, _ in happenings])
    # A journal without samples is a log too.
    found.last_ns = max([int(last) for _, last in ends] or [t_ns for t_ns, _, _ in happenings])
    if found.last_ns - found.first_ns > _LONGEST_NS:
        years = (found.last_ns - found.first_ns) / _YEAR_NS
        raise InputError(
            key="time", expected=f"stamps within {_LONGEST_NS // _YEAR_NS} years", got=f"{years:.0f} years",
            hint="is the column of time, its format or its unit right?",
        )  # fmt: skip


def _metadata(tag_map: TagMap, found: Imported, *, moves: bool) -> dict[str, str]:
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
    if tag_map.synthetic:
        metadata["synthetic"] = "true"
    stations = [machine.station for machine in tag_map.machines.values() if machine.station is not None]
    if len(stations) == 1:
        metadata["station"] = stations[0]
    if moves:
        metadata["estimated_geometry"] = "true"
    return metadata


def _converted(
    spool: Spool, tag_map: TagMap, found: Imported, body: tuple[int, int]
) -> Iterator[tuple[Series, Times, npt.NDArray[np.float64]]]:
    """Each tag's samples with their times in the Record and their values, judged as they pass by."""
    texts = list(spool.texts)
    bad_codes = np.array([quality == "bad" for quality in tag_map.judge(spool.codes).values()] + [False])
    span_ns = found.last_ns + 1 - found.first_ns
    parts = np.array([found.first_ns + n * span_ns // COVERAGE_PARTS for n in range(COVERAGE_PARTS + 1)])
    for stream in found.streams.values():
        stream.coverage[:] = 0
    watches = [_watch(column, found.findings) for column in found.columns]
    found.facts = [watch.facts for watch in watches]
    for series in spool.series():
        column = found.columns[series.tag]
        if series.t_ns[0] < body[0] or series.t_ns[-1] > body[1]:
            inside = (series.t_ns >= body[0]) & (series.t_ns <= body[1])
            note_strays(found.findings, column.stream, series.t_ns[~inside], series.row[~inside], body)
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
    for watch in watches:
        watch.finish()


def _in_time(t_ns: int, stream: StreamFacts | None) -> int:
    """A stamp in the Record's time; a stream without samples has no clock to correct."""
    return int(stream.clock(np.array([t_ns]))[0]) if stream else t_ns


def note_strays(
    findings: Findings, stream: str, t_ns: Times, rows: npt.NDArray[np.int64], body: tuple[int, int]
) -> None:
    """Samples or entries whose stamps are years away from all others."""
    finding = findings.of("stray_stamp", stream, "d")
    away_ns = np.maximum(body[0] - t_ns, t_ns - body[1])
    finding.add(t_ns, t_ns, away_ns / 86_400e9)
    lines = finding.data.setdefault("lines", [])
    lines += rows[: MOST_PLACES - len(lines)].tolist()


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
