"""A day's log of a station, from CSV to plots: ``python -m benchmarks.big_log [SAMPLES] [FOLDER]``.

The log is synthetic (:mod:`benchmarks.station_log`), 10 million samples unless told otherwise. Import, findings
included, stands beside what polars and pyarrow need to parse the same file and nothing else: in turns, each in a
process of its own, the fastest of three turns counts; memory is the peak of the process. Needs 3 GB of disk in FOLDER
(a temporary one).
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.station_log import MAP, SAMPLES_A_DAY, write_station_log

TURNS, SEEKS, PLOTS, BUCKETS = 3, 100, 8, 1000
SEEK_NS, POSE_STEP_NS = 2_000_000_000, 33_333_333
ENCODINGS = ("gb18030", "utf-16")
LONGER = 3


def _import(source: str, out: str, map_path: str) -> dict[str, float]:
    from twin.importing import import_files

    with _measured() as found:
        found["samples"] = import_files([Path(source)], Path(out), Path(map_path)).samples
    return found


def _import_unjudged(source: str, out: str, map_path: str) -> dict[str, float]:
    """Without looking at order and quality: what is left is the share of looking."""
    from twin.analysis.order import StreamOrder
    from twin.analysis.quality import TagQuality

    for watch in (StreamOrder, TagQuality):
        watch.look = lambda *_: None  # type: ignore[method-assign]
    return _import(source, out, map_path)


def _polars(source: str) -> dict[str, float]:
    import polars

    with _measured() as found:
        found["samples"] = polars.read_csv(source).height
    return found


def _pyarrow(source: str) -> dict[str, float]:
    from pyarrow import csv

    with _measured() as found:
        found["samples"] = csv.read_csv(source).num_rows
    return found


def _open(log: str) -> dict[str, float]:
    """What the server does until the page has its first poses and plots."""
    from twin.playback import Playback
    from twin.record import Record

    names = _plotted(log)
    with _measured() as found:
        playback = Playback(Record.open(log))
        playback.manifest()
        playback.window(0, SEEK_NS, POSE_STEP_NS)
        playback.signals(0, SEEK_NS, BUCKETS, names)
    return found


def _look(log: str) -> dict[str, float]:
    """Seeks: two seconds of poses and plots anywhere, nothing read before; plots over windows of a minute to all."""
    from twin.playback import Playback
    from twin.record import Record

    names = _plotted(log)
    playback = Playback(Record.open(log))
    end_ns = playback.record.end_ns
    rng = np.random.default_rng(3)

    def seek() -> None:
        t_ns = int(rng.integers(0, end_ns - SEEK_NS))
        playback.window(t_ns, t_ns + SEEK_NS, POSE_STEP_NS)
        playback.signals(t_ns, t_ns + SEEK_NS, SEEK_NS // POSE_STEP_NS, names)

    def zoom() -> None:
        width_ns = int(np.exp(rng.uniform(np.log(60e9), np.log(end_ns))))
        t_ns = int(rng.integers(0, end_ns - width_ns + 1))
        playback.signals(t_ns, t_ns + width_ns, BUCKETS, names)

    found = {}
    for name, action in (("seek", seek), ("zoom", zoom)):
        wall, processor = zip(*(_timed(action) for _ in range(SEEKS)), strict=True)
        found |= {f"{name}_p50_ms": float(np.percentile(wall, 50)), f"{name}_p95_ms": float(np.percentile(wall, 95))}
        found[f"{name}_cpu_p95_ms"] = float(np.percentile(processor, 95))
    return found


JOBS: dict[str, Callable[..., dict[str, float]]] = {
    "import": _import, "import without judging": _import_unjudged, "polars": _polars, "pyarrow": _pyarrow,
    "open": _open, "look": _look,
}  # fmt: skip


def _plotted(log: str) -> list[str]:
    """Eight signals that have the most samples: axes and temperatures."""
    from twin.record import Record

    record = Record.open(log)
    counts = record.message_counts()
    tables = sorted(record.tables, key=lambda name: -counts.get(f"/{name}", 0))
    return [record.tables[name].names[0] for name in (*tables[: PLOTS // 2], *tables[24 : 24 + PLOTS // 2])]


@contextlib.contextmanager
def _measured() -> Iterator[dict[str, float]]:
    found: dict[str, float] = {}
    wall, processor = time.perf_counter(), time.process_time()
    yield found
    found["wall_s"], found["cpu_s"] = time.perf_counter() - wall, time.process_time() - processor
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _timed(action: Callable[[], None]) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    action()
    return (time.perf_counter() - wall) * 1e3, (time.process_time() - processor) * 1e3


def _run(job: str, *arguments: object) -> dict[str, float]:
    """A job in a process of its own, with the caches of none before it."""
    command = [sys.executable, "-m", "benchmarks.big_log", "job", job, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _fastest(turns: list[dict[str, float]]) -> dict[str, float]:
    return min(turns, key=lambda turn: turn["wall_s"])


def _print(what: str, turn: dict[str, float], beside: float | None = None) -> None:
    rate = turn["samples"] / turn["wall_s"] / 1e6
    ratio = f"{turn['wall_s'] / beside:6.2f} x polars" if beside else ""
    print(
        f"  {what:34s}{rate:6.2f} M rows/s {turn['wall_s']:7.1f} s, processor {turn['cpu_s']:6.1f} s,"
        f" peak {turn['peak_mb']:5.0f} MB {ratio}",
        flush=True,
    )


def _encoded(source: Path, encoding: str) -> Path:
    target = source.with_name(f"day.{encoding}.csv")
    with source.open(encoding="utf-8", newline="") as lines, target.open("w", encoding=encoding, newline="") as out:
        while piece := lines.read(1 << 24):
            out.write(piece)
    return target


def measure(folder: Path, samples: int) -> None:
    """Everything, printed line by line."""
    source, log, map_path = folder / "day.csv", folder / "day.mcap", folder / "day.map.yaml"
    begun = time.perf_counter()
    write_station_log(source, samples)
    map_path.write_text(MAP, encoding="utf-8")
    print(f"synthetic log: {source.stat().st_size / 1e6:.0f} MB, written in {time.perf_counter() - begun:.0f} s")
    beside = ["pyarrow"] + (["polars"] if importlib.util.find_spec("polars") else [])
    turns: dict[str, list[dict[str, float]]] = {job: [] for job in (*beside, "import", "import without judging")}
    for _ in range(TURNS):
        for job, found in turns.items():
            found.append(_run(job, source) if job in beside else _run(job, source, log, map_path))
    polars_s = _fastest(turns["polars"])["wall_s"] if "polars" in turns else None
    for job, found in turns.items():
        _print(f"{job} alone" if job in beside else job, _fastest(found), polars_s)
    _run("import", source, log, map_path)
    size, text_size = log.stat().st_size, source.stat().st_size
    print(f"  record: {size / 1e6:.0f} MB, {text_size / size:.1f} times smaller than the text")
    for encoding in ENCODINGS:
        other = _encoded(source, encoding)
        _print(f"import of {encoding}", _run("import", other, folder / "other.mcap", map_path), polars_s)
        other.unlink()
    opened = [_run("open", log) for _ in range(TURNS)]
    print(f"  opened, first poses and plots     {_fastest(opened)['wall_s'] * 1e3:8.0f} ms")
    found = _run("look", log)
    for name, what in (("seek", "seek, 3D and 8 plots"), ("zoom", "8 plots over a minute to all")):
        p50, p95, cpu = found[f"{name}_p50_ms"], found[f"{name}_p95_ms"], found[f"{name}_cpu_p95_ms"]
        print(f"  {what:34s}{p50:8.1f} ms p50, {p95:.1f} ms p95 ({cpu:.1f} ms of the processor)", flush=True)
    source.unlink()
    longer = folder / "longer.csv"
    write_station_log(longer, LONGER * samples)
    _print(f"import, {LONGER} times as long", _run("import", longer, folder / "other.mcap", map_path))
    longer.unlink()
    if importlib.util.find_spec("playwright"):
        for name in ("page", "viewers"):
            sys.stdout.flush()
            subprocess.run([sys.executable, "-m", f"benchmarks.{name}", str(log)], check=False)


def main() -> None:
    if sys.argv[1:2] == ["job"]:
        print(json.dumps(JOBS[sys.argv[2]](*sys.argv[3:])))
        return
    samples = int(float(sys.argv[1])) if len(sys.argv) > 1 else SAMPLES_A_DAY
    with contextlib.ExitStack() as stack:
        folder: Any = sys.argv[2] if len(sys.argv) > 2 else stack.enter_context(tempfile.TemporaryDirectory())
        measure(Path(folder), samples)


if __name__ == "__main__":
    main()
