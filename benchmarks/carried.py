"""How far plant-like logs carry the unchanged controller: ``python -m benchmarks.carried [--count N] [RECORD ...]``.

Of each run logs are made as plants write them, in two shapes, that begin in mid-swap, and of each shape one without the
steps of any sequence, from its begin. They are imported and replayed with the station's own controller; told is in
which share of the time it was where the log is, and in which step it was when it ceased to be. Without Records, runs
are simulated of plants with other masses, frictions and speeds. Nothing here knows the truth but the log's maker.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.plant_log import Run, export, plant_log, simulate
from twin.importing import import_files
from twin.program import Program
from twin.record import Record
from twin.replay import Replay, replay

_SHAPES = ("csv_long", "csv_wide")
_SCENARIOS = ("nominal_swap", "parked_off_within", "three_pack_swap")
_STEP = "shuttle.sequence.seq_step"


def logged(run: Run, folder: Path, seed: int, shape: str, *, steps: bool) -> Record:
    """A plant-like log of a run, imported; it begins in mid-swap if it has steps to begin by."""
    out = folder / "log.mcap"
    if not out.exists():
        log = plant_log(run, seed, mid_swap=steps)
        kept = [tag for tag in log.tags if steps or tag.signal.kind != "seq"]
        files = export(replace(log, tags=kept), folder, shape)
        import_files([files], out, folder / "map.yaml")
    return Record.open(out)


def lost(one: Replay) -> list[str]:
    """The steps in which it ceased to be where the log is."""
    steps, place = one.outputs[_STEP].labels, one.outputs.names.index(_STEP)
    gone = one.agreed.end[one.agreed.end <= one.t_ns[-1]] if len(one.t_ns) else []
    return [steps[int(one.values[np.searchsorted(one.t_ns, t_ns), place])] for t_ns in gone]


def told(name: str, record: Record) -> tuple[float, float]:
    """Print a log; seconds driven, and those in which it was where the log is."""
    began = time.perf_counter()
    again = replay(record, Program())
    took_s = time.perf_counter() - began
    log_s = (record.end_ns - record.start_ns) / 1e9
    agreed = sum(float((one.agreed.end - one.agreed.start).sum()) for one in again) / 1e9
    brought = sum(len(one.taken_up_ns) for one in again)
    where = ", ".join(step for one in again for step in lost(one)) or "-"
    how = again[0].how or "not at all"
    print(
        f"{name:34} {log_s:5.0f} s  {how:20} carried along {100 * agreed / log_s:5.1f} %"
        f"  brought there {brought} x  lost in {where}  ({took_s:.1f} s)",
        flush=True,
    )
    return log_s, agreed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path, nargs="*", metavar="RECORD", help="runs to log, instead of new ones")
    parser.add_argument("--count", type=int, default=3, help="runs that are simulated; each gives four logs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where runs and logs are kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        records = given.records
        for number in range(0 if records else given.count):
            path = folder / f"run_{given.seed + number}.mcap"
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                simulate(_SCENARIOS[number % len(_SCENARIOS)], given.seed + number, path)
            records.append(path)
        sums: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
        for number, path in enumerate(records):
            run = Run.of(Record.open(path))
            for shape, steps in ((shape, steps) for shape in _SHAPES for steps in (True, False)):
                name = f"{path.stem}_{shape}" + ("" if steps else "_no_steps")
                seed = 100 * given.seed + 10 * number + _SHAPES.index(shape)
                sums[steps].append(told(name, logged(run, folder / name, seed, shape, steps=steps)))
        for steps, found in sums.items():
            share = 100 * sum(agreed for _, agreed in found) / sum(log_s for log_s, _ in found)
            print(
                f"{'with' if steps else 'without'} steps: {len(found)} logs, carried along {share:.1f} % of their time"
            )


if __name__ == "__main__":
    main()
