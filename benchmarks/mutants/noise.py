"""False alarms: ``python -m benchmarks.mutants.noise FOLDER [--runs N] [--logs N]``. Nothing is changed in any of them.

Two ways, together the 1,000 runs of the table. **Runs**: a scenario is run again in physics with another seed, so that
every sensor has other noise, and with a truck that stands up to 2 mm elsewhere; its outcome and rules are judged
against the first run's. **Logs**: a run's Record as a worse logger would have written it, measured values with noise,
stamps with jitter, samples dropped; its rules are judged. An objection is a finding that the clean run has not.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.kept import Kept
from benchmarks.mutants.__main__ import record_scenarios
from benchmarks.mutants.bench import simulate, wrong_in
from twin.analysis.samples import RecordSamples
from twin.program import Program
from twin.rebuild import Outcome, outcome
from twin.record import Record
from twin.requirement import RequirementSet, judge, load_requirements, shipped_requirements
from twin.scenario import Scenario, parse_scenario
from twin.signals import Signal

SEED = 77
#: Noise of measured values, one standard deviation, by unit; stamps are off by up to a quarter of a scan.
NOISE = {"m": 0.0003, "rad": 0.0002, "m/s": 0.0008, "rad/s": 0.0003, "N": 60.0}
JITTER_NS = 10_000_000
#: Scans of a table that are not written.
DROPPED = 0.02
#: Of the shortest scenarios: what is measured is rules, not patience.
_LONGEST_S = 240.0


class WorseLog(RecordSamples):
    """A Record's samples with noise, jitter and drops; samples of one table share their scans, as a logger's do."""

    def __init__(self, record: Record, seed: int) -> None:
        super().__init__(record)
        self._seed = seed

    def load(self, names: Iterable[str]) -> None:
        new = [name for name in names if name not in self._series]
        super().load(new)
        for name in new:
            self._series[name] = self._worse(self.signals[name], *self._series[name])

    def _worse(
        self, signal: Signal, t_ns: npt.NDArray[np.int64], values: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        by_scan = np.random.default_rng(self._seed)
        kept = by_scan.random(len(t_ns)) >= DROPPED
        kept[:1] = True
        t_ns = t_ns + by_scan.integers(-JITTER_NS, JITTER_NS, len(t_ns)) // 2
        if signal.kind == "pv" and signal.unit in NOISE:
            own = np.random.default_rng([self._seed, sum(signal.name.encode())])
            values = values + own.normal(0.0, NOISE[signal.unit], len(values))
        return np.maximum.accumulate(t_ns[kept]), values[kept]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants.noise", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=60, help="run again in physics")
    parser.add_argument("--logs", type=int, default=940, help="judged as a worse logger would have written them")
    chosen = parser.parse_args()
    records = record_scenarios(chosen.folder, "held_out", 1)
    rules = [load_requirements(path) for path in shipped_requirements()]
    kept = Kept(chosen.folder / "noise.jsonl")
    clean: dict[Path, Outcome] = {}
    short = [path for path in records if Record.open(path).end_ns < _LONGEST_S * 1e9]
    wanted = [("run", n) for n in range(chosen.runs)] + [("log", n) for n in range(chosen.logs)]
    begun_s, count = time.perf_counter(), 0
    for kind, number in wanted:
        name = f"{kind}{number:03}"
        if name in kept.rows:
            continue
        path = short[number % len(short)]
        if path not in clean:
            clean[path] = outcome(Record.open(path), rules)
        found = (_run if kind == "run" else _log)(path, number, clean[path], rules)
        kept.add({"name": name, "kind": kind, "of": path.stem, "objections": found})
        count += 1
        left_min = (time.perf_counter() - begun_s) / count * (len(wanted) - len(kept.rows)) / 60
        print(name, path.stem, found or "no objection", f"about {left_min:.0f} min left", flush=True)
    print(table([kept.rows[f"{kind}{number:03}"] for kind, number in wanted]))
    return 0


def table(rows: list[Mapping[str, object]]) -> str:
    """Markdown: how many of each were objected to."""
    lines = ["| unchanged | number | objected to | % |", "|---|---|---|---|"]
    for kind, title in (("run", "runs with other noise"), ("log", "logs, degraded"), ("", "all")):
        of_kind = [row for row in rows if kind in ("", row["kind"])]
        bad = sum(bool(row["objections"]) for row in of_kind)
        lines.append(f"| {title} | {len(of_kind)} | {bad} | {100 * bad / max(len(of_kind), 1):.2f} |")
    return "\n".join(lines)


def _run(path: Path, number: int, clean: Outcome, rules: list[RequirementSet]) -> list[str]:
    """A scenario with another seed and a truck that stands a little elsewhere."""
    rng = np.random.default_rng([SEED, number])
    scenario = parse_scenario(Record.open(path).attachments["scenario.yaml"].decode(), name=path.stem)
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder, "again.mcap")
        simulate(_elsewhere(scenario, rng), Program(), again)
        return [finding.key for finding in wrong_in(clean, outcome(Record.open(again), rules))]


def _elsewhere(scenario: Scenario, rng: np.random.Generator) -> Scenario:
    parking = scenario.truck.parking
    moved = parking.model_copy(
        update={
            "offset_x_mm": parking.offset_x_mm + rng.uniform(-2, 2),
            "offset_y_mm": parking.offset_y_mm + rng.uniform(-2, 2),
        }
    )
    truck = scenario.truck.model_copy(update={"parking": moved})
    return scenario.model_copy(update={"seed": int(rng.integers(1, 2**31)), "truck": truck})


def _log(path: Path, number: int, clean: Outcome, rules: list[RequirementSet]) -> list[str]:
    """A Record as a worse logger would have written it."""
    samples = WorseLog(Record.open(path), SEED + number)
    start_ns = samples.start_ns + 2 * JITTER_NS
    return [
        f"rule:{one.name}"
        for some in rules
        for one in judge(some, samples, start_ns)
        if one.status == "violated" and clean.rules[one.name].judgement.status != "violated"
    ]


if __name__ == "__main__":
    raise SystemExit(main())
