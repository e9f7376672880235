"""Until when logs are evidence for changed controllers, beside when they really part: ``python -m benchmarks.horizon``.

Each case is a change of the reference controller on a recorded swap. It is simulated in the same physics until its
inputs part from the recorded ones; open loop has to say, from the log alone, until when the recorded inputs answer it.
On Records "part" means by any bit. On plant-like logs it means by more than they tell: a value that was not recorded
within a look, by more than the dead-band. A horizon after that instant is wrong; the sooner it is before it, the less
of the log is used.

``--count N`` cases, ``--records DIR`` of simulated scenarios, ``--cache DIR`` keeps what was simulated.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.horizon_cases import SCENARIOS, Case, Plant, cases, known
from benchmarks.plant_log import Run, export, plant_log
from twin.importing import import_files
from twin.program import Program
from twin.record import Record
from twin.replay import Replay, open_loop, replay
from twin.run import run_to_end
from twin.scenario import load_scenario

#: A log begins so long before a change shows in it.
_SEEN_NS = 10_000_000_000


@dataclass(frozen=True)
class Seen:
    """What open loop said of a case on one log: until when, against when it parted, both since the log's start, s."""

    kind: str
    case: Case
    horizon_s: float | None
    true_s: float | None
    log_s: float
    by: str

    @property
    def before(self) -> bool:
        """Whether the horizon is not after the true divergence; one that never comes cannot be missed."""
        return self.true_s is None or (self.horizon_s is not None and self.horizon_s <= self.true_s)

    @property
    def share(self) -> float:
        """Of the time that the log is evidence, how much the horizon gives."""
        true_s = self.log_s if self.true_s is None else self.true_s
        given = self.log_s if self.horizon_s is None else self.horizon_s
        return min(given / true_s, 1.0) if true_s else 1.0


def on_record(case: Case, record: Record, old: Replay) -> Iterator[Seen]:
    """Of a Record: with the old controller and without it."""
    new = replay(record, case.program)[0]
    first_ns = record.start_ns
    log_s = (record.end_ns - first_ns) / 1e9
    true_s = None if case.exact_ns is None else (case.exact_ns - first_ns) / 1e9
    for kind, baseline in (("record, with OLD", old), ("record, without", None)):
        found = open_loop(record, new, baseline).horizon
        horizon_s = None if found.t_ns is None else (found.t_ns - first_ns) / 1e9
        yield Seen(kind, case, horizon_s, true_s, log_s, found.by)


class PlantLogs:
    """Logs as a plant would have of the recorded swaps: one from its begin, one that begins in mid-swap; of each the
    replay of the old controller."""

    def __init__(self, folder: Path, skew_s: float) -> None:
        self.folder, self.skew_s = folder, skew_s
        self._known: dict[str, tuple[Record, dict[str, Any], list[Replay]]] = {}

    def of(self, case: Case, record: Record) -> tuple[Record, dict[str, Any], list[Replay]]:
        """The log in mid-swap, where the change shows after it begins; else the whole."""
        name = f"{case.scenario}_mid_{self.skew_s:g}"
        found = self._log(name, record, seed=SCENARIOS.index(case.scenario) + 1, mid_swap=True)
        if case.exact_ns is not None and case.exact_ns < found[1]["first_ns"] + _SEEN_NS:
            name = f"{case.scenario}_whole_{self.skew_s:g}"
            return self._log(name, record, seed=SCENARIOS.index(case.scenario) + 101, mid_swap=False)
        return found

    def _log(
        self, name: str, record: Record, *, seed: int, mid_swap: bool
    ) -> tuple[Record, dict[str, Any], list[Replay]]:  # fmt: skip
        if name not in self._known:
            folder = self.folder / name
            path = folder / "log.mcap"
            if not path.exists():
                log = plant_log(Run.of(record), seed, mid_swap=mid_swap, skew_s=self.skew_s)
                files = export(log, folder, "parquet")
                import_files([files], path, folder / "map.yaml", accept_skew=True)
            imported = Record.open(path)
            truth = json.loads((folder / "truth.json").read_text())
            self._known[name] = imported, truth, replay(imported, Program())
        return self._known[name]


