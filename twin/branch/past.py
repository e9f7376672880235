"""What came before a branch: is it the log's past, and would who takes over have done the same?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.analysis.compared import shipped_rules
from twin.program import Program
from twin.record import Record
from twin.replay import replay
from twin.signals import Signal

Rows = tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
#: Signals that are told where the past is not the log's.
_MOST_APART = 5


@dataclass(frozen=True)
class Apart:
    """A measured value at the instant of the branch, in the log and in the run that was to equal it."""

    signal: Signal
    log: float
    run: float


def first_difference(log: Record, run: Record, until_ns: int) -> int | None:
    """The first instant before another at which two Records differ in any bit of any signal they share."""
    found = []
    for table, signals in log.tables.items():
        names = [signal.name for signal in signals if signal.name in run.signals]
        if names and table != "parameter":
            there = run.table_of(names[0])
            rows = [one.rows(of, 0, until_ns - 1, names=names) for one, of in ((log, table), (run, there))]
            found.append(_first_unequal(*rows))
    return min((t_ns for t_ns in found if t_ns is not None), default=None)


def _first_unequal(a: Rows, b: Rows) -> int | None:
    """Time of the first row that is not the same in both; also of one that only the first has."""
    (t_a, v_a), (t_b, v_b) = a, b
    count = min(len(t_a), len(t_b))
    equal = (v_a[:count] == v_b[:count]) | (np.isnan(v_a[:count]) & np.isnan(v_b[:count]))
    unequal = np.flatnonzero((t_a[:count] != t_b[:count]) | ~equal.all(axis=1))
    if len(unequal):
        return int(t_a[unequal[0]])
    return int(t_a[count]) if len(t_a) > count else None


def apart(log: Record, run: Record, at_ns: int, run_ns: int) -> list[Apart]:
    """Measured values that differ at an instant (``run_ns`` in the run), those first that are most tolerances off."""
    rules = shipped_rules()
    found = []
    for signal in log.signals:
        if signal.kind != "pv" or signal.type != "real" or signal.name not in run.signals:
            continue
        a, b = (one.signal(signal.name, t_ns, t_ns, before=True)[1] for one, t_ns in ((log, at_ns), (run, run_ns)))
        if len(a) and len(b) and abs(a[-1] - b[-1]) > 0:
            scale = rules.tolerance(signal, a, b) or 1.0
            found.append((abs(a[-1] - b[-1]) / scale, Apart(signal, float(a[-1]), float(b[-1]))))
    found.sort(key=lambda one: -one[0])
    return [one for _, one in found[:_MOST_APART]]


def disagreement(record: Record, program: Program, at_ns: int) -> int | None:
    """Where a program, given the log's inputs, first says something else than the log before an instant, or fails."""
    found = []
    for piece in replay(record, program, t1_ns=at_ns - 1):
        if not len(piece.t_ns):
            continue
        first_ns, last_ns = int(piece.t_ns[0]), int(piece.t_ns[-1])
        names = [name for name in piece.outputs.names if name in record.signals]
        columns = [piece.outputs.names.index(name) for name in names]
        said = record.rows(record.table_of(names[0]), first_ns, last_ns, names=names)
        found.append(_first_unequal(said, (piece.t_ns, piece.values[:, columns])))
        found.append(last_ns if piece.verdict else None)
    return min((t_ns for t_ns in found if t_ns is not None), default=None)
