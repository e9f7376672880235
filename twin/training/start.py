"""Where a lesson that is cut from a log begins: a scenario that runs up to there, and what people did afterwards.

A simulated Record is run again as it was, so that the start is exact. Of any other log the swap is rebuilt and run by
the station's own controller (docs/closed-loop.md): the start is that run's, an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from twin.analysis.warp import Warp
from twin.branch.past import Apart, apart
from twin.branch.rebuilt import rebuilt
from twin.clock import ns_to_s, s_to_ns
from twin.errors import InputError
from twin.event import (
    PERSONAL,
    Action,
    ClearAction,
    Condition,
    FaultAction,
    GiveAnswer,
    OperatorAction,
    PressEstop,
    Remark,
    ScenarioEvent,
    TakeHint,
    TimeCondition,
)
from twin.fault import Fault
from twin.lesson.document import CREW
from twin.process import run_job
from twin.rebuild import Known
from twin.rebuild.repeated import is_repeatable
from twin.record import Record
from twin.rerun import rerun_of
from twin.scenario import Expectation, Scenario, parse_scenario
from twin.training.rest import rest_of
from twin.training.shown import REFUSED, fired


class UnderWayError(InputError):
    """A pack is under way where a lesson was to begin; ``nearest_ns``: the instants of the log at which none is."""

    nearest_ns: tuple[int, ...] = ()


@dataclass(frozen=True)
class Start:
    """The beginning of a stretch of a log.

    Args:
        run: the simulated Record that the stretch is of: the log, or the run that stands for it.
        begin_ns, end_ns: of the stretch, in the run's time.
        scenario: what stood where, all that happened before, and what happens to the station in the stretch.
        acts: what people did in the stretch, with the time since its begin, ns; without what the station refused.
        known, apart: of a log that was rebuilt what that rests on, and what was farthest off then; else None, nothing.
    """

    run: Record
    begin_ns: int
    end_ns: int
    scenario: Scenario
    acts: list[tuple[int, Action]]
    known: list[Known] | None
    apart: list[Apart]

    def has(self, fault: Fault) -> bool:
        """Whether a fault is there at the begin, or comes within the stretch."""
        there = False
        for event in self.scenario.events:
            do = event.do
            if isinstance(do, FaultAction) and (do.fault.tag, do.fault.target) == (fault.tag, fault.target):
                there = not self._is_past(event, do.fault)
            if isinstance(do, ClearAction) and (do.name, do.target) == (fault.tag, fault.target):
                there = False
        return there

    def _is_past(self, event: ScenarioEvent, fault: Fault) -> bool:
        """Whether a fault that an event brought was over by itself at the begin."""
        at = event.at
        if fault.duration_s is None or not isinstance(at, TimeCondition):
            return False
        return s_to_ns(at.time_s + at.delay_s + fault.duration_s) <= self.begin_ns


def start_of(record: Record, from_ns: int, to_ns: int, folder: Path) -> Start:
    """Where a lesson of a stretch begins.

    Args:
        folder: where the run that stands for a log goes; it is to stay as long as the start is used.

    Raises:
        UnderWayError: a pack is under way at its begin.
        InputError: no such stretch; another controller than the station's own ran it; no swap is found there.
        SwapTwinError: a run could not begin.
    """
    if not record.start_ns <= from_ns < to_ns <= record.end_ns:
        whole = f"{ns_to_s(record.end_ns - record.start_ns):g} s"
        got = f"{_since(record, from_ns)} to {_since(record, to_ns)}"
        raise InputError(key="from, to", expected=f"a stretch of the log's {whole}", got=got, file=record.path)
    run, begin_ns, end_ns, warp, known = record, from_ns, to_ns, None, None
    if not is_repeatable(record):
        found = rebuilt(record, from_ns, folder / "rebuilt.mcap", run_job)
        run, begin_ns, warp, known = found.run, found.run_ns, found.warp, found.known
        end_ns = int(warp.to_b(to_ns))
    begin_ns -= begin_ns % int(run.metadata["scan_ns"])
    _check_rests(record, run, from_ns, begin_ns, warp)
    rerun = rerun_of(run)
    if not rerun.by_own:
        expected = "a log of the station's own controller, for a lesson is run by it"
        raise InputError(key="log", expected=expected, got=rerun.program.name, file=record.path)
    events, acts = _divided(run, rerun.scenario, begin_ns, end_ns)
    changed = rerun.scenario.model_copy(update={"events": events, "expect": Expectation()})
    scenario = parse_scenario(changed.to_yaml(), name=rerun.scenario.name)
    off = [] if known is None else apart(record, run, from_ns, begin_ns)
    return Start(run, begin_ns, end_ns, scenario, acts, known, off)


def _since(record: Record, t_ns: int) -> str:
    return f"{ns_to_s(t_ns - record.start_ns):.2f} s"


def _check_rests(record: Record, run: Record, from_ns: int, begin_ns: int, warp: Warp | None) -> None:
    before, after = rest_of(run).nearest(begin_ns)
    if before == begin_ns:
        return
    found = [t_ns for t_ns in (before, after) if t_ns is not None]
    nearest_ns = tuple(found if warp is None else warp.to_a(found).tolist())
    near = " and ".join(_since(record, t_ns) for t_ns in nearest_ns)
    refused = UnderWayError(
        key="from", expected="an instant at which every pack rests or is locked",
        got=f"{_since(record, from_ns)}, when a pack is under way", file=record.path,
        hint=f"the nearest such instants are {near}" if near else "there is no such instant",
    )  # fmt: skip
    refused.nearest_ns = nearest_ns
    raise refused


def _divided(
    run: Record, scenario: Scenario, begin_ns: int, end_ns: int
) -> tuple[list[ScenarioEvent], list[tuple[int, Action]]]:
    """What belongs to the start, with all that happens to the station later on, and what people did in the stretch."""
    fired_ns = fired(run)
    refused = [event.t_ns for event in run.events() if event.name == REFUSED and event.data["edge"] == "raised"]
    scan_ns = int(run.metadata["scan_ns"])
    events: list[ScenarioEvent] = []
    acts: list[tuple[int, Action]] = []
    named: dict[str, str] = {}
    for number, (name, condition, event) in enumerate(scenario.script(), 1):
        do, t_ns = event.do, fired_ns.get(name, _clock_ns(condition))
        if t_ns is None or t_ns > end_ns or isinstance(do, TakeHint | GiveAnswer | Remark):
            continue
        at: Condition = TimeCondition(time_s=ns_to_s(t_ns))
        if t_ns >= begin_ns:
            if _trainees(do):
                if not any(t_ns <= t <= t_ns + scan_ns for t in refused):
                    acts.append((t_ns - begin_ns, do))
                continue
            at = _as_it_came(condition, named) or at
        named[name] = f"log_{number}"
        events.append(ScenarioEvent(id=named[name], at=at, do=do))
    return events, sorted(acts, key=lambda act: act[0])


def _clock_ns(condition: Condition) -> int | None:
    """When an event fires that waits for the clock alone."""
    if isinstance(condition, TimeCondition) and condition.after is None:
        return s_to_ns(condition.time_s + condition.delay_s)
    return None


def _as_it_came(condition: Condition, named: Mapping[str, str]) -> Condition | None:
    """The condition of what happens later, where what it waits for is in the start; None where it is not."""
    if condition.after is None:
        return condition
    new = named.get(condition.after)
    return None if new is None else condition.model_copy(update={"after": new})


def _trainees(do: Action) -> bool:
    """Whether a trainee is to do it himself: what people do, but for the guardian and who presses an emergency stop."""
    if isinstance(do, OperatorAction):
        return not all(name.startswith(f"{CREW}.") for name in do.set)
    return isinstance(do, PERSONAL) and not isinstance(do, PressEstop)


def as_events(acts: Iterable[tuple[int, Action]]) -> list[ScenarioEvent]:
    """What people did as a script, by the clock."""
    return [
        ScenarioEvent(id=f"did_{number}", at=TimeCondition(time_s=ns_to_s(t_ns)), do=do)
        for number, (t_ns, do) in enumerate(acts, 1)
    ]
