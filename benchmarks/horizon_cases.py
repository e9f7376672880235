"""Changed controllers of which it is known when a plant would have answered them otherwise.

Each is run in the same physics as the recorded swap, until its inputs part from the recorded ones: first bit for bit,
then by more than a plant's log tells. It is simulated once; what was found is kept in a folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.plant_log.logged import dead_band
from benchmarks.reordered import ClaimsLater, LooksAfterVoltage, Reordered
from twin.control.settings import Settings
from twin.control.station import StationController
from twin.program import Program
from twin.record import Record
from twin.signals import Image, SignalTable

SCAN_NS = 20_000_000
#: What a change does is simulated for so long after its inputs have parted, s.
_AFTER_S = 30.0

Numbers = npt.NDArray[np.float64]
SCENARIOS = (
    "nominal_swap", "parked_off_within", "emergency_stop_mid_lift", "lock_stuck", "pack_not_seated", "truck_creeps",
    "power_loss", "recover_emergency_stop",
)  # fmt: skip
#: Settings with other values than the station's.
SETTINGS: Mapping[str, Sequence[float]] = {
    "shuttle.travel.fast_m_s": (0.35, 0.45, 0.6), "shuttle.travel.loaded_m_s": (0.28, 0.36),
    "shuttle.cross.fast_m_s": (0.12,), "shuttle.cross.loaded_m_s": (0.10,), "shuttle.lift.fast_m_s": (0.04, 0.045),
    "shuttle.lift.loaded_m_s": (0.035,), "shuttle.lift.slow_m_s": (0.013, 0.008), "shuttle.yaw.fast_rad_s": (0.015,),
    "shuttle.take_gap_m": (0.025, 0.03), "shuttle.seat_gap_m": (0.02, 0.04), "shuttle.place_gap_m": (0.01, 0.02),
    "shuttle.over_ledge_m": (0.05, 0.07), "shuttle.lower_slow_m": (0.02, 0.035), "shuttle.home_y_m": (2.74, 2.78),
    "shuttle.clear_y_m": (2.48, 2.53), "shuttle.take_load_n": (11_000, 12_300), "shuttle.seat_load_n": (12_800, 13_500),
    "shuttle.carry_load_n": (8_000,), "shuttle.lift.tolerance_m": (0.0006, 0.002), "bay.standstill_s": (2.0, 0.6),
    "bay.measure_s": (0.3, 1.5), "bay.creep_m": (0.015,), "timeouts.lock_s": (4.0, 8.0), "timeouts.contact_s": (30.0,),
    "timeouts.key_s": (5.0,), "crane.over_gap_m": (0.05,), "crane.travel.fast_m_s": (0.7,),
    "crane.fork.loaded_m_s": (0.25,), "operator.reset_pulse_s": (0.3,),
}  # fmt: skip


class DoesNotSettle(Reordered):
    AFTER = {("seat.press", "seat.settle"): "lock.engage"}


class DoesNotMeasureAgain(Reordered):
    AFTER = {("return.in", "return.measure"): "raise.fast"}


class LooksNotAfterLowering(Reordered):
    AFTER = {("lower.slow", "lower.check"): "lower.fast"}


class Late(StationController):
    """Some of its commands rise a few scans late."""

    FIELDS: tuple[str, ...] = ()
    SCANS = 3

    def __init__(self, table: SignalTable, settings: Settings, scan_ns: int) -> None:
        super().__init__(table, settings, scan_ns)
        self._since: dict[str, int] = {}
        self._own: dict[str, bool] = {}

    def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
        for name, value in self._own.items():
            # What it wrote itself is what it goes on from.
            outputs.set(name, value)
        super().scan(t_ns, inputs, outputs)
        for name in self.FIELDS:
            wanted = bool(outputs.get(name))
            self._own[name] = wanted
            self._since[name] = self._since.get(name, 0) + 1 if wanted else 0
            if wanted and self._since[name] <= self.SCANS:
                outputs.set(name, False)


class LateKeys(Late):
    FIELDS = ("shuttle.lock_driver.cmd_lock", "shuttle.lock_driver.cmd_unlock")


class LateLift(Late):
    FIELDS = ("shuttle.lift.cmd_move",)


class LateTravel(Late):
    FIELDS = ("shuttle.travel.cmd_move",)
    SCANS = 1


class LateClamp(Late):
    FIELDS = ("bay.clamp.cmd_close",)
    SCANS = 25


CLASSES = (
    ClaimsLater, LooksAfterVoltage, DoesNotSettle, DoesNotMeasureAgain, LooksNotAfterLowering, LateKeys, LateLift,
    LateTravel, LateClamp,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A changed controller on a scenario.

    ``exact_ns``: the first scan of which the inputs are not the recorded ones; None: they never are. ``inputs`` (n, k)
    are those of the scans from then on, for :data:`_AFTER_S`.
    """

    scenario: str
    program: Program
    exact_ns: int | None = None
    inputs: Numbers | None = None

    def told_ns(self, plant: Plant, look_ns: int) -> int | None:
        """The first scan at which a log tells the inputs from the recorded ones; None: not within what was simulated.

        It tells a value from those that were recorded up to a look before or after, by more than its dead-band.
        """
        if self.exact_ns is None or self.inputs is None:
            return None
        first = int(np.searchsorted(plant.t_ns, self.exact_ns))
        scans = max(round(look_ns / SCAN_NS), 1)
        count = min(len(self.inputs), len(plant.t_ns) - first)
        if not count:
            return None
        at = np.arange(first - scans, first + count + scans).clip(0, len(plant.t_ns) - 1)
        padded = plant.values[at]
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * scans + 1, axis=0)
        low, high = windows.min(axis=-1), windows.max(axis=-1)
        mine = self.inputs[:count]
        told = ((mine < low - plant.band) | (mine > high + plant.band)).any(axis=1)
        return int(plant.t_ns[first + int(np.argmax(told))]) if told.any() else None


