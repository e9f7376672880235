"""Does a run that is restored continue as it did the first time, bit for bit? Numbers for one scenario.

Run from the repository's root: ``python -m benchmarks.continuation nominal_swap --instants 60``.
"""

from __future__ import annotations

import argparse
import struct
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from twin.run import Run
from twin.scenario import Scenario, load_scenario


@dataclass
class Course:
    """What one run did: every scan's values as bytes, and when something changed hands."""

    digest: str = ""
    rows: list[bytes] = field(default_factory=list)
    #: Scan after which a lock, a latch, a place or a carrier changed, and what did.
    changes: list[tuple[int, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def instants(self) -> list[int]:
        """The scan before, at and after each change; neighbours are kept once."""
        scans = {scan + step for scan, _ in self.changes for step in (-1, 0, 1)}
        return sorted(scan for scan in scans if 0 < scan < len(self.rows) - 1)


@dataclass(frozen=True)
class Difference:
    """A continuation that left the first run's course: where it began, when, and how far it went."""

    instant: int
    first_scan: int
    name: str
    worst: float
    worst_name: str


def values_of(run: Run) -> bytes:
    """All that a scan decided: every body and joint, both images and the truth, as float64 bytes."""
    world = run.world
    return array("d", [*world.row, *run.inputs.row(), *run.outputs.row(), *run.truth.row()]).tobytes()


def names_of(run: Run) -> list[str]:
    """Name of every value of :func:`values_of`."""
    names = [""] * len(run.world.row)
    for name, at in run.world.engine.offsets().items():
        for n in range(at, len(names)):
            names[n] = f"{name}[{n - at}]"
    return [*names, *run.inputs.order, *run.outputs.order, *run.truth.order]


def hands(run: Run) -> dict[str, Any]:
    """Who holds which pack now."""
    world = run.world
    state: dict[str, Any] = {}
    for truck in world.trucks:
        for number, bracket in truck.brackets.items():
            for latch in bracket.latches:
                state[latch.name] = "holds" if latch.joint is not None else "free"
            state[f"{truck.name}.seat{number}"] = bracket.pack.serial if bracket.pack else ""
    for pack in world.packs:
        state[f"{pack.serial} stands on"] = pack.place
        state[f"{pack.serial} latched"] = pack.body.held
    for carrier in (world.plate, world.fork):
        state[f"{carrier.name} carries"] = carrier.pack.serial if carrier.pack else ""
    return state


def run_through(scenario: Scenario, *, watch: Any = None) -> Course:
    """Run to the end; ``watch(run)`` is called after each scan."""
    course = Course()
    with Run(scenario, out=None) as run:
        course.names = names_of(run)
        before = hands(run)
        more = True
        while more:
            more = run.scan()
            course.rows.append(values_of(run))
            now = hands(run)
            if now != before:
                told = ", ".join(f"{name}: {before[name]} -> {now[name]}" for name in now if now[name] != before[name])
                course.changes.append((len(course.rows), told))
                before = now
            if watch is not None:
                watch(run)
        course.digest = run.finish()["trace_digest"]
    return course


def continue_from(
    scenario: Scenario,
    course: Course,
    instants: Iterable[int],
    *,
    scans: int,
) -> list[Difference]:
    """Run again from the start with a checkpoint at every instant, then go back to each and run on.

    Args:
        instants: numbers of scans done. scans: how far each continuation is compared with the first run.

    Returns:
        The continuations that differ, in any bit, from ``course``. An instant of -1 is the second run itself.
    """
    found: list[Difference] = []
    wanted = sorted(set(instants))
    with Run(scenario, out=None) as run:
        kept: dict[int, dict[str, Any]] = {}
        for number in range(wanted[-1] + scans):
            if number in wanted:
                kept[number] = run.checkpoint()
            if number >= len(course.rows):
                break
            run.scan()
            if values_of(run) != course.rows[number]:
                found.append(Difference(-1, number, *_differ(course, number, values_of(run))))
                break
        # Neither the order in which they were made nor what was run in between may matter.
        for instant in sorted(wanted, key=lambda number: (number * 7919) % 1009):
            run.restore(kept[instant])
            difference = follow(run, course, instant, scans)
            if difference is not None:
                found.append(difference)
    return sorted(found, key=lambda difference: difference.instant)


def follow(run: Run, course: Course, instant: int, scans: int) -> Difference | None:
    """Run on from an instant beside the course; where it leaves it and how far, None where it never does."""
    first, name, worst, worst_name = -1, "", 0.0, ""
    for number in range(instant, min(instant + scans, len(course.rows))):
        run.scan()
        values = values_of(run)
        if values != course.rows[number]:
            which, size, size_name = _differ(course, number, values)
            if first < 0:
                first, name = number, which
            if size > worst:
                worst, worst_name = size, size_name
    return None if first < 0 else Difference(instant, first, name, worst, worst_name)


def _differ(course: Course, number: int, values: bytes) -> tuple[str, float, str]:
    count = len(values) // 8
    before, after = struct.unpack(f"{count}d", course.rows[number]), struct.unpack(f"{count}d", values)
    apart = [(abs(a - b), n) for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    if not apart:
        return "the sign of a zero", 0.0, ""
    first = min(n for _, n in apart)
    # Only positions of bodies tell how far two courses are apart in metres.
    moved = [
        (size, n)
        for size, n in apart
        if course.names[n].startswith("pack.") and course.names[n].endswith(("[0]", "[1]", "[2]"))
    ]
    size, n = max(moved, default=(0.0, first))
    return f"{course.names[first]} ({apart[0][0]:.1e}) and {len(apart) - 1} more", size, course.names[n]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("--instants", type=int, default=60, help="how many, spread over all changes of hands")
    parser.add_argument("--scans", type=int, default=100, help="how far each continuation is compared")
    parser.add_argument("--set", action="append", default=[], help="override, key=value")
    arguments = parser.parse_args()
    scenario = load_scenario(arguments.scenario, arguments.set)
    course = run_through(scenario)
    for scan, told in course.changes:
        print(f"after scan {scan}: {told}")
    instants = spread(course.instants(), arguments.instants)
    found = continue_from(scenario, course, instants, scans=arguments.scans)
    for difference in found:
        print(difference)
    off = {difference.instant for difference in found}
    print(f"{len(instants) - len(off - {-1})} of {len(instants)} instants continue bit for bit")


def spread(instants: list[int], count: int) -> list[int]:
    """``count`` of them, evenly chosen."""
    if len(instants) <= count:
        return instants
    return [instants[round(n * (len(instants) - 1) / (count - 1))] for n in range(count)]


if __name__ == "__main__":
    main()
