"""``python -m benchmarks.plant_log OUT [--seed N] [--shape SHAPE] [--scenario NAME] [--record LOG] [--count K]``."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.plant_log import SHAPES, Run, export, plant_log, simulate
from twin.record import Record


def main() -> int:
    parser = argparse.ArgumentParser(description="Write synthetic logs as plants export them, each with its map.")
    parser.add_argument("out", type=Path, help="folder; a log is OUT/log, or OUT/SEED/log of several")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shape", choices=list(SHAPES), default="csv_long")
    parser.add_argument("--scenario", default="nominal_swap")
    parser.add_argument("--record", type=Path, help="a simulated Record to log, instead of a new run")
    parser.add_argument("--count", type=int, default=1, help="so many logs of one run, by seeds that follow")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = given.record or Path(temporary) / "run.mcap"
        if given.record is None:
            simulate(given.scenario, given.seed, path)
        run = Run.of(Record.open(path))
        for seed in range(given.seed, given.seed + given.count):
            folder = given.out if given.count == 1 else given.out / str(seed)
            print(export(plant_log(run, seed), folder, given.shape))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
