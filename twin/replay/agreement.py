"""Whether a controller goes along with its log: the same state and steps, within what the log's times are known to."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from twin.signals import SignalTable

Bits = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

#: What tells where a controller is in its work.
_STEPS = ("seq_state", "seq_mode", "seq_step")
#: Where no log tells that: what it lets move.
_COMMANDS = ("cmd_move", "cmd_engage", "cmd_lock", "cmd_unlock", "cmd_close", "cmd_hv_off", "cmd_release")


def judged_by(outputs: SignalTable, logged: list[str]) -> list[str]:
    """The outputs by which agreement is told: state and steps where the log has them, else what it commands."""
    for fields in (_STEPS, _COMMANDS):
        found = [name for name in logged if outputs[name].field in fields]
        if found:
            return found
    return []


def agrees(written: Numbers, said: Numbers, scans: int, seen: int) -> Bits:
    """Where one output agrees with its log, (n,).

    Args:
        written, said: (n,), by the controller and by the log; NaN of the log agrees with everything.
        scans: how far two may be apart in time. seen: what lasts fewer scans need not stand in the log.
    """
    near = _occurs(said, written, scans) | np.isnan(said)
    own = _occurs(written, said, scans) | _short(written, seen) | np.isnan(said)
    return near & own


def _occurs(values: Numbers, other: Numbers, scans: int) -> Bits:
    """Where a value stands in the other within so many scans before or after."""
    n = len(values)
    found = np.zeros(n, dtype=bool)
    low, high = np.maximum(np.arange(n) - scans, 0), np.minimum(np.arange(n) + scans + 1, n)
    for value in np.unique(values[~np.isnan(values)]).tolist():
        counts = np.concatenate([[0], np.cumsum(other == value)])
        mine = values == value
        found[mine] = (counts[high] > counts[low])[mine]
    return found


def _short(values: Numbers, scans: int) -> Bits:
    """Where a value stands for less than so many scans."""
    if not len(values):
        return np.zeros(0, dtype=bool)
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    lengths = np.diff(np.append(starts, len(values)))
    return np.asarray(np.repeat(lengths < scans, lengths))
