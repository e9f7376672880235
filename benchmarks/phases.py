"""How well phases are found in logs that say nothing of them: ``python -m benchmarks phases``.

Logs are made of runs (benchmarks/phase_cases.py): plant signals only, with noise, with samples dropped, with stamps
that jitter, and as plants log them (benchmarks/plant_log, clocks set right). A boundary is found when its phase begins
within the larger of 0.1 s and the gap to the sample that first shows it. ``python -m benchmarks.phases FOLDER`` keeps
the runs.
"""

from __future__ import annotations

import sys
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.phase_labels import Label, labels
from benchmarks.plant_log import Run, plant_log
from twin.analysis.phase_table import PhaseTable, load_phase_table
from twin.analysis.phases import find_in
from twin.record import Record
from twin.shipped import shipped
from twin.signals import Signal

NS = 1_000_000_000
TOLERANCE_NS = NS // 10
Series = tuple[np.ndarray, np.ndarray]


@dataclass
class Log:
    """A log in memory; ``taken_ns`` is when its samples were taken, where its stamps say something else."""

    signals: dict[str, Signal]
    samples: dict[str, Series]
    taken_ns: dict[str, np.ndarray]
    end_ns: int
    scan_ns: int = 0
    start_ns: int = 0

    def series(self, name: str) -> Series:
        return self.samples[name]

    def period_ns(self, signal: Signal) -> int:
        return self.scan_ns


@dataclass
class Score:
    """Boundaries that were there, that were found, and that were found rightly; names of what went wrong."""

    there: int = 0
    found: int = 0
    right: int = 0
    late_ns: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(self.there + self.found, 1)

    def __iadd__(self, other: Score) -> Score:
        for name in ("there", "found", "right", "late_ns", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


def plant_signals(record: Record) -> dict[str, Signal]:
    """What a plant shows; nothing of a controller, a person or the truth."""
    return {signal.name: signal for signal in record.signals if signal.kind in ("pv", "st")}


def logs(record: Record, seed: int) -> Iterator[tuple[str, Log]]:
    """A run as logs of several kinds."""
    signals = plant_signals(record)
    t_ns, rows = record.rows("plant", names=list(signals))
    scan_ns = int(record.metadata["scan_ns"])
    kinds = {"as recorded": "", "noise": "n", "dropped": "d", "jitter": "j", "all three": "ndj"}
    for kind, what in kinds.items():
        rng = np.random.default_rng([seed, *what.encode()])
        samples, taken = {}, {}
        for column, (name, signal) in enumerate(signals.items()):
            x = rows[:, column]
            if "n" in what and signal.unit == "m" and signal.type == "real":
                x = x + rng.normal(0.0, 0.001, len(x))
            keep = np.ones(len(x), dtype=bool)
            if "d" in what:
                keep = rng.random(len(x)) > 0.2
                for hole in rng.integers(0, len(x), len(x) // 1000):
                    keep[hole : hole + rng.integers(5, 75)] = False
                keep[0] = True
            stamps = t_ns[keep]
            if "j" in what:
                stamps = np.sort(stamps + rng.normal(0.0, 0.015 * NS, len(stamps)).astype(np.int64))
            samples[name], taken[name] = (stamps, x[keep]), t_ns[keep]
        yield kind, Log(signals, samples, taken, int(t_ns[-1]) + scan_ns, scan_ns)
    run = Run.of(record)
    for kind, middle in (("plant-like, whole", False), ("plant-like, from the middle", True)):
        for n in range(2):
            yield kind, plant_like(run, seed + n, middle, ("pv", "st"))


def plant_like(run: Run, seed: int, middle: bool, kinds: tuple[str, ...]) -> Log:
    """By clocks that were set right: what a clock does is not what is asked here."""
    log = plant_log(run, seed, mid_swap=middle, skew_s=0.0)
    first_ns, drift = log.truth["first_ns"], log.truth["clock_drift_ppm"]
    signals, samples, taken = {}, {}, {}
    for tag in log.tags:
        if tag.signal.kind in kinds:
            since = (tag.t_ns - log.truth["origin_ns"]) / (1 + drift[tag.name.stream] * 1e-6)
            # A stamp is cut to whole milliseconds: its sample is the scan's that follows.
            stamps = first_ns + np.ceil(since / 20e6 - 0.06).astype(np.int64) * 20_000_000
            signals[tag.signal.name] = tag.signal
            samples[tag.signal.name] = (stamps, tag.values / tag.name.factor)
            taken[tag.signal.name] = stamps
    return Log(signals, samples, taken, int(run.t_ns[-1]), 0, first_ns)


def judge(log: Log, truth: list[Label], table: PhaseTable) -> Score:
    """What was found in a log beside what was there."""
    # What no sample of the log shows is not in it.
    there = [label for label in truth if label.t_ns > log.start_ns and _shown_after_ns(log, label) is not None]
    found = find_in(log, table).events
    score = Score(len(there), len(found))
    open_ = defaultdict(list)
    for t_ns, name in found:
        open_[name].append(t_ns)
    for label in there:
        reach = max(TOLERANCE_NS, _shown_after_ns(log, label) or 0)
        near = [t for t in open_[label.phase] if abs(t - label.t_ns) <= reach]
        if near:
            best = min(near, key=lambda t: abs(t - label.t_ns))
            open_[label.phase].remove(best)
            score.right += 1
            score.late_ns.append(best - label.t_ns)
        else:
            score.wrong.append(f"{label.phase} at {label.t_ns / NS:.2f} s missed")
    score.wrong += [f"{name} at {t / NS:.2f} s is none" for name, times in open_.items() for t in times]
    return score


def _shown_after_ns(log: Log, label: Label) -> int | None:
    """How long after a boundary the last of the samples that show it was stamped; None when there is none."""
    shown = []
    for name, changed_ns in label.shows:
        first = int(np.searchsorted(log.taken_ns[name], changed_ns, side="left"))
        if first == len(log.taken_ns[name]):
            return None
        shown.append(int(log.samples[name][0][first]) - label.t_ns)
    return max(shown)


def main(argv: list[str]) -> int:
    from benchmarks.phase_cases import CASES

    table = load_phase_table(shipped("assets", "stations", "chassis_swap", "phases.yaml"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(argv[0]) if argv else Path(temporary)
        scores: dict[str, dict[str, Score]] = defaultdict(lambda: defaultdict(Score))
        for case in CASES:
            record = Record.open(case.record(folder))
            truth = labels(record)
            for kind, log in logs(record, zlib.crc32(f"{case.part} {case.scenario}".encode())):
                score = judge(log, truth, table)
                scores[kind][case.part] += score
                scores[kind]["all"] += score
                for wrong in score.wrong[:4] if "-v" in argv else ():
                    print(f"  {case.part}, {case.scenario}, {kind}: {wrong}", flush=True)
    parts = ["tuned", "held out", "second controller", "all"]
    print(f"\n{'F1 (boundaries there)':30}" + "".join(f"{part:>20}" for part in parts) + f"{'late p95 ms':>14}")
    for kind, mine in scores.items():
        cells = "".join(f"{f'{mine[part].f1:.3f} ({mine[part].there})':>20}" for part in parts)
        print(f"{kind:30}{cells}{np.quantile(np.abs(mine['all'].late_ns), 0.95) / 1e6:14.0f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
