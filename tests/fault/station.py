"""A station at an instant of a swap, to which something happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from twin.run import Run

from twin.event import ClearAction, FaultAction
from twin.fault import FAULTS, Fault
from twin.scenario import Scenario

#: What a swap of one pack is doing at these instants, s.
IDLE, ARRIVING, AUTHORISE, CLAMPED, APPROACH, UNLOCK = 2.0, 15.0, 20.5, 26.6, 28.2, 42.2
IN_THE_AIR, DELIVER, LOCK = 49.5, 58.0, 135.9
INSTANTS = (IDLE, ARRIVING, AUTHORISE, CLAMPED, APPROACH, UNLOCK, IN_THE_AIR, DELIVER, LOCK)


class Stage:
    """One run of a scenario, and going back to instants of it."""

    def __init__(self, scenario: Scenario, instants: tuple[float, ...]) -> None:
        from twin.run import Run  # needs PyBullet, and who only collects tests may not have it

        self.run = Run(scenario, out=None)
        self._kept: dict[float, Any] = {}
        for instant in sorted(instants):
            while self.run.t_ns < instant * 1e9:
                self.run.scan()
            self._kept[instant] = self.run.checkpoint()

    def at(self, instant: float) -> Station:
        self.run.restore(self._kept[instant])
        return Station(self.run)


class Station:
    """A run that goes on from an instant."""

    def __init__(self, run: Run) -> None:
        self.run, self.world = run, run.world

    def breaks(self, name: str, **fields: Any) -> Fault:
        """A fault begins before the next scan."""
        fault = FAULTS[name](name=name, **fields)
        self.run.cause(FaultAction(fault=fault))
        return fault

    def mended(self, name: str, target: str = "") -> None:
        self.run.cause(ClearAction(name=name, target=target))

    def value(self, name: str) -> float:
        """A signal now, of what goes in, out, or is true."""
        run = self.run
        return next(image.get(name) for image in (run.inputs, run.outputs, run.truth) if name in image.table)

    def goes_on(self, duration_s: float, *names: str) -> np.ndarray:
        """Run on; the signals in every scan, (scans, names)."""
        rows = []
        for _ in range(round(duration_s / 0.02)):
            self.run.scan()
            rows.append([float(self.value(name)) for name in names])
        return np.array(rows)

    def until(self, name: str, value: float = 1.0, within_s: float = 30.0) -> float:
        """Run on until a signal has a value; how long it took, s.

        Raises:
            AssertionError: it did not.
        """
        start_ns = self.run.t_ns
        while self.run.t_ns - start_ns < within_s * 1e9:
            self.run.scan()
            if self.value(name) == value:
                return (self.run.t_ns - start_ns) / 1e9
        raise AssertionError(f"{name} was not {value} within {within_s} s; alarms {self.alarms()}")

    def alarms(self) -> list[str]:
        return [name for name in self.run.outputs.order if ".alm_" in name and self.run.outputs.get(name)]

    def healthy(self) -> bool:
        """Whether no device has a flaw and nothing is wrong on the way of signals."""
        world = self.world
        flawed = [
            (device.name, flaw)
            for device in world._stateful()
            for flaw, healthy in device.FLAWS.items()
            if getattr(device, flaw) != healthy
        ]
        return not flawed and not world.fieldbus._standing and not any(on for _, on in world.engine.touching.values())
