"""Ways to damage a file, each with what must still come back."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace

import zstandard

from benchmarks.sound_logs import Sound

#: Cells and lines that a log should not hold.
HOSTILE = (
    "1e400", "-1e-400", "9" * 400, "123456789012345678901234567890", "NaN", "-inf", "Infinity", "0x7fffffff",
    "=cmd()|'/C calc'!A0", "@SUM(1+1)", "+1+1", "../../etc/passwd", "C:\\Windows\\system32", "/dev/zero",
    "\0", "\0\0\0\0", "\x1b[31m", "\r", "\x85", "\u2028", "\ufeff", "\ufffe", "\U0010ffff", "\\ud800",
    '"', '"""', "'", "`", ",", ";", "\t", "|", "{", "[[", "]", "}", "null", "true", '{"a":' * 50, "[" * 3000,
    "%s%n%x", "${jndi:ldap://x}", "<script>", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30T25:61:61Z",
    "1" * 5000, "x" * 70_000, "é" * 40_000, "y" * 1_100_000, "1,5", "1.5.5", "--5", "🚚" * 100,
)  # fmt: skip
_EXTREME = (0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 1, 0)


@dataclass(frozen=True)
class Damaged:
    """A damaged file.

    Args:
        how: what was done. data: the file's bytes.
        intact: numbers of the units that must come back to the bit; None where nothing is asked but to survive.
        seen: whether what is missing must be told: bytes were changed, none went without a trace.
    """

    how: str
    data: bytes
    intact: frozenset[int] | None
    seen: bool = False


def damage(sound: Sound, draw: random.Random) -> Damaged:
    """One of the ways, at random places."""
    ways: list[Callable[[Sound, random.Random], Damaged]] = [
        _truncate, _flip, _flip, _overwrite, _lie, _delete, _insert, _hostile, _hostile, _append,
    ]  # fmt: skip
    if sound.units and sound.moves:
        ways += [_shuffle, _repeat]
    if sound.name.endswith((".gz", ".zst", ".zip")):
        ways.append(_bomb)
    return draw.choice(ways)(sound, draw)


def _changed(sound: Sound, how: str, data: bytes, places: list[tuple[int, int]], *, moved: bool = False) -> Damaged:
    """A file of which the bytes in some places (start, end) are other ones, or gone."""
    touched: set[int] = set()
    frame = False
    for start, end in places:
        hit = {n for n, (a, b, _) in enumerate(sound.units) if a < end and start < b}
        # A line whose end is touched runs into the next one.
        hit |= {n + 1 for n in hit if end > sound.units[n][1] - 4}
        inside = any(a <= start and end <= b for a, b, _ in sound.units)
        touched |= hit
        frame |= not inside
    if sound.chained and touched:
        touched = set(range(min(touched), max(touched) + 1))
    first_lost = frame and 0 in touched
    nothing = (frame and sound.framed) or first_lost or (moved and not sound.moves) or not sound.units
    return Damaged(how, data, None if nothing else frozenset(range(len(sound.units))) - touched, seen=not moved)


def _truncate(sound: Sound, draw: random.Random) -> Damaged:
    at = draw.randrange(len(sound.data))
    found = _changed(sound, "truncated", sound.data[:at], [(at, len(sound.data))])
    # A text has no frame at its end.
    text = sound.moves and sound.units and sound.units[-1][1] == len(sound.data) and at > sound.units[0][0]
    before = frozenset(n for n, (_, end, _) in enumerate(sound.units) if end <= at)
    intact = before if text or sound.cut or not sound.framed else None
    return Damaged(found.how, found.data, intact if sound.units else None)


def _flip(sound: Sound, draw: random.Random) -> Damaged:
    data, places = bytearray(sound.data), []
    for _ in range(draw.choice((1, 1, 2, 8))):
        at = draw.randrange(len(data))
        data[at] ^= 1 << draw.randrange(8)
        places.append((at, at + 1))
    return _changed(sound, "bits flipped", bytes(data), places)


def _overwrite(sound: Sound, draw: random.Random) -> Damaged:
    at = draw.randrange(len(sound.data))
    count = min(draw.choice((2, 16, 200)), len(sound.data) - at)
    run = draw.choice((bytes(count), b"\xff" * count, draw.randbytes(count), b'"' * count, b"\n" * count))
    end = at + count
    found = _changed(sound, "bytes overwritten", sound.data[:at] + run + sound.data[end:], [(at, end)])
    # A text has no frame at its end: its last line may then be the rest of the one before.
    return replace(found, seen=False) if sound.moves and end == len(sound.data) else found


def _lie(sound: Sound, draw: random.Random) -> Damaged:
    width = draw.choice((4, 8))
    at = draw.randrange(max(1, len(sound.data) - width))
    number = draw.choice(_EXTREME)
    run = struct.pack("<I", number) if width == 4 else struct.pack("<Q", number | number << 32)
    run = run[::-1] if draw.random() < 0.3 else run
    return _changed(sound, "lengths falsified", sound.data[:at] + run + sound.data[at + width :], [(at, at + width)])


def _delete(sound: Sound, draw: random.Random) -> Damaged:
    at = draw.randrange(len(sound.data))
    end = min(at + draw.choice((1, 7, 300)), len(sound.data))
    return _changed(sound, "bytes deleted", sound.data[:at] + sound.data[end:], [(at, end)], moved=True)


def _insert(sound: Sound, draw: random.Random) -> Damaged:
    at = draw.randrange(len(sound.data))
    run = draw.randbytes(draw.choice((1, 7, 300)))
    return _changed(sound, "bytes inserted", sound.data[:at] + run + sound.data[at:], [(at, at + 1)], moved=True)


def _hostile(sound: Sound, draw: random.Random) -> Damaged:
    """Between two delimiters where there are some, so that it is a cell."""
    at = draw.randrange(len(sound.data))
    edges = [place for sign in b',;|\t":' if (place := sound.data.find(bytes([sign]), at)) >= 0]
    start = min(edges, default=at) + 1
    run = draw.choice(HOSTILE).encode("utf-16-le" if "utf-16" in sound.name else "utf-8", "surrogatepass")
    end = min(start + draw.choice((0, 0, 3)), len(sound.data))
    data = sound.data[:start] + run + sound.data[end:]
    return _changed(sound, "hostile cells", data, [(start, max(end, start + 1))], moved=True)


def _append(sound: Sound, draw: random.Random) -> Damaged:
    run = draw.choice((draw.randbytes(500), bytes(5000), b"\n" * 500, sound.data, b"{" * 2000, b"z" * 3_000_000))
    return _changed(sound, "bytes appended", sound.data + run, [(len(sound.data), len(sound.data) + 1)], moved=True)


def _shuffle(sound: Sound, draw: random.Random) -> Damaged:
    first, last = sound.units[0][0], sound.units[-1][1]
    order = list(sound.units)
    draw.shuffle(order)
    data = sound.data[:first] + b"".join(sound.data[a:b] for a, b, _ in order) + sound.data[last:]
    return Damaged("lines or chunks shuffled", data, frozenset(range(len(order))))


def _repeat(sound: Sound, draw: random.Random) -> Damaged:
    start, end, _ = draw.choice(sound.units)
    data = sound.data[:end] + sound.data[start:end] * draw.choice((1, 3)) + sound.data[end:]
    return Damaged("lines or chunks repeated", data, frozenset(range(len(sound.units))))


def _bomb(sound: Sound, draw: random.Random) -> Damaged:
    plain = draw.choice((bytes(60 << 20), b"2026-03-01T00:00:00Z,a,1,192\n" * 100_000))
    if sound.name.endswith(".gz"):
        data = gzip.compress(plain, 9, mtime=0)
    elif sound.name.endswith(".zst"):
        data = zstandard.compress(plain)
    else:
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", b"time,tag,value,quality\n" + plain)
        data = sink.getvalue()
        if draw.random() < 0.5:
            # The archive's own list tells less than there is.
            at = data.rfind(b"PK\x01\x02") + 24
            data = data[:at] + struct.pack("<I", 100) + data[at + 4 :]
    return Damaged("bomb", data, None)
