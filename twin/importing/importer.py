"""Import: a source's batches through the spool into a Record."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin.ahead import ahead
from twin.analysis.extent import STRAY_NS, Extent
from twin.analysis.finding import Findings
from twin.analysis.order import StreamOrder
from twin.analysis.server_clock import ServerClock
from twin.errors import InputError
from twin.importing.bit_pattern import bit_patterns
from twin.importing.clock_check import corrected
from twin.importing.clocks import Clocks
from twin.importing.correction import Correction
from twin.importing.layout import lay_out
from twin.importing.outcome import Imported, StreamFacts
from twin.importing.recognition import known_map, look_ahead, own_map
from twin.importing.spool import Spool
from twin.importing.timeline import Happening, read_journal
from twin.importing.writing import note_strays, write
from twin.source.bounded import bounded
from twin.source.digits import halves, rounded
from twin.source.opening import readers, source_files
from twin.source.sample import Batch, Damage, JournalEntry, Lines, Samples
from twin.source.stamp import MISSING_NS, Times
from twin.tag_map import TagMap, TimeFormat, load_map, unused


def import_files(
    paths: Sequence[Path],
    out: Path,
    map_path: Path | None = None,
    *,
    progress: Callable[[int], None] | None = None,
    offsets_s: Mapping[str, float] | None = None,
    accept_skew: bool = False,
) -> Imported:
    """Write the logs of files, folders and archives into a new Record.

    Args:
        map_path: the map; without it the one beside a single file (``day.map.yaml``), the shipped one that knows the
            log's tags, or none: then every tag is kept as it is.
        progress: called with the number of samples read so far.
        offsets_s, accept_skew: as of :func:`import_log`.

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
    return import_log(counted, tag_map, out, map_text=text, map_name=name, offsets_s=offsets_s, accept_skew=accept_skew)


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
    accept_skew: bool = False,
) -> Imported:
    """Write a log into a new Record; nothing of it is left when this fails.

    Args:
        offsets_s: what to add to the stamps of streams, instead of what the map says, s.
        accept_skew: correct the clocks of streams by what is told of them.

    Raises:
        InputError: nothing in the log has a time stamp and a value, or it is not what the map takes it for.
    """
    found = Imported(map_name=map_name)
    with tempfile.TemporaryDirectory(prefix="swaptwin-", dir=out.parent) as folder:
        spool = Spool(Path(folder))
        watches: dict[str, _StreamWatch] = {}
        clocks = Clocks(tag_map, found.findings)
        with closing(ahead(batches)) as coming:
            for batch in coming:
                if isinstance(batch, JournalEntry):
                    found.journal.append(batch)
                elif isinstance(batch, Damage):
                    found.damage.append(batch)
                else:
                    watch = watches.setdefault(batch.stream, _StreamWatch(batch.stream, found.findings))
                    _take(batch, spool, clocks, tag_map, found, watch)
        entries = read_journal(found.journal, clocks, found.damage)
        if not spool.samples and not entries:
            why = f", such as: {found.damage[0].what}" if found.damage else ""
            raise InputError(
                key="source", expected="samples or entries with a time stamp",
                got=f"none; {len(found.damage)} places not read{why}",
            )  # fmt: skip
        for watch in watches.values():
            watch.order.finish()
            watch.server.finish()
        stamps = [t_ns for t_ns, _, _ in entries]
        body = (
            Extent.merged(watch.extent for watch in watches.values()).body()
            if spool.samples
            else (min(stamps), max(stamps))
        )
        found.streams = _streams(watches, body, tag_map, offsets_s or {})
        journal = _near(entries, body, found)
        for name in unused(tag_map, spool.tags):
            found.findings.of("missing_tag", name).count = 1
        found.columns = lay_out(spool, tag_map)
        beside = out.with_name(out.name + ".importing")
        try:
            seen = found.findings.copy()
            write(beside, spool, tag_map, found, journal, body, map_text)
            if accept_skew and (accepted := [skew for skew in found.skews if skew.matters]):
                for skew in accepted:
                    stream = found.streams[skew.stream]
                    stream.correction = corrected(stream, skew, found.first_ns)
                found.findings = seen
                write(beside, spool, tag_map, found, journal, body, map_text)
            beside.replace(out)
        finally:
            beside.unlink(missing_ok=True)
    return found


class _StreamWatch:
    """What is watched of a stream while it is read."""

    def __init__(self, stream: str, findings: Findings) -> None:
        self.order, self.extent = StreamOrder(stream, findings), Extent()
        self.server = ServerClock(stream, findings)


def _take(
    batch: Samples | Lines, spool: Spool, clocks: Clocks, tag_map: TagMap, found: Imported, watch: _StreamWatch
) -> None:
    if isinstance(batch, Lines):
        t_ns = clocks.read(batch.stream, batch.time)
        watch.order.look_at_lines(t_ns[t_ns != MISSING_NS])
        return
    time = clocks.of(batch.stream, batch.time)
    batch, cut = bounded(batch)
    if cut is not None:
        found.damage.append(cut)
    patterns = bit_patterns(batch, tag_map)
    t_ns, tags = spool.add(batch, time, patterns)
    stamped = t_ns != MISSING_NS
    where = rounded(batch.value)
    if where is not None and patterns is not None:
        where &= ~patterns.where
    if where is not None and where.any():
        _keep_digits(batch, where, t_ns, spool, time, found.findings)
    watch.order.look(t_ns[stamped], tags[stamped], batch.row[stamped])
    watch.extent.look(t_ns[stamped])
    if batch.server is not None:
        server_ns = t_ns if batch.server.equals(batch.time) else clocks.read(batch.stream, batch.server)
        both = stamped & (server_ns != MISSING_NS)
        watch.server.look(t_ns[both], server_ns[both])
    if not stamped.all():
        lost = batch.row[~stamped]
        found.damage.append(Damage(batch.stream, int(lost[0]), "no time stamp that can be read", len(lost)))


def _keep_digits(
    batch: Samples, where: npt.NDArray[np.bool_], t_ns: Times, spool: Spool, time: TimeFormat, findings: Findings
) -> None:
    """Whole numbers that a double rounds are told, and kept to the digit beside what they are rounded to."""
    names = batch.tag.dictionary.to_pylist()
    tags = batch.tag.indices.to_numpy()
    for number in np.unique(tags[where]).tolist():
        at = t_ns[where & (tags == number) & (t_ns != MISSING_NS)]
        findings.of("rounded", f"{batch.stream}/{names[number]}").add(at, at)
    for half in halves(batch, where):
        spool.add(half, time)


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


def _near(journal: Sequence[Happening], body: tuple[int, int], found: Imported) -> list[Happening]:
    """A journal without entries far from all samples: these are found to be strays."""
    kept = []
    for happening in journal:
        t_ns, _, entry = happening
        if body[0] - STRAY_NS < t_ns < body[1] + STRAY_NS:
            kept.append(happening)
        else:
            note_strays(found.findings, entry.stream, np.array([t_ns]), np.array([entry.row]), body)
    return kept
