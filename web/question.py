"""What a page asks about logs beyond what is in them: where something holds, and how two of them differ."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from twin.analysis import explained
from twin.analysis.phase_events import phase_events
from twin.analysis.search import search
from twin.errors import InputError
from twin.note import Notes
from web.apart import compare_files
from web.branching import Branching
from web.log import Library

#: Hits and differences that a page is sent; the counts are of all.
_MOST_HITS, _MOST_DIFFERENCES = 2_000, 500
#: Comparisons that are kept: each page that compares the same two asks once.
_KEPT = 8


class Questions:
    """Answers of one server, those that took long kept for a while. Safe to use from several threads."""

    def __init__(self, library: Library, branching: Branching | None = None) -> None:
        self._library, self._branching = library, branching
        self._compared: OrderedDict[tuple[str, str], dict[str, Any]] = OrderedDict()
        self._one_at_a_time = threading.Lock()
        self._one_future = threading.Lock()

    def search(self, id: str, condition: str) -> dict[str, Any]:
        """Where a condition holds in a log: ``count``, ``unknown_s`` and ``hits`` as [start_ns, end_ns].

        Raises:
            InputError: no such log, or the condition cannot be read or names what the log does not have.
        """
        found = search(self._library.whole(id).playback.record, str(condition))
        hits = [[hit.start_ns, hit.end_ns] for hit in found.hits[:_MOST_HITS]]
        return {"count": found.count, "unknown_s": found.unknown_s, "hits": hits}

    def compare(self, id: str, other: str) -> dict[str, Any]:
        """A log (A) beside another (B), as ``swaptwin compare --json`` tells it.

        Raises:
            SwapTwinError: no such log, or they have no signals in common.
        """
        a, b = (self._library.whole(one).playback.record for one in (id, other))
        with self._one_at_a_time:
            if (id, other) not in self._compared:
                told = compare_files(a.path, b.path)
                told["difference_count"] = len(told["differences"])
                told["differences"] = told["differences"][:_MOST_DIFFERENCES]
                if not (a.finished and b.finished):
                    return told
                self._compared[(id, other)] = told
                while len(self._compared) > _KEPT:
                    self._compared.popitem(last=False)
            return self._compared[(id, other)]

    def phases(self, id: str) -> list[dict[str, Any]]:
        """The phases found in a log from its signals alone, as events of kind ``phase``; none where none are known."""
        return [asdict(event) for event in phase_events(self._library[id].playback.record)]

    def why(self, id: str, t_ns: int | None) -> dict[str, Any] | None:
        """Why the station stopped at an instant or last before it, as ``swaptwin why --json`` tells it; None: no stop.

        Raises:
            InputError: no such log, or one of a station whose causes are not described.
        """
        found = explained.explain_stop(self._library.whole(id).playback.record, t_ns)
        return None if found is None else explained.as_data(found)

    def branching(self, id: str) -> dict[str, Any] | None:
        """What may be changed in a branch of a log; None where it cannot be run again here.

        Raises:
            InputError: no such log.
        """
        log = self._library[id]
        offers = None if self._branching is None or log.running or log.withheld else self._branching.offers(log.path)
        return None if offers is None else dict(offers)

    def branch(self, id: str, t_ns: int, change: Mapping[str, Any]) -> dict[str, Any]:
        """Run a log with a change from an instant on: ``id`` of the new log, and what is told of it.

        Raises:
            SwapTwinError: no such log, it cannot be run again, or the change means nothing.
        """
        if self._branching is None or self.branching(id) is None:
            raise InputError(key="branch", expected="a log that can be run again here", got="one that cannot")
        log = self._library[id]
        with self._one_future:
            path, told = self._branching.run(log.path, t_ns, change)
            return {"id": self._library.add(path).id, "told": dict(told)}

    def cut(self, id: str, t0_ns: int, t1_ns: int, fault: Mapping[str, Any]) -> dict[str, Any]:
        """Write the lesson of a stretch of a log, as of :attr:`Branching.cut`.

        Raises:
            SwapTwinError: no such log, it cannot be run again, or the stretch or the fault means nothing.
        """
        if self._branching is None or self.branching(id) is None:
            raise InputError(key="lesson", expected="a log that can be run again here", got="one that cannot")
        with self._one_future:
            return dict(self._branching.cut(self._library[id].path, t0_ns, t1_ns, fault))

    def notes(self, id: str) -> list[dict[str, Any]]:
        """The notes on a log.

        Raises:
            InputError: the file of notes cannot be read, or belongs to another log.
        """
        return [note.model_dump() for note in Notes(self._library[id].playback.record).all()]

    def put_note(self, id: str, note: dict[str, Any]) -> list[dict[str, Any]]:
        """Add a note ({text, start_ns, end_ns}), or change the one of its id; all notes there are then.

        Raises:
            InputError: it is no note, its times are not in the log, or the folder cannot be written.
        """
        kept = Notes(self._library[id].playback.record)
        try:
            text, start_ns, end_ns = str(note["text"]), int(note["start_ns"]), int(note["end_ns"])
        except (KeyError, TypeError, ValueError):
            raise InputError(key="note", expected="text, start_ns and end_ns", got="something else") from None
        kept.put(text, start_ns, end_ns, id=str(note.get("id", "")))
        return [one.model_dump() for one in kept.all()]

    def remove_note(self, id: str, note: str) -> list[dict[str, Any]]:
        """Take a note away; all notes there are then.

        Raises:
            InputError: there is no such note, or the folder cannot be written.
        """
        kept = Notes(self._library[id].playback.record)
        kept.remove(str(note))
        return [one.model_dump() for one in kept.all()]
