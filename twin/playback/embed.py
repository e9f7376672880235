"""A stretch of a Record as parts of a page that has no server: everything the player asks for, and nothing private."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from twin import __version__
from twin.errors import InputError
from twin.gltf import reworded
from twin.playback.chunk import pack, unpack
from twin.playback.playback import MAX_SAMPLES, Playback
from twin.playback.private import Withheld
from twin.record import Event, Record

#: Poses are no closer than this, and on a long stretch so far apart that one chunk holds them.
POSE_STEP_NS = 20_000_000
#: Values of signals that no page can hold, however they are packed: not even tried.
MOST_VALUES = 50_000_000
_MS = 1_000_000

#: What lasts until the next of its kind, and the edges between which anything else lasts.
SUCCESSIONS = frozenset({"state", "mode"})
BEGINS, ENDS = frozenset({"start", "raised"}), frozenset({"end", "cleared"})


def embed(
    record: Record,
    t0_ns: int,
    t1_ns: int,
    *,
    title: str = "",
    signals: Sequence[str] = (),
    extras: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """The parts of a page by name: ``manifest``, ``scene0`` …, ``poses``, ``signals`` (docs/incident.md).

    Args:
        t0_ns, t1_ns: the stretch, ns on the Record's clock.
        title: as the page is called; the log's name when empty.
        signals: patterns of names (``shuttle.*``) of the signals to take; all when empty. Those that the picture
            shows come along.
        extras: further JSON-ready parts by name, for panels that show them.

    Raises:
        InputError: no such stretch in this Record, or a pattern that fits no signal.
    """
    check_stretch(record, t0_ns, t1_ns)
    playback, withheld = Playback(record), Withheld(record.signals)
    whole = playback.manifest()
    bindings = _bindings(whole["bindings"], withheld)
    names = _chosen(record, signals, withheld, bindings)
    _check_amount(record, names, t0_ns, t1_ns)
    step_ns = max(POSE_STEP_NS, -(-(t1_ns - t0_ns) // (MAX_SAMPLES - 4) // _MS) * _MS)
    header, arrays = unpack(playback.window(t0_ns, t1_ns, step_ns))
    poses = pack(withheld.clean(header), arrays)
    series = playback.signals(t0_ns, t1_ns, None, names)
    scene = [_scene(playback.scene(piece), withheld) for piece in range(len(whole["scene"]))]
    events = [event for event in _standing(playback.all_events(), t0_ns, t1_ns) if not withheld.holds_event(event)]
    name = record.path.stem
    manifest = {
        **whole,
        "id": "r0",
        "title": title or name,
        "live": False,
        "waiting": False,
        "running": False,
        "speed": None,
        "start_ns": t0_ns,
        "end_ns": t1_ns,
        "tables": {
            table: [signal.to_dict() for signal in listed if signal.name in names]
            for table, listed in record.tables.items()
        },
        "bindings": bindings,
        "events": [asdict(event) for event in events],
        "event_count": len(events),
        "motion": whole["motion"] and {
            frame: [source for source in sources if source not in withheld.names]
            for frame, sources in whole["motion"].items()
        },
        "counts": {"poses": len(arrays["pose_t"]), "rows": len(unpack(series)[1]["t"])},
        "excerpt": {
            "log": record.path.name,
            "sha256": _digest(record),
            "log_start_ns": record.start_ns,
            "log_end_ns": record.end_ns,
            "version": __version__,
            "pose_step_ns": step_ns,
            "signals": len(names),
            "signals_of_log": len(record.signals),
            "private": len(withheld.names),
        },
        "extras": dict(extras or {}),
    }  # fmt: skip
    text = json.dumps(withheld.clean(manifest), ensure_ascii=False, separators=(",", ":"), default=str)
    return {
        "manifest": text.encode(),
        **{f"scene{number}": piece for number, piece in enumerate(scene)},
        "poses": poses,
        "signals": series,
    }


def check_stretch(record: Record, t0_ns: int, t1_ns: int) -> None:
    """A stretch of time lies inside a Record and is not empty.

    Raises:
        InputError: it does not.
    """
    start_ns, end_ns = record.start_ns, record.end_ns
    inside = f"a time of this log, 0 to {(end_ns - start_ns) / 1e9:.10g} s"
    for key, t_ns in (("from", t0_ns), ("to", t1_ns)):
        if not start_ns <= t_ns <= end_ns:
            raise InputError(key=key, expected=inside, got=f"{(t_ns - start_ns) / 1e9:.10g} s", file=record.path)
    if t1_ns <= t0_ns:
        got = f"{(t0_ns - start_ns) / 1e9:.10g} s to {(t1_ns - start_ns) / 1e9:.10g} s"
        raise InputError(key="range", expected="a stretch of time, its start before its end", got=got, file=record.path)


def _chosen(
    record: Record, patterns: Sequence[str], withheld: Withheld, bindings: Mapping[str, Any] | None
) -> list[str]:
    """Names of the signals that the page holds, in the Record's order."""
    known = [signal.name for signal in record.signals]
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in known):
            raise InputError(key="signals", expected="a pattern of names of this log's signals", got=repr(pattern))
    shown = _signals_in(bindings)
    return [
        name
        for name in known
        if name not in withheld.names
        and (not patterns or name in shown or any(fnmatchcase(name, pattern) for pattern in patterns))
    ]


