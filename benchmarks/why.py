"""Whether the true cause of a stop is named: ``python -m benchmarks why``.

Two hundred stops (benchmarks/stop_cases.py) are simulated, and explained. A quarter of them are explained as a plant
logs them too: on change, at 0.25 to 1 s, without steps, states and alarms of the controller and without what its
operator pressed. A cause is right when its name and its device are. ``python -m benchmarks.why FOLDER`` keeps the runs.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from benchmarks.phases import plant_like
from benchmarks.plant_log import Run
from benchmarks.stop_cases import Stop, stops
from twin.analysis.cause_table import CauseTable, load_cause_table
from twin.analysis.samples import RecordSamples
from twin.analysis.why import Why, explain, find_stops
from twin.formula import Samples
from twin.record import Record
from twin.shipped import shipped


@dataclass
class Tally:
    """How stops of one cause were explained."""

    right: int = 0
    wrong: int = 0
    unknown: int = 0
    no_stop: int = 0

    @property
    def count(self) -> int:
        return self.right + self.wrong + self.unknown + self.no_stop


def station_causes() -> CauseTable:
    """The station's own table."""
    return load_cause_table(shipped("assets", "stations", "chassis_swap", "causes.yaml"))


def explain_first(samples: Samples, table: CauseTable, record: Record | None = None) -> Why | None:
    """The first stop of a log explained; None when there is none."""
    found = find_stops(samples, table)
    return explain(samples, table, found[0], record.events() if record else ()) if found else None


def judge(stop: Stop, why: Why | None, tally: Tally) -> str:
    """Count one explanation, and say what became of it."""
    if why is None:
        tally.no_stop += 1
        return "no stop was seen"
    if not why.causes:
        tally.unknown += 1
        return "unknown"
    first = why.causes[0]
    if first.name == stop.cause and (not stop.device or first.device == stop.device):
        tally.right += 1
        return ""
    tally.wrong += 1
    return f"{first.name} {first.device}"


def main(argv: list[str]) -> int:
    table = station_causes()
    tallies: dict[str, dict[str, Tally]] = {kind: defaultdict(Tally) for kind in ("recorded", "plant-like")}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(argv[0]) if argv else Path(temporary)
        for stop in stops():
            record = Record.open(stop.record(folder))
            logs = {"recorded": explain_first(RecordSamples(record, bridged=True), table, record)}
            if stop.plain:
                log = plant_like(Run.of(record), stop.number, False, ("pv", "st", "cmd"))
                # A run ends soon after its stop; a plant's log goes on, and nothing changes in it.
                log.end_ns += 20_000_000_000
                logs["plant-like"] = explain_first(log, table)
            for kind, why in logs.items():
                said = judge(stop, why, tallies[kind][stop.cause])
                if said:
                    print(f"  {kind} {stop.number}: {stop.cause} {stop.device}: {said}", flush=True)
    for kind, mine in tallies.items():
        print(f"\n{kind:24}{'stops':>8}{'right':>8}{'wrong':>8}{'unknown':>8}{'no stop':>8}")
        for cause, tally in sorted(mine.items()):
            print(_line(cause, tally))
        total = Tally(*(sum(getattr(t, n) for t in mine.values()) for n in ("right", "wrong", "unknown", "no_stop")))
        print(_line("all", total) + f"   named first: {total.right / max(total.count, 1):.1%}")
    return 0


def _line(name: str, t: Tally) -> str:
    return f"{name:24}{t.count:8}{t.right:8}{t.wrong:8}{t.unknown:8}{t.no_stop:8}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
