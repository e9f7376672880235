"""All benchmarks, or those that are named, one after another: ``python -m benchmarks [NAME ...]``. Nothing is saved."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

#: Name to what it measures and the packages it needs beyond those that viewing needs.
BENCHMARKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "swap": ("real-time factor of a whole swap on one core, and what a scan costs outside the engine", ("pybullet",)),
    "step_study": ("what a smaller physics step changes", ("pybullet",)),
    "mujoco": ("the same bodies, joints, contact pairs and step in MuJoCo", ("pybullet", "mujoco")),
    "validate": (
        "closed loop, the new controller alone: by one worker and by two, and a day of stations",
        ("pybullet",),
    ),
    "branch": ("branches with nothing changed, at a thousand instants", ("pybullet",)),
    "compare": ("swaps of different pace: where the first difference is found", ("pybullet",)),
    "seek": ("how long the server takes for a window of the swap's record", ()),
    "reconstruction": ("poses reconstructed from signals against the true ones", ("pybullet",)),
    "plant_motion": ("motion of synthetic plant-like logs against the truth, by what their clocks are", ("pybullet",)),
    "signal_storage": ("ways to store signals, side by side", ()),
    "recording": ("what recording costs a scan", ()),
    "viewer": ("what a window of time costs the viewer's server", ()),
    "page": ("first picture, script a frame and scrubbing in a browser, nothing drawn", ("playwright",)),
    "incident": ("a page of one file: its size, how long to make, first picture on a slow machine", ("playwright",)),
    "live": ("picture behind a running simulation, click to input image", ("pybullet", "playwright")),
    "viewers": ("ten viewers at once, each its own cursor at 30 Hz", ("playwright",)),
    "class_load": (
        "eight trainees of a class at once: do they hold real time",
        ("pybullet", "playwright"),
    ),
    "fuzz": ("random damage over every reader of logs: what must come back, and what must be told", ()),
    "big_log": ("a day's log of a station: import, opening, seeking, plots, memory", ()),
    "phases": ("phases found from plant signals alone, beside what they were", ("pybullet",)),
    "why": ("the cause of 200 stops, named from their records and as plants log them", ("pybullet",)),
    "rebuild": ("situations rebuilt from logs of an unknown plant, and how they reproduce them", ("pybullet",)),
    "outcome_noise": ("what an outcome differs by when only the seed does", ("pybullet",)),
    "open_loop": ("200 recorded swaps through two controllers in open loop, by one process and by two", ("pybullet",)),
    "carried": ("in which share of plant-like logs the unchanged controller is where they are", ("pybullet",)),
    "horizon": ("until when logs are evidence for changed controllers, beside when they really part", ("pybullet",)),
    "program": ("what a controller in another process costs a scan", ()),
    "rtamt": ("rules: what RTAMT says of 10,000 random formulas and traces, and how fast each is", ("rtamt",)),
    "memory": ("server and page over an hour of replay in a loop", ("playwright",)),
}


def main() -> int:
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}. There are:")
        for name, (what, _) in BENCHMARKS.items():
            print(f"  {name:16}{what}")
        return 2
    failed = 0
    for name in names:
        what, packages = BENCHMARKS[name]
        print(f"\n== {name}: {what}", flush=True)
        missing = [package for package in packages if importlib.util.find_spec(package) is None]
        if missing:
            print(f"left out: needs {' and '.join(missing)} (pip install 'swaptwin[sim,bench]')")
            continue
        # Each in a process of its own: one pins itself to a core, and none warms another's caches.
        failed += subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
