"""Signals over a window of time: every sample while they are few, else those that keep the shape.

What is left out is never a lowest or highest value, an edge or a gap: of each bucket of time the first, last, lowest
and highest sample stay, and the first and last that are missing. They are samples as recorded, so a line through
them is the line through all, as far as a screen can show it (M4: Jugel et al., PVLDB 7(10), 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from twin.record.shape import changes, extremes

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Indices = npt.NDArray[np.intp]

#: A bucket of time keeps at most this many samples of a signal that is nowhere missing.
KEPT_OF_A_BUCKET = 4


@dataclass(frozen=True)
class Series:
    """One signal over a window, the sample that stood before it included.

    Args:
        steps: a value holds until the next (bool, int, enum); else it flows (real).
        last_ns: time of the last row of its table up to the end of the window; -1 when there is none.
        grid_ns: width of the parts of time that the samples inside were thinned by; 0 when they are all there.
    """

    name: str
    steps: bool
    t_ns: Times
    values: Floats
    last_ns: int
    grid_ns: int = 0


def shape(t_ns: Times, values: Floats, t0_ns: int, t1_ns: int, buckets: int, grid_ns: int = 0) -> Indices:
    """Which samples to send so that nothing a screen could show is lost: all of them while they are few.

    Args:
        t_ns: rising times of the samples.
        t0_ns, t1_ns: the window that the buckets divide evenly; samples outside are in buckets of their own.
        buckets: how many there are.
        grid_ns: the samples were thinned by a grid of this width before: its parts are not divided.
    """
    if len(t_ns) <= KEPT_OF_A_BUCKET * buckets:
        return np.arange(len(t_ns))
    # What was kept of a part of the grid stays together.
    t_ns = t_ns if grid_ns == 0 else t_ns // grid_ns * grid_ns
    return extremes(values, (t_ns - t0_ns) * buckets // (t1_ns - t0_ns + 1))


def series_arrays(
    series: Sequence[Series], t0_ns: int, t1_ns: int, buckets: int | None
) -> tuple[list[dict[str, Any]], dict[str, npt.NDArray[Any]]]:
    """Header entries of a chunk and the two arrays they point into, times relative to `t0_ns`.

    With `buckets` None no signal is reduced. An entry's ``exact`` says that nothing was left out but repetitions of a
    stepwise value.
    """
    entries: list[dict[str, Any]] = []
    times: list[Floats] = [np.zeros(0)]
    values: list[Floats] = [np.zeros(0)]
    start = 0
    for one in series:
        t, v = one.t_ns, one.values
        if one.steps and not one.grid_ns:
            keep = changes(v)
            t, v = t[keep], v[keep]
        keep = np.arange(len(t)) if buckets is None else shape(t, v, t0_ns, t1_ns, buckets, one.grid_ns)
        entries.append(
            {
                "name": one.name,
                "steps": one.steps,
                "start": start,
                "length": len(keep),
                "exact": len(keep) == len(t) and not one.grid_ns,
                "last_ns": one.last_ns,
            }
        )
        times.append((t[keep] - t0_ns).astype(np.float64))
        values.append(v[keep].astype(np.float64))
        start += len(keep)
    return entries, {"t": np.concatenate(times), "v": np.concatenate(values)}
