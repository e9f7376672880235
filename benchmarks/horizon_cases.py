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
from typing import Any

import numpy as np

from benchmarks.plant_log.logged import dead_band
from twin.control import swap
from twin.control.output import OutputWriter
from twin.control.sequence import Row
from twin.control.sequence import Sequence as Steps
from twin.control.settings import Settings
from twin.control.station import StationController
from twin.program import Program
from twin.record import Record
from twin.signals import Image, SignalTable

HERE = "benchmarks.horizon_cases"
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


class Reordered(StationController):
    """The same table with other ways from step to step."""

    AFTER: Mapping[tuple[str, str], str] = {}

    def __init__(self, table: SignalTable, settings: Settings, scan_ns: int) -> None:
        super().__init__(table, settings, scan_ns)
        rows = [self._row(row) for row in swap.SWAP]
        self.swap_sequence = Steps(rows, swap.GUARDS, self.facts, self.shuttle, self.settings.timeouts)
        self.output = OutputWriter(self)

    def _row(self, row: Row) -> Row:
        return replace(row, next=self.AFTER.get((row.step, row.next), row.next))


class ClaimsLater(Reordered):
    AFTER = {
        ("deliver.square", "deliver.claim"): "deliver.raise", ("deliver.raise", "deliver.in"): "deliver.claim",
        ("deliver.claim", "deliver.raise"): "deliver.in",
    }  # fmt: skip


class LooksAfterVoltage(Reordered):
    AFTER = {
        ("clear.home", "verify.mated"): "verify.hv", ("verify.hv", "release.clamp"): "verify.mated",
        ("verify.mated", "verify.hv"): "release.clamp",
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
    "ClaimsLater", "LooksAfterVoltage", "DoesNotSettle", "DoesNotMeasureAgain", "LooksNotAfterLowering", "LateKeys",
    "LateLift", "LateTravel", "LateClamp",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A changed controller on a scenario.

    ``exact_ns``: the first scan of which the inputs are not the recorded ones; ``coarse_ns``: the first of which one is
    farther off than a plant's log tells. None: they never are.
    """

    scenario: str
    program: Program
    exact_ns: int | None = None
    coarse_ns: int | None = None


def cases(count: int, seed: int) -> list[Case]:
    """Changes drawn by a seed, each with a scenario drawn by it."""
    rng = np.random.default_rng(seed)
    programs = [Program("", {key: value}) for key, values in SETTINGS.items() for value in values]
    programs += [Program(f"{HERE}:{name}") for name in CLASSES for _ in range(2)]
    programs += [Program("benchmarks.second_controller:SecondController")] * 2
    order = rng.permutation(len(programs)).tolist()
    return [
        Case(str(rng.choice(SCENARIOS)), programs[order[n % len(order)]]) for n in range(count)
    ]  # fmt: skip


def known(case: Case, record: Record, folder: Path) -> Case:
    """The case with its truth, simulated unless the folder has it."""
    words = json.dumps([case.scenario, case.program.controller, dict(case.program.settings)])
    kept = folder / f"{sha256(words.encode()).hexdigest()[:16]}.json"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"case": words, **_parted(case, record)}))
    found: dict[str, Any] = json.loads(kept.read_text())
    return replace(case, exact_ns=found["exact_ns"], coarse_ns=found["coarse_ns"])


def _parted(case: Case, record: Record) -> dict[str, int | None]:
    """Run the change until its inputs have parted from the recorded ones."""
    from twin.run import Run
    from twin.scenario import load_scenario

    found: dict[str, int | None] = {"exact_ns": None, "coarse_ns": None}
    with Run(load_scenario(case.scenario), controller=case.program, out=None) as run:
        table = run.inputs.table
        names = run.inputs.order
        logged = {t: [n for n in names if n in record.tables[t]] for t in record.tables}
        t_ns, _ = record.rows("plant", names=[])
        rows = {name: column for t, mine in logged.items() if mine
                for name, column in zip(mine, record.rows(t, names=mine)[1].T, strict=True)}  # fmt: skip
        recorded = np.stack([rows[name] for name in names], axis=1)
        band = np.array([
            np.inf if table[name].kind == "op" else dead_band(table[name]) for name in names
        ])  # fmt: skip
        for k, at_ns in enumerate(t_ns.tolist()):
            going = run.scan()
            now = np.array(run.inputs.row())
            apart = np.abs(now - recorded[k])
            if found["exact_ns"] is None and apart.any():
                found["exact_ns"] = at_ns
            if (apart > band).any():
                found["coarse_ns"] = at_ns
                break
            if not going and k + 1 < len(t_ns):
                found = {key: at_ns if value is None else value for key, value in found.items()}
                break
    return found
