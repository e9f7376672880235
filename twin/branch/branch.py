"""Another future of a log: its run again up to an instant, and from there on with something changed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twin.analysis.compared import shipped_rules
from twin.clock import ns_to_s
from twin.errors import InputError
from twin.event import Action, ScenarioEvent, TimeCondition
from twin.process import Job, RunProcess
from twin.program import Handover, Program
from twin.record import Record
from twin.replay import replay
from twin.rerun import Rerun, rerun_of
from twin.signals import Signal

Rows = tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
#: Signals that are told where the past is not the log's.
_MOST_APART = 5


@dataclass(frozen=True)
class Change:
    """What is other from the instant on.

    Args:
        controller: who takes over, as :class:`~twin.program.Program` names it; None: who controls at that instant.
        settings: dotted keys of the controller's settings, laid over those in force.
        actions: what happens at that instant, as in a scenario's ``do``.
    """

    controller: str | None = None
    settings: Mapping[str, bool | float] = field(default_factory=dict)
    actions: Sequence[Action] = ()


@dataclass(frozen=True)
class Apart:
    """A measured value at the instant of the branch, in the log and in the run that was to equal it."""

    signal: Signal
    log: float
    run: float


@dataclass(frozen=True)
class Branch:
    """What came of a branch.

    Args:
        at_ns: from when on it is another future.
        path: its Record, with the past in it.
        origin, summary: how the log and the branch ended, as a run's summary; of the log None where it has none.
        differs_ns: the first instant at which its past is not the log's, bit for bit; None where it is the log's.
        apart: of a past that is not, what is farthest from the log at the instant itself.
        disagrees_ns: the first instant before the branch at which who takes over would have said something else.
    """

    at_ns: int
    path: Path
    origin: Mapping[str, Any] | None
    summary: Mapping[str, Any]
    differs_ns: int | None
    apart: list[Apart]
    disagrees_ns: int | None

    @property
    def exact(self) -> bool:
        """Whether the past is the log's, bit for bit."""
        return self.differs_ns is None


def branch(
    record: Record, at_ns: int, change: Change, out: Path, *, follow: Callable[[RunProcess], None] | None = None
) -> Branch:
    """Run a simulated Record again and let it go on otherwise from an instant.

    Args:
        out: the new Record. follow: is given the run's process after its start, to show how it goes.

    Raises:
        InputError: the instant is not in the log, the log does not come from a simulation, or the change means
            nothing in it.
        SwapTwinError: the run could not begin.
    """
    if not record.start_ns <= at_ns <= record.end_ns:
        expected = f"an instant of the log, {ns_to_s(record.start_ns):g} to {ns_to_s(record.end_ns):g} s"
        raise InputError(key="at", expected=expected, got=f"{ns_to_s(at_ns):g} s", file=record.path)
    rerun = rerun_of(record)
    program = _changed(rerun, at_ns, change)
    about = {"branch_of": record.metadata.get("branch_of", record.identity), "branch_at_ns": str(at_ns)}
    happens = [ScenarioEvent(at=TimeCondition(time_s=ns_to_s(at_ns)), do=action) for action in change.actions]
    with tempfile.TemporaryDirectory(prefix="swaptwin-") as folder:
        path = Path(folder, f"{rerun.scenario.name}.yaml")
        path.write_text(rerun.scenario.with_events(happens).to_yaml(), encoding="utf-8")
        job = Job(
            str(path), out, controller=program.controller or None, handovers=tuple(program.to_list()), about=about,
            until_ns=at_ns + 1,
        )  # fmt: skip
        process = RunProcess(job).start()
        if follow is not None:
            follow(process)
        process.wait()
    if process.error is not None:
        raise process.error
    assert process.summary is not None
    made = Record.open(out)
    differs_ns = _first_difference(record, made, at_ns)
    return Branch(
        at_ns, out, _summary(record), process.summary, differs_ns,
        [] if differs_ns is None else _apart(record, made, at_ns), _disagreement(record, program.new, at_ns),
    )  # fmt: skip


def _changed(rerun: Rerun, at_ns: int, change: Change) -> Handover:
    """Who controls in the branch; checked before anything runs."""
    before = rerun.program
    now = before.new if isinstance(before, Handover) else before
    new = Program(
        now.controller if change.controller is None else change.controller, {**now.settings, **change.settings}
    )
    new.check()
    return Handover(before, new, at_ns)


def _summary(record: Record) -> Mapping[str, Any] | None:
    text = record.attachments.get("summary.json")
    return None if text is None else json.loads(text)


def _first_difference(log: Record, run: Record, until_ns: int) -> int | None:
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


def _apart(log: Record, run: Record, at_ns: int) -> list[Apart]:
    """Measured values that differ at an instant, those first that are farthest in their tolerances."""
    rules = shipped_rules()
    found = []
    for signal in log.signals:
        if signal.kind != "pv" or signal.type != "real" or signal.name not in run.signals:
            continue
        a, b = (one.signal(signal.name, at_ns, at_ns, before=True)[1] for one in (log, run))
        if len(a) and len(b) and abs(a[-1] - b[-1]) > 0:
            scale = rules.tolerance(signal, a, b) or 1.0
            found.append((abs(a[-1] - b[-1]) / scale, Apart(signal, float(a[-1]), float(b[-1]))))
    found.sort(key=lambda one: -one[0])
    return [apart for _, apart in found[:_MOST_APART]]


def _disagreement(record: Record, program: Program, at_ns: int) -> int | None:
    """Where a program, given the log's inputs, first says something else than the log before an instant."""
    found = []
    for piece in replay(record, program, t1_ns=at_ns - 1):
        names = [name for name in piece.outputs.names if name in record.signals]
        columns = [piece.outputs.names.index(name) for name in names]
        said = record.rows(record.table_of(names[0]), int(piece.t_ns[0]), at_ns - 1, names=names)
        found.append(_first_unequal(said, (piece.t_ns, piece.values[:, columns])))
    return min((t_ns for t_ns in found if t_ns is not None), default=None)
