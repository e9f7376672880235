"""How well something is known over time: measured, inferred or unknown, and how far it may be off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: The log says it; it follows from what the log says elsewhere or earlier; nothing says it.
MEASURED, INFERRED, UNKNOWN = 0, 1, 2

Times = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """From each instant on, until the next: a state, and the error that 95 of 100 stay below, m and rad.

    ``t_ns`` rises strictly. An error is infinite where nothing bounds it.
    """

    t_ns: Times
    state: npt.NDArray[np.int8]
    m: Array
    rad: Array

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, float, float]]) -> Known:
        """From rows of time, state, m and rad; of rows at one time the last one counts."""
        by_time = dict(sorted({row[0]: row for row in rows}.items()))
        t_ns, state, m, rad = zip(*by_time.values(), strict=True)
        return cls(
            np.array(t_ns, dtype=np.int64), np.array(state, dtype=np.int8), np.array(m, float), np.array(rad, float)
        )

    def at(self, t_ns: Times) -> npt.NDArray[np.intp]:
        """Which row counts at each instant; the first one also before it."""
        return np.maximum(np.searchsorted(self.t_ns, t_ns, side="right") - 1, 0)

    def within(self, t0_ns: int, t1_ns: int) -> Known:
        """The rows of a window, the first as it stood at its start."""
        first = int(self.at(np.array([t0_ns]))[0])
        rows = slice(first, max(int(np.searchsorted(self.t_ns, t1_ns, side="right")), first + 1))
        t_ns = self.t_ns[rows].copy()
        t_ns[0] = t0_ns
        return Known(t_ns, self.state[rows], self.m[rows], self.rad[rows])


def instants(parts: Sequence[Times]) -> Times:
    """All the times in any of the parts, rising, each once."""
    t_ns = np.sort(np.concatenate(parts))
    new = np.ones(len(t_ns), dtype=bool)
    new[1:] = t_ns[1:] != t_ns[:-1]
    return t_ns[new]


def only_while(known: Known, there: Known) -> Known:
    """What is known while something is there (``there.state`` 1); that it is not there is known."""
    t_ns = instants([known.t_ns, there.t_ns])
    row, here = known.at(t_ns), there.state[there.at(t_ns)] == 1
    state = np.where(here, known.state[row], MEASURED).astype(np.int8)
    return Known(t_ns, state, np.where(here, known.m[row], 0.0), np.where(here, known.rad[row], 0.0))


def together(parts: Sequence[Known]) -> Known:
    """What hangs on all of the parts: no better known than the worst of them, their errors added."""
    if len(parts) == 1:
        return parts[0]
    t_ns = instants([part.t_ns for part in parts])
    state = np.zeros(len(t_ns), dtype=np.int8)
    m, rad = np.zeros(len(t_ns)), np.zeros(len(t_ns))
    for part in parts:
        rows = part.at(t_ns)
        state = np.maximum(state, part.state[rows])
        m += part.m[rows]
        rad += part.rad[rows]
    new = np.ones(len(t_ns), dtype=bool)
    new[1:] = (np.diff(state) != 0) | (m[1:] != m[:-1]) | (rad[1:] != rad[:-1])
    return Known(t_ns[new], state[new], m[new], rad[new])