@dataclass(frozen=True)
class Plant:
    """What was recorded of the inputs ``names``: ``values`` (n, k) at ``t_ns`` (n,), known to ``band`` (k,)."""

    names: list[str]
    t_ns: npt.NDArray[np.int64]
    values: Numbers
    band: Numbers

    @classmethod
    def of(cls, record: Record) -> Plant:
        signals = [signal for name in ("plant", "operator") for signal in record.tables[name]]
        t_ns, values = record.rows("plant")
        _, asked = record.rows("operator")
        band = [np.inf if signal.kind == "op" else dead_band(signal) for signal in signals]
        names = [signal.name for signal in signals]
        return cls(names, t_ns, np.concatenate([values, asked[: len(values)]], axis=1), np.array(band))


def cases(count: int, seed: int) -> list[Case]:
    """Changes drawn by a seed, each with a scenario drawn by it."""
    rng = np.random.default_rng(seed)
    programs = [Program("", {key: value}) for key, values in SETTINGS.items() for value in values]
    programs += [Program(f"{kind.__module__}:{kind.__name__}") for kind in CLASSES for _ in range(2)]
    programs += [Program("benchmarks.second_controller:SecondController")] * 2
    order = rng.permutation(len(programs)).tolist()
    return [
        Case(str(rng.choice(SCENARIOS)), programs[order[n % len(order)]]) for n in range(count)
    ]  # fmt: skip


def known(case: Case, record: Record, plant: Plant, folder: Path) -> Case:
    """The case with its truth, simulated unless the folder has it."""
    words = json.dumps([case.scenario, case.program.controller, dict(case.program.settings)])
    kept = folder / f"{sha256(words.encode()).hexdigest()[:16]}.npz"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        exact_ns, inputs = _parted(case, plant)
        np.savez_compressed(kept, exact_ns=-1 if exact_ns is None else exact_ns, inputs=inputs)
    with np.load(kept) as found:
        exact_ns = int(found["exact_ns"])
        return replace(case, exact_ns=None if exact_ns < 0 else exact_ns, inputs=found["inputs"])


def _parted(case: Case, plant: Plant) -> tuple[int | None, Numbers]:
    """Run the change until its inputs have parted from the recorded ones, and a while on."""
    from twin.run import Run
    from twin.scenario import load_scenario

    exact_ns: int | None = None
    kept: list[list[float]] = []
    with Run(load_scenario(case.scenario), controller=case.program, out=None) as run:
        order = [run.inputs.order.index(name) for name in plant.names]
        for k, at_ns in enumerate(plant.t_ns.tolist()):
            going = run.scan()
            row = run.inputs.row()
            now = [float(row[n]) for n in order]
            if exact_ns is None and now != plant.values[k].tolist():
                exact_ns = at_ns
            if exact_ns is not None:
                kept.append(now)
            if not going or (exact_ns is not None and at_ns > exact_ns + _AFTER_S * 1e9):
                break
    return exact_ns, np.array(kept).reshape(len(kept), len(plant.names))
