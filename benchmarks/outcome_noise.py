"""What the outcome of a scenario differs by when only the seed does.

``python -m benchmarks.outcome_noise [NAME] [--count N]``; the thresholds of ``assets/outcome.yaml`` stand above it.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from twin.rebuild import Outcome, outcome
from twin.record import Record


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default="nominal_swap")
    parser.add_argument("--count", type=int, default=6, help="seeds, from 1 on; each is one run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        found = [_measured(given.scenario, seed, Path(temporary)) for seed in range(1, given.count + 1)]
    print(f"{given.scenario}, {given.count} seeds: mean, spread")
    for name, peak in found[0].peaks.items():
        _tell(name, peak.unit, [one.peaks[name].value for one in found if name in one.peaks])
    for name in found[0].swaps[0].phases:
        _tell(name, "s", [one.swaps[0].phases[name] for one in found if name in one.swaps[0].phases])
    _tell("swap", "s", [one.swaps[0].swap_s or 0.0 for one in found])
    return 0


def _measured(scenario: str, seed: int, folder: Path) -> Outcome:
    from twin.run import run_to_end
    from twin.scenario import load_scenario

    path = folder / f"{seed}.mcap"
    run_to_end(load_scenario(scenario, [f"seed={seed}"]), out=path)
    return outcome(Record.open(path))


def _tell(name: str, unit: str, values: list[float]) -> None:
    mean, spread = sum(values) / len(values), max(values) - min(values)
    print(f"  {name:16}{mean:12.5g}{spread:12.3g} {unit:5}{100 * spread / abs(mean or 1.0):8.2f} %")


if __name__ == "__main__":
    raise SystemExit(main())
