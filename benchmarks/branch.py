"""Branches with nothing changed, at random instants and beside every lock change: are they the original, bit for bit?

``python -m benchmarks.branch [--count 1000] [SCENARIO ...]``. At each instant the run goes back to its checkpoint,
another copy of the same controller takes over, and what follows is compared with the original scan by scan: every body
and joint, both images and the truth. A few go on to the end of the run.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterable

from benchmarks.continuation import Course, Difference, continue_from, run_through
from twin.program import Handover, Program
from twin.program.handover import Relay
from twin.run import Run
from twin.scenario import Scenario, load_scenario

SCENARIOS = ("nominal_swap", "three_pack_swap", "recover_not_seated")
_SCANS, _TO_THE_END, _SEED = 250, 5, 1
_NEVER_NS = 2**62
#: The same program before and after; when it changes hands is set at each instant.
UNCHANGED = Handover(Program(), Program(), _NEVER_NS)


def branches(scenario: Scenario, course: Course, instants: Iterable[int], scans: int) -> list[Difference]:
    """Branches that differ from the course, from instants given as numbers of scans done."""

    def take_over(run: Run, instant: int) -> None:
        assert isinstance(run.controller, Relay)
        run.controller.at_ns = instant * run.clock.scan_ns

    return continue_from(scenario, course, instants, scans=scans, controller=UNCHANGED, begin=take_over)


def instants_of(course: Course, count: int, seed: int = _SEED) -> list[int]:
    """Both sides of every change of a lock, a latch or a carrier, and random instants up to a count."""
    beside = course.instants()
    others = sorted(set(range(1, len(course.rows) - 1)) - set(beside))
    more = random.Random(seed).sample(others, max(0, min(count - len(beside), len(others))))
    return sorted([*beside, *more])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", default=SCENARIOS)
    parser.add_argument("--count", type=int, default=1000, help="instants, shared among the scenarios")
    arguments = parser.parse_args()
    each = -(-arguments.count // len(arguments.scenarios))
    total = same = 0
    for name in arguments.scenarios:
        begun_s = time.perf_counter()
        scenario = load_scenario(name)
        course = run_through(scenario, controller=UNCHANGED)
        instants = instants_of(course, each)
        found = branches(scenario, course, instants, _SCANS)
        last = random.Random(_SEED + 1).sample(instants, min(_TO_THE_END, len(instants)))
        found += branches(scenario, course, last, len(course.rows))
        off = {difference.instant for difference in found}
        for difference in found:
            print(f"  {difference}")
        beside = len(course.instants())
        total, same = total + len(instants), same + len(instants) - len(off)
        print(
            f"{name}: {len(instants) - len(off)} of {len(instants)} branches equal the original for"
            f" {_SCANS * scenario.scan_ms / 1e3:g} s, {len(last)} of them to the end;"
            f" {beside} beside a change of hands; {time.perf_counter() - begun_s:.0f} s of wall time",
            flush=True,
        )
    print(f"in all {same} of {total}")
    return 0 if same == total else 1


if __name__ == "__main__":
    raise SystemExit(main())