def on_plant_log(case: Case, logs: PlantLogs, record: Record, plant: Plant) -> Iterator[Seen]:
    """Of a plant-like log: with the old controller and without it."""
    log, truth, old = logs.of(case, record)
    look_ns = round(max(truth["period_s"].values()) * 1e9)
    told_ns = case.told_ns(plant, look_ns)
    # The earliest of its clocks says when the change shows: the others say it later.
    started_ns = int(log.metadata["started_ns"])
    shift_ns = truth["origin_ns"] - truth["first_ns"] - started_ns + round(min(truth["clock_offset_s"].values()) * 1e9)
    true_s = None if told_ns is None else (told_ns + shift_ns) / 1e9
    clocks = f"plant, clocks {logs.skew_s:g} s"
    new = replay(log, case.program)
    for kind, baseline in ((f"{clocks}, with OLD", old), (f"{clocks}, without", [None] * len(old))):
        horizons = [open_loop(log, one, before).horizon for one, before in zip(new, baseline, strict=True)]
        found = next((one for one in horizons if one.t_ns is not None), horizons[-1])
        horizon_s = None if found.t_ns is None else found.t_ns / 1e9
        yield Seen(kind, case, horizon_s, true_s, log.end_ns / 1e9, f"{found.by} ({found.how})")


def measure(count: int, seed: int, records: Path, cache: Path, skews_s: Sequence[float], minutes: float) -> list[Seen]:
    """All cases on all kinds of logs."""
    opened: dict[str, tuple[Record, Plant, Replay]] = {}
    plants = [PlantLogs(cache / "logs", skew_s) for skew_s in skews_s]
    found: list[Seen] = []
    began = time.perf_counter()
    for number, case in enumerate(cases(count, seed), 1):
        if time.perf_counter() - began > 60 * minutes:
            print(f"\n{minutes:g} minutes are over")
            break
        if case.scenario not in opened:
            path = records / f"{case.scenario}.mcap"
            if not path.exists():
                run_to_end(load_scenario(case.scenario), out=path)
            record = Record.open(path)
            opened[case.scenario] = (record, Plant.of(record), replay(record, Program())[0])
        record, plant, old = opened[case.scenario]
        case = known(case, record, plant, cache / "inputs")
        found += on_record(case, record, old)
        for logs in plants:
            found += on_plant_log(case, logs, record, plant)
        print(f"\r{number} of {count} cases, {time.perf_counter() - began:.0f} s", end="", flush=True)
    print()
    return found


def table(found: list[Seen]) -> None:
    """A line for each kind of log."""
    print(f"{'log':24}{'cases':>7}{'part':>7}{'before':>9}{'median share':>14}{'none said':>11}")
    for kind in dict.fromkeys(one.kind for one in found):
        mine = [one for one in found if one.kind == kind]
        parted = [one for one in mine if one.true_s is not None]
        before = sum(one.before for one in mine) / len(mine)
        share = statistics.median(one.share for one in parted) if parted else float("nan")
        none = sum(one.horizon_s is None for one in mine)
        print(f"{kind:24}{len(mine):7}{len(parted):7}{before:9.1%}{share:14.2f}{none:11}")
    for one in found:
        if not one.before:
            said = "none" if one.horizon_s is None else f"{one.horizon_s:.2f} s"
            print(f"  late: {one.kind}: {one.case.scenario}, {one.case.program.name}: {said}, true {one.true_s:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--records", type=Path, help="folder with SCENARIO.mcap; else they are run")
    parser.add_argument("--cache", type=Path, help="folder for what is simulated")
    parser.add_argument(
        "--skew", type=float, nargs="*", default=[0.1, 1.5], help="farthest that plants' clocks are off, s"
    )
    parser.add_argument("--minutes", type=float, default=600, help="no case is begun after so many")
    parser.add_argument("--tell", action="store_true", help="tell every case")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        cache = given.cache or Path(temporary)
        cache.mkdir(parents=True, exist_ok=True)
        found = measure(given.count, given.seed, given.records or cache, cache, given.skew, given.minutes)
        table(found)
        if given.tell:
            for one in found:
                told = f"{one.kind}: {one.case.scenario}, {one.case.program.name}"
                print(f"{told}: {one.horizon_s} of {one.true_s} ({one.log_s:.0f} s), {one.by}")


if __name__ == "__main__":
    main()
