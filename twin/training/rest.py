"""Where a lesson may begin: at instants at which every pack rests, or is locked in its truck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin import frames
from twin.clock import NS_PER_S
from twin.record import Record

#: A pack rests that has moved no farther than this within so long, in the station or in a truck that it stands in.
_STILL_M, _WITHIN_NS = 1e-3, NS_PER_S // 2
_PACK, _CHASSIS = "pack.", ".chassis"

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Rest:
    """At which scans of a simulated Record every pack rests or is locked.

    Args:
        t_ns: of the scans, (n,). rests: (n,).
    """

    t_ns: npt.NDArray[np.int64]
    rests: npt.NDArray[np.bool_]

    def nearest(self, at_ns: int) -> tuple[int | None, int | None]:
        """The last such scan up to an instant, and the first from it on; both the instant's own where it is one."""
        found = self.t_ns[self.rests]
        before, after = found[found <= at_ns], found[found >= at_ns]
        return (int(before[-1]) if len(before) else None), (int(after[0]) if len(after) else None)


def rest_of(record: Record) -> Rest:
    """Where the packs of a simulated Record rest: in the station, or in the truck that they stand in."""
    t_ns, X = record.poses()
    column = {frame.name: n for n, frame in enumerate(record.frames)}
    parent = {frame.name: frame.parent for frame in record.frames}

    def in_world(name: str) -> Array:
        own = X[:, column[name]]
        return own if parent[name] not in column else frames.compose(in_world(parent[name]), own)

    before = np.searchsorted(t_ns, t_ns - _WITHIN_NS)
    rests = np.ones(len(t_ns), dtype=bool)
    trucks: list[Array] = []
    for name in column:
        if not name.startswith(_PACK):
            continue
        X_WB = in_world(name)
        still = _still(X_WB[:, :3], before)
        if not still.all() and not trucks:
            trucks = [frames.inverse(in_world(truck)) for truck in column if truck.endswith(_CHASSIS)]
        for X_CW in trucks if not still.all() else ():
            still |= _still(frames.transform(X_CW, X_WB[:, :3]), before)
        rests &= still
    return Rest(t_ns, rests)


def _still(p: Array, before: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    return np.asarray(np.linalg.norm(p - p[before], axis=1) < _STILL_M)
