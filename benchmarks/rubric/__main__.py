"""The score against a written rubric: ``python -m benchmarks.rubric FOLDER [--sessions 300] [--jobs N]``.

The folder keeps the oracles' times and a line for each session that is done; what is done is not done again, so the
bench can be broken off and gone on with. At the end the tables of docs/benchmarks.md are printed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from benchmarks.kept import Kept, Row
from benchmarks.rubric.catalogue import catalogue
from benchmarks.rubric.draw import SEEDS, Reference, draw
from benchmarks.rubric.session import played, reference
from benchmarks.rubric.table import table
from twin.lesson import load_lesson


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rubric", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pool", choices=list(SEEDS), default="held_out", help="which sessions")
    parser.add_argument("--sessions", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=1, help="at once")
    parser.add_argument("--keep", action="store_true", help="the sessions themselves too, in the folder")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    kept = Kept(chosen.folder / f"{chosen.pool}.jsonl")
    wanted = [f"{chosen.pool}-{number:03}" for number in range(chosen.sessions)]
    missing = [(chosen.pool, number) for number, name in enumerate(wanted) if name not in kept.rows]
    with ProcessPoolExecutor(chosen.jobs) as workers:
        references = find_references(chosen.folder / "references.json", workers)
        print(f"{len(wanted)} sessions, {len(wanted) - len(missing)} done before", flush=True)
        begun_s = time.perf_counter()
        sessions = chosen.folder if chosen.keep else None
        tasks = [(pool, number, references, sessions) for pool, number in missing]
        for count, row in enumerate(workers.map(_play, tasks), 1):
            kept.add(row)
            left_min = (time.perf_counter() - begun_s) / count * (len(missing) - count) / 60
            print(f"{count}/{len(missing)} {row['name']} {row['lesson']}, about {left_min:.0f} min left", flush=True)
    print(table([kept.rows[name] for name in wanted]))
    return 0


def find_references(file: Path, workers: ProcessPoolExecutor) -> dict[str, Reference]:
    """How the oracles do it, of every lesson and all that it can draw; played where that is not written yet."""
    known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    wanted: list[tuple[str, str, int]] = []
    for name in catalogue().lessons:
        drawn = list(load_lesson(name).situation.draw) or [""]
        wanted += [("-".join(filter(None, [name, one])), name, seed) for seed, one in enumerate(drawn)]
    missing = [task for task in wanted if task[0] not in known]
    for (key, _, _), found in zip(missing, workers.map(_reference, missing), strict=True):
        known[key] = asdict(found)
        file.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    return {key: Reference(**data) for key, data in known.items()}


def _reference(task: tuple[str, str, int]) -> Reference:
    _, name, seed = task
    with tempfile.TemporaryDirectory() as folder:
        return reference(load_lesson(name), seed, Path(folder, "oracle.mcap"))


def _play(task: tuple[str, int, Mapping[str, Reference], Path | None]) -> Row:
    pool, number, references, sessions = task
    drawn = draw(pool, number, references)
    with tempfile.TemporaryDirectory() as folder:
        return played(drawn, Path(sessions or folder, f"{drawn.name}.mcap"))


if __name__ == "__main__":
    raise SystemExit(main())
