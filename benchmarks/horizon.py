"""Until when logs are evidence for changed controllers, beside when they really part: ``python -m benchmarks.horizon``.

Each case is a change of the reference controller on a recorded swap. It is simulated in the same physics until its
inputs part from the recorded ones; open loop has to say, from the log alone, until when the recorded inputs answer it.
On Records, "part" means by any bit; on plant-like logs by more than their dead-bands. A horizon after that instant is
wrong; the sooner it is before it, the less of the log is used.

``--count N`` cases, ``--records DIR`` of simulated scenarios, ``--cache DIR`` keeps what was simulated.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.horizon_cases import Case, cases, known
from twin.program import Program
from twin.record import Record
from twin.replay import Replay, open_loop, replay


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
    (new,) = replay(record, case.program)
    first_ns = record.start_ns
    log_s = (record.end_ns - first_ns) / 1e9
    true_s = None if case.exact_ns is None else (case.exact_ns - first_ns) / 1e9
    for kind, baseline in (("record, with OLD", old), ("record, without", None)):
        found = open_loop(record, new, baseline).horizon
        horizon_s = None if found.t_ns is None else (found.t_ns - first_ns) / 1e9
        yield Seen(kind, case, horizon_s, true_s, log_s, found.by)


def measure(count: int, seed: int, records: Path, cache: Path) -> list[Seen]:
    """All cases on all kinds of logs."""
    opened: dict[str, tuple[Record, Replay]] = {}
    found: list[Seen] = []
    began = time.perf_counter()
    for number, case in enumerate(cases(count, seed), 1):
        if case.scenario not in opened:
            record = Record.open(records / f"{case.scenario}.mcap")
            opened[case.scenario] = (record, replay(record, Program())[0])
        record, old = opened[case.scenario]
        found += on_record(known(case, record, cache), record, old)
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
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        table(measure(given.count, given.seed, given.records, given.cache or Path(temporary)))


if __name__ == "__main__":
    main()
