"""Where each pack is, from what is said of places: a documented set of rules that also says what it doubts.

1. A pack is in a place while the place's signals say so; the place explains the signals of one pack, a pack those of at
   most one fixed place (rack, transfer, seat) and one carrier (plate, fork).
2. When a carrier begins to see a pack within reach of a place with one, it is that pack. When a place begins to see one
   within reach of a carrier with one, likewise.
3. In both, a pack hangs on the carrier when its weight does and no lock of the place is closed; else it stands in the
   place.
4. A serial that is read where a pack is, is that pack's, before and after.
   One that was read long before the pack came is another's.
5. A pack at a seat came with the truck and leaves with it, also when the seat falls silent a little late.
6. A pack that no place sees any more was last seen there: unknown, unless it is found again soon and nearby, or by its
   serial anywhere; after an hour it is given up.
7. A place that goes on seeing a pack that has been carried off, and the pack itself, are doubted: seen in two places.
8. A pack that appears where none was brought is doubted: nobody saw it come.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from twin.motion.evidence import Evidence
from twin.motion.hold import Hold
from twin.motion.known import INFERRED, MEASURED, UNKNOWN, Array
from twin.motion.source import PlaceSource
from twin.motion.truck import Visit

#: Middles of a place and of a carrier are not farther apart when one takes a pack from the other.
REACH_M = 0.25
#: Sensors, and clocks, that disagree for no longer than this have not lost a pack.
FOUND_AGAIN_NS = 10_000_000_000

#: A pack that nothing has seen for so long is not shown any more.
GIVEN_UP_NS = 3_600_000_000_000
_LONG_AGO_NS = -(1 << 62)

NOWHERE = "seen nowhere"
TWICE = "seen in two places"
APPEARED = "nobody saw it come"
RENAMED = "another serial was read before"


@dataclass
class _Body:
    """A pack as it is followed: the places that see it, and what is to be told of it."""

    fixed: int | None = None
    carrier: int | None = None
    last: int = 0
    serial: str = ""
    doubt: str = ""
    lost_ns: int | None = None
    gone_ns: int | None = None
    #: By place, since when it is there; long ago where it was there before anything was said.
    since_ns: dict[int, int] = field(default_factory=dict)
    #: Time, place or None, state, doubt.
    rows: list[tuple[int, int | None, int, str]] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        return self.fixed is None and self.carrier is None


class Rules:
    """Follows packs through a log.

    Args:
        evidence: what is said of the places. positions: where a pack in each place is in W, (n, places, 3), NaN where
            there is no such place at that time. visits: when a truck was there.
    """

    def __init__(
        self, places: Sequence[PlaceSource], evidence: Evidence, positions: Array, visits: Sequence[Visit]
    ) -> None:
        self._places, self._positions, self._visits = places, positions, visits
        # Row by row, plain lists are many times faster than arrays of this size.
        self._t_ns: list[int] = evidence.t_ns.tolist()
        self._seen: list[list[float]] = evidence.seen.tolist()
        self._locked: list[list[bool]] = evidence.locked.tolist()
        self._loaded: list[list[float]] = evidence.loaded.tolist()
        self._serial: list[list[int]] = evidence.serial.tolist()
        self._read_ns: list[list[int]] = evidence.read_ns.tolist()
        self._serials = evidence.serials
        self._bodies: list[_Body] = []
        #: Those that have not left.
        self._here: list[_Body] = []
        self._carriers = [n for n, place in enumerate(places) if place.carries]

    def follow(self) -> list[_Body]:
        """Every pack that was ever seen, in the order they were."""
        every = range(len(self._places))
        #: Last said of each place but for silence, and since when something is said without one.
        before: list[float] = [math.nan] * len(every)
        since, silent = [0] * len(every), [True] * len(every)
        leaves = sorted(end for _, end in self._visits)
        for n, t_ns in enumerate(self._t_ns):
            while leaves and leaves[0] <= t_ns:
                self._leave(leaves.pop(0))
            now = self._seen[n]
            begun = [p for p in every if now[p] == 1.0 != before[p] and self._at(p) is None]
            ended = [p for p in every if now[p] == 0.0 != before[p]]
            fallen = [p for p in every if now[p] != now[p] and not silent[p]]
            for p in every:
                silent[p] = now[p] != now[p]
                if not silent[p] and before[p] != before[p]:
                    since[p] = t_ns
                if not silent[p] or before[p] != 1.0:
                    before[p] = now[p]
            # What begins to be seen comes first: what is handed over is never nowhere. Carriers before places.
            for p in sorted(begun, key=lambda p: p not in self._carriers):
                self._begin(n, t_ns, p, first=t_ns - since[p] <= FOUND_AGAIN_NS)
            for p in ended:
                self._end(t_ns, p)
            for p in fallen:
                self._fall_silent(t_ns, p)
            self._compare(n, t_ns)
            for body in list(self._here):
                self._name(n, t_ns, body)
                if body.lost_ns is not None and t_ns - body.lost_ns > GIVEN_UP_NS:
                    self._go(t_ns, body)
                elif body.gone_ns is None:
                    self._tell(n, t_ns, body)
        for end in leaves:
            self._leave(end)
        return self._bodies

    def _at(self, place: int) -> _Body | None:
        return next((body for body in self._here if place in (body.fixed, body.carrier)), None)

    def _near(self, n: int, a: int, b: int) -> float:
        return float(np.linalg.norm(self._positions[n, a] - self._positions[n, b]))

    def _begin(self, n: int, t_ns: int, p: int, *, first: bool) -> None:
        """A place begins to see a pack that is not accounted for there."""
        carries = p in self._carriers
        candidates: list[tuple[float, _Body]] = []
        for body in self._here:
            if (body.carrier if carries else body.fixed) is not None:
                continue
            if body.lost_ns is not None and t_ns - body.lost_ns > 3 * FOUND_AGAIN_NS:
                continue
            other = body.last if body.lost else body.fixed if carries else body.carrier
            if other is not None:
                near = 0.0 if other == p else self._near(n, p, other)
                if near <= REACH_M:
                    candidates.append((near, body))
        if candidates:
            body = min(candidates, key=lambda found: (found[1].lost, found[0]))[1]
        else:
            read = self._read(n, p)
            known = next((body for body in self._here if body.lost and read and body.serial == read), None)
            body = known or self._born(n, t_ns, p, first=first)
        self._found(t_ns, body)
        body.since_ns[p] = _LONG_AGO_NS if first and not body.since_ns else t_ns
        if carries:
            body.carrier = p
        else:
            body.fixed = p

    def _born(self, n: int, t_ns: int, p: int, *, first: bool) -> _Body:
        body = _Body(last=p, doubt="" if first else APPEARED)
        self._add(body)
        visit = next((start for start, end in self._visits if start <= t_ns < end), None)
        if first and self._places[p].of_truck and visit is not None and visit < t_ns:
            body.rows.append((visit, p, INFERRED, ""))
        return body

    def _add(self, body: _Body) -> None:
        self._bodies.append(body)
        self._here.append(body)

    def _found(self, t_ns: int, body: _Body) -> None:
        """A pack that was nowhere is seen again; when that was short it had only changed hands."""
        if body.lost_ns is not None and t_ns - body.lost_ns <= FOUND_AGAIN_NS:
            body.rows = [
                (at, place, INFERRED, "") if at >= body.lost_ns and doubt == NOWHERE else (at, place, state, doubt)
                for at, place, state, doubt in body.rows
            ]
        body.lost_ns = None

    def _end(self, t_ns: int, p: int) -> None:
        """A place no longer sees the pack that it saw."""
        body = self._at(p)
        if body is None:
            return
        body.last = p
        if body.fixed == p:
            body.fixed = None
        else:
            body.carrier = None
        if body.lost:
            body.lost_ns = t_ns
        elif body.doubt == TWICE:
            body.doubt = ""

    def _fall_silent(self, t_ns: int, p: int) -> None:
        """Nothing is said of a place any more: what it stopped seeing just before is still taken to be there."""
        for body in self._here:
            just_now = body.lost_ns is not None and t_ns - body.lost_ns <= FOUND_AGAIN_NS
            if just_now and body.last == p and self._places[p].of_truck:
                self._found(t_ns, body)
                body.fixed = p

    def _compare(self, n: int, t_ns: int) -> None:
        """A pack that hangs on a carrier which has gone off, and is still seen where it was, is in two places."""
        for body in list(self._here):
            if body.fixed is None or body.carrier is None:
                continue
            if self._near(n, body.fixed, body.carrier) > 2 * REACH_M:
                left = _Body(fixed=body.fixed, last=body.fixed, doubt=TWICE, since_ns={body.fixed: t_ns})
                body.fixed, body.doubt = None, TWICE
                self._add(left)

    def _leave(self, t_ns: int) -> None:
        """The truck has left, with what was on it."""
        for body in list(self._here):
            if body.fixed is not None and self._places[body.fixed].of_truck:
                body.fixed = None
                if body.carrier is None:
                    self._go(t_ns, body)

    def _go(self, t_ns: int, body: _Body) -> None:
        """A pack is not in the station any more, or not to be told from another."""
        body.gone_ns = t_ns
        self._here.remove(body)
        body.rows.append((t_ns, None, MEASURED, ""))

    def _read(self, n: int, p: int) -> str:
        return self._serials[self._serial[n][p]]

    def _name(self, n: int, t_ns: int, body: _Body) -> None:
        """Take the serial that is read where a pack is: a place's reader before what a carrier is believed to hold."""
        for p in (body.fixed, body.carrier):
            read = self._read(n, p) if p is not None else ""
            if not read or p is None or self._read_ns[n][p] < body.since_ns[p] - FOUND_AGAIN_NS:
                continue
            if not body.serial:
                body.serial = read
                for lost in [other for other in self._here if other.lost and other.serial == read]:
                    self._go(t_ns, lost)
            elif body.serial != read and p == body.fixed:
                body.serial, body.doubt = read, RENAMED
            return

    def _tell(self, n: int, t_ns: int, body: _Body) -> None:
        """What is to be shown of a pack from now on, when it is not what was."""
        fixed, carrier = body.fixed, body.carrier
        if body.lost:
            row = (body.last, UNKNOWN, NOWHERE)
        else:
            hangs = carrier is not None and (
                fixed is None or (not self._locked[n][fixed] and self._loaded[n][carrier] != 0.0)
            )
            place = carrier if hangs or fixed is None else fixed
            assert place is not None
            said = any(self._seen[n][p] == 1.0 for p in (fixed, carrier) if p is not None)
            state = UNKNOWN if body.doubt == TWICE else MEASURED if said else INFERRED
            row = (place, state, body.doubt)
        if not body.rows or body.rows[-1][1:] != row:
            body.rows.append((t_ns, *row))


def to_holds(bodies: Sequence[_Body], places: Sequence[PlaceSource], frames: Sequence[str]) -> list[Hold]:
    """What is told of packs as holds of frames: a frame is free again when its pack is gone."""
    holds: list[Hold] = []
    free: dict[str, int] = dict.fromkeys(frames, -1)
    for body in sorted(bodies, key=lambda body: body.rows[0][0]):
        begin = body.rows[0][0]
        name = next((name for name, until in free.items() if until <= begin), None)
        if name is None:  # more packs at once than places: what cannot be is not shown
            continue
        free[name] = body.gone_ns if body.gone_ns is not None else 1 << 62
        for t_ns, p, state, doubt in body.rows:
            if p is None:
                holds.append(Hold(name, t_ns))
                continue
            place = places[p]
            holds.append(
                Hold(
                    name, t_ns, place.frame, place.X_FB, state, place.error_m, place.error_rad, place.name,
                    body.serial, doubt,
                )
            )  # fmt: skip
    return holds
