"""What lies between devices and controller: wires, modules, clocks and buses, and what is wrong with them.

The devices write what they measure into the input image, and read their commands from the output image. Where
something is wrong on the way, the images hold something else while the controller, or the devices, look at them.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from twin.plant.device import Device
from twin.signals import Image


class Disturbance:
    """Something that is wrong on the way of some signals; where several are, each works on what the one before left.

    Args:
        inputs, outputs: names of the signals it concerns.
    """

    def __init__(self, inputs: Sequence[str], outputs: Sequence[str] = ()) -> None:
        self.inputs, self.outputs = tuple(inputs), tuple(outputs)

    def show(self, t_ns: int, values: dict[str, float]) -> None:
        """Change what the controller sees."""

    def command(self, t_ns: int, values: dict[str, float]) -> None:
        """Change what the devices are told."""


class Stuck(Disturbance):
    """A signal says one value."""

    def __init__(self, name: str, value: float) -> None:
        super().__init__([name])
        self._value = value

    def show(self, t_ns: int, values: dict[str, float]) -> None:
        values[self.inputs[0]] = self._value


class Offset(Disturbance):
    """A signal is off by an amount."""

    def __init__(self, name: str, offset: float) -> None:
        super().__init__([name])
        self._offset = offset

    def show(self, t_ns: int, values: dict[str, float]) -> None:
        values[self.inputs[0]] += self._offset


class Swapped(Disturbance):
    """Two signals say each other's value."""

    def show(self, t_ns: int, values: dict[str, float]) -> None:
        one, other = self.inputs
        values[one], values[other] = values[other], values[one]


class Kept(Disturbance):
    """Signals keep what they were."""

    def __init__(self, inputs: Sequence[str]) -> None:
        super().__init__(inputs)
        self._values: dict[str, float] | None = None

    def show(self, t_ns: int, values: dict[str, float]) -> None:
        if self._values is None:
            self._values = {name: values[name] for name in self.inputs}
        values.update(self._values)


class Flickering(Disturbance):
    """A signal is zero for a share of each period, counted from the start of the run."""

    def __init__(self, name: str, period_ns: int, off_share: float) -> None:
        super().__init__([name])
        self._period_ns, self._off_ns = period_ns, round(period_ns * off_share)

    def show(self, t_ns: int, values: dict[str, float]) -> None:
        if t_ns % self._period_ns < self._off_ns:
            values[self.inputs[0]] = 0.0


class Late(Disturbance):
    """Signals come a while after they were measured."""

    def __init__(self, inputs: Sequence[str], delay_ns: int) -> None:
        super().__init__(inputs)
        self._delay_ns = delay_ns
        self._past: list[tuple[int, dict[str, float]]] = []

    def show(self, t_ns: int, values: dict[str, float]) -> None:
        past = self._past
        past.append((t_ns, {name: values[name] for name in self.inputs}))
        while len(past) > 1 and past[1][0] <= t_ns - self._delay_ns:
            past.pop(0)
        values.update(past[0][1])


class Lost(Disturbance):
    """Nothing passes: for good, or for a share of each period.

    Args:
        zero: the controller sees zeros; else the last values.
        watchdog_ns: after this time without a command the devices drop all of theirs.
    """

    def __init__(
        self, inputs: Sequence[str], outputs: Sequence[str], *, zero: bool = False, watchdog_ns: int,
        period_ns: int = 0, off_share: float = 1.0,
    ) -> None:  # fmt: skip
        super().__init__(inputs, outputs)
        self._zero, self._watchdog_ns = zero, watchdog_ns
        self._period_ns, self._off_ns = period_ns, round(period_ns * off_share)
        self._seen: dict[str, float] | None = None
        self._told: dict[str, float] | None = None
        self._told_ns = 0

    def _passes(self, t_ns: int) -> bool:
        return bool(self._period_ns) and t_ns % self._period_ns >= self._off_ns

    def show(self, t_ns: int, values: dict[str, float]) -> None:
        if self._seen is None or self._passes(t_ns):
            self._seen = {name: values[name] for name in self.inputs}
        if not self._passes(t_ns):
            values.update(dict.fromkeys(self.inputs, 0.0) if self._zero else self._seen)

    def command(self, t_ns: int, values: dict[str, float]) -> None:
        if self._told is None or self._passes(t_ns):
            self._told, self._told_ns = {name: values[name] for name in self.outputs}, t_ns
        values.update(dict.fromkeys(self.outputs, 0.0) if t_ns - self._told_ns >= self._watchdog_ns else self._told)


class Fieldbus(Device):
    """The way between both images and the devices. A healthy one costs nothing."""

    def __init__(self, name: str, inputs: Image, outputs: Image) -> None:
        super().__init__(name)
        self._inputs, self._outputs = inputs, outputs
        self._standing: dict[str, Disturbance] = {}
        #: What the devices measured, of signals that show something else.
        self._measured: dict[str, float] = {}
        self._asked: dict[str, float] = {}

    def disturb(self, key: str, disturbance: Disturbance) -> None:
        """From the next scan on something is wrong; one of the same key is replaced."""
        self._standing[key] = disturbance

    def free(self, key: str) -> None:
        """It is no longer wrong."""
        self._standing.pop(key, None)

    def before_sensing(self) -> None:
        """Give the devices their own words back, of which they change only what changes."""
        for name, value in self._measured.items():
            self._inputs.set(name, value)
        self._measured = {}

    def after_sensing(self, t_ns: int) -> None:
        """Show the controller what arrives."""
        if not self._standing:
            return
        self._measured = _read(self._inputs, [name for one in self._standing.values() for name in one.inputs])
        values = dict(self._measured)
        for one in self._standing.values():
            one.show(t_ns, values)
        for name, value in values.items():
            self._inputs.set(name, value)

    def before_acting(self, t_ns: int) -> None:
        """Tell the devices what arrives."""
        if not self._standing:
            return
        self._asked = _read(self._outputs, [name for one in self._standing.values() for name in one.outputs])
        values = dict(self._asked)
        for one in self._standing.values():
            one.command(t_ns, values)
        for name, value in values.items():
            self._outputs.set(name, value)

    def after_acting(self) -> None:
        """The output image is the controller's again."""
        for name, value in self._asked.items():
            self._outputs.set(name, value)
        self._asked = {}

    def state(self) -> dict[str, Any]:
        return {"standing": copy.deepcopy(self._standing), "measured": dict(self._measured)}

    def restore(self, state: dict[str, Any]) -> None:
        self._standing, self._measured = copy.deepcopy(state["standing"]), dict(state["measured"])


def _read(image: Image, names: Sequence[str]) -> dict[str, float]:
    return {name: float(image.get(name)) for name in names}
