"""Set points of speed that a log does not have, judged by the motion that it has.

Where a recorded axis went faster than the controller would have let it, or slower though it had the way, its motion
answers other set points than the controller's. That it came to stand elsewhere needs no look of its own: then the
controller's move does not end where the recorded one does.
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
#: A move tells of its speed when it lasts so many times as long as two instants may be apart.
_LONG = 1.5


@dataclass(frozen=True)
class _Axis:
    """One axis: what the controller says of it, scan by scan, and where the log has it."""

    device: str
    unit: str
    t_ns: Times
    moves: Numbers
    speed: Numbers
    at_ns: Times
    at: Numbers


def contradicted(record: Record, replay: Replay) -> Iterator[tuple[str, int]]:
    """For each axis the set point that its motion first speaks against, and since when."""
    for axis in _axes(record, replay):
        found = [at_ns for at_ns in (_too_fast(axis, replay), _too_slow(axis, replay)) if at_ns is not None]
        if found:
            yield f"{axis.device}.sp_speed_{axis.unit}_s", min(found)


def _axes(record: Record, replay: Replay) -> Iterator[_Axis]:
    columns = {name: column for column, name in enumerate(replay.outputs.names)}
    logged = {signal.name for signal in record.signals}
    for name, column in columns.items():
        device, _, field = name.rpartition(".")
        if field not in ("sp_speed_m_s", "sp_speed_rad_s") or name in logged:
            continue
        unit = field.split("_")[2]
        move, position = f"{device}.cmd_move", f"{device}.pv_position_{unit}"
        if move in columns and position in logged and len(replay.t_ns):
            t_ns, x = record.signal(position, int(replay.t_ns[0]), int(replay.t_ns[-1]), before=True)
            known = ~np.isnan(x)
            moves, speed = replay.values[:, columns[move]], replay.values[:, column]
            yield _Axis(device, unit, replay.t_ns, moves, speed, t_ns[known], x[known])


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
