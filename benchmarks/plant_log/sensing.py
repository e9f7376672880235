"""Sensors of a plant that nobody calibrated: what they say is off by a little, and comes a scan or two late."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from benchmarks.plant_log.draws import draws
from twin.signals import Image
from twin.world import World

#: Signals, by how large a share of the value they may be off, and by how much besides, in the signal's unit.
RANGES: tuple[tuple[str, float, float], ...] = (
    (r".*\.pv_load_n", 0.02, 100.0),
    (r".*\.pv_force_n", 0.03, 0.0),
    (r".*\.pv_torque_n_m", 0.03, 0.0),
    (r"bay\.sensor\.pv_position_m", 0.0, 0.003),
    (r"shuttle\.(travel|cross)\.pv_position_m", 0.0, 0.0005),
    (r"shuttle\.plate\.pv_offset_[xy]_m", 0.0, 0.001),
)
#: At most so many scans late, the same for all signals of a run.
MOST_SCANS = 2


@contextmanager
def uncalibrated_sensors(seed: int) -> Iterator[None]:
    """Within this, a world's plant signals are late and off as the seed draws them."""
    original = World.sense
    fronts: list[_Front] = []

    def sense(world: World, t_ns: int) -> None:
        if not fronts:
            fronts.append(_Front(world.inputs, seed))
        fronts[0].take_back()
        original(world, t_ns)
        fronts[0].show()

    with patch.object(World, "sense", sense):
        yield


class _Front:
    """Stands between what is true and what the input image shows."""

    def __init__(self, image: Image, seed: int) -> None:
        self._image = image
        self._late = int(draws(seed, "scans late").integers(0, MOST_SCANS + 1))
        self._set = [image.setter(name) for name in image.order]
        self._plant = [n for n, name in enumerate(image.order) if image.table[name].writer == "plant"]
        self._off: dict[int, tuple[float, float]] = {}
        for n in self._plant:
            for pattern, share, offset in RANGES:
                if re.fullmatch(pattern, image.order[n]):
                    rng = draws(seed, "sensor", image.order[n])
                    self._off[n] = (1.0 + float(rng.uniform(-share, share)), float(rng.uniform(-offset, offset)))
        self._rows: deque[list[float]] = deque(maxlen=self._late + 1)
        self._changed: list[tuple[int, float]] = []

    def take_back(self) -> None:
        """Put the true values back: devices write only what changes."""
        for n, value in self._changed:
            self._set[n](value)

    def show(self) -> None:
        """Show what was true a while ago, as the sensors tell it."""
        true = self._image.row()
        self._rows.append(true)
        then = self._rows[0]
        self._changed.clear()
        for n in self._plant:
            value = then[n]
            if n in self._off and value != 0.0:
                gain, offset = self._off[n]
                value = value * gain + offset
            if value != true[n]:
                self._changed.append((n, true[n]))
                self._set[n](value)
