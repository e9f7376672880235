"""Reconstructed poses against the true ones: ``python -m benchmarks.reconstruction [SCENARIO ...]``.

Each scenario is run, its truth and poses are taken out, and what is reconstructed from the signals that are left is
compared with the truth at the instants at which a body moves. Once with the sensors as the station has them, once with
noise added to every position that a sensor gives.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from twin import frames
from twin.motion import UNKNOWN, Known, Motion
from twin.motion.strip import strip
from twin.record import Record
from twin.signals import Signal

SCENARIOS = (
    "nominal_swap", "three_pack_swap", "parked_off_within", "several_trucks", "pack_not_seated", "lock_stuck",
    "emergency_stop_mid_lift",
)  # fmt: skip
#: Standard deviations of the noise that is added to positions and angles.
NOISE_M, NOISE_RAD = 0.001, 0.0005
WINDOW_NS = 60_000_000_000
#: A body moves when it is faster than this.
MOVES_M_S, MOVES_RAD_S = 0.001, 0.001
DRIVEN, ENDS, TRUCK, PACKS = "driven links", "sensed at their ends", "truck", "packs"
#: Links of which only the ends of the way are sensed: they jump in between.
_AT_ENDS = ("shuttle.lock_driver", "bay.clamp_left", "bay.clamp_right")

Poses = np.ndarray


@dataclass
class Class:
    """Errors of a class of bodies at the instants at which they move."""

    m: list[np.ndarray] = field(default_factory=list)
    rad: list[np.ndarray] = field(default_factory=list)
    covered: list[np.ndarray] = field(default_factory=list)
    moved: int = 0

    def row(self) -> tuple[float, float, float, float, float, float]:
        """p50, p95 and greatest error (m), p95 (rad), share that the shown error covers, share shown at all."""
        m, rad, covered = np.concatenate(self.m), np.concatenate(self.rad), np.concatenate(self.covered)
        p50, p95 = np.percentile(m, [50, 95])
        return p50, p95, m.max(), float(np.percentile(rad, 95)), covered.mean(), len(m) / max(self.moved, 1)


def noisy(seed: int) -> Callable[[Signal, np.ndarray], np.ndarray]:
    """Noise on every position and offset that a sensor gives."""
    rng = np.random.default_rng(seed)

    def change(signal: Signal, values: np.ndarray) -> np.ndarray:
        off = {"m": NOISE_M, "rad": NOISE_RAD}.get(signal.unit) if signal.kind == "pv" else None
        return values if off is None else values + rng.normal(0.0, off, len(values))

    return change


def compare(
    record: Record,
    stripped: Record,
    extra_m: float = 0.0,
    extra_rad: float = 0.0,
    *,
    first_ns: int = 0,
    later_ns: int = 0,
) -> dict[str, Class]:
    """Errors by class of what a record without poses shows, against the record it was made of.

    Args:
        first_ns: from when on. later_ns: by how much the same instant is later in the record without poses.
        extra_m, extra_rad: what noise that was added lets a joint be off, which the station's files do not know.
    """
    motion = Motion.of(stripped)
    assert motion is not None
    found = {name: Class() for name in (DRIVEN, ENDS, TRUCK, PACKS)}
    for t0_ns in range(max(record.start_ns, first_ns), record.end_ns + 1, WINDOW_NS):
        t1_ns = min(t0_ns + WINDOW_NS, record.end_ns)
        t_ns, X_true = record.poses(t0_ns, t1_ns)
        at_ns = t_ns + later_ns
        known = motion.certainty(stripped, int(at_ns[0]), int(at_ns[-1]))
        truth, shown = World(record, X_true), World(stripped, motion.poses_at(stripped, at_ns))
        scan_s = float(np.median(np.diff(t_ns))) / 1e9
        for kind, true, X, sure in _pairs(truth, shown, known, motion, at_ns):
            moves = np.zeros(len(t_ns), dtype=bool)
            moves[1:] = np.linalg.norm(np.diff(true[:, :3], axis=0), axis=1) > MOVES_M_S * scan_s
            moves[1:] |= frames.angle(true[1:, 3:], true[:-1, 3:]) > MOVES_RAD_S * scan_s
            at = sure.at(at_ns)
            there = moves & ~np.isnan(X[:, 0]) & (sure.state[at] != UNKNOWN)
            off_m = np.linalg.norm(X[there, :3] - true[there, :3], axis=1)
            off_rad = frames.angle(X[there, 3:], true[there, 3:])
            # Poses are stored in steps of a micrometre and as single floats.
            covers = off_m <= sure.m[at][there] + extra_m + 2e-6
            covers &= off_rad <= sure.rad[at][there] + extra_rad + 1e-4
            into = found[kind]
            into.m.append(off_m)
            into.rad.append(off_rad)
            into.covered.append(covers)
            into.moved += int(moves.sum())
    return found


class World:
    """Poses of frames in the world."""

    def __init__(self, record: Record, X: Poses) -> None:
        self.X, self.parents = X, {frame.name: frame.parent for frame in record.frames}
        self.index = {frame.name: n for n, frame in enumerate(record.frames)}
        self._found: dict[str, Poses] = {}

    def of(self, name: str) -> Poses:
        """A frame's poses, (n, 7)."""
        if name not in self._found:
            X_PF, parent = self.X[:, self.index[name]], self.parents[name]
            self._found[name] = X_PF if parent == "world" else frames.compose(self.of(parent), X_PF)
        return self._found[name]