def _check_amount(record: Record, names: Sequence[str], t0_ns: int, t1_ns: int) -> None:
    counts, chosen = record.message_counts(), set(names)
    share = (t1_ns - t0_ns) / (record.end_ns - record.start_ns)
    values = sum(
        share * counts.get(f"/{table}", 0) * sum(signal.name in chosen for signal in listed)
        for table, listed in record.tables.items()
    )
    if values > MOST_VALUES:
        raise InputError(
            key="range",
            expected=f"a stretch with at most {MOST_VALUES // 10**6} million values of signals",
            got=f"some {values / 1e6:.0f} million",
            hint="take a shorter one, or fewer signals",
        )


def _conditions(bindings: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """The lists of lines, each with what it looks at, of the lamps and the packs."""
    return [lamp["lines"] for lamp in bindings.get("lamps", ())] + [p["charge"] for p in bindings.get("packs", ())]


def _signals_in(bindings: Mapping[str, Any] | None) -> set[str]:
    """Names of the signals that the picture shows."""
    found: set[str] = set()
    for line in (line for lines in _conditions(bindings or {}) for line in lines):
        found.update(line["is"], line["above"], filter(None, [line.get("signal")]))
    return found


def _bindings(bindings: Mapping[str, Any] | None, withheld: Withheld) -> dict[str, Any] | None:
    """What the picture shows of signals, without what follows private ones: those parts keep their own colours."""
    if bindings is None:
        return None
    lamps = [lamp for lamp in bindings.get("lamps", ()) if not withheld.mentioned(lamp["lines"])]
    packs = [
        {**pack, "charge": [line for line in pack["charge"] if not withheld.mentioned(line)]}
        for pack in bindings.get("packs", ())
    ]
    return {**bindings, "lamps": lamps, "packs": packs}


def _scene(piece: bytes, withheld: Withheld) -> bytes:
    """A piece of the scene in which no name tells what is private."""
    if not withheld.words:
        return piece
    header, arrays = unpack(piece)
    glbs = {name: np.frombuffer(_reworded(array.tobytes(), withheld), np.uint8) for name, array in arrays.items()}
    return pack({"models": withheld.clean(header["models"])}, glbs)


def _reworded(glb: bytes, withheld: Withheld) -> bytes:
    try:
        return reworded(glb, withheld.clean)
    except InputError:
        # Nobody can tell what stands in it: the page says that this model cannot be read.
        return b""


def _standing(events: Sequence[Event], t0_ns: int, t1_ns: int) -> list[Event]:
    """The events of a stretch, and before them those that began what still lasts at its start."""
    standing: dict[tuple[str, str], Event] = {}
    for event in events:
        if event.t_ns >= t0_ns:
            break
        edge = event.data.get("edge")
        if event.kind in SUCCESSIONS:
            standing[event.kind, ""] = event
        elif edge in BEGINS:
            standing.setdefault((event.kind, event.name), event)
        elif edge in ENDS:
            standing.pop((event.kind, event.name), None)
    before = sorted(standing.values(), key=lambda event: event.t_ns)
    return before + [event for event in events if t0_ns <= event.t_ns <= t1_ns]


def _digest(record: Record) -> str | None:
    """SHA-256 of the log's file; None while it is not finished and may change."""
    if not record.finished:
        return None
    digest = hashlib.sha256()
    with record.path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
