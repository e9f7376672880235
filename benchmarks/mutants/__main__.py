"""The mutation bench: ``python -m benchmarks.mutants FOLDER [--pool held_out] [--each N] [--limit N] [--jobs N]``.

The folder keeps the reference's runs and a line for each mutant that is done; what is done is not done again, so the
bench can be broken off and gone on with. At the end the table of docs/benchmarks.md is printed.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.kept import Kept, Row
from benchmarks.mutants.bench import Bench, simulate
from benchmarks.mutants.catalogue import SEEDS, by_name, drawn
from benchmarks.mutants.sessions import sessions
from benchmarks.mutants.table import table
from twin.program import Program
from twin.scenario import Scenario, load_scenario
from twin.shipped import scenario_paths

#: Drawn beside the shipped scenarios: a third of all.
DRAWN = 15
_bench: Bench | None = None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pool", choices=list(SEEDS), default="held_out", help="which mutants and scenarios")
    parser.add_argument("--each", type=int, default=28, help="mutants of a class, at most")
    parser.add_argument("--limit", type=int, default=10_000, help="mutants in all; the order is drawn, so any is fair")
    parser.add_argument("--jobs", type=int, default=1, help="at once")
    chosen = parser.parse_args()
    begun_s = time.perf_counter()
    records = record_scenarios(chosen.folder, chosen.pool, chosen.jobs)
    kept = Kept(chosen.folder / f"{chosen.pool}.jsonl")
    wanted = [mutant.name for mutant in drawn(chosen.pool, chosen.each)][: chosen.limit]
    missing = [name for name in wanted if name not in kept.rows]
    print(f"{len(records)} scenarios, {len(wanted)} mutants, {len(wanted) - len(missing)} done before", flush=True)
    with ProcessPoolExecutor(chosen.jobs, initializer=_begin, initargs=(records,)) as pool:
        for number, row in enumerate(pool.map(_judge, missing), 1):
            kept.add(row)
            spent_s = time.perf_counter() - begun_s
            left_min = spent_s / number * (len(missing) - number) / 60
            print(f"{number}/{len(missing)} {row['fate']:9} {row['name']}, about {left_min:.0f} min left", flush=True)
    print(table([kept.rows[name] for name in wanted]))
    return 0


def record_scenarios(folder: Path, pool: str, jobs: int) -> list[Path]:
    """The reference's run of each shipped scenario and of those that are drawn, made where they are missing."""
    runs = folder / "records"
    runs.mkdir(parents=True, exist_ok=True)
    scenarios = [load_scenario(name) for name in sorted(scenario_paths())]
    scenarios += sessions(SEEDS["held_out" if pool == "held_out" else "development"], DRAWN)
    missing = [(scenario, runs) for scenario in scenarios if not (runs / f"{scenario.name}.mcap").is_file()]
    with ProcessPoolExecutor(jobs) as workers:
        list(workers.map(_record, missing))
    return [runs / f"{scenario.name}.mcap" for scenario in scenarios]


def _record(task: tuple[Scenario, Path]) -> None:
    scenario, folder = task
    unfinished = folder / f"{scenario.name}.part"
    simulate(scenario, Program(), unfinished)
    unfinished.replace(folder / f"{scenario.name}.mcap")


def _begin(records: list[Path]) -> None:
    global _bench
    _bench = Bench(records)


def _judge(name: str) -> Row:
    assert _bench is not None
    return _bench.judge(by_name()[name]).to_dict()


if __name__ == "__main__":
    raise SystemExit(main())
