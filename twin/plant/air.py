"""The air of the rack's slots: gas, smoke and flame, and the fan that draws it out."""

from __future__ import annotations

from typing import Any, ClassVar

from twin import assets
from twin.plant.device import Device
from twin.plant.heat import Heat
from twin.plant.safety import SafetyChain


class Exhaust(Device):
    """The fan; it runs a moment after it is told to, and on the mains."""

    STATE: ClassVar[tuple[str, ...]] = ("speed",)

    def __init__(
        self, name: str, data: assets.Climate, inputs: Any, outputs: Any, power: SafetyChain, scan_s: float
    ) -> None:
        super().__init__(name)
        self._in, self._out, self._power = inputs, outputs, power
        self._flow_m3_s, self._step = data.exhaust_m3_s.value, scan_s / data.exhaust_start_s.value
        #: Share of its full speed.
        self.speed = 0.0

    @property
    def flow_m3_s(self) -> float:
        """What it draws out of each slot."""
        return self._flow_m3_s * self.speed

    def sense(self, t_ns: int) -> None:
        self._in.st_running = self.speed == 1.0

    def act(self, t_ns: int) -> None:
        wanted = 1.0 if self._out.cmd_run and self._power.mains else 0.0
        if wanted != self.speed:
            self.speed += max(-self._step, min(self._step, wanted - self.speed))


class Air:
    """What is in the air of one slot. Gas mixes with all of it at once; fresh air comes as foul air goes."""

    STATE: ClassVar[tuple[str, ...]] = ("gas_frac", "smoke_frac", "flame")

    def __init__(self, data: assets.Climate, exhaust: Exhaust) -> None:
        self._exhaust = exhaust
        self._volume_m3, self._leakage_m3_s = data.air_volume_m3.value, data.air_leakage_m3_s.value
        self._smoke_at, self._smoke_s = data.air_smoke_frac.value, data.air_smoke_s.value
        self.gas_frac = 0.0
        #: What the smoke detector feels, which follows the gas.
        self.smoke_frac = 0.0
        self.flame = False

    @property
    def clean(self) -> bool:
        return self.gas_frac < 1e-6 and self.smoke_frac < 1e-6 and not self.flame

    @property
    def smoke(self) -> bool:
        return self.smoke_frac >= self._smoke_at

    def mix(self, duration_s: float, heat: Heat | None) -> None:
        """Go on for a while, with the pack that stands in the slot."""
        source_m3_s = heat.gas_m3_s if heat is not None else 0.0
        drawn = (self._leakage_m3_s + self._exhaust.flow_m3_s + source_m3_s) * self.gas_frac
        self.gas_frac += (source_m3_s - drawn) * duration_s / self._volume_m3
        self.smoke_frac += (self.gas_frac - self.smoke_frac) * duration_s / self._smoke_s
        # A cell that has vented twice is hot enough to light what can burn.
        explosive = heat is not None and self.gas_frac >= heat.lower_explosive_frac
        self.flame = heat is not None and heat.ventings == 2 and (self.flame or explosive)

    def state(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.STATE}

    def restore(self, state: dict[str, Any]) -> None:
        for name in self.STATE:
            setattr(self, name, state[name])
