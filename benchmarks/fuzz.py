"""Random damage over every reader: ``python -m benchmarks.fuzz [--cases 10000] [--seed 1] [--kind NAME] [--jobs 2]``.

Each kind is read in a process of its own, with a limit on its memory; a case that takes too long, crashes the process,
raises anything but an InputError, loses what was intact or hides a loss is printed with the numbers that make it again.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.fuzz_case import check, sound_of
from benchmarks.mutation import damage
from benchmarks.sound_logs import KINDS

#: A case may take so long, s, and the process may grow to so much, bytes.
MOST_SECONDS, MOST_BYTES = 10, 3 << 30
#: One case in so many is imported as a whole.
_IMPORTED = 10


def work(kind: str, seed: int, first: int, cases: int) -> None:
    """Run some cases and print a line of JSON for each."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    signal.signal(signal.SIGALRM, _late)
    sound, _ = sound_of(kind)
    for number in range(first, first + cases):
        draw = random.Random(f"{seed} {kind} {number}")
        case = damage(sound, draw)
        print(json.dumps({"case": number, "how": case.how}), flush=True)
        began, wrong = time.perf_counter(), ""
        signal.alarm(MOST_SECONDS)
        try:
            with tempfile.TemporaryDirectory() as folder:
                wrong = check(kind, case, Path(folder), whole_import=number % _IMPORTED == 0)
        except BaseException:  # what is not an InputError is what is looked for
            wrong = traceback.format_exc(limit=-4)
        signal.alarm(0)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        asked = case.intact is not None
        took = time.perf_counter() - began
        print(json.dumps({"wrong": wrong, "s": took, "bytes": grown, "asked": asked}), flush=True)


def _late(*_: object) -> None:
    raise TimeoutError(f"more than {MOST_SECONDS} s")


def run(kind: str, seed: int, cases: int) -> tuple[str, list[str]]:
    """A row of the table for a kind, and what was wrong, case by case."""
    done = asked = 0
    wrong: list[str] = []
    worst_s, most = 0.0, 0
    while done < cases:
        command = [sys.executable, "-m", "benchmarks.fuzz", "--work", kind, str(seed), str(done), str(cases - done)]
        child = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=MOST_SECONDS * (cases - done)
        )
        lines = [json.loads(line) for line in child.stdout.splitlines() if line.startswith("{")]
        results = [line for line in lines if "wrong" in line]
        for number, result in enumerate(results, done):
            asked += result["asked"]
            worst_s, most = max(worst_s, result["s"]), max(most, result["bytes"])
            if result["wrong"]:
                how = lines[2 * (number - done)]["how"]
                wrong.append(f"-- {kind}, seed {seed}, case {number} ({how}): {result['wrong']}")
        done += len(results)
        if done < cases or child.returncode:
            told = f"the process ended with {child.returncode}\n{child.stderr[-1000:]}"
            wrong.append(f"-- {kind}, seed {seed}, case {done}: {told}")
            done += 1
    row = f"| {kind} | {min(done, cases)} | {asked} | {len(wrong)} | {1000 * worst_s:.0f} | {most >> 20} |"
    return row, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1000, help="over all kinds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=list(KINDS), action="append")
    parser.add_argument("--jobs", type=int, default=1, help="kinds at once")
    parser.add_argument("--work", nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work:
        kind, seed, first, cases = chosen.work
        work(kind, int(seed), int(first), int(cases))
        return 0
    kinds = chosen.kind or list(KINDS)
    each = -(-chosen.cases // len(kinds))
    print(f"seed {chosen.seed}, one case in {_IMPORTED} imported whole")
    print("| reader | cases | intact parts asked for | wrong | slowest, ms | memory of the process, MiB |")
    print("|---|---|---|---|---|---|", flush=True)
    wrong = 0
    with ThreadPoolExecutor(chosen.jobs) as pool:
        for row, troubles in pool.map(lambda kind: run(kind, chosen.seed, each), kinds):
            print("\n".join([row, *troubles]), flush=True)
            wrong += len(troubles)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
