"""What recording costs a scan: ``python -m benchmarks.recording``."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.synthetic import swap_log
from twin.record import Frame, RecordWriter

FRAMES = 35


def scan_cost(path: Path, *, seconds: int = 120, flush_s: float = 1.0) -> dict[str, float]:
    """Medians of the calls of one scan, 256 signals and 35 frames, and processor time of chunks a scan, µs."""
    log = swap_log(seconds)
    frames = [Frame(f"station.f{i}", "world" if i == 0 else f"station.f{i - 1}") for i in range(FRAMES)]
    count = len(log.t_ns)
    poses = np.zeros((count, FRAMES, 7))
    poses[:, :, 6] = 1.0
    for frame in range(8):
        poses[:, frame, frame % 3] = np.round(np.sin(log.t_ns / 3e9 + frame), 6)
    writer = RecordWriter(path, metadata={}, tables={"plant": log.signals}, frames=frames, flush_s=flush_s)
    clock = time.perf_counter
    took = np.empty((count, 3))
    encoded_s = 0.0
    for scan, t in enumerate(log.t_ns.tolist()):
        row = log.typed[scan]
        max(row)  # a run has just made these values: they are in the cache
        a = clock()
        writer.row("plant", t, row)
        b = clock()
        writer.poses(t, poses[scan])
        c = clock()
        before_s = time.process_time()
        d = clock()
        writer.poll()
        took[scan] = b - a, c - b, clock() - d
        encoded_s += time.process_time() - before_s
    began_s = time.process_time()
    writer.finish()
    merged_s = time.process_time() - began_s
    row_us, poses_us, poll_us = (np.median(took, axis=0) * 1e6).tolist()
    return {
        "row()": row_us,
        "poses()": poses_us,
        "poll()": poll_us,
        "chunks closed in poll()": encoded_s / count * 1e6,
        "merging at the end": merged_s / count * 1e6,
        "bytes": path.stat().st_size / count,
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mcap"
        print("Recording 256 signals and 35 frames, us per scan (bytes per scan in the last line)")
        for name, value in scan_cost(path).items():
            print(f"  {name:28s} {value:8.2f}")


if __name__ == "__main__":
    main()
