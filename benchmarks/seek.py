"""How long the server takes to answer a window of a Record: ``python -m benchmarks.seek [LOG.mcap]``.

Without a Record it is that of ``nominal_swap``, run here; without PyBullet, one that is made up.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.synthetic import write_swap
from twin.record import Record
from web.log import Log

WINDOW_NS = 2_000_000_000
STEP_NS = 33_333_333


def seek_times(path: Path, *, requests: int = 200, signals: int = 20) -> dict[str, float]:
    """Times of window requests at random instants, as the page makes them, ms.

    ``cold`` opens the file anew for every request; ``p50``, ``p95`` and ``max`` are of a server that has it open,
    from an empty cache on.

    Args:
        signals: how many signals the page plots beside the poses.
    """
    rng = np.random.default_rng(3)
    end_ns = Record.open(path).end_ns
    names = Record.open(path).signals.names[:: max(1, len(Record.open(path).signals) // signals)]
    starts = rng.integers(0, max(1, end_ns - WINDOW_NS), requests)
    cold = [_one(Log("r0", path), int(t), names) for t in starts[: requests // 4]]
    log = Log("r0", path)
    warm = [_one(log, int(t), names) for t in starts]
    return {
        "cold_p50_ms": float(np.percentile(cold, 50)),
        "cold_p95_ms": float(np.percentile(cold, 95)),
        "p50_ms": float(np.percentile(warm, 50)),
        "p95_ms": float(np.percentile(warm, 95)),
        "max_ms": max(warm),
    }


def _one(log: Log, t_ns: int, names: list[str]) -> float:
    begin = time.perf_counter()
    log.playback.window(t_ns, t_ns + WINDOW_NS, STEP_NS)
    log.playback.signals(t_ns, t_ns + WINDOW_NS, WINDOW_NS // STEP_NS, names)
    return (time.perf_counter() - begin) * 1e3


def _swap(path: Path) -> Path:
    if importlib.util.find_spec("pybullet") is None:
        return write_swap(path)
    from twin.run import run_to_end
    from twin.scenario import load_scenario

    run_to_end(load_scenario("nominal_swap"), out=path)
    return path


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else _swap(Path(folder) / "swap.mcap")
        times = seek_times(path)
        frames = len(Record.open(path).frames)
        print(f"{path.name}: windows of 2 s, {frames} frames and 20 signals; reach p95 <= 20 ms")
        for name, value in times.items():
            print(f"  {name:12s} {value:8.2f}")


if __name__ == "__main__":
    main()
