"""What a window of time costs the viewer's server: time and bytes a frame, 40 moving poses at 30 Hz.

    python -m benchmarks.viewer

Poses as the target says; a second line says what 20 signals cost, which are fetched apart. The Record is made here,
60 s at 20 ms.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from twin.record import Frame, RecordWriter
from twin.signals import Signal, SignalTable
from web.log import Log

FRAMES, SIGNALS, SECONDS, SCAN_NS = 40, 20, 60, 20_000_000
WINDOW_NS, STEP_NS = 4_000_000_000, 33_333_333
NAMES = [f"area{i}.device.pv_value_m" for i in range(SIGNALS)]


def write(path: Path) -> None:
    """A Record in which every frame slides and turns all the time."""
    rng = np.random.default_rng(1)
    phase, rate = rng.uniform(0, 6, (FRAMES, 4)), rng.uniform(0.2, 1.0, (FRAMES, 4))
    tables = {"plant": SignalTable(Signal(name=name, unit="m") for name in NAMES)}
    frames = [Frame(f"part{i}.link", "") for i in range(FRAMES)]
    with RecordWriter(path, metadata={}, tables=tables, frames=frames) as record:
        X = np.zeros((FRAMES, 7))
        for scan in range(SECONDS * 10**9 // SCAN_NS):
            angle = phase + rate * scan * SCAN_NS / 1e9
            X[:, :3], half = np.sin(angle[:, :3]), angle[:, 3] / 2
            X[:, 5], X[:, 6] = np.sin(half), np.cos(half)
            record.poses(scan * SCAN_NS, X)
            record.row("plant", scan * SCAN_NS, np.sin(np.arange(SIGNALS) + scan / 50))


def measure(cut: Callable[[int, int], int]) -> tuple[float, float]:
    """Median server time (ms) and bytes of a frame over windows all through the Record."""
    frames = WINDOW_NS / STEP_NS
    times, sizes = [], []
    for repeat in range(3):
        for t0_ns in range(0, SECONDS * 10**9 - WINDOW_NS, WINDOW_NS):
            began = time.perf_counter()
            size = cut(t0_ns, t0_ns + WINDOW_NS)
            if repeat:
                times.append(time.perf_counter() - began)
                sizes.append(size)
    return float(np.median(times)) * 1e3 / frames, float(np.median(sizes)) / frames


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "poses.mcap"
        write(path)
        log = Log("r0", path)
        print(f"{'40 poses at 30 Hz':<34}{'ms a frame':>12}{'bytes a frame':>16}")
        cuts = {
            "poses": lambda t0_ns, t1_ns: len(log.playback.window(t0_ns, t1_ns, STEP_NS)),
            "20 signals": lambda t0_ns, t1_ns: len(log.playback.signals(t0_ns, t1_ns, WINDOW_NS // STEP_NS, NAMES)),
        }
        for label, cut in cuts.items():
            ms, size = measure(cut)
            print(f"{label:<34}{ms:>12.3f}{size:>16.0f}")
        print(f"{'reach (poses)':<34}{0.15:>12}{1500:>16}")


if __name__ == "__main__":
    main()
