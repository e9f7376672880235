"""What one scan of the reference controller costs, over a whole swap: ``python -m benchmarks.controller_scan``."""

from __future__ import annotations

import time

import numpy as np

from tests.control.fake_plant import FakePlant


def scan_times() -> dict[str, float]:
    """Percentiles of the time of a scan over a swap with the kinematic plant, µs."""
    plant = FakePlant()
    scan, took = plant.controller.scan, []

    def timed(*arguments: object) -> None:
        start = time.perf_counter()
        scan(*arguments)
        took.append(time.perf_counter() - start)

    plant.controller.scan = timed
    plant.until(lambda: plant.served == 1 and plant.state == "Idle")
    return {f"p{p}_us": round(float(np.percentile(took, p)) * 1e6, 1) for p in (10, 50, 90, 99)}


if __name__ == "__main__":
    print("controller scan", scan_times())
