"""What a controller in another process costs a scan: a recorded swap's inputs through each.

    python -m benchmarks.program [SCANS] [RECORD.mcap]

A shipped swap if no Record is named. The inputs are put into the image in each case, so the cost of the pipe is the
difference to the same controller here.
The C program is the shipped example; it is left out where no compiler is.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from twin import assets
from twin.control import INPUT_KINDS, OUTPUT_KINDS, Controller
from twin.program import Program
from twin.program.stub import c_stub
from twin.record import Record
from twin.replay.feed import Feed, Filler
from twin.replay.scanned import ScannedLog
from twin.replay.site import Site, site_of
from twin.shipped import shipped

ROUNDS = 5
REACH_US = 60.0


def scans_us(controller: Controller, feed: Feed, count: int) -> list[float]:
    """Wall time of each scan in µs, input image and all."""
    inputs, outputs = controller.images()
    fill, took = Filler(feed, inputs, outputs).fill, []
    for number, t_ns in enumerate(feed.t_ns[:count].tolist()):
        begun_s = time.perf_counter()
        fill(number)
        controller.scan(t_ns, inputs, outputs)
        outputs.row()
        took.append((time.perf_counter() - begun_s) * 1e6)
    controller.close()
    return took


def example_in_c(folder: Path, station: str) -> str:
    """The shipped C example, compiled; its name as a controller, empty where no compiler is."""
    compiler = shutil.which("cc")
    if compiler is None:
        return ""
    text = c_stub(station, assets.signal_table(assets.load_station(station), {}))
    (folder / "swaptwin_controller.h").write_text(text, encoding="utf-8")
    source = shipped("assets", "controllers", "c", "lift_guard.c")
    command = [compiler, "-O2", f"-I{folder}", str(source), "-lm", "-o", str(folder / "lift_guard")]
    subprocess.run(command, check=True)
    return f"process:{folder / 'lift_guard'}"


def measure(site: Site, feed: Feed, count: int, programs: dict[str, Program]) -> None:
    """Print the best median of some rounds, the programs in turn so that a busy machine is busy for all."""
    best = dict.fromkeys(programs, float("inf"))
    for _ in range(ROUNDS):
        for name, program in programs.items():
            took = scans_us(program.make(site.table, site.settings, site.scan_ns), feed, count)
            best[name] = min(best[name], statistics.median(took))
    for name, took_us in best.items():
        print(f"{name:<46} {took_us:7.1f} µs a scan (median of {count}, best of {ROUNDS} rounds)")
    pipe_us = best["station's own, guarded"] - best["station's own"]
    met = "met" if pipe_us <= REACH_US else "missed"
    print(f"the pipe costs {pipe_us:.1f} µs a scan; reach {REACH_US:.0f} µs: {met}")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    shown = shipped("assets", "recordings", "nominal_swap.mcap")
    record = Record.open(Path(sys.argv[2]) if len(sys.argv) > 2 else shown)
    site = site_of(record)
    log = ScannedLog(record, site.table.select(*INPUT_KINDS), site.table.select(*OUTPUT_KINDS))
    feed = log.feed(log.scans)
    with tempfile.TemporaryDirectory() as folder:
        programs = {"station's own": Program(), "station's own, guarded": Program(guarded=True)}
        in_c = example_in_c(Path(folder), record.metadata["station"])
        if in_c:
            programs["lift_guard in C"] = Program(in_c)
        measure(site, feed, min(count, len(feed.t_ns)), programs)


if __name__ == "__main__":
    main()
