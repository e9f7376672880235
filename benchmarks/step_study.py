"""What halving the physics step changes: ``python -m benchmarks.step_study [SCENARIO] [--finest]``.

The first column is the very scenario that ``benchmarks.swap`` times; the others differ from it in ``step_ms`` alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import numpy as np

from twin.run import Run
from twin.scenario import load_scenario

#: Figure to its unit. Below the floor of its unit a change is told as such, not as a share of next to nothing.
_FLOOR = {"s": 0.0, "N": 0.0, "mm": 0.5, "deg": 0.05}
_FIGURES = {
    "swap_time_s": "s",
    "station_time_s": "s",
    "peak_pack_force_n": "N",
    "peak_lock_force_n": "N",
    "seat_gap_mm": "mm",
    "min_clearance_mm": "mm",
    "max_pack_sway_mm": "mm",
    "max_pack_tilt_deg": "deg",
}


def study(name: str, step_ms: int) -> tuple[dict[str, float], dict[str, np.ndarray], bool]:
    """A run at one step: its figures, where each pack ended (x, y, z in m and quaternion xyzw, in W), and whether it
    completed."""
    with Run(load_scenario(name, [f"step_ms={step_ms}"]), out=None) as run:
        while run.scan():
            pass
        summary = run.finish()
        poses = {pack.serial: np.array([*pack.body.p, *pack.body.q_xyzw]) for pack in run.world.packs}
    return {figure: summary[figure] for figure in _FIGURES}, poses, summary["completed"]


def apart(poses: Mapping[str, np.ndarray], finest: Mapping[str, np.ndarray]) -> tuple[float, float]:
    """Largest distance (mm) and angle (deg) between the final poses of the same packs."""
    distance = max(float(np.linalg.norm(poses[serial][:3] - finest[serial][:3])) for serial in poses)
    turns = [min(1.0, abs(float(poses[serial][3:] @ finest[serial][3:]))) for serial in poses]
    return distance * 1e3, float(np.degrees(2 * np.arccos(min(turns))))


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    name = arguments[0] if arguments else "nominal_swap"
    timed_ms = load_scenario(name).step_ms
    steps = [ms for ms in (10, 5, 2, 1) if ms <= timed_ms and (ms > 1 or "--finest" in sys.argv)]
    runs = {}
    for ms in steps:
        runs[ms] = study(name, ms)
    finest = runs[steps[-1]]
    print(f"{name}: timed with steps of {timed_ms} ms; the change is against {steps[-1]} ms, reach < 2 %")
    print(f"{'':26}" + "".join(f"{f'{ms} ms':>12}{'change':>10}" for ms in steps))
    for figure, unit in _FIGURES.items():
        line = f"{figure.removesuffix('_' + unit.lower()).replace('_', ' ')}, {unit}"
        cells = []
        for ms in steps:
            value, best = runs[ms][0][figure], finest[0][figure]
            change = f"{(value / best - 1) * 100:+.2f} %" if abs(best) > _FLOOR[unit] else f"{value - best:+.4f}"
            cells.append(f"{value:12.4g}{change:>10}")
        print(f"{line:26}" + "".join(cells))
    print(f"{'packs end apart, mm':26}" + "".join(f"{apart(runs[ms][1], finest[1])[0]:12.3f}{'':10}" for ms in steps))
    print(f"{'packs end turned, deg':26}" + "".join(f"{apart(runs[ms][1], finest[1])[1]:12.4f}{'':10}" for ms in steps))
    print(f"{'completed':26}" + "".join(f"{'yes' if runs[ms][2] else 'NO':>12}{'':10}" for ms in steps))


if __name__ == "__main__":
    main()
