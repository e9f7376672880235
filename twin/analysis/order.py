"""The order of a stream's stamps in its file: lines out of order, samples that came late, a clock that was set back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.analysis.finding import NS, Findings, Flags, Kind, Times

#: A tag's step back of more than this may be a clock that was set; less is order lost on the way.
_CLOCK_SET_NS = 10 * NS
#: A clock was set when at least this share of the stream's tags went back together and stayed there.
_CLOCK_SHARE = 1 / 3
#: Long steps back that are looked at one by one; a log with more has no order to speak of.
_MOST_STEPS = 10_000


@dataclass
class _Reset:
    """Tags that went back over one another's stretch of time."""

    start_ns: int
    end_ns: int
    steps: list[tuple[int, int]]
    tags: set[int]


class StreamOrder:
    """Watches a stream's stamps in the order of its file.

    Many logs write their tags in blocks, so that the file as a whole goes back all the time: what counts is whether a
    tag's own samples do. Steps back from line to line are told apart (``unordered``).
    """

    def __init__(self, stream: str, findings: Findings) -> None:
        self._stream, self._findings = stream, findings
        self._last_ns: int | None = None
        self._last_row = -1
        self._last_by_tag: dict[int, int] = {}
        self._resets: list[_Reset] = []
        self._steps = 0
        self._own_lines = True

    def look_at_lines(self, t_ns: Times) -> None:
        """Stamps of a file whose lines are not samples alone; then samples say nothing of the order of lines."""
        self._own_lines = False
        self._lines(t_ns)

    def look(self, t_ns: Times, tags: npt.NDArray[np.integer], rows: npt.NDArray[np.int64]) -> None:
        """Samples as they came: stamps, without those that could not be read, the numbers of their tags, and lines."""
        if not len(t_ns):
            return
        if self._own_lines:
            # A wide file comes column by column: each of its lines counts once.
            fresh = rows > self._last_row
            self._lines(t_ns[fresh])
            self._last_row = max(self._last_row, int(rows.max()))
        # Numbers of 16 bits are sorted in a few steps each.
        order = np.argsort(tags.astype(np.uint16), kind="stable")
        t, tag = t_ns[order], tags[order]
        before = np.concatenate([t[:1], t[:-1]])
        after = np.concatenate([t[1:], t[-1:]])
        firsts = np.flatnonzero(np.concatenate([[True], tag[1:] != tag[:-1]]))
        lasts = np.append(firsts[1:], len(t)) - 1
        for first, number in zip(firsts.tolist(), tag[firsts].tolist(), strict=True):
            before[first] = self._last_by_tag.get(number, t[first])
        after[lasts] = t[lasts]
        self._last_by_tag.update(zip(tag[lasts].tolist(), t[lasts].tolist(), strict=True))
        back = before - t
        # What comes late is followed by what came in time; after a clock that was set, time goes on from there.
        stays = (back > _CLOCK_SET_NS) & (after < before)
        if stays.any():
            where = np.flatnonzero(stays)
            chosen = where[np.argsort(order[where])][: _MOST_STEPS - self._steps]
            for i in chosen.tolist():
                self._step(int(tag[i]), int(t[i]), int(before[i]))
            self._steps += len(chosen)
            stays[:] = False
            stays[chosen] = True
        self._note("backward", t, before, (back > 0) & ~stays)

    def finish(self) -> None:
        """Judge the long steps back, once all was seen."""
        enough = _CLOCK_SHARE * len(self._last_by_tag)
        for reset in self._resets:
            if len(reset.tags) >= enough:
                size = np.array([(reset.end_ns - reset.start_ns) / NS])
                place = np.array([[reset.start_ns], [reset.end_ns]])
                self._findings.of("clock_set", self._stream, "s").add(place[0], place[1], size)
            else:
                steps = np.array(reset.steps)
                sizes = (steps[:, 1] - steps[:, 0]) / NS
                self._findings.of("backward", self._stream, "s").add(steps[:, 0], steps[:, 1], sizes)
        self._resets = []

    def _lines(self, t_ns: Times) -> None:
        if len(t_ns):
            before = np.concatenate([[t_ns[0] if self._last_ns is None else self._last_ns], t_ns[:-1]])
            self._last_ns = int(t_ns[-1])
            self._note("unordered", t_ns, before, before > t_ns)

    def _step(self, tag: int, start_ns: int, end_ns: int) -> None:
        """One tag's step back: part of the last reset when it overlaps that and is its tag's first there."""
        last = self._resets[-1] if self._resets else None
        if last and tag not in last.tags and start_ns <= last.end_ns and end_ns >= last.start_ns:
            last.start_ns, last.end_ns = min(last.start_ns, start_ns), max(last.end_ns, end_ns)
        else:
            last = _Reset(start_ns, end_ns, [], set())
            self._resets.append(last)
        last.tags.add(tag)
        last.steps.append((start_ns, end_ns))

    def _note(self, kind: Kind, t_ns: Times, before: Times, where: Flags) -> None:
        if where.any():
            finding = self._findings.of(kind, self._stream, "s")
            finding.add(t_ns[where], before[where], (before[where] - t_ns[where]) / NS)
