"""The logs a viewer offers: Records named by id, read in windows, refreshed while they grow."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from twin.errors import InputError, RecordError
from twin.note import SUFFIX
from twin.playback import Playback
from twin.record import Record
from web import untold
from web.live import LiveRun

#: A piece of a live Record's edge is no longer and has no more samples, however fast the run goes.
LONGEST_PIECE_NS, PIECE_SAMPLES = 2_000_000_000, 8


class Log:
    """One Record as the page asks for it.

    Args:
        id: the only name a client knows it by.
        path: the MCAP file; of a live run it may not exist yet.
        live: the run that writes it, if it was started together with the server.
    """

    def __init__(self, id: str, path: Path, live: LiveRun | None = None) -> None:
        self.id, self.path, self.live = id, path, live
        self._playback: Playback | None = None
        self._last_growth: dict[str, Any] = {}

    @property
    def title(self) -> str:
        return self.path.stem

    @property
    def running(self) -> bool:
        return self.live is not None and self.live.running()

    @property
    def opened(self) -> bool:
        return self._playback is not None

    def try_open(self) -> Playback | None:
        """The Record for a player, or None while the run has not written its beginning yet.

        Raises:
            RecordError: the file is no Record and nobody is writing it.
        """
        if self._playback is None:
            if self.live is not None and not self.live.begun():
                return None
            try:
                self._playback = Playback(Record.open(self.path))
            except (RecordError, InputError, OSError):
                if self.running:
                    return None
                raise
        return self._playback

    @property
    def playback(self) -> Playback:
        playback = self.try_open()
        if playback is None:
            raise RecordError(f"{self.title}: nothing is recorded yet")
        return playback

    def poll(self) -> dict[str, Any] | None:
        """Read what was written since; what the page must be told, or None when nothing has changed."""
        if not self.opened and not self.running:
            return None
        playback = self.try_open()
        if playback is not None and not playback.record.finished:
            playback.record.refresh()
        growth, before = self.growth(), self._last_growth
        if growth == before:
            return None
        piece = self._piece(before.get("end_ns"), growth.get("end_ns"))
        # Only now is it told: what cannot be read while its file is written anew is looked at again.
        self._last_growth = growth
        return {**growth, "piece": piece} if piece else growth

    def _piece(self, since_ns: int | None, end_ns: int | None) -> bytes | None:
        """What a live Record has grown by, for everybody who follows it: nobody needs to ask for it."""
        if not self.running or since_ns is None or end_ns is None or end_ns <= since_ns:
            return None
        since_ns = max(since_ns, end_ns - LONGEST_PIECE_NS)
        return self.playback.window(since_ns, end_ns, (end_ns - since_ns) // PIECE_SAMPLES)

    # What the page asks for

    def listing(self) -> dict[str, Any]:
        """The line of this log in the list of logs."""
        return {"id": self.id, "title": self.title, "live": self.running}

    def growth(self) -> dict[str, Any]:
        """What changes while a Record grows: its end, its events' number, whether it is finished."""
        playback = self.try_open()
        if playback is None:
            progress = dict(self.live.progress()) if self.live else {}
            return {"id": self.id, "waiting": True, "running": self.running, "progress": progress}
        return {
            "id": self.id,
            "waiting": False,
            "running": self.running,
            **playback.extent(),
        }

    @property
    def withheld(self) -> bool:
        """Whether the truth is not told now."""
        return self.live is not None and self.live.hides()

    def events(self, since: int = 0) -> list[dict[str, Any]]:
        """The events from number `since` on; of one that is not told now the instant alone."""
        events = self.playback.events(since)
        return events if self.live is None else [untold.event(e) if self.live.keeps(e) else e for e in events]

    def signals(self, t0_ns: int, t1_ns: int, buckets: int, names: Sequence[str]) -> bytes:
        """Signals as of :meth:`Playback.signals`; those that are not told now are left out."""
        told = [name for name in names if not untold.is_truth(name)] if self.withheld else names
        return self.playback.signals(t0_ns, t1_ns, buckets, told)

    def manifest(self) -> dict[str, Any]:
        """Everything about the Record that does not depend on the time looked at."""
        growth = self.growth()
        if growth["waiting"]:
            return {**self.listing(), **growth}
        speed = self.live.speed if self.live else None
        about = {"speed": speed, "identity": self.playback.record.identity, "withheld": self.withheld}
        told = untold.manifest(self.playback.manifest()) if self.withheld else self.playback.manifest()
        return {**told, "events": self.events(), **self.listing(), **growth, **about}


class Library:
    """The logs of one server, in the order they were given: ids r0, r1, …; logs may be added from any thread."""

    def __init__(self, paths: Sequence[Path], live: LiveRun | None = None) -> None:
        entries: list[tuple[Path, LiveRun | None]] = [(Path(path), None) for path in paths]
        if live is not None:
            entries = [(live.record, live)] + [item for item in entries if item[0] != live.record]
        self._logs = {f"r{i}": Log(f"r{i}", path, run) for i, (path, run) in enumerate(entries)}
        self._adding = threading.Lock()

    def __iter__(self) -> Iterator[Log]:
        return iter(list(self._logs.values()))

    def __getitem__(self, id: object) -> Log:
        """The log of an id.

        Raises:
            InputError: there is none.
        """
        log = self._logs.get(id) if isinstance(id, str) else None
        if log is None:
            raise InputError(key="id", expected="the id of a log in the list", got=id)
        return log

    def whole(self, id: object) -> Log:
        """The log of an id, for who reads whatever is in it.

        Raises:
            InputError: there is none, or it is of a lesson that goes on and tells it at its end.
        """
        log = self[id]
        if log.withheld:
            raise InputError(key="id", expected="a log that tells everything", got="that of a lesson that goes on")
        return log

    def of(self, live: LiveRun) -> Log:
        """The log of a run; it is offered from now on, if it was not."""
        return next((log for log in self if log.live is live), None) or self.add(live.record, live)

    def add(self, path: Path, live: LiveRun | None = None) -> Log:
        """Offer one more Record, or the Record of one more run."""
        with self._adding:
            log = Log(f"r{len(self._logs)}", path, live)
            self._logs[log.id] = log
        return log

    def without_paths(self, message: str) -> str:
        """A message for a page: logs by their titles, not by where they lie on this machine."""
        for log in self:
            message = message.replace(str(log.path) + SUFFIX, log.title).replace(str(log.path), log.title)
        return message
