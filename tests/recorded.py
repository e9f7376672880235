"""Records of scenarios, simulated for a test."""

from __future__ import annotations

from pathlib import Path

from twin.program import Program
from twin.record import Record
from twin.scenario import load_scenario


def recorded(path: Path, scenario: str, *overrides: str, controller: Program | None = None) -> Record:
    """The Record of a shipped scenario, run to its end."""
    from twin.run import run_to_end  # needs PyBullet, and who only collects tests may not have it

    run_to_end(load_scenario(scenario, overrides), out=path, controller=controller)
    return Record.open(path)
