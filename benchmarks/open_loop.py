"""How long replaying recorded swaps takes: ``python -m benchmarks.open_loop [--count N] [--folder DIR]``.

Each swap is a run of its own: another seed, and a truck parked elsewhere. They are simulated before the clock starts,
and kept in the folder. Each is then read, driven through NEW, also beside OLD, and compared, by one process and by two;
and all of them are validated as a user does it, with all rules.
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
from twin.validation.case import find_cases
from twin.validation.pool import Processes
from twin.validation.validate import validate

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


def judged(job: tuple[Path, bool, bool]) -> Took:
    """One swap through NEW, and through OLD where it is given."""
    path, changed, beside_old = job
    record = Record.open(path)
    began = time.perf_counter()
    (new,) = replay(record, NEW if changed else OLD)
    (old,) = replay(record, OLD) if beside_old else (None,)
    driven = time.perf_counter()
    found = open_loop(record, new, old)
    return Took(driven - began, time.perf_counter() - driven, len(new.t_ns), bool(found.differences))


def measure(paths: list[Path], processes: int, *, beside_old: bool) -> float:
    """Wall time of all of them, s."""
    jobs = [(path, bool(number % 2), beside_old) for number, path in enumerate(paths)]
    began = time.perf_counter()
    if processes == 1:
        found = [judged(job) for job in jobs]
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            found = pool.map(judged, jobs, chunksize=max(1, len(jobs) // (8 * processes)))
    took = time.perf_counter() - began
    assert all(one.differs == changed for one, (_, changed, _) in zip(found, jobs, strict=True))
    drive, compare = (statistics.median(getattr(one, key) for one in found) for key in ("drive_s", "compare_s"))
    told = f"NEW{' and OLD' if beside_old else ' alone'}, {processes} process{'es' if processes > 1 else ''}"
    scans = sum(one.scans for one in found)
    print(
        f"{told}: {len(jobs)} swaps, {scans} scans, {took:.1f} s; a swap: driving {drive:.2f} s, comparing"
        f" {compare * 1e3:.0f} ms; 200 would take {200 * took / len(jobs):.0f} s"
    )
    return took


def validated(paths: list[Path], old: Program | None) -> None:
    """The same swaps through all of a validation by two workers: all rules, coverage and traces too."""
    began = time.perf_counter()
    cases = find_cases(logs=[str(path) for path in paths])
    done = list(validate(cases, NEW, old, modes=("open",), pool=Processes(2)))
    took = time.perf_counter() - began
    assert [one.status for one in done] == ["judged"] * len(paths)
    told = "NEW alone" if old is None else "NEW and OLD"
    print(f"validated, {told}, 2 workers: {took:.1f} s; 200 would take {200 * took / len(paths):.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="where recorded swaps are kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            paths = pool.starmap(swap, [(folder, number) for number in range(given.count)], chunksize=1)
        print(f"{len(paths)} swaps recorded")
        for beside_old in (False, True):
            one = measure(paths, 1, beside_old=beside_old)
            two = measure(paths, 2, beside_old=beside_old)
            print(f"2 processes against 1: {one / two:.2f} x")
        for old in (None, OLD):
            validated(paths, old)


if __name__ == "__main__":
    main()
