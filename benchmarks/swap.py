"""How fast a whole swap runs on one core, everything included: ``python -m benchmarks.swap [SCENARIO]``.

The run is the one that ``swaptwin run`` does: physics with locks and socket contact, controller, devices, clearances,
digest and Record. Wall time is what a person waits; processor time is what this process used of it, which on a machine
that is shared says more about the code.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pybullet

from twin.run import Run
from twin.scenario import load_scenario

_SLOWEST_S = 10.0


@dataclass(frozen=True)
class Timing:
    """One run, timed. ``wall`` and ``processor`` are s of each scan; ``stepping`` is wall s inside stepSimulation.

    Args:
        whole_s: (wall, processor) time from before the station is built until its Record is closed.
    """

    simulated_s: float
    scan_s: float
    steps: int
    whole_s: tuple[float, float]
    wall: npt.NDArray[np.float64]
    processor: npt.NDArray[np.float64]
    stepping: npt.NDArray[np.float64]


class _Stopwatch:
    """Adds up the time spent inside ``stepSimulation``."""

    def __init__(self) -> None:
        self.spent_s = 0.0
        self._step = pybullet.stepSimulation

    def step(self, *args: object, **kwargs: object) -> None:
        began = time.perf_counter()
        self._step(*args, **kwargs)
        self.spent_s += time.perf_counter() - began

    def __enter__(self) -> _Stopwatch:
        pybullet.stepSimulation = self.step
        return self

    def __exit__(self, *_: object) -> None:
        pybullet.stepSimulation = self._step


def pin() -> str:
    """Keep this process on one core where the system can; says what was done."""
    if not hasattr(os, "sched_setaffinity"):
        return "not pinned: this system has no sched_setaffinity"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"pinned to core {core} of {os.cpu_count()}"


def time_run(name: str, out: Path) -> Timing:
    """Run a scenario to its end with a Record, as fast as it goes."""
    wall, processor, stepping = [], [], []
    began = time.perf_counter(), time.process_time()
    scenario = load_scenario(name)
    with _Stopwatch() as watch, Run(scenario, out=out) as run:
        watch.spent_s = 0.0
        more = True
        while more:
            at, used, spent = time.perf_counter(), time.process_time(), watch.spent_s
            more = run.scan()
            wall.append(time.perf_counter() - at)
            processor.append(time.process_time() - used)
            stepping.append(watch.spent_s - spent)
        run.finish()
    whole_s = time.perf_counter() - began[0], time.process_time() - began[1]
    scan_s = scenario.scan_ms / 1000
    return Timing(
        len(wall) * scan_s, scan_s, scenario.scan_ms // scenario.step_ms, whole_s,
        np.array(wall), np.array(processor), np.array(stepping),
    )  # fmt: skip


def slowest(scans: npt.NDArray[np.float64], scan_s: float) -> tuple[float, float]:
    """Real-time factor of the slowest stretch, and when it begins (s)."""
    width = min(len(scans), round(_SLOWEST_S / scan_s))
    sums = np.convolve(scans, np.ones(width), mode="valid")
    first = int(np.argmax(sums))
    return width * scan_s / float(sums[first]), first * scan_s


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "nominal_swap"
    pinned = pin()
    print(f"{name}: {pinned}; real-time factor = simulated s per s, three runs")
    heads = "whole run", "scans alone", f"slowest {_SLOWEST_S:.0f} s"
    print(f"{'':6}" + "".join(f"{head:>24}" for head in heads) + f"{'outside stepSimulation':>26}{'inside':>10}")
    print(f"{'':6}" + f"{'wall':>12}{'processor':>12}" * 3 + f"{'median, us a scan':>26}{'us a step':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for number in (1, 2, 3):
            run = time_run(name, Path(folder) / f"{number}.mcap")
            figures = [run.simulated_s / spent for spent in run.whole_s]
            figures += [run.simulated_s / float(run.wall.sum()), run.simulated_s / float(run.processor.sum())]
            figures += [slowest(run.wall, run.scan_s)[0], slowest(run.processor, run.scan_s)[0]]
            outside_us = float(np.median(run.wall - run.stepping)) * 1e6
            inside_us = float(np.median(run.stepping)) / run.steps * 1e6
            print(
                f"{number:<6}"
                + "".join(f"{figure:12.1f}" for figure in figures)
                + f"{outside_us:26.1f}{inside_us:10.1f}"
            )
            at_s = slowest(run.processor, run.scan_s)[1]
    print(f"reach  whole run >= 50, aim 100; slowest 10 s >= 15; outside <= 100 us. The slowest begin at {at_s:.0f} s.")


if __name__ == "__main__":
    main()
