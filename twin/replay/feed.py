"""A log's inputs as the controller gets them: one row a scan, told as what changes from scan to scan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from twin.replay.rule import InputRule
from twin.signals import Image

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Drive:
    """A drive whose log is coarser than a scan: within what the log can tell, it stands where it was sent.

    It stands there when the log's position stands no farther away than ``within``, and for a look after; and for a
    look when the log's position passes there on its way: a stop shorter than a look is not in the log.

    Args:
        name: the device. unit: of its position, ``m`` or ``rad``.
        stands: at each scan, whether the log's position does. within: m or rad. look: scans between two looks.
    """

    name: str
    unit: str
    stands: list[bool]
    within: float
    look: int

    @property
    def position(self) -> str:
        """The field of its position; its set point and speed are called alike."""
        return f"pv_position_{self.unit}"

    @property
    def speed(self) -> str:
        return f"pv_speed_{self.unit}_s"

    @property
    def set_point(self) -> str:
        return f"sp_position_{self.unit}"


@dataclass(frozen=True)
class Feed:
    """Inputs at each scan.

    Args:
        t_ns: (n,) times of the scans. names: of the columns. values: (n, k), no NaN: what the controller sees.
        rules: one an input of the controller. known: (n,) whether the log says all that it has; None: always.
        drives: those whose log is coarser than a scan.
    """

    t_ns: Times
    names: list[str]
    values: Values
    rules: list[InputRule]
    known: npt.NDArray[np.bool_] | None = None
    drives: list[Drive] = field(default_factory=list)


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
        self._drives = [_Driven(feed, drive, inputs, outputs) for drive in feed.drives]

    def fill(self, scan: int) -> None:
        """Bring the image from the scan before to this one."""
        setters, columns, values = self._setters, self._columns, self._values
        for place in range(self._bounds[scan - self._first], self._bounds[scan - self._first + 1]):
            setters[columns[place]](values[place])
        for drive in self._drives:
            drive.fill(scan)

    @property
    def given(self) -> dict[str, list[float]]:
        """The inputs that were not as the feed has them, by signal, at each scan that was filled."""
        return {name: values for drive in self._drives for name, values in drive.given.items()}


class _Driven:
    """One drive's position and speed in the input image."""

    def __init__(self, feed: Feed, drive: Drive, inputs: Image, outputs: Image) -> None:
        self._node, self._out = inputs.device(drive.name), outputs.device(drive.name)
        self._position, self._speed, self._set_point = drive.position, drive.speed, drive.set_point
        self._stands, self._within, self._look = drive.stands, drive.within, drive.look
        columns = [feed.names.index(f"{drive.name}.{field}") for field in (drive.position, drive.speed)]
        self._positions, self._speeds = (feed.values[:, column].tolist() for column in columns)
        self._passed, self._passed_at = math.nan, 0
        names = [f"{drive.name}.{field}" for field in (drive.position, drive.speed)]
        #: What the controller got, by signal, from the first scan that was filled on.
        self.given: dict[str, list[float]] = {name: [] for name in names}
        self._keep = [kept.append for kept in self.given.values()]

    def fill(self, scan: int) -> None:
        position, target = self._positions[scan], getattr(self._out, self._set_point)
        if self._stands[scan]:
            there = -self._within <= position - target <= self._within
            if there:
                self._passed, self._passed_at = target, scan
        else:
            before = self._positions[scan - 1] if scan else position
            if (before - target) * (position - target) <= 0.0:
                self._passed, self._passed_at = target, scan
            there = target == self._passed and scan <= self._passed_at + self._look
        if there:
            position, speed = target, 0.0
        else:
            speed = self._speeds[scan]
        setattr(self._node, self._position, position)
        setattr(self._node, self._speed, speed)
        self._keep[0](position)
        self._keep[1](speed)
