"""Set points that a log does not have, judged by the motion that it has: an axis goes where it is sent, no faster.

Where a recorded axis went faster than the controller would have let it, slower though it had the way, or came to stand
elsewhere, its motion answers other set points than the controller's.
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
#: A place is another one when it is off by this: m and rad.
_PLACE = {"m": 0.003, "rad": 0.002}
#: Moves shorter than so many looks tell nothing of their speed.
_LOOKS = 3.0


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


def contradicted(record: Record, replay: Replay, look_ns: int) -> Iterator[tuple[str, int]]:
    """For each axis the set point that its motion first speaks against, and since when.

    Args:
        look_ns: how often the log looks at its positions.
    """
    for axis in _axes(record, replay):
        found = [one for one in (_of_speed(axis, look_ns), _of_place(axis, look_ns)) if one is not None]
        engaged = [(field, at_ns) for field, at_ns in found if replay.engaged.contains(at_ns).any()]
        if engaged:
            field, at_ns = min(engaged, key=lambda one: one[1])
            yield f"{axis.device}.{field}", at_ns


def _axes(record: Record, replay: Replay) -> Iterator[_Axis]:
    columns = {name: column for column, name in enumerate(replay.outputs.names)}
    logged = {signal.name for signal in record.signals}
    for name, column in columns.items():
        device, _, field = name.rpartition(".")
        if field not in ("sp_position_m", "sp_position_rad") or name in logged:
            continue
        unit = field.rsplit("_", 1)[1]
        speed, move, position = f"{device}.sp_speed_{unit}_s", f"{device}.cmd_move", f"{device}.pv_position_{unit}"
        if speed in columns and move in columns and position in logged:
            t_ns, x = record.signal(position, int(replay.t_ns[0]), int(replay.t_ns[-1]), before=True)
            known = ~np.isnan(x)
            values = replay.values
            yield _Axis(
                device, unit, replay.t_ns, values[:, columns[move]], values[:, column], values[:, columns[speed]],
                t_ns[known], x[known],
            )  # fmt: skip


def _of_speed(axis: _Axis, look_ns: int) -> tuple[str, int] | None:
    """The first step between two samples that is faster than any set point about then."""
    if len(axis.at_ns) < 2:
        return None
    took = np.diff(axis.at_ns)
    went = np.abs(np.diff(axis.at))
    # A sample may be a look late or early against the scan that saw it, and a place off by its dead-band.
    first = np.clip(np.searchsorted(axis.t_ns, axis.at_ns[:-1] - look_ns), 0, len(axis.t_ns) - 1)
    stop = np.maximum(np.searchsorted(axis.t_ns, axis.at_ns[1:] + look_ns), first + 1)
    allowed = np.where(axis.moves > 0, axis.speed, 0.0)
    bounds = np.stack([first, stop], axis=1).ravel()
    most = np.maximum.reduceat(np.append(allowed, 0.0), bounds)[::2]
    least = _PLACE[axis.unit]
    limit = most * (1 + _SPEED_SHARE) * took / 1e9 + least
    fast = (went > limit) & (most > 0)
    unit = axis.unit
    if fast.any():
        at = int(np.argmax(fast))
        return f"sp_speed_{unit}_s", int(axis.at_ns[at])
    return None


def _of_place(axis: _Axis, look_ns: int) -> tuple[str, int] | None:
    """The first move whose end the axis did not come to, or went past."""
    for start_ns, end_ns in _moves(axis):
        last = int(np.searchsorted(axis.t_ns, end_ns)) - 1
        aim = float(axis.place[last])
        stood = int(np.searchsorted(axis.at_ns, end_ns + 2 * look_ns, side="right")) - 1
        if stood < 0:
            continue
        near = axis.at[max(stood - 2, 0) : stood + 1]
        if float(np.min(np.abs(near - aim))) > _PLACE[axis.unit]:
            return f"sp_position_{axis.unit}", start_ns
        slow = _too_slow(axis, start_ns, end_ns, look_ns)
        if slow:
            return f"sp_speed_{axis.unit}_s", start_ns
    return None


def _too_slow(axis: _Axis, start_ns: int, end_ns: int, look_ns: int) -> bool:
    """Whether a long move never came near the speed it was allowed."""
    scans = (axis.t_ns >= start_ns) & (axis.t_ns < end_ns)
    allowed = np.unique(axis.speed[scans])
    inside = (axis.at_ns >= start_ns) & (axis.at_ns <= end_ns + look_ns)
    t_ns, x = axis.at_ns[inside], axis.at[inside]
    if len(allowed) != 1 or len(t_ns) < _LOOKS + 1:
        return False
    rates = np.abs(np.diff(x)) / (np.diff(t_ns) / 1e9)
    # It must have had the time to get there: the way at full speed takes longer than a few looks.
    way_s = float(np.abs(x[-1] - x[0])) / float(allowed[0])
    return bool(way_s > 2 * _LOOKS * look_ns / 1e9 and rates.max() < (1 - _SPEED_SHARE) * float(allowed[0]))


def _moves(axis: _Axis) -> Iterator[tuple[int, int]]:
    moving = Intervals.where(axis.t_ns, axis.moves > 0, int(axis.t_ns[-1]) + 1)
    yield from zip(moving.start.tolist(), moving.end.tolist(), strict=True)
