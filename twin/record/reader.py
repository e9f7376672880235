"""Reads a Record: finished, still growing, or cut off."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt

from twin.errors import InputError, RecordError
from twin.record import wire
from twin.record.event import TOPIC as EVENTS_TOPIC
from twin.record.event import decode_event
from twin.record.foxglove import SCENE_TOPIC, decode_scene
from twin.record.index import (
    FRAMES,
    SIGNALS,
    ChunkEntry,
)
from twin.record.model import Event, Frame, SceneModel
from twin.record.overview import PREFIX as OVERVIEW
from twin.record.overview import Level, grids_by_signal
from twin.record.row import RowLayout
from twin.record.store import Store
from twin.record.transform import TransformLayout
from twin.signals import SignalTable, SignalType

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

_MOST_LEVELS = 64
_FOREVER_NS = 2**63 - 1


class Record:
    """A Record, opened with :meth:`open`. Safe to use from several threads.

    Windows of time are inclusive at both ends, in ns since the start.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._levels_lock = threading.Lock()
        self._store = Store(self.path, self._forget)

    @classmethod
    def open(cls, path: str | Path) -> Record:
        """Opens a Record.

        Raises:
            RecordError: the file cannot be read, is no Record, or is of a version not known.
        """
        return cls(path)

    def refresh(self) -> bool:
        """Takes in what was written since; True when there was something. Reads only the new chunks' heads.

        Raises:
            RecordError: the file is gone or was replaced by something that is no Record.
        """
        return self._store.refresh()

    @property
    def metadata(self) -> dict[str, str]:
        return dict(self._store.index.metadata)

    @cached_property
    def identity(self) -> str:
        """What tells a Record from any other, without reading all of it: a digest of its metadata and signals."""
        digest = hashlib.sha256(json.dumps(self.metadata, sort_keys=True).encode())
        digest.update(self.attachment(SIGNALS))
        return digest.hexdigest()[:32]

    @property
    def finished(self) -> bool:
        """Whether the writer ended the Record itself; a live or killed one is not finished."""
        return self._store.index.finished

    @property
    def damage(self) -> list[str]:
        """A plain sentence for everything that could not be read so far."""
        topics = {channel.topic for channel in self._store.index.channels.values()}
        without = [f"table {name} has no channel" for name in self.tables if f"/{name}" not in topics]
        return [*self._store.index.damage, *self._declared[1], *without, *self._store.lost.values()]

    @property
    def start_ns(self) -> int:
        """Time of the first message, ns; 0 when there is none."""
        return self._store.span()[0]

    @property
    def end_ns(self) -> int:
        """Time of the last message, ns; 0 when there is none."""
        return self._store.span()[1]

    @property
    def tables(self) -> dict[str, SignalTable]:
        """Table name to its signals; one that declares what nobody knows is left out and stands in :attr:`damage`."""
        return self._declared[0]

    @cached_property
    def _declared(self) -> tuple[dict[str, SignalTable], list[str]]:
        """The tables that can be read, and a sentence for each that cannot."""
        tables, refused = {}, []
        for name, signals in json.loads(self.attachment(SIGNALS))["tables"].items():
            strange = sorted({str(signal.get("type", "real")) for signal in signals} - set(get_args(SignalType)))
            if strange:
                refused.append(f"table {name} is left out: it has signals of an unknown type, {', '.join(strange)}")
            else:
                tables[name] = SignalTable.from_list(signals)
        return tables, refused

    @cached_property
    def signals(self) -> SignalTable:
        """The signals of all tables."""
        return SignalTable(signal for table in self.tables.values() for signal in table)

    @cached_property
    def frames(self) -> list[Frame]:
        return [Frame(**frame) for frame in json.loads(self.attachment(FRAMES))]

    @cached_property
    def scene(self) -> list[SceneModel]:
        """What is drawn, model by model."""
        return [model for _, payload in self._messages(SCENE_TOPIC, 0, _FOREVER_NS) for model in decode_scene(payload)]

    @property
    def attachments(self) -> dict[str, bytes]:
        """All attachments but overviews, name to content."""
        return {name: self.attachment(name) for name in self._store.index.attachments if not name.startswith(OVERVIEW)}

    def attachment(self, name: str) -> bytes:
        """One attachment.

        Raises:
            RecordError: there is none of this name, or it is damaged.
        """
        return self._store.attachment(name)

    def overview(self, name: str, width_ns: int) -> Level | None:
        """A long signal thinned beforehand, by the widest grid whose parts are no longer than *width_ns*.

        None where there is no such grid, or what was thinned is damaged.
        """
        grid_ns = next((grid for grid in reversed(self._grids.get(name, [])) if grid <= width_ns), None)
        if grid_ns is None:
            return None
        with self._levels_lock:
            known = self._levels
            if (name, grid_ns) not in known:
                try:
                    data = self.attachment(f"{OVERVIEW}{name}/{grid_ns}")
                    known[name, grid_ns] = Level.from_bytes(grid_ns, data)
                except RecordError:
                    return None
                while len(known) > _MOST_LEVELS:
                    del known[next(iter(known))]
            return known[name, grid_ns]

    def rows(
        self,
        table: str,
        t0_ns: int = 0,
        t1_ns: int = _FOREVER_NS,
        *,
        before: bool = False,
        names: Sequence[str] | None = None,
    ) -> tuple[Times, Values]:
        """The rows of a table in a window: times (n,) and values (n, k).

        Args:
            before: start with the last row before the window, if there is one.
            names: the signals wanted, in this order; all in table order if not given.

        Raises:
            InputError: no such table or signal.
        """
        layout = self._layout(table)
        for name in names or ():
            if name not in self.tables[table]:
                raise InputError(key=name, expected=f"a signal of table {table}", got="an unknown name")
        width = len(layout.names) if names is None else len(names)
        times, values = [np.empty(0, dtype=np.int64)], [np.empty((0, width))]
        for t_ns, records in self._windows(layout.topic, layout.record_bytes, t0_ns, t1_ns, before):
            times.append(t_ns)
            values.append(layout.decode(records, names))
        return np.concatenate(times), np.concatenate(values)

    def signal(
        self, name: str, t0_ns: int = 0, t1_ns: int = _FOREVER_NS, *, before: bool = False
    ) -> tuple[Times, Values]:
        """One signal in a window: times (n,) and values (n,).

        Raises:
            InputError: no such signal.
        """
        t_ns, values = self.rows(self.table_of(name), t0_ns, t1_ns, before=before, names=[name])
        return t_ns, values[:, 0]

    def table_of(self, name: str) -> str:
        """The table that holds a signal.

        Raises:
            InputError: no such signal.
        """
        try:
            return self._table_by_signal[name]
        except KeyError:
            raise InputError(key=name, expected="a signal of this Record", got="an unknown name") from None

    def stamps(self, table: str, t0_ns: int = 0, t1_ns: int = _FOREVER_NS) -> tuple[Times, Times]:
        """The source's own time stamps, ns, and row numbers of the rows in a window, each (n,)."""
        layout = self._layout(table)
        published, sequences = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for _, records in self._windows(layout.topic, layout.record_bytes, t0_ns, t1_ns, False):
            published.append(wire.publish_times(records))
            sequences.append(wire.sequences(records))
        return np.concatenate(published), np.concatenate(sequences)

    def poses(self, t0_ns: int = 0, t1_ns: int = _FOREVER_NS, *, before: bool = False) -> tuple[Times, Values]:
        """Poses in a window: times (n,) and poses (n, F, 7: x y z qx qy qz qw, relative to the parent, m)."""
        layout = self._transforms
        times, poses = [np.empty(0, dtype=np.int64)], [np.empty((0, len(layout.frames), 7))]
        for t_ns, records in self._windows(layout.topic, layout.record_bytes, t0_ns, t1_ns, before):
            times.append(t_ns)
            poses.append(layout.decode(records))
        return np.concatenate(times), np.concatenate(poses)

    def events(self, t0_ns: int = 0, t1_ns: int = _FOREVER_NS) -> list[Event]:
        """Events in a window, in order of time."""
        found = [decode_event(payload) for _, payload in self._messages(EVENTS_TOPIC, t0_ns, t1_ns)]
        return sorted(found, key=lambda event: event.t_ns)

    def message_counts(self) -> dict[str, int]:
        """Messages per topic, as the file says; as counted after :meth:`check`."""
        return {
            channel.topic: self._store.index.counts.get(channel.id, 0)
            for channel in self._store.index.channels.values()
        }

    def check(self) -> list[str]:
        """Reads every chunk once, and returns :attr:`damage`, then complete."""
        self._store.check()
        return self.damage

    def chunks(self) -> list[ChunkEntry]:
        """The chunks of the file, in file order."""
        return list(self._store.index.chunks)

    @cached_property
    def _table_by_signal(self) -> dict[str, str]:
        return {signal.name: name for name, table in self.tables.items() for signal in table}

    @cached_property
    def _grids(self) -> dict[str, list[int]]:
        return grids_by_signal(self._store.index.attachments)

    @cached_property
    def _levels(self) -> dict[tuple[str, int], Level]:
        """Those that were read last."""
        return {}

    @cached_property
    def _transforms(self) -> TransformLayout:
        return TransformLayout(self.frames)

    @cached_property
    def _layouts(self) -> dict[str, RowLayout]:
        return {name: RowLayout(name, table) for name, table in self.tables.items()}

    def _layout(self, table: str) -> RowLayout:
        try:
            return self._layouts[table]
        except KeyError:
            expected = "a table of this Record: " + ", ".join(self.tables)
            raise InputError(key=table, expected=expected, got="an unknown name") from None

    def _windows(
        self, topic: str, record_bytes: int, t0_ns: int, t1_ns: int, before: bool
    ) -> list[tuple[Times, wire.Bytes2D]]:
        """Stretches of a channel's records inside the window, in order of time."""
        found: list[tuple[Times, wire.Bytes2D]] = []
        for block in self._store.blocks(topic, t0_ns, t1_ns, before):
            records = block.records(record_bytes)
            first = int(np.searchsorted(block.log_times, t0_ns, side="left"))
            stop = int(np.searchsorted(block.log_times, t1_ns, side="right"))
            if before and first > 0:
                # This row is later than any found in the chunks before: it is the one row before the window.
                found.clear()
                first -= 1
            if first < stop:
                found.append((block.log_times[first:stop], records[first:stop]))
        return found

    def _messages(self, topic: str, t0_ns: int, t1_ns: int) -> list[tuple[int, bytes]]:
        return [
            (int(t_ns), payload)
            for block in self._store.blocks(topic, t0_ns, t1_ns)
            for t_ns, payload in zip(block.log_times, block.payloads(), strict=True)
            if t0_ns <= t_ns <= t1_ns
        ]

    def _forget(self) -> None:
        """The file was read anew: what was made from its attachments may no longer be so."""
        for name, kept in vars(type(self)).items():
            if isinstance(kept, cached_property):
                self.__dict__.pop(name, None)
