"""A Record as a player asks for it: what is in it, its scene in pieces, windows of poses and of signals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from twin.desk import ATTACHMENT as PANEL
from twin.errors import InputError, RecordError
from twin.motion import Motion
from twin.playback.chunk import certainty_arrays, pack, pose_arrays, thin
from twin.playback.series import Series, series_arrays
from twin.record import Event, Record, SceneModel
from twin.record.overview import Level
from twin.record.reader import Times, Values
from twin.record.shape import with_gaps

#: Attachment that says what the picture shows of signals.
BINDINGS = "bindings.json"
#: A window reaches this far beyond its ends, so that the player can interpolate up to them.
REACH_NS = 100_000_000
#: Events may be written this much later than their time says.
EVENT_OVERLAP_NS = 1_000_000_000
#: Longest window answered at full rate; what is longer must be asked for in steps or in pieces.
MAX_SAMPLES = 20_000
#: The scene travels in pieces of about this size, so that a page can say how far it is.
PIECE_BYTES = 256_000
#: Most buckets of time that signals are asked for in: a very wide screen.
MAX_BUCKETS = 10_000


class Playback:
    """One Record for a player; it may still grow.

    Raises:
        InputError, RecordError: what the Record says of its motion cannot be read.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self._motion = Motion.of(record)
        self._events: list[Event] = []
        self._events_until_ns = -1

    def extent(self) -> dict[str, Any]:
        """What changes while a Record grows: whether it is finished, its ends, its events' number."""
        return {
            "finished": bool(self.record.finished),
            "start_ns": int(self.record.start_ns),
            "end_ns": int(self.record.end_ns),
            "event_count": len(self.all_events()),
        }

    def manifest(self) -> dict[str, Any]:
        """Everything about the Record that does not depend on the time looked at."""
        record = self.record
        return {
            **self.extent(),
            "zero_ns": int(record.start_ns),
            "metadata": dict(record.metadata),
            "frames": [[frame.name, frame.parent] for frame in record.frames],
            "models": [{"frame": m.frame, "name": m.name, "bytes": len(m.glb)} for m in record.scene],
            "scene": [sum(len(shared[0].glb) for shared in piece) for piece in self._scene_pieces()],
            "tables": {name: table.to_list() for name, table in record.tables.items()},
            "bindings": self._attached(BINDINGS),
            "panel": self._attached(PANEL),
            "events": self.events(0),
            "assets": self._assets(),
            "motion": self._moved_by(),
            "counts": self._counts(record),
            "damage": list(record.damage),
        }

    def events(self, since: int) -> list[dict[str, Any]]:
        """The events from number `since` on."""
        return [asdict(event) for event in self.all_events()[since:]]

    def all_events(self) -> list[Event]:
        """Every event so far."""
        record = self.record
        end_ns = int(record.end_ns)
        if end_ns != self._events_until_ns:
            # A growing Record is read on from a little before its last known end, not from its start.
            since_ns = max(self._events_until_ns - EVENT_OVERLAP_NS, 0)
            known = [event for event in self._events if event.t_ns < since_ns]
            self._events = known + list(record.events(since_ns, end_ns))
            self._events_until_ns = end_ns
        return self._events

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
            until_ns = t1_ns + reach + self._motion.reach_ns
            series = self._motion.read(record, t0_ns, until_ns)
            t_ns, X = self._motion.poses(record, t0_ns, until_ns, before=True, series=series)
        if len(t_ns):
            last = int(np.searchsorted(t_ns, t1_ns, "left")) + 1
            t_ns, X = t_ns[:last], X[:last]
            keep = thin(t_ns, step_ns)
            if len(keep) > MAX_SAMPLES:
                raise InputError(key="window", expected=f"at most {MAX_SAMPLES} samples", got=len(keep))
            if len(keep) < len(t_ns):
                t_ns, X = t_ns[keep], X[keep]
        header: dict[str, Any] = {**self._cut(t0_ns, t1_ns), "frames": len(record.frames)}
        arrays = pose_arrays(t_ns, X, t0_ns)
        if self._motion is not None:
            known = self._motion.certainty(record, t0_ns, t1_ns, series=series)
            arrays |= certainty_arrays(list(known.values()), t0_ns)
            header["stands"] = self._motion.stands(t0_ns, t1_ns)
        return pack(header, arrays)

    def signals(self, t0_ns: int, t1_ns: int, buckets: int | None, names: Sequence[str]) -> bytes:
        """Signals over a window of time as one chunk.

        Args:
            t0_ns, t1_ns: the window, inclusive; what stood before it comes along.
            buckets: a signal of more than a few samples in each of so many parts of the window is reduced to those
                that keep its shape; None leaves nothing out but repetitions.
            names: full names; one that the Record does not have is left out.

        Raises:
            InputError: the window is empty, or there are too many buckets.
        """
        t0_ns, t1_ns = int(t0_ns), int(t1_ns)
        _check_window(t0_ns, t1_ns)
        if buckets is not None and not 1 <= (buckets := int(buckets)) <= MAX_BUCKETS:
            raise InputError(key="buckets", expected=f"1 to {MAX_BUCKETS}", got=buckets)
        entries, arrays = series_arrays(self._series(names, t0_ns, t1_ns, buckets), t0_ns, t1_ns, buckets)
        return pack({**self._cut(t0_ns, t1_ns), "signals": entries}, arrays)

    def _attached(self, name: str) -> dict[str, Any] | None:
        """What the Record says of its picture or of its panel; None where it does not say it."""
        try:
            return dict(json.loads(self.record.attachment(name)))
        except (RecordError, ValueError, TypeError):
            return None

    def _moved_by(self) -> dict[str, list[str]] | None:
        """The signals that each frame's pose follows from, or None where poses are recorded."""
        return None if self._motion is None else self._motion.sources()

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

    def _series(self, names: Sequence[str], t0_ns: int, t1_ns: int, buckets: int | None) -> list[Series]:
        record = self.record
        groups: dict[tuple[str, int], list[str]] = {}
        levels: dict[str, Level] = {}
        for name in dict.fromkeys(names):
            if name in record.signals:
                level = record.overview(name, (t1_ns - t0_ns + 1) // buckets) if buckets else None
                if level is not None:
                    levels[name] = level
                groups.setdefault((record.table_of(name), level.grid_ns if level else 0), []).append(name)
        found = []
        for (table, grid_ns), wanted in groups.items():
            if grid_ns:
                found += self._thinned(table, wanted, [levels[name] for name in wanted], t0_ns, t1_ns)
                continue
            t_ns, rows, last_ns = self._rows(table, wanted, t0_ns, t1_ns)
            for column, name in enumerate(wanted):
                found.append(Series(name, record.signals[name].steps, t_ns, rows[:, column], last_ns))
        return found

    def _rows(
        self, table: str, names: Sequence[str], t0_ns: int, t1_ns: int, *, before: bool = True
    ) -> tuple[Times, Values, int]:
        """Rows of a table with what is missing between them, and the time of the last one."""
        record = self.record
        t_ns, rows = record.rows(table, t0_ns, t1_ns, before=before, names=names)
        last_ns = int(t_ns[-1]) if len(t_ns) else -1
        scan = record.metadata.get("scan_ns", "")
        return (*with_gaps(t_ns, rows, int(scan) if scan.isdecimal() else 0), last_ns)

    def _thinned(
        self, table: str, names: Sequence[str], levels: Sequence[Level], t0_ns: int, t1_ns: int
    ) -> list[Series]:
        """Signals over a wide window: from their overviews, but for the parts of the grid that its ends divide."""
        grid_ns = levels[0].grid_ns
        first_ns, stop_ns = (t0_ns // grid_ns + 1) * grid_ns, (t1_ns + 1) // grid_ns * grid_ns
        stop_ns = max(first_ns, stop_ns)
        head_t, head, last_ns = self._rows(table, names, t0_ns, first_ns - 1)
        tail_t, tail, tail_ns = self._rows(table, names, stop_ns, t1_ns, before=False)
        if tail_ns < 0:
            t_ns, _ = self.record.rows(table, t1_ns, t1_ns, before=True, names=names[:1])
            tail_ns = int(t_ns[-1]) if len(t_ns) else last_ns
        found = []
        for column, (name, level) in enumerate(zip(names, levels, strict=True)):
            start, stop = np.searchsorted(level.t_ns, [first_ns, stop_ns])
            t_ns = np.concatenate([head_t, level.t_ns[start:stop], tail_t])
            values = np.concatenate([head[:, column], level.values[start:stop], tail[:, column]])
            steps = self.record.signals[name].steps
            found.append(Series(name, steps, t_ns, values, tail_ns, grid_ns))
        return found


def _check_window(t0_ns: int, t1_ns: int) -> None:
    if t1_ns < t0_ns:
        raise InputError(key="window", expected="t0_ns <= t1_ns", got=f"{t0_ns}..{t1_ns}")
