"""The runs on which phases are judged, and which of them were kept out of the tuning (chosen before it began)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.second_controller import SETTINGS
from twin.program import Program
from twin.run import Run
from twin.scenario import load_scenario

Part = Literal["tuned", "held out", "second controller"]

_SCENARIOS: dict[Part, tuple[str, ...]] = {
    "tuned": (
        "nominal_swap", "lock_stuck", "parked_off_within", "three_pack_swap", "recover_lock_stuck", "power_loss",
    ),
    "held out": (
        "pack_not_seated", "recover_not_seated", "several_trucks", "parked_off_beyond", "emergency_stop_mid_lift",
        "recover_emergency_stop", "truck_creeps",
    ),
    "second controller": ("nominal_swap", "three_pack_swap", "parked_off_within", "recover_lock_stuck"),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One run."""

    part: Part
    scenario: str

    def record(self, folder: Path) -> Path:
        """Its Record in a folder, simulated when it is not there."""
        path = folder / f"{self.part.replace(' ', '_')}-{self.scenario}.mcap"
        if not path.is_file():
            second = self.part == "second controller"
            scenario = load_scenario(self.scenario, SETTINGS if second else ())
            program = Program("benchmarks.second_controller:SecondController" if second else "")
            unfinished = path.with_suffix(".part")
            with Run(scenario, controller=program, out=unfinished) as run:
                while run.scan():
                    pass
                run.finish()
            unfinished.replace(path)
        return path


CASES = tuple(Case(part, name) for part, names in _SCENARIOS.items() for name in names)
