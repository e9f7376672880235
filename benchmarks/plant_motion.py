"""Motion of synthetic plant-like logs against the truth: ``python -m benchmarks.plant_motion [LOGS] [RECORD]``.

One simulated swap is logged LOGS times as plants do (:mod:`benchmarks.plant_log`): slow, with a dead-band, by three
clocks that differ. Each log is imported with its clocks as they are, as the import estimates them, and as they truly
are, and what is shown is compared with the truth on the clock of the stream that the estimate takes as the reference.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.plant_log import Run, export, plant_log, simulate
from benchmarks.reconstruction import DRIVEN, PACKS, TRUCK, Class, compare
from twin.importing import import_files
from twin.record import Record

NS = 1_000_000_000
REFERENCE = "plc_rgv"
CLOCKS = ("as they are", "as estimated", "as they truly are")


def compared(record: Record, folder: Path, truth: dict[str, Any], clocks: str) -> tuple[dict[str, Class], bool]:
    """Errors by class of one log, and whether the import could tell how its clocks differ."""
    offsets = truth["clock_offset_s"]
    given = {stream: -off for stream, off in offsets.items()} if clocks == CLOCKS[2] else None
    out = folder / "log.mcap"
    out.unlink(missing_ok=True)
    found = import_files(
        [folder / "log"], out, folder / "map.yaml", offsets_s=given, accept_skew=clocks == CLOCKS[1]
    )  # fmt: skip
    references = {skew.reference for skew in found.skews if skew.known}
    reference = min(references, default=REFERENCE)
    shown = Record.open(out)
    later_ns = truth["origin_ns"] - int(shown.metadata["started_ns"]) - truth["first_ns"]
    if given is None:
        later_ns += round(offsets[reference] * NS)
    return compare(record, shown, first_ns=truth["first_ns"], later_ns=later_ns), bool(references)


def main(logs: int, path: Path | None) -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if path is None:
            path = folder / "run.mcap"
            simulate("nominal_swap", 1, path)
        record = Record.open(path)
        run = Run.of(record)
        errors = {clocks: {kind: Class() for kind in (DRIVEN, TRUCK, PACKS)} for clocks in CLOCKS}
        told = dict.fromkeys(CLOCKS, 0)
        for seed in range(1, logs + 1):
            log = plant_log(run, seed)
            export(log, folder / str(seed), "csv_long")
            for clocks in CLOCKS:
                by_class, known = compared(record, folder / str(seed), log.truth, clocks)
                told[clocks] += known
                for kind, into in errors[clocks].items():
                    one = by_class[kind]
                    into.m += one.m
                    into.rad += one.rad
                    into.covered += one.covered
                    into.moved += one.moved
    print(f"{logs} logs; of {told[CLOCKS[0]]} the import could tell how their clocks differ")
    print("clocks               class          p50 mm    p95 mm   covered   shown")
    for clocks, classes in errors.items():
        for kind, into in classes.items():
            if into.m and len(np.concatenate(into.m)):
                p50, p95, _, _, covered, shown = into.row()
                print(f"{clocks:<21}{kind:<14}{p50 * 1e3:>7.1f}{p95 * 1e3:>10.1f}{covered:>10.1%}{shown:>8.1%}")
    return 0


if __name__ == "__main__":
    given = sys.argv[1:]
    raise SystemExit(main(int(given[0]) if given else 20, Path(given[1]) if len(given) > 1 else None))
