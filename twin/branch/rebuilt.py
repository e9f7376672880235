"""A run that stands for a log of no simulation: its swap rebuilt, and which instant of the run is which of the log."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twin.analysis.compare import Stretch, compare
from twin.analysis.warp import Warp
from twin.clock import ns_to_s
from twin.errors import InputError
from twin.process import Job
from twin.rebuild import Known, Situation, situations
from twin.record import Record


@dataclass(frozen=True)
class Rebuilt:
    """The run that stands for a log, what it rests on, and ``run_ns``: the wanted instant in it.

    ``warp``: from the log's time to the run's.
    """

    run: Record
    run_ns: int
    known: list[Known]
    warp: Warp


def rebuilt(record: Record, at_ns: int, out: Path, run: Callable[[Job], Any]) -> Rebuilt:
    """Rebuild the swap that a log is in at an instant, and run it by the station's own controller.

    Args:
        out: the run's Record. run: runs a job to its end.

    Raises:
        InputError: no swap is found there, or the log's station is not known.
        SwapTwinError: the run could not begin.
    """
    situation = _at(record, at_ns)
    with tempfile.TemporaryDirectory(prefix="swaptwin-") as folder:
        run(Job(str(situation.scenario.write(Path(folder))), out))
    made = Record.open(out)
    start_ns = record.start_ns if situation.start_ns is None else situation.start_ns
    end_ns = record.end_ns if situation.end_ns is None else situation.end_ns
    warp = compare(Stretch(record, start_ns, end_ns), Stretch.whole(made)).warp
    scan_ns = int(made.metadata["scan_ns"])
    run_ns = round(int(warp.to_b(at_ns)) / scan_ns) * scan_ns
    if not made.start_ns <= run_ns <= made.end_ns:
        raise InputError(
            key="at", expected="an instant that the rebuilt swap reaches too", got=f"{ns_to_s(at_ns):g} s",
            file=record.path, hint=f"rebuilt, the swap goes on for {ns_to_s(made.end_ns):g} s",
        )  # fmt: skip
    return Rebuilt(made, run_ns, situation.known, warp)


def _at(record: Record, at_ns: int) -> Situation:
    for one in situations(record):
        if (one.start_ns or record.start_ns) <= at_ns <= (record.end_ns if one.end_ns is None else one.end_ns):
            return one
    raise InputError(
        key="at", expected="an instant of a swap that is found in the log", got=f"{ns_to_s(at_ns):g} s",
        file=record.path, hint="swaptwin phases LOG lists the swaps that are found",
    )  # fmt: skip
