"""What validating costs: ``python -m benchmarks.validate [--count N] [--core-hour USD]``.

Closed loop, NEW alone: each swap is a situation of its own (seed and parking drawn by its number), played once in
physics and judged by all shipped requirements, nothing taken from a cache. By one worker and by two. From the cost of
a swap follows what a day of 10,000 stations would cost; both of its other numbers are stated, not measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from pathlib import Path

from benchmarks.open_loop import parked
from twin.program import Program
from twin.scenario import load_scenario
from twin.validation.case import Case, find_cases
from twin.validation.pool import Processes
from twin.validation.validate import validate

NEW = Program("", {"shuttle.seat_gap_m": 0.04})
#: What a station does in a day: a corridor station is limited by its chargers to about as many (docs/sources.md).
SWAPS_A_DAY, STATIONS = 168, 10_000


def situations(folder: Path, count: int) -> list[Case]:
    """So many swaps, each a file."""
    for number in range(count):
        text = load_scenario("nominal_swap", parked(number, 11)).to_yaml()
        (folder / f"swap_{number:04}.yaml").write_text(text, encoding="utf-8")
    return find_cases(scenarios=[str(path) for path in sorted(folder.glob("*.yaml"))])


def took_s(cases: list[Case], workers: int) -> float:
    """Wall time of all of them, in an empty cache."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ["SWAPTWIN_CACHE"] = cache
        begun_s = time.perf_counter()
        done = list(validate(cases, NEW, modes=("closed",), pool=Processes(workers)))
        wall_s = time.perf_counter() - begun_s
    assert [one.status for one in done] == ["judged"] * len(cases), [one.why for one in done if one.why]
    return wall_s


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=12, help="swaps, by each number of workers")
    parser.add_argument("--core-hour", type=float, default=0.04, help="price of one core for an hour, USD")
    given = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        cases = situations(Path(folder), given.count)
        wall_s = {workers: took_s(cases, workers) for workers in (1, 2)}
    for workers, seconds in wall_s.items():
        each_s = seconds / given.count
        print(f"{workers} worker(s): {given.count} swaps in {seconds:.1f} s, {each_s:.2f} s each; "
              f"1,000 in {1000 * each_s / 60:.0f} min")  # fmt: skip
    print(f"2 workers against 1: {wall_s[1] / wall_s[2]:.2f}x")
    core_s = wall_s[1] / given.count
    hours = STATIONS * SWAPS_A_DAY * core_s / 3600
    print(f"{STATIONS:,} stations x {SWAPS_A_DAY} swaps a day x {core_s:.2f} core-seconds a swap / 3,600 = "
          f"{hours:,.0f} core-hours = {hours / 24:,.0f} cores for a day; "
          f"at {given.core_hour:g} USD a core-hour {hours * given.core_hour:,.0f} USD a day")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
