"""How long replaying recorded swaps takes: ``python -m benchmarks.open_loop [--count N] [--folder DIR]``.

Each swap is a run of its own: another seed, and a truck parked elsewhere. They are simulated before the clock starts,
and kept in the folder. Each is then read, driven through NEW and through OLD, and compared, by one process and by two.
NEW is the reference controller with one setting changed in every second swap, so that half of them differ.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twin.program import Program
from twin.record import Record
from twin.replay import open_loop, replay

OLD, NEW = Program(), Program("", {"shuttle.seat_gap_m": 0.04})


@dataclass(frozen=True)
class Took:
    """Seconds of one swap; ``scans`` of its log; whether NEW differed."""

    drive_s: float
    compare_s: float
    scans: int
    differs: bool


def parked(number: int, stream: int) -> list[str]:
    """Changes of a scenario, drawn by both numbers: the truck stands somewhere else, and noise is other noise."""
    rng = np.random.default_rng([number, stream])
    x_mm, y_mm, yaw_deg = rng.uniform(-30, 30), rng.uniform(-25, 25), rng.uniform(-0.8, 0.8)
    return [
        f"seed={number}", f"truck.parking.offset_x_mm={x_mm:.1f}", f"truck.parking.offset_y_mm={y_mm:.1f}",
        f"truck.parking.yaw_deg={yaw_deg:.2f}",
    ]  # fmt: skip


def swap(folder: Path, number: int) -> Path:
    """The Record of a swap, simulated unless it is there: seed and parking are drawn by its number."""
    path = folder / f"swap_{number}.mcap"
    if not path.exists():
        from twin.run import run_to_end
        from twin.scenario import load_scenario

        part = path.with_suffix(".part")
        run_to_end(load_scenario("nominal_swap", parked(number, 7)), out=part)
        part.replace(path)
    return path


def judged(job: tuple[Path, bool]) -> Took:
    """One swap through both controllers."""
    path, changed = job
    record = Record.open(path)
    began = time.perf_counter()
    (new,) = replay(record, NEW if changed else OLD)
    (old,) = replay(record, OLD)
    driven = time.perf_counter()
    found = open_loop(record, new, old)
    return Took(driven - began, time.perf_counter() - driven, len(new.t_ns), bool(found.differences))


def measure(paths: list[Path], processes: int) -> float:
    """Wall time of all of them, s."""
    jobs = [(path, bool(number % 2)) for number, path in enumerate(paths)]
    began = time.perf_counter()
    if processes == 1:
        found = [judged(job) for job in jobs]
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            found = pool.map(judged, jobs, chunksize=max(1, len(jobs) // (8 * processes)))
    took = time.perf_counter() - began
    assert all(one.differs == changed for one, (_, changed) in zip(found, jobs, strict=True))
    drive, compare = (statistics.median(getattr(one, key) for one in found) for key in ("drive_s", "compare_s"))
    scans = sum(one.scans for one in found)
    print(
        f"{len(jobs)} swaps, {scans} scans, {processes} process{'es' if processes > 1 else ''}: {took:.1f} s;"
        f" a swap: driving both {drive:.2f} s, comparing {compare * 1e3:.0f} ms;"
        f" 200 would take {200 * took / len(jobs):.0f} s"
    )
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="where recorded swaps are kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for number in range(given.count):
            paths.append(swap(folder, number))
            print(f"\r{number + 1} of {given.count} swaps recorded", end="", flush=True)
        print()
        one = measure(paths, 1)
        two = measure(paths, 2)
        print(f"2 processes against 1: {one / two:.2f} x")


if __name__ == "__main__":
    main()