def _pairs(
    truth: World, shown: World, known: Mapping[str, Known], motion: Motion, t_ns: np.ndarray
) -> Iterator[tuple[str, Poses, Poses, Known]]:
    """Class, true and shown poses of each body, and how well it is said to be known."""
    for name in shown.index:
        if name.startswith(("shuttle.", "crane.", "bay.")):
            yield ENDS if name in _AT_ENDS else DRIVEN, truth.of(name), shown.of(name), known[name]
    trucks = [name.removesuffix(".chassis") for name in truth.index if name.endswith(".chassis")]
    along = np.stack([truth.of(f"{truck}.axles")[:, 0] for truck in trucks])
    # The truck in the bay is the one nearest to the mark; before the lane's line and behind it none is seen.
    nearest = np.argmin(np.abs(along), axis=0)
    for link in ("axles", "chassis"):
        every = np.stack([truth.of(f"{truck}.{link}") for truck in trucks])
        yield TRUCK, every[nearest, np.arange(len(t_ns))], shown.of(f"truck.{link}"), known[f"truck.{link}"]
    for body in motion.setup.bodies:
        held = motion.holds[body]
        at = np.searchsorted(held.t_ns, t_ns, side="right") - 1
        serials = np.array([held.holds[row].serial if row >= 0 else "" for row in at.tolist()])
        for serial in np.unique(serials).tolist():
            X = np.where((serials == serial)[:, None], shown.of(body), np.nan)
            if serial:
                yield PACKS, truth.of(f"pack.{serial}"), X, known[body]
            elif not np.isnan(X[:, 0]).all():
                # A pack whose serial nobody has read is the one that is nearest to where it is shown.
                every = np.stack([truth.of(name) for name in truth.index if name.startswith("pack.")])
                off = np.linalg.norm(np.nan_to_num(every[:, :, :3] - X[:, :3], nan=1e9), axis=2)
                yield PACKS, every[np.argmin(off, axis=0), np.arange(len(t_ns))], X, known[body]


def simulated(name: str, folder: Path) -> Record:
    """The Record of a scenario."""
    from twin.run import run_to_end
    from twin.scenario import find_scenario, load_scenario

    out = folder / f"{name}.mcap"
    run_to_end(load_scenario(find_scenario(name)), out=out)
    return Record.open(out)


def main(names: list[str]) -> int:
    print("class                     p50 mm   p95 mm   max mm   p95 mrad   covered   shown")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in names or SCENARIOS:
            record = simulated(name, folder)
            for noise, change, extra in (("", None, (0.0, 0.0)), (", noise", noisy(1), (5 * NOISE_M, 8 * NOISE_RAD))):
                strip(record, folder / "stripped.mcap", change=change)
                print(f"{name}{noise}")
                for kind, found in compare(record, Record.open(folder / "stripped.mcap"), *extra).items():
                    if found.moved:
                        p50, p95, most, rad, covered, shown = found.row()
                        print(
                            f"  {kind:<22}{p50 * 1e3:>9.3f}{p95 * 1e3:>9.3f}{most * 1e3:>9.2f}{rad * 1e3:>11.3f}"
                            f"{covered:>10.1%}{shown:>8.1%}"
                        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
