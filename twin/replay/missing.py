"""What a controller gets of an input that its log does not have: another signal that says as much, or a fixed value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twin.replay.feed import Times, Values
from twin.replay.sampling import Samples
from twin.signals import Signal

#: Input to the output that says what was asked for.
_SAID_BY = {"operator.panel.op_mode": "station.unit.seq_mode"}
#: Inputs that are good unless their alarm stands.
_GOOD_UNLESS = {
    "station.safety.st_estop_ok": "station.safety.alm_estop",
    "station.safety.st_fence_closed": "station.safety.alm_fence_open",
    "station.safety.st_mains_ok": "station.safety.alm_mains",
    "station.safety.st_floor_dry": "station.safety.alm_water",
}
_GOOD_FIELDS = {"st_homed": "a drive in use is homed", "st_ready": "a drive without a fault is ready"}
_FAULT = "alm_drive_fault"


@dataclass(frozen=True)
class Instead:
    """What an input is taken for.

    Args:
        value: the value. by: a logged signal that says it, or whose truth says the contrary (``denied``); empty: none.
        why: in a sentence.
    """

    value: float
    why: str
    by: str = ""
    denied: bool = False

    def at(self, scans: Times, samples: Mapping[str, Samples]) -> Values:
        """Values at rising instants (n,)."""
        if not self.by:
            return np.full(len(scans), self.value)
        said = samples[self.by].at(scans)
        values: Values = np.where(np.isnan(said), self.value, (said == 0) if self.denied else said)
        return values


def instead_of(signal: Signal, samples: Mapping[str, Samples]) -> Instead:
    """By rule: what another signal says; no request; a station that works is well; else the safe value."""
    by = _SAID_BY.get(signal.name, "")
    if by in samples:
        return Instead(signal.safe, f"{by} says it", by)
    if signal.kind == "op":
        return Instead(signal.safe, "no request")
    alarm = _GOOD_UNLESS.get(signal.name, "")
    if signal.field in _GOOD_FIELDS:
        alarm = f"{signal.device}.{_FAULT}"
    if alarm in samples:
        return Instead(1.0, f"good while {alarm} does not stand", alarm, denied=True)
    if alarm or signal.name == "station.safety.st_drives_on":
        return Instead(1.0, _GOOD_FIELDS.get(signal.field, "taken as good; the log does not say"))
    return Instead(signal.safe, f"it stays {signal.safe:g}")
