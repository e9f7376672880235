"""A log's inputs as the controller gets them: one row a scan, told as what changes from scan to scan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from twin.replay.rule import InputRule
from twin.signals import Image

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Snap:
    """An axis that stands where it was sent, as far as the log can tell, is where it was sent.

    Args:
        position: the input. set_point: the output. resting: at each scan, whether it stands.
        within: how far the log's value may be from the set point.
    """

    position: str
    set_point: str
    resting: list[bool]
    within: float


@dataclass(frozen=True)
class Feed:
    """Inputs at each scan.

    Args:
        t_ns: (n,) times of the scans. names: of the columns. values: (n, k), no NaN: what the controller sees.
        rules: one an input of the controller. known: (n,) whether the log says all that it has; None: always.
        snaps: positions that follow the controller's own set points within what the log is known to.
    """

    t_ns: Times
    names: list[str]
    values: Values
    rules: list[InputRule]
    known: npt.NDArray[np.bool_] | None = None
    snaps: list[Snap] = field(default_factory=list)


class Filler:
    """Puts a feed into an input image, scan by scan: only what has changed since the scan before.

    Args:
        first: the scan to begin with; it is filled whole.
    """

    def __init__(self, feed: Feed, inputs: Image, outputs: Image, first: int = 0) -> None:
        self._setters: list[Callable[[float], None]] = [inputs.setter(name) for name in feed.names]
        kinds = [inputs.table[name].type for name in feed.names]
        values = feed.values[first:]
        changed = np.ones(values.shape, dtype=bool)
        np.not_equal(values[1:], values[:-1], out=changed[1:])
        scans, columns = np.nonzero(changed)
        self._first = first
        self._columns: list[int] = columns.tolist()
        self._values: list[float] = values[scans, columns].tolist()
        self._bounds: list[int] = np.searchsorted(scans, np.arange(len(values) + 1)).tolist()
        for kind, cast in (("bool", bool), ("int", int), ("enum", int)):
            of_kind = np.array([k == kind for k in kinds], dtype=bool)[columns]
            for place in np.flatnonzero(of_kind).tolist():
                self._values[place] = cast(self._values[place])
        self._snaps = [_snap(feed, snap, inputs, outputs) for snap in feed.snaps]

    def fill(self, scan: int) -> None:
        """Bring the image from the scan before to this one."""
        setters, columns, values = self._setters, self._columns, self._values
        for place in range(self._bounds[scan - self._first], self._bounds[scan - self._first + 1]):
            setters[columns[place]](values[place])
        for node, position, out, set_point, said, resting, within in self._snaps:
            if resting[scan]:
                target, value = getattr(out, set_point), said[scan]
                setattr(node, position, target if -within <= value - target <= within else value)


def _snap(feed: Feed, snap: Snap, inputs: Image, outputs: Image) -> tuple[Any, ...]:
    device, position = snap.position.rsplit(".", 1)
    said = feed.values[:, feed.names.index(snap.position)].tolist()
    set_point = snap.set_point.rsplit(".", 1)[1]
    return inputs.device(device), position, outputs.device(device), set_point, said, snap.resting, snap.within
