"""Runs a log again up to an instant, and on from there with something changed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twin.branch.past import Apart, apart, disagreement, first_difference
from twin.branch.rebuilt import rebuilt
from twin.clock import ns_to_s
from twin.errors import InputError, RecordError
from twin.event import Action, ScenarioEvent, TimeCondition
from twin.process import Job, RunProcess, run_job
from twin.program import Handover, Program
from twin.rebuild import Known
from twin.rebuild.repeated import is_repeatable
from twin.record import Record
from twin.rerun import Rerun, rerun_of


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


Follow = Callable[[RunProcess], None]


@dataclass(frozen=True)
class Branch:
    """What came of a branch.

    Args:
        at_ns: from when on it is another future, in the log's time; ``branch_ns`` in the branch's own.
        path: its Record, with the past in it.
        origin, summary: how the log and the branch ended, as a run's summary; of the log None where it has none.
        differs_ns: the first instant at which its past is not the log's, bit for bit; None where it is the log's.
        apart: of a past that is not, what is farthest from the log at the instant itself.
        disagrees_ns: the first instant before the branch at which who takes over would have said something else.
        known: what a rebuilt past rests on, fact by fact; None of a log that comes from a simulation.
    """

    at_ns: int
    branch_ns: int
    path: Path
    origin: Mapping[str, Any] | None
    summary: Mapping[str, Any]
    differs_ns: int | None
    apart: list[Apart]
    disagrees_ns: int | None
    known: list[Known] | None = None

    @property
    def exact(self) -> bool:
        """Whether the past is the log's, bit for bit."""
        return self.differs_ns is None


def branch(record: Record, at_ns: int, change: Change, out: Path, *, follow: Follow | None = None) -> Branch:
    """Run a log again and let it go on otherwise from an instant.

    A simulated Record is run as it was. Of any other log the swap's situation is rebuilt and run by the station's own
    controller first; the branch is one of that run, at the instant that matches.

    Args:
        out: the new Record. follow: is given each run's process after its start, to show how it goes.

    Raises:
        InputError: the instant is not in the log, no swap is found there, or the change means nothing in it.
        SwapTwinError: the run could not begin.
    """
    if not record.start_ns <= at_ns <= record.end_ns:
        expected = f"an instant of the log, {ns_to_s(record.start_ns):g} to {ns_to_s(record.end_ns):g} s"
        raise InputError(key="at", expected=expected, got=f"{ns_to_s(at_ns):g} s", file=record.path)
    if is_repeatable(record):
        program, summary = _go_on(record, at_ns, change, out, follow)
        made = Record.open(out)
        differs_ns = first_difference(record, made, at_ns)
        off = [] if differs_ns is None else apart(record, made, at_ns, at_ns)
        said = disagreement(record, program.new, at_ns)
        return Branch(at_ns, at_ns, out, _summary(record), summary, differs_ns, off, said)
    with tempfile.TemporaryDirectory(prefix="swaptwin-") as folder:
        found = rebuilt(record, at_ns, Path(folder, "rebuilt.mcap"), lambda job: run_job(job, follow))
        program, summary = _go_on(found.run, found.run_ns, change, out, follow)
        off = apart(record, Record.open(out), at_ns, found.run_ns)
        said = disagreement(found.run, program.new, found.run_ns)
        return Branch(at_ns, found.run_ns, out, _summary(found.run), summary, record.start_ns, off, said, found.known)


def _go_on(
    record: Record, at_ns: int, change: Change, out: Path, follow: Follow | None
) -> tuple[Handover, Mapping[str, Any]]:
    """Run a simulated Record again with another future; who controlled, and the summary."""
    rerun = rerun_of(record)
    program = _changed(rerun, at_ns, change)
    happens = [ScenarioEvent(at=TimeCondition(time_s=ns_to_s(at_ns)), do=action) for action in change.actions]
    scenario = rerun.scenario.with_events(happens) if happens else rerun.scenario
    about = {"branch_of": record.metadata.get("branch_of", record.identity), "branch_at_ns": str(at_ns)}
    with tempfile.TemporaryDirectory(prefix="swaptwin-") as folder:
        path = scenario.write(Path(folder))
        job = Job(
            str(path), out, controller=program.controller or None, handovers=tuple(program.to_list()), about=about,
            until_ns=at_ns + 1,
        )  # fmt: skip
        return program, run_job(job, follow)


def _changed(rerun: Rerun, at_ns: int, change: Change) -> Handover:
    """Who controls in the branch; checked before anything runs."""
    before = rerun.program
    now = before.new if isinstance(before, Handover) else before
    controller = now.controller if change.controller is None else change.controller
    # Somebody's controller is replayed beside the log too, and must not take this process with it.
    new = Program(controller, {**now.settings, **change.settings}, guarded=bool(controller))
    new.check()
    return Handover(before, new, at_ns)


def _summary(record: Record) -> Mapping[str, Any] | None:
    try:
        return dict(json.loads(record.attachment("summary.json")))
    except RecordError:
        return None
