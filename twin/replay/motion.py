"""Set points that a log does not have, judged by the motion that it has.

Where a recorded axis went faster than the controller would have let it, slower though it had the way, or came to stand
elsewhere than where the controller took it to have come, its motion answers other set points than the controller's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.formula import Intervals
from twin.record import Record
from twin.replay.model import Replay

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

#: A speed taken from samples is another one when it is off by this share.
_SPEED_SHARE = 0.08
#: A place between two samples is off by this, m or rad: dead-bands and noise.
_PLACE = {"m": 0.003, "rad": 0.002}
#: What stands so far from its aim, m or rad, was not sent there: controllers take an axis as arrived that is near.
_STOOD = {"m": 0.008, "rad": 0.003}
#: A move tells of its speed when it lasts so many times as long as two instants may be apart.
_LONG = 1.5


@dataclass(frozen=True)
class _Axis:
    """One axis: what the controller says of it, scan by scan, and where the log has it."""

    device: str
    unit: str
    t_ns: Times
    moves: Numbers
    place: Numbers
    speed: Numbers
    at_ns: Times
    at: Numbers


def contradicted(record: Record, replay: Replay) -> Iterator[tuple[str, int]]:
    """The set points that an axis's motion speaks against, and since when."""
    for axis in _axes(record, replay):
        speeds = [at_ns for at_ns in (_too_fast(axis, replay), _too_slow(axis, replay)) if at_ns is not None]
        if speeds:
            yield f"{axis.device}.sp_speed_{axis.unit}_s", min(speeds)
        elsewhere = _elsewhere(axis, replay)
        if elsewhere is not None:
            yield f"{axis.device}.sp_position_{axis.unit}", elsewhere


def _axes(record: Record, replay: Replay) -> Iterator[_Axis]:
    columns = {name: column for column, name in enumerate(replay.outputs.names)}
    logged = {signal.name for signal in record.signals}
    for name in columns:
        device, _, field = name.rpartition(".")
        if field not in ("sp_speed_m_s", "sp_speed_rad_s") or name in logged:
            continue
        unit = field.split("_")[2]
        move, position, place = (
            f"{device}.{kind}" for kind in ("cmd_move", f"pv_position_{unit}", f"sp_position_{unit}")
        )
        if {move, place} <= columns.keys() and position in logged and len(replay.t_ns):
            t_ns, x = record.signal(position, int(replay.t_ns[0]), int(replay.t_ns[-1]), before=True)
            known = ~np.isnan(x)
            moves, aim, speed = (replay.values[:, columns[one]] for one in (move, place, name))
            yield _Axis(device, unit, replay.t_ns, moves, aim, speed, t_ns[known], x[known])


def _too_fast(axis: _Axis, replay: Replay) -> int | None:
    """The first step between two samples that is longer than any speed about then allows."""
    if len(axis.at_ns) < 2:
        return None
    near_ns, last = replay.tolerance_ns, len(axis.t_ns)
    first = np.clip(np.searchsorted(axis.t_ns, axis.at_ns[:-1] - near_ns), 0, last - 1)
    stop = np.maximum(np.searchsorted(axis.t_ns, axis.at_ns[1:] + near_ns), first + 1)
    allowed = np.append(np.where(axis.moves > 0, axis.speed, 0.0), 0.0)
    # Pairs of bounds: reduceat gives what lies within each pair at every other place.
    most = np.maximum.reduceat(allowed, np.stack([first, stop], axis=1).ravel())[::2]
    took_s = np.diff(axis.at_ns) / 1e9
    fast = np.abs(np.diff(axis.at)) > most * (1 + _SPEED_SHARE) * took_s + _PLACE[axis.unit]
    fast &= (most > 0) & replay.agreed.contains(axis.at_ns[:-1]) & replay.agreed.contains(axis.at_ns[1:])
    return int(axis.at_ns[int(np.argmax(fast))]) if fast.any() else None


def _too_slow(axis: _Axis, replay: Replay) -> int | None:
    """The first long move that never came near the one speed it was allowed."""
    moving = Intervals.where(axis.t_ns, axis.moves > 0, int(axis.t_ns[-1]) + 1) & replay.agreed
    for start_ns, end_ns in zip(moving.start.tolist(), moving.end.tolist(), strict=True):
        allowed = np.unique(axis.speed[(axis.t_ns >= start_ns) & (axis.t_ns < end_ns)])
        inside = (axis.at_ns >= start_ns) & (axis.at_ns <= end_ns)
        t_ns, x = axis.at_ns[inside], axis.at[inside]
        if len(allowed) != 1 or len(t_ns) < 3 or allowed[0] <= 0:
            continue
        rates = np.abs(np.diff(x)) / (np.diff(t_ns) / 1e9)
        # It had the time to get there: the way at full speed takes longer than what the log's times leave open.
        way_s = float(np.abs(x[-1] - x[0])) / float(allowed[0])
        reached = (1 - _SPEED_SHARE) * float(allowed[0])
        if way_s > _LONG * replay.tolerance_ns / 1e9 and float(rates.max()) < reached:
            return int(start_ns)
    return None


def _elsewhere(axis: _Axis, replay: Replay) -> int | None:
    """The first move whose aim the axis came by, and then stood elsewhere.

    A move that ends far from its aim was ended by something else, a contact or a stop, and tells nothing.
    """
    moving = Intervals.where(axis.t_ns, axis.moves > 0, int(axis.t_ns[-1]) + 1)
    tolerance_ns = replay.tolerance_ns
    goes_on = np.append(moving.start, int(axis.t_ns[-1]))[1:]
    for start_ns, end_ns, next_ns in zip(moving.start.tolist(), moving.end.tolist(), goes_on.tolist(), strict=True):
        # Where it goes on at once the log shows no stand between the two.
        if next_ns < end_ns + 2 * tolerance_ns or not replay.agreed.contains([start_ns, end_ns - 1, next_ns - 1]).all():
            continue
        aim = float(axis.place[int(np.searchsorted(axis.t_ns, end_ns)) - 1])
        if _comes_by(axis, aim, end_ns - tolerance_ns, end_ns + tolerance_ns):
            stood = _stands_next(axis, end_ns - tolerance_ns, end_ns + tolerance_ns, tolerance_ns)
            if stood is not None and abs(stood - aim) > _STOOD[axis.unit]:
                return int(start_ns)
    return None


def _stands_next(axis: _Axis, first_ns: int, last_ns: int, for_ns: int) -> float | None:
    """Where the axis first comes to stand, for so long, from one instant to another; None: nowhere."""
    first, last = np.searchsorted(axis.at_ns, [first_ns, last_ns]).tolist()
    for k in range(first, last):
        stop = int(np.searchsorted(axis.at_ns, axis.at_ns[k] + for_ns))
        if np.ptp(axis.at[k:stop]) <= _PLACE[axis.unit]:
            return float(axis.at[k])
    return None


def _comes_by(axis: _Axis, aim: float, first_ns: int, last_ns: int) -> bool:
    """Whether the log has the axis at its aim in a while."""
    first = max(int(np.searchsorted(axis.at_ns, first_ns, side="right")) - 1, 0)
    seen = axis.at[first : max(int(np.searchsorted(axis.at_ns, last_ns, side="right")), first + 1)]
    off = _STOOD[axis.unit]
    return bool(len(seen) and seen.min() - off <= aim <= seen.max() + off)
