"""Where the truck stands, from what the bay says: there while it is seen, at the pose that was measured of it."""

from __future__ import annotations

import numpy as np

from twin import frames
from twin.motion.evidence import Steps, steps
from twin.motion.hold import Hold
from twin.motion.known import INFERRED, MEASURED
from twin.motion.source import Pose, TruckSource
from twin.record import Record

Visit = tuple[int, int]


def visits(record: Record, truck: TruckSource) -> list[Visit]:
    """From when to when a truck was there; the last instant of the record ends a visit that goes on."""
    return _true(steps(record, truck.present), record.end_ns + 1)


def _true(bit: Steps, end_ns: int) -> list[Visit]:
    """The stretches over which a bit is true."""
    known = ~np.isnan(bit.v)
    t_ns, v = bit.t_ns[known], bit.v[known] == 1.0
    edges = np.flatnonzero(np.diff(v.astype(np.int8), prepend=0, append=0))
    return [
        (int(t_ns[a]), int(t_ns[b]) if b < len(t_ns) else end_ns)
        for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]


def truck_holds(record: Record, truck: TruckSource) -> list[Hold]:
    """The holds of the truck's links, visit by visit.

    A measurement counts from its beginning on. Before it, and when the truck rolls again, the pose is inferred from it.
    """
    holds: list[Hold] = []
    measured = _true(steps(record, truck.valid), record.end_ns + 1) if truck.valid else None
    parked = _true(steps(record, truck.parked), record.end_ns + 1) if truck.parked else None
    for start, end in visits(record, truck):
        if measured is None:
            shown = [(start, end)] if truck.y or truck.z or truck.yaw or truck.roll else []
        else:
            shown = [(max(a, start), min(b, end)) for a, b in measured if b > start and a < end]
        if not shown:
            holds += _standing(truck, start, {}, INFERRED)
        for number, (a, b) in enumerate(shown):
            pose = {name: _middle(record, name, a, b) for name in (truck.x, truck.y, truck.z, truck.yaw, truck.roll)}
            if number == 0 and measured is not None:
                holds += _standing(truck, start, pose, INFERRED)
            holds += _standing(truck, a, pose, MEASURED)
            rolls = max((off for _, off in parked or [] if start < off < end), default=end)
            if number == len(shown) - 1 and rolls < end:
                holds += _standing(truck, rolls, pose, INFERRED)
        holds.append(Hold(f"{truck.machine}.mark", end))
    return [Hold(f"{truck.machine}.mark", 0), *holds]


def _standing(truck: TruckSource, t_ns: int, measured: dict[str, float], state: int) -> list[Hold]:
    x, y, z, yaw, roll = (measured.get(name, 0.0) for name in (truck.x, truck.y, truck.z, truck.yaw, truck.roll))
    near = state == MEASURED
    off_m, off_rad = (truck.error_m, truck.error_rad) if near else (truck.unmeasured_m, truck.unmeasured_rad)
    # The truck runs along its own axis through the mark: y was measured where it stood, x further on.
    mark = _pose((0.0, y - x * np.tan(yaw), 0.0), (0.0, 0.0, yaw))
    heave, chassis = _pose((0.0, 0.0, truck.heave_m + z)), _pose(rpy=(roll, 0.0, 0.0))
    return [
        Hold(f"{truck.machine}.mark", t_ns, X=mark, state=state, m=off_m, rad=off_rad),
        Hold(f"{truck.machine}.heave", t_ns, X=heave, state=MEASURED, m=truck.heave_error_m),
        Hold(f"{truck.machine}.chassis", t_ns, X=chassis, state=MEASURED, rad=truck.roll_error_rad),
    ]


def _pose(p: tuple[float, float, float] = (0.0, 0.0, 0.0), rpy: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Pose:
    return tuple(frames.pose(p, rpy).tolist())


def _middle(record: Record, name: str, start_ns: int, end_ns: int) -> float:
    """The median of a signal while it was shown, 0 where there is none."""
    if not name:
        return 0.0
    _, v = record.signal(name, start_ns, end_ns - 1, before=True)
    v = v[~np.isnan(v)]
    return float(np.median(v)) if len(v) else 0.0
