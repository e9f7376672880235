"""Made-up logs of two kinds, for benchmarks that need no simulation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin.record import Event, Frame, RecordWriter
from twin.signals import Signal, SignalTable

SCAN_NS = 20_000_000


@dataclass(frozen=True)
class Log:
    """Every signal at every row, and which of these samples are new.

    Args:
        signals: k signals.
        t_ns: time of each row, (n,).
        values: (n, k).
        changed: (n, k), true where a sample differs from the one before it; all true in the first row.
        typed: the rows as lists in the signals' types, as a running controller has them.
    """

    name: str
    signals: SignalTable
    t_ns: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    changed: npt.NDArray[np.bool_]
    typed: list[list[float]]


def swap_log(seconds: int = 300) -> Log:
    """A swap: 256 signals each 20 ms scan, a few axes moving at a time with noisy encoders, bits that seldom flip."""
    rng = np.random.default_rng(1)
    kinds = ("real", "real", "real", "bool", "bool", "bool", "bool", "enum")
    signals = SignalTable(
        Signal(f"a{i // 64}.d{i // 8}.pv_{'abcdefgh'[i % 8]}", type=kinds[i % 8])  # type: ignore[arg-type]
        for i in range(256)
    )
    count = seconds * 50
    t_ns = np.arange(count, dtype=np.int64) * SCAN_NS
    values = np.zeros((count, len(signals)))
    for column, signal in enumerate(signals):
        if signal.type == "real":
            # One device in four moves, in a window of its own, and its encoder is noisy then.
            start = int(rng.integers(0, count // 2))
            stop = start + count // 8
            move = np.clip(np.arange(count) - start, 0, stop - start) / max(1, stop - start)
            values[:, column] = np.sin(3 * move + column)
            if column % 4 == 0:
                values[start:stop, column] += rng.normal(0, 1e-4, stop - start)
        else:
            flips = rng.random(count) < (0.0005 if signal.type == "bool" else 0.0003)
            values[:, column] = np.cumsum(flips) % (2 if signal.type == "bool" else 18)
    return _log("swap, 256 signals each scan", signals, t_ns, values)


def on_change_log(hours: int = 24) -> Log:
    """A plant historian's day: 60 signals, each logged only when it changes, every 5 to 60 s, at times of its own."""
    rng = np.random.default_rng(2)
    signals = SignalTable(Signal(f"line.d{i}.pv_x") for i in range(60))
    rows: list[tuple[int, int, float]] = [(0, column, 0.0) for column in range(60)]
    for column in range(60):
        at_s = np.cumsum(rng.exponential(5.0 if column < 10 else 60.0, hours * 900))
        times = (at_s[at_s < hours * 3600] * 1e9).astype(np.int64)
        rows += [(int(t), column, v) for t, v in zip(times, np.round(rng.normal(size=len(times)), 3), strict=True)]
    rows.sort()
    t_ns = np.array(sorted({t for t, _, _ in rows}), dtype=np.int64)
    values = np.full((len(t_ns), 60), np.nan)
    for t, column, value in rows:
        values[np.searchsorted(t_ns, t), column] = value
    changed = ~np.isnan(values)
    for column in range(60):
        last = np.maximum.accumulate(np.where(changed[:, column], np.arange(len(t_ns)), 0))
        values[:, column] = values[last, column]
    return Log(f"on change, 60 signals, {hours} h", signals, t_ns, values, changed, _typed(signals, values))


def write_swap(path: Path, seconds: int = 300, frames: int = 35) -> Path:
    """A Record of :func:`swap_log` with the poses of *frames* frames, of which some move."""
    log = swap_log(seconds)
    names = [Frame(f"station.f{i}", "world" if i == 0 else f"station.f{i - 1}") for i in range(frames)]
    poses = np.zeros((frames, 7))
    poses[:, 6] = 1.0
    with RecordWriter(path, metadata={"scenario": "synthetic"}, tables={"plant": log.signals}, frames=names) as writer:
        for scan, t in enumerate(log.t_ns.tolist()):
            writer.row("plant", t, log.typed[scan])
            poses[:8, 0] = np.round(np.sin(t / 3e9 + np.arange(8)), 6)
            writer.poses(t, poses)
            if scan % 500 == 0:
                writer.event(Event(t, "phase", f"phase{scan // 500}", data={"edge": "start"}))
            writer.poll()
    return path


def _log(name: str, signals: SignalTable, t_ns: npt.NDArray[np.int64], values: npt.NDArray[np.float64]) -> Log:
    changed = np.ones(values.shape, dtype=bool)
    changed[1:] = values[1:] != values[:-1]
    return Log(name, signals, t_ns, values, changed, _typed(signals, values))


def _typed(signals: SignalTable, values: npt.NDArray[np.float64]) -> list[list[float]]:
    columns = [
        values[:, column].tolist()
        if signal.type == "real"
        else values[:, column].astype(bool if signal.type == "bool" else int).tolist()
        for column, signal in enumerate(signals)
    ]
    return [list(row) for row in zip(*columns, strict=True)]
