"""One damaged log read, and what must hold of it checked."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Hashable
from functools import cache
from pathlib import Path

import pyarrow as pa

from benchmarks.mutation import Damaged
from benchmarks.sound_logs import KINDS, Sound
from twin.errors import InputError
from twin.importing import import_files
from twin.record import Record
from twin.source.opening import readers, source_files
from twin.source.sample import Damage, JournalEntry, Samples

#: What a sample or an entry is told from others by, wherever it stands.
Key = tuple[Hashable, ...]
#: Stream and row to what is in it.
Rows = dict[tuple[str, int], Counter[Key]]


@cache
def sound_of(kind: str) -> tuple[Sound, Rows]:
    """A kind's sound file, and what stands in each of its rows. Made once: it is as good as any other."""
    sound = KINDS[kind]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / sound.name
        path.write_bytes(sound.data)
        return sound, read(path)[0]


def read(path: Path) -> tuple[Rows, list[Damage]]:
    """The samples and entries of each row, and the damage."""
    rows: Rows = {}
    damage: list[Damage] = []
    for _, reader in readers(source_files([path])):
        for batch in reader.batches():
            if isinstance(batch, Samples):
                times = batch.time.cast(pa.int64()) if pa.types.is_temporal(batch.time.type) else batch.time
                columns = (times.to_pylist(), batch.tag.to_pylist(), batch.value.to_pylist())
                for row, time, tag, value in zip(batch.row.tolist(), *columns, strict=True):
                    rows.setdefault((batch.stream, row), Counter())[str(time), tag, str(value)] += 1
            elif isinstance(batch, JournalEntry):
                key = ("entry", batch.code, batch.raised, batch.cleared, batch.text)
                rows.setdefault((batch.stream, batch.row), Counter())[key] += 1
            elif isinstance(batch, Damage):
                damage.append(batch)
    return rows, damage


def in_unit(sound: Sound, by_row: Rows, number: int) -> Counter[Key]:
    """What stands in a unit of a sound file."""
    (only,) = {stream for stream, _ in by_row} if not sound.streams else {sound.streams[number]}
    return sum((by_row.get((only, row), Counter()) for row in sound.units[number][2]), Counter())


def check(kind: str, case: Damaged, folder: Path, *, whole_import: bool) -> str:
    """Read a damaged log; what is wrong with how it was read, in words, else "".

    Raises:
        Exception: whatever is raised but an InputError.
    """
    sound, by_row = sound_of(kind)
    path = folder / sound.name
    path.write_bytes(case.data)
    wanted: Counter[Key] = Counter()
    for number in case.intact or ():
        wanted += in_unit(sound, by_row, number)
    try:
        rows, damage = read(path)
    except InputError as error:
        if case.intact:
            return f"refused, with {len(case.intact)} intact units: {error}"
        rows, damage = {}, [Damage("", 0, str(error))]
    found = sum(rows.values(), Counter())
    missing = wanted - found
    if missing:
        return f"{missing.total()} samples of intact units are missing, such as {next(iter(missing))}"
    whole = sum(by_row.values(), Counter())
    if case.seen and whole - found and not found - whole and not damage:
        return f"{(whole - found).total()} samples are gone and nothing is told"
    if any(not item.what or item.row < 0 or item.count < 1 for item in damage):
        return "damage without a place or a word"
    return _import(path, folder) if whole_import else ""


def _import(path: Path, folder: Path) -> str:
    """Import the whole: a Record, or an InputError and nothing."""
    out = folder / "out" / "log.mcap"
    out.parent.mkdir(exist_ok=True)
    try:
        import_files([path], out)
    except InputError:
        left = list(out.parent.iterdir())
        return f"a refused import left {left}" if left else ""
    left = [item for item in out.parent.iterdir() if item != out]
    record = Record.open(out)
    wrong = record.check()
    out.unlink()
    return f"left {left}" if left else f"a Record that is damaged: {wrong}" if wrong or not record.finished else ""
