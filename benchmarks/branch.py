"""Branches with nothing changed, at random instants and beside every lock change: are they the original, bit for bit?

``python -m benchmarks.branch [--count 1000] [SCENARIO ...]``. The run is made once as it was, then again with a second
copy of the same controller beside, as ``swaptwin branch`` runs it. At each instant that run is forked: in the fork the
copy takes over, and what follows is compared with the original scan by scan: every body and joint, both images and the
truth. A fork is the process itself at that instant, so that nothing need be kept and put back. A few go on to the end.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection

from benchmarks.continuation import Course, Difference, follow, run_through, values_of
from twin.program import Handover, Program
from twin.program.handover import Relay
from twin.run import Run
from twin.scenario import Scenario, load_scenario

SCENARIOS = ("nominal_swap", "three_pack_swap", "recover_not_seated")
_SCANS, _TO_THE_END, _SEED, _AT_ONCE = 250, 5, 1, 2
_NEVER_NS = 2**62
#: The same program before and after; when it changes hands is set at each instant.
_UNCHANGED = Handover(Program(), Program(), _NEVER_NS)


def branches(scenario: Scenario, course: Course, instants: Mapping[int, int]) -> list[Difference]:
    """Branches that differ, in any bit, from the course.

    Args:
        instants: number of scans done → how many scans of the branch are compared.

    Returns:
        One for each such branch; one of instant -1 where the run with the copy beside differs before any branch.
    """
    fork = multiprocessing.get_context("fork")
    found: list[Difference] = []
    waiting: list[tuple[int, Connection]] = []

    def collect(left: int) -> None:
        while len(waiting) > left:
            instant, answer = waiting.pop(0)
            try:
                difference = answer.recv()
            except EOFError:
                raise RuntimeError(f"the branch at scan {instant} ended without an answer") from None
            found.extend([] if difference is None else [difference])

    with Run(scenario, controller=_UNCHANGED, out=None) as run:
        for number in range(max(instants) + 1):
            if number in instants:
                collect(_AT_ONCE - 1)
                mine, its = fork.Pipe(duplex=False)
                fork.Process(target=_branch, args=(run, course, number, instants[number], its), daemon=True).start()
                its.close()
                waiting.append((number, mine))
            run.scan()
            if values_of(run) != course.rows[number]:
                found.append(Difference(-1, number, "the run with a copy of the controller beside", 0.0, ""))
                break
        collect(0)
    return sorted(found, key=lambda difference: difference.instant)


def _branch(run: Run, course: Course, instant: int, scans: int, answer: Connection) -> None:
    """In the fork: the copy takes over now."""
    assert isinstance(run.controller, Relay)
    run.controller.at_ns = instant * run.clock.scan_ns
    answer.send(follow(run, course, instant, scans))


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
        course = run_through(scenario)
        instants = dict.fromkeys(instants_of(course, each), _SCANS)
        to_the_end = random.Random(_SEED + 1).sample(sorted(instants), min(_TO_THE_END, len(instants)))
        instants.update(dict.fromkeys(to_the_end, len(course.rows)))
        found = branches(scenario, course, instants)
        for difference in found:
            print(f"  {difference}")
        total, same = total + len(instants), same + len(instants) - len(found)
        print(
            f"{name}: {len(instants) - len(found)} of {len(instants)} branches equal the original for"
            f" {_SCANS * scenario.scan_ms / 1e3:g} s, {len(to_the_end)} of them to the end;"
            f" {len(course.instants())} beside a change of hands; {time.perf_counter() - begun_s:.0f} s of wall time",
            flush=True,
        )
    print(f"in all {same} of {total}")
    return 0 if same == total else 1


if __name__ == "__main__":
    raise SystemExit(main())
