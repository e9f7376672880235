"""What controllers write on a Record's inputs; the last replays are kept, for a case's modes look at the same ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from twin.errors import ControllerError
from twin.program import Program
from twin.record import Record
from twin.replay import Replay, replay
from twin.replay.model import FROM_START
from twin.signals import SignalTable

#: Replays kept: those of OLD and NEW, and of NEW without one of its settings.
_KEPT = 3
_kept: OrderedDict[tuple[object, ...], list[Replay]] = OrderedDict()


def replays(record: Record, program: Program) -> list[Replay]:
    """The replays of a Record, as of :func:`twin.replay.replay`."""
    settings = tuple(sorted(program.settings.items()))
    key = (str(record.path), record.path.stat().st_mtime_ns, program.controller, program.guarded, settings)
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    found = replay(record, program)
    _kept[key] = found
    if len(_kept) > _KEPT:
        _kept.popitem(last=False)
    return found


def same_outputs(record: Record, program: Program) -> bool:
    """Whether it writes what the Record holds, from the first scan to the last and bit for bit.

    False where the Record lacks an output, and where the controller cannot be made.
    """
    try:
        found = replays(record, program)
    except ControllerError:
        return False
    # A controller that was brought to the log's step on the way is not the one that would have run.
    whole = all(one.how == FROM_START and not one.verdict and not one.taken_up_ns for one in found)
    if not found or not whole:
        return False
    t_ns = np.concatenate([one.t_ns for one in found])
    values = np.concatenate([one.values for one in found])
    return _holds(record, found[0].outputs, t_ns, values)


def _holds(record: Record, outputs: SignalTable, t_ns: np.ndarray, values: np.ndarray) -> bool:
    """Whether a Record's tables hold these rows, all outputs among them."""
    place = {signal.name: column for column, signal in enumerate(outputs)}
    seen = 0
    for table, signals in record.tables.items():
        names = [signal.name for signal in signals if signal.name in place]
        if not names:
            continue
        times, rows = record.rows(table, names=names)
        if not (np.array_equal(times, t_ns) and np.array_equal(rows, values[:, [place[name] for name in names]])):
            return False
        seen += len(names)
    return seen == len(place)


def same_replays(
    record: Record, program: Program, other: Program, until_ns: Sequence[int | None] | None = None
) -> bool:
    """Whether two controllers write the same on a Record's inputs.

    Args:
        until_ns: of each stretch, nothing after it is looked at; None: to its end.
    """
    try:
        mine, theirs = replays(record, program), replays(record, other)
    except ControllerError:
        return False
    ends = until_ns or [None] * len(mine)
    return len(mine) == len(theirs) and all(
        _alike(*(one if end is None else one.until(end) for one in pair), whole=end is None)
        for *pair, end in zip(mine, theirs, ends, strict=True)
    )


def _alike(a: Replay, b: Replay, *, whole: bool) -> bool:
    ended = a.verdict == b.verdict or not whole
    return ended and np.array_equal(a.t_ns, b.t_ns) and np.array_equal(a.values, b.values, equal_nan=True)


def effects(
    record: Record, program: Program, baseline: Program, until_ns: Sequence[int | None] | None = None
) -> tuple[str, ...]:
    """Settings, of those that the two do not share, without which NEW would write something else on these inputs.

    Args:
        until_ns: as of :func:`same_replays`.
    """
    changed = changed_settings(program, baseline)
    if not changed or same_replays(record, program, baseline, until_ns):
        return ()
    if len(changed) == 1 and program.controller == baseline.controller:
        return tuple(changed)
    return tuple(
        key for key in changed if not same_replays(record, program, _without(program, baseline, key), until_ns)
    )


def changed_settings(program: Program, baseline: Program) -> list[str]:
    """Settings that NEW and OLD do not share."""
    keys = dict.fromkeys([*program.settings, *baseline.settings])
    return [key for key in keys if program.settings.get(key) != baseline.settings.get(key)]


def _without(program: Program, baseline: Program, key: str) -> Program:
    """NEW with one of its settings as OLD has it."""
    settings = {name: value for name, value in program.settings.items() if name != key}
    if key in baseline.settings:
        settings[key] = baseline.settings[key]
    return replace(program, settings=settings)
