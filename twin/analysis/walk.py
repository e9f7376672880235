"""One walk along the instants at which phases may begin: which phase follows which, and where a log's first one is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from twin.analysis.phase_table import END
from twin.formula.interval import LAST, Times


@dataclass(frozen=True)
class Seen:
    """Where a phase may begin, rising; and where that by itself tells that it does."""

    t_ns: Times
    anchors: Times
    can_anchor: bool


@dataclass(frozen=True)
class Step:
    """A phase begins; ``t_ns`` is None when it did before the log. ``unseen``: what should have come before it."""

    name: str
    t_ns: int | None
    unseen: tuple[str, ...] = ()


@dataclass
class Walk:
    """The steps of one swap. ``end_ns`` is None when the end was not seen; ``cut_off`` when another swap began."""

    steps: list[Step] = field(default_factory=list)
    end_ns: int | None = None
    cut_off: bool = False


def walk(seen: Mapping[str, Seen], following: Mapping[str, Sequence[str]], end_ns: int) -> Iterator[Walk]:
    """Swap after swap, in order of time.

    A phase is followed by the earliest instant of those that may follow it. An instant that tells by itself takes the
    walk there from anywhere, for a person may have moved things by hand; what lies between was not seen.
    """
    paths = _Paths(seen, following)
    first = next(iter(following))
    t_ns, name = paths.next_anchor(-LAST, ())
    before = paths.lead_in(t_ns, name)
    current = Walk([Step(before[0][0], None), *(Step(n, t) for n, t in before[1:])]) if before else Walk()
    while t_ns < end_ns:
        if name == END:
            if current.steps:
                current.end_ns = t_ns
                yield current
            current = Walk()
            t_ns, name = paths.next_anchor(t_ns, (END,))
            continue
        if name == first and current.steps:
            current.cut_off = True
            yield current
            current = Walk()
        last = current.steps[-1].name if current.steps else ""
        unseen = paths.between(last, name) if last else (() if name == first else paths.between(first, name, True))
        current.steps.append(Step(name, t_ns, unseen))
        t_ns, name = paths.after(name, t_ns)
    if current.steps:
        yield current


class _Paths:
    """Which instants follow which."""

    def __init__(self, seen: Mapping[str, Seen], following: Mapping[str, Sequence[str]]) -> None:
        self._seen = seen
        self._following = following
        self._visible = {name: self._visible_after(name, set()) for name in following}

    def _visible_after(self, name: str, passed: set[str]) -> list[str]:
        """What may follow; a phase that cannot be seen is passed over."""
        found: list[str] = []
        for after in self._following.get(name, ()):
            if after in self._seen:
                found.append(after)
            elif after not in passed and after != END:
                found += self._visible_after(after, {*passed, after})
        return list(dict.fromkeys(found))

    def after(self, name: str, t_ns: int) -> tuple[int, str]:
        """The next step after a phase that began at an instant."""
        # At one instant the walk only goes on in the order of the table.
        order = list(self._following)
        soonest = {o: t_ns + (o in order[: order.index(name) + 1]) for o in self._visible[name]}
        options = [(self._next(self._seen[other].t_ns, at), other) for other, at in soonest.items()]
        options.append(self.next_anchor(t_ns, (name,)))
        # Of two at once the one that may follow comes first.
        return min(options, key=lambda option: (option[0], option[1] not in self._visible[name]))

    def next_anchor(self, t_ns: int, but: Sequence[str]) -> tuple[int, str]:
        """The first instant after ``t_ns`` that tells by itself."""
        options = [(self._next(one.anchors, t_ns + 1), name) for name, one in self._seen.items() if name not in but]
        return min(options, default=(LAST, END))

    def lead_in(self, t_ns: int, name: str) -> list[tuple[str, int]]:
        """The steps that lead to the first instant that tells by itself; the first of them began before the log.

        The log may begin in any phase: the one from which most of what is seen follows in order. Empty: from none.
        Where nothing tells by itself, two phases in order must do.
        """
        best: list[tuple[str, int]] = []
        for start in self._following:
            steps = [(start, -LAST)]
            while True:
                options = [(self._next(self._seen[o].t_ns, steps[-1][1] + 1), o) for o in self._visible[steps[-1][0]]]
                at, after = min(options, default=(LAST, END))
                if at >= t_ns:
                    break
                steps.append((after, at))
            fits = (at, after) == (t_ns, name) if t_ns < LAST else len(steps) > 2
            if fits and len(steps) > len(best):
                best = steps
        return best

    def between(self, last: str, name: str, with_last: bool = False) -> tuple[str, ...]:
        """The phases on the shortest way from one to another, both left out."""
        ways = [[last]]
        passed = {last}
        while ways:
            way = ways.pop(0)
            for after in self._following.get(way[-1], ()):
                if after == name:
                    return tuple(way if with_last else way[1:])
                if after not in passed:
                    passed.add(after)
                    ways.append([*way, after])
        return ()

    @staticmethod
    def _next(t_ns: Times, after_ns: int) -> int:
        n = int(np.searchsorted(t_ns, after_ns, side="left"))
        return int(t_ns[n]) if n < len(t_ns) else LAST
