"""What differs between two columns on the same scans: edges of bits, ways through steps, stretches of numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from twin.replay.difference import STATES, Difference, Kind, shown, told
from twin.replay.pair import Bits, Numbers, Pair
from twin.replay.words import described
from twin.signals import Signal

#: A pulse that is missing and one that is extra are the same one, moved, when they are this near and about as long.
_MOVED_NS = 5_000_000_000
_ABOUT_AS_LONG = 0.5
#: So many extra pulses within this time are one chatter.
_CHATTER, _CHATTER_NS = 4, 1_000_000_000
#: Steps of a way that are told.
_LONG_WAY = 6
#: Stretches of one signal that are told each; of those beyond nothing but their number matters.
_MOST = 200


@dataclass(frozen=True)
class _Stretch:
    """Scans ``first`` to before ``stop`` in which a signal differs; ``open``: it did not agree again."""

    first: int
    stop: int
    open: bool


def column_differences(pair: Pair, column: int, off: Bits) -> list[Difference]:
    """The differences of one column, in order of time; ``off`` (n,) says at which scans it differs."""
    signal = pair.signals[column]
    new, expected = pair.new[:, column], pair.expected[:, column]
    edges = np.diff(np.concatenate([[False], off, [False]]).astype(np.int8))
    firsts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    spans = [
        _Stretch(a, b, b == len(off)) for a, b in zip(firsts[:_MOST].tolist(), stops[:_MOST].tolist(), strict=True)
    ]
    tell = _Teller(pair, signal, new, expected)
    if signal.type == "bool":
        return _chatter(tell, _moved(tell, [tell.edge(span) for span in spans]))
    if signal.type == "real":
        return [tell.number(span) for span in spans]
    return [tell.step(span) for span in _joined(tell, spans)]


class _Teller:
    """Tells the stretches of one signal."""

    def __init__(self, pair: Pair, signal: Signal, new: Numbers, expected: Numbers) -> None:
        self.pair, self.signal, self.new, self.expected = pair, signal, new, expected

    def difference(self, kind: Kind, span: _Stretch, detail: str = "", scans: int | None = None) -> Difference:
        """One difference, without words."""
        t_ns, pair = self.pair.t_ns, self.pair
        by_ns = None
        if scans is not None:
            stop = span.first + scans
            # By the scans' own times where they are known: one may have come late.
            by_ns = int(t_ns[stop] - t_ns[span.first]) if stop < len(t_ns) else scans * pair.scan_ns
        end_ns = pair.end_ns if span.open else int(t_ns[span.stop])
        value, expected = shown(self.signal, self.new[span.first]), shown(self.signal, self.expected[span.first])
        return Difference(
            self.signal.name, kind, int(t_ns[span.first]), end_ns, detail, by_ns, scans, value, expected
        )  # fmt: skip

    def worded(self, one: Difference, path: str = "", instead: str = "") -> Difference:
        value, expected = told(one.value, self.signal), told(one.expected, self.signal)
        return replace(one, text=described(one, one.signal, value, expected, path, instead))

    def edge(self, span: _Stretch) -> Difference:
        """Who changed when the stretch began, and who when it ended, says what kind of edge it is."""
        new, expected, first, stop = self.new, self.expected, span.first, span.stop
        length = None if span.open else stop - first
        mine_began = first > 0 and new[first] != new[first - 1]
        if span.open or first == 0 or mine_began == (new[stop] != new[stop - 1]):
            kind: Kind = "edge extra" if mine_began else "edge missing"
            return self.worded(self.difference(kind, span, "on" if new[first] else "off", length))
        kind = "edge early" if mine_began else "edge late"
        rises = bool(new[first]) if mine_began else bool(expected[first])
        return self.worded(self.difference(kind, span, "rises" if rises else "falls", length))

    def number(self, span: _Stretch) -> Difference:
        return self.worded(self.difference("value", span))

    def step(self, span: _Stretch) -> Difference:
        """Compares the ways that both take through the steps, from where they part to where they meet."""
        mine, theirs = (self._path(values, span) for values in (self.new, self.expected))
        if self.signal.field not in STATES:
            return self.number(span)
        told_mine, told_theirs = _told(mine), _told(theirs)
        if len(mine) == 1 and len(theirs) > 1:
            return self.worded(self.difference("step missing", span, theirs[1]))
        if mine == theirs and len(mine) > 1:
            early = self.new[span.first] != self.new[span.first - 1]
            kind: Kind = "step early" if early else "step late"
            return self.worded(self.difference(kind, span, mine[1], span.stop - span.first))
        lacking = [label for label in theirs if label not in mine]
        extra = [label for label in mine if label not in theirs]
        if lacking and not extra and not span.open and [s for s in theirs if s in mine] == mine:
            return self.worded(self.difference("step missing", span, " ".join(lacking)), told_mine)
        if extra and not lacking and not span.open and [s for s in mine if s in theirs] == theirs:
            return self.worded(self.difference("step extra", span, " ".join(extra)), told_mine)
        one = self.difference("step order", span, f"{mine[0]} > {mine[1] if len(mine) > 1 else mine[0]}")
        return self.worded(one, told_mine, told_theirs)

    def ways(self, span: _Stretch) -> tuple[set[str], set[str]]:
        """The steps that each goes through in a stretch."""
        return set(self._path(self.new, span)), set(self._path(self.expected, span))

    def _path(self, values: Numbers, span: _Stretch) -> list[str]:
        """Labels from the scan before the stretch to the first after it."""
        part = values[max(span.first - 1, 0) : span.stop + 1]
        part = part[~np.isnan(part)]
        changes = np.flatnonzero(np.diff(part)) + 1
        return [str(shown(self.signal, part[k])) for k in (0, *changes.tolist())] if len(part) else []


def _told(labels: list[str]) -> str:
    """A way through steps; of a long one its begin and its end."""
    return " → ".join(labels if len(labels) <= _LONG_WAY else [*labels[: _LONG_WAY - 2], "…", labels[-1]])


def _moved(tell: _Teller, found: list[Difference]) -> list[Difference]:
    """A missing pulse and an extra one beside it, about as long, are one that comes early or late."""
    kept: list[Difference] = []
    for one in found:
        last = kept[-1] if kept else None
        if (
            last is not None
            and {last.kind, one.kind} == {"edge missing", "edge extra"}
            and last.by_ns and one.by_ns
            and one.t_ns - last.end_ns <= _MOVED_NS
            and abs(one.by_ns - last.by_ns) <= _ABOUT_AS_LONG * max(one.by_ns, last.by_ns)
        ):  # fmt: skip
            by_ns = one.t_ns - last.t_ns
            kind: Kind = "edge late" if last.kind == "edge missing" else "edge early"
            rises = (last.value if last.kind == "edge extra" else last.expected) == "true"
            scans = round(by_ns / tell.pair.scan_ns) if tell.pair.scan_ns else None
            moved = replace(
                last, kind=kind, detail="rises" if rises else "falls", by_ns=by_ns, by_scans=scans, end_ns=one.end_ns
            )
            kept[-1] = tell.worded(moved)
        else:
            kept.append(one)
    return kept


def _chatter(tell: _Teller, found: list[Difference]) -> list[Difference]:
    """Many extra pulses in short time are one chatter."""
    kept: list[Difference] = []
    run: list[Difference] = []

    def close() -> None:
        if len(run) < _CHATTER:
            kept.extend(run)
        else:
            by_ns = run[-1].end_ns - run[0].t_ns
            scans = round(by_ns / tell.pair.scan_ns) if tell.pair.scan_ns else None
            one = replace(
                run[0], kind="chatter", detail="", by_ns=by_ns, by_scans=scans, end_ns=run[-1].end_ns,
                count=2 * len(run),
            )  # fmt: skip
            kept.append(tell.worded(one))
        run.clear()

    for one in found:
        pulse = one.kind == "edge extra" and one.by_ns is not None
        if run and not (pulse and one.t_ns - run[-1].end_ns <= _CHATTER_NS // _CHATTER):
            close()
        (run if pulse else kept).append(one)
    close()
    return kept


def _joined(tell: _Teller, spans: list[_Stretch]) -> list[_Stretch]:
    """Stretches of steps; two are one where what a way lacks in the first it has in the second: another order."""
    joined: list[_Stretch] = []
    for span in spans:
        if joined and tell.pair.t_ns[span.first] - tell.pair.t_ns[joined[-1].stop] <= _MOVED_NS:
            last = joined[-1]
            (mine, theirs), (mine_then, theirs_then) = tell.ways(last), tell.ways(span)
            if (theirs - mine) & (mine_then - theirs_then) or (mine - theirs) & (theirs_then - mine_then):
                joined[-1] = _Stretch(last.first, span.stop, span.open)
                continue
        joined.append(span)
    return joined
