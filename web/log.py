"""The logs a viewer offers: Records named by id, read in windows, refreshed while they grow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from twin.errors import InputError, RecordError
from twin.motion import Motion
from twin.record import Event, Record, SceneModel
from web.chunk import certainty_arrays, pack, pose_arrays, thin
from web.live import LiveRun
from web.series import Series, series_arrays, with_gaps

#: Attachment that says what the picture shows of signals.
BINDINGS = "bindings.json"
#: A window reaches this far beyond its ends, so that the player can interpolate up to them.
REACH_NS = 100_000_000
#: Events may be written this much later than their time says.
EVENT_OVERLAP_NS = 1_000_000_000
#: A piece of a live Record's edge is no longer and has no more samples, however fast the run goes.
LONGEST_PIECE_NS, PIECE_SAMPLES = 2_000_000_000, 8
#: Longest window answered at full rate; what is longer must be asked for in steps or in pieces.
MAX_SAMPLES = 20_000
#: The scene travels in pieces of about this size, so that a page can say how far it is.
PIECE_BYTES = 256_000
#: Most buckets of time that signals are asked for in: a very wide screen.
MAX_BUCKETS = 10_000


class Log:
    """One Record as the page asks for it.

    Args:
        id: the only name a client knows it by.
        path: the MCAP file; of a live run it may not exist yet.
        live: the run that writes it, if it was started together with the server.
    """

    def __init__(self, id: str, path: Path, live: LiveRun | None = None) -> None:
        self.id, self.path, self.live = id, path, live
        self._record: Record | None = None
        self._motion: Motion | None = None
        self._events: list[Event] = []
        self._events_until_ns = -1
        self._last_growth: dict[str, Any] = {}

    @property
    def title(self) -> str:
        return self.path.stem

    @property
    def running(self) -> bool:
        return self.live is not None and self.live.running()

    @property
    def opened(self) -> bool:
        return self._record is not None

    def try_open(self) -> Record | None:
        """The Record, or None while the run has not written its beginning yet.

        Raises:
            RecordError: the file is no Record and nobody is writing it.
        """
        if self._record is None:
            if self.live is not None and not self.live.begun():
                return None
            try:
                self._record = Record.open(self.path)
                self._motion = Motion.of(self._record)
            except (RecordError, InputError, OSError):
                if self.running:
                    return None
                raise
        return self._record

    @property
    def record(self) -> Record:
        record = self.try_open()
        if record is None:
            raise RecordError(f"{self.title}: nothing is recorded yet")
        return record

    def poll(self) -> dict[str, Any] | None:
        """Read what was written since; what the page must be told, or None when nothing has changed."""
        if not self.opened and not self.running:
            return None
        record = self.try_open()
        if record is not None and not record.finished:
            record.refresh()
        growth, before = self.growth(), self._last_growth
        if growth == before:
            return None
        self._last_growth = growth
        piece = self._piece(before.get("end_ns"), growth.get("end_ns"))
        return {**growth, "piece": piece} if piece else growth

    def _piece(self, since_ns: int | None, end_ns: int | None) -> bytes | None:
        """What a live Record has grown by, for everybody who follows it: nobody needs to ask for it."""
        if not self.running or since_ns is None or end_ns is None or end_ns <= since_ns:
            return None
        since_ns = max(since_ns, end_ns - LONGEST_PIECE_NS)
        return self.window(since_ns, end_ns, (end_ns - since_ns) // PIECE_SAMPLES)

    # What the page asks for

    def listing(self) -> dict[str, Any]:
        """The line of this log in the list of logs."""
        return {"id": self.id, "title": self.title, "live": self.running}

    def growth(self) -> dict[str, Any]:
        """What changes while a Record grows: its end, its events' number, whether it is finished."""
        record = self.try_open()
        if record is None:
            progress = dict(self.live.progress()) if self.live else {}
            return {"id": self.id, "waiting": True, "running": self.running, "progress": progress}
        return {
            "id": self.id,
            "waiting": False,
            "running": self.running,
            "finished": bool(record.finished),
            "start_ns": int(record.start_ns),
            "end_ns": int(record.end_ns),
            "event_count": len(self._all_events()),
        }

    def manifest(self) -> dict[str, Any]:
        """Everything about the Record that does not depend on the time looked at."""
        growth = self.growth()
        if growth["waiting"]:
            return {**self.listing(), **growth}
        record = self.record
        return {
            **self.listing(),
            **growth,
            "metadata": dict(record.metadata),
            "frames": [[frame.name, frame.parent] for frame in record.frames],
            "models": [{"frame": m.frame, "name": m.name, "bytes": len(m.glb)} for m in record.scene],
            "scene": [sum(len(shared[0].glb) for shared in piece) for piece in self._scene_pieces()],
            "tables": {name: table.to_list() for name, table in record.tables.items()},
            "bindings": self._bindings(),
            "events": self.events(0),
            "assets": self._assets(),
            "motion": self._moved_by(),
            "counts": self._counts(record),
            "damage": list(record.damage),
            "speed": self.live.speed if self.live else None,
        }

    def events(self, since: int) -> list[dict[str, Any]]:
        """The events from number `since` on."""
        return [
            {"t_ns": e.t_ns, "kind": e.kind, "name": e.name, "message": e.message, "level": e.level, "data": e.data}
            for e in self._all_events()[since:]
        ]

    def _bindings(self) -> dict[str, Any] | None:
        """What the picture shows of signals, or None where the Record does not say it."""
        try:
            return dict(json.loads(self.record.attachment(BINDINGS)))
        except RecordError:
            return None

    def _moved_by(self) -> dict[str, list[str]] | None:
        """The signals that each frame's pose follows from, or None where poses are recorded."""
        return None if self._motion is None else self._motion.sources()

    def scene(self, piece: int) -> bytes:
        """A piece of the scene as one chunk: some models, each that several frames share in it once.

        Raises:
            InputError: there is no such piece.
        """
        pieces = self._scene_pieces()
        if not 0 <= piece < len(pieces):
            raise InputError(key="piece", expected=f"a piece of the scene, 0 to {len(pieces) - 1}", got=piece)
        arrays: dict[str, np.ndarray[Any, np.dtype[np.uint8]]] = {}
        models = []
        for shared in pieces[piece]:
            name = f"glb{len(arrays)}"
            arrays[name] = np.frombuffer(shared[0].glb, np.uint8)
            models += [{"frame": model.frame, "name": model.name, "glb": name} for model in shared]
        return pack({"models": models}, arrays)

    def _scene_pieces(self) -> list[list[list[SceneModel]]]:
        """The models in pieces of some size, those that share a GLB together."""
        shared: dict[bytes, list[SceneModel]] = {}
        for model in self.record.scene:
            shared.setdefault(model.glb, []).append(model)
        pieces: list[list[list[SceneModel]]] = []
        room = 0
        for models in shared.values():
            if room < len(models[0].glb):
                pieces.append([])
                room = PIECE_BYTES
            pieces[-1].append(models)
            room -= len(models[0].glb)
        return pieces

    def window(self, t0_ns: int, t1_ns: int, step_ns: int) -> bytes:
        """Poses of a window of time as one chunk.

        Args:
            t0_ns, t1_ns: the window, inclusive; the samples just outside come along.
            step_ns: distance of the samples sent; 0 sends every sample there is.

        Raises:
            InputError: the window is empty or holds more samples than one chunk carries.
        """
        record = self.record
        t0_ns, t1_ns, step_ns = int(t0_ns), int(t1_ns), max(0, int(step_ns))
        _check_window(t0_ns, t1_ns)
        reach = REACH_NS + step_ns
        if self._motion is None:
            t_ns, X = record.poses(t0_ns, t1_ns + reach, before=True)
        else:
            t_ns, X = self._motion.poses(record, t0_ns, t1_ns + reach + self._motion.reach_ns, before=True)
        if len(t_ns):
            last = int(np.searchsorted(t_ns, t1_ns, "left")) + 1
            t_ns, X = t_ns[:last], X[:last]
            keep = thin(t_ns, step_ns)
            if len(keep) > MAX_SAMPLES:
                raise InputError(key="window", expected=f"at most {MAX_SAMPLES} samples", got=len(keep))
            if len(keep) < len(t_ns):
                t_ns, X = t_ns[keep], X[keep]
        header = {**self._cut(t0_ns, t1_ns), "frames": len(record.frames)}
        arrays = pose_arrays(t_ns, X, t0_ns)
        if self._motion is not None:
            arrays |= certainty_arrays(list(self._motion.certainty(record, t0_ns, t1_ns).values()), t0_ns)
        return pack(header, arrays)

    def signals(self, t0_ns: int, t1_ns: int, buckets: int, names: Sequence[str]) -> bytes:
        """Signals over a window of time as one chunk.

        Args:
            t0_ns, t1_ns: the window, inclusive; what stood before it comes along.
            buckets: a signal of more than a few samples in each of so many parts of the window is reduced to those
                that keep its shape.
            names: full names; one that the Record does not have is left out.

        Raises:
            InputError: the window is empty, or there are too many buckets.
        """
        t0_ns, t1_ns, buckets = int(t0_ns), int(t1_ns), int(buckets)
        _check_window(t0_ns, t1_ns)
        if not 1 <= buckets <= MAX_BUCKETS:
            raise InputError(key="buckets", expected=f"1 to {MAX_BUCKETS}", got=buckets)
        entries, arrays = series_arrays(self._series(names, t0_ns, t1_ns), t0_ns, t1_ns, buckets)
        return pack({**self._cut(t0_ns, t1_ns), "signals": entries}, arrays)

    # Helpers

    def _counts(self, record: Record) -> dict[str, int]:
        """How much there is to see: instants with poses, rows of signals."""
        counts = record.message_counts()
        posed = (
            ["tf"] if self._motion is None else [record.table_of(joint.signal) for joint in self._motion.setup.joints]
        )
        return {
            "poses": sum(counts.get(f"/{name}", 0) for name in posed),
            "rows": sum(counts.get(f"/{table}", 0) for table in record.tables),
        }

    def _all_events(self) -> list[Event]:
        record = self.record
        end_ns = int(record.end_ns)
        if end_ns != self._events_until_ns:
            # A growing Record is read on from a little before its last known end, not from its start.
            since_ns = max(self._events_until_ns - EVENT_OVERLAP_NS, 0)
            known = [event for event in self._events if event.t_ns < since_ns]
            self._events = known + list(record.events(since_ns, end_ns))
            self._events_until_ns = end_ns
        return self._events

    def _assets(self) -> dict[str, Any] | None:
        """What the run said of its parts and their parameters; None when the Record does not hold it."""
        try:
            described = json.loads(self.record.attachment("assets.json"))
        except (RecordError, ValueError):
            return None
        parts = ("assets", "devices", "parts")
        known = isinstance(described, dict) and all(isinstance(described.get(part), dict) for part in parts)
        return described if known else None

    def _cut(self, t0_ns: int, t1_ns: int) -> dict[str, Any]:
        """What the header of every window says: which one, and how much was recorded when it was cut."""
        return {
            "t0_ns": t0_ns,
            "t1_ns": t1_ns,
            "end_ns": int(self.record.end_ns),
            "finished": bool(self.record.finished),
        }

    def _series(self, names: Sequence[str], t0_ns: int, t1_ns: int) -> list[Series]:
        record = self.record
        by_table: dict[str, list[str]] = {}
        for name in dict.fromkeys(names):
            if name in record.signals:
                by_table.setdefault(record.table_of(name), []).append(name)
        scan = record.metadata.get("scan_ns", "")
        found = []
        for table, wanted in by_table.items():
            t_ns, rows = record.rows(table, t0_ns, t1_ns, before=True, names=wanted)
            last_ns = int(t_ns[-1]) if len(t_ns) else -1
            t_ns, rows = with_gaps(t_ns, rows, int(scan) if scan.isdecimal() else 0)
            for column, name in enumerate(wanted):
                signal = record.signals[name]
                # A parameter holds from the row that says it.
                steps = signal.type != "real" or signal.kind == "par"
                found.append(Series(name, steps, t_ns, rows[:, column], last_ns))
        return found


def _check_window(t0_ns: int, t1_ns: int) -> None:
    if t1_ns < t0_ns:
        raise InputError(key="window", expected="t0_ns <= t1_ns", got=f"{t0_ns}..{t1_ns}")


class Library:
    """The logs of one server, in the order they were given: ids r0, r1, …"""

    def __init__(self, paths: Sequence[Path], live: LiveRun | None = None) -> None:
        entries: list[tuple[Path, LiveRun | None]] = [(Path(path), None) for path in paths]
        if live is not None:
            entries = [(live.record, live)] + [item for item in entries if item[0] != live.record]
        self._logs = {f"r{i}": Log(f"r{i}", path, run) for i, (path, run) in enumerate(entries)}

    def __iter__(self) -> Iterator[Log]:
        return iter(self._logs.values())

    def __getitem__(self, id: object) -> Log:
        """The log of an id.

        Raises:
            InputError: there is none.
        """
        log = self._logs.get(id) if isinstance(id, str) else None
        if log is None:
            raise InputError(key="id", expected="the id of a log in the list", got=id)
        return log

    def without_paths(self, message: str) -> str:
        """A message for a page: logs by their titles, not by where they lie on this machine."""
        for log in self:
            message = message.replace(str(log.path), log.title)
        return message
