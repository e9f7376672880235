"""Closed loop: OLD and NEW play the same situation in physics, and what came of it is compared.

A run is the same every time. So where NEW, given the inputs of OLD's run, writes what OLD wrote in every scan, its own
run would be that very run, and nothing is played.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from twin.analysis.phase_table import phase_table_of
from twin.analysis.samples import RecordSamples
from twin.coverage import Coverage, coverage, tables_of
from twin.errors import ControllerError, InputError
from twin.finding import Finding, Sentence, Side
from twin.program import Program
from twin.rebuild import Outcome, changed, outcome, worse
from twin.record import Record
from twin.scenario import Scenario
from twin.validation.judged import requirement_results, rules_of, violations
from twin.validation.outputs import effects, same_outputs
from twin.validation.result import CaseResult, PhaseTime
from twin.validation.simulate import play
from twin.validation.task import Task
from twin.validation.trace import of_record, with_traces


@dataclass(frozen=True)
class Run:
    """A run and what came of it; without a path it could not begin, or no Record tells of it in the run's time."""

    path: Path | None
    outcome: Outcome


def closed_loop(task: Task, scenario: Scenario, old: Path | None = None) -> CaseResult:
    """Validate NEW on a situation.

    Args:
        old: OLD's run of it, where there is one; else it is played.

    Raises:
        InputError, MissingExtraError: it cannot be played.
    """
    before: Run | None = None
    if old is not None:
        before = run_of(task, old)
    elif task.baseline is not None:
        before = played(task, scenario, task.baseline)
    return compared(task, scenario, before)


def compared(task: Task, scenario: Scenario, before: Run | None) -> CaseResult:
    """NEW's run of a situation beside OLD's, where there is one."""
    same = before is not None and _same(task, before)
    after = before if same and before is not None else played(task, scenario, task.program)
    return _result(task, scenario, before, after, same=same)


def played(task: Task, scenario: Scenario, program: Program) -> Run:
    """A controller's run of a situation; one that cannot be made has a verdict and no Record.

    Raises:
        InputError, MissingExtraError: the situation cannot be played.
    """
    try:
        run = play(scenario, program, task.digest(program))
    except ControllerError as error:
        return Run(None, Outcome(verdict=str(error)))
    return run_of(task, run.record, run.verdict)


def run_of(task: Task, path: Path, verdict: str = "") -> Run:
    """A run that is there."""
    found = outcome(Record.open(path), task.rules())
    found.verdict = found.verdict or verdict
    return Run(path, found)


def _same(task: Task, before: Run) -> bool:
    """Whether NEW's run is OLD's."""
    if before.outcome.verdict or before.path is None:
        return False
    return same_outputs(Record.open(before.path), task.program)


def _result(task: Task, scenario: Scenario, before: Run | None, after: Run, *, same: bool) -> CaseResult:
    old = before.outcome if before is not None else Outcome()
    new = after.outcome
    found: list[Finding] = []
    if before is None or not same:
        found += [*worse(old, new), *changed(old, new)]
    # Without OLD the log is what NEW stands beside.
    other: Side = "old" if task.baseline is not None else "recorded"
    if other == "recorded":
        found = [_beside_the_log(one) for one in found]
    # Without OLD there is nobody but NEW to answer for what is broken.
    judgements = {name: rule.judgement for name, rule in old.rules.items()} if task.baseline is not None else {}
    found += violations((rule.judgement for rule in new.rules.values()), judgements)
    if before is None and new.verdict and not any(one.kind == "verdict" for one in found):
        found.append(verdict_finding(new.verdict, new.end_ns))
    place = {"case": task.case.name, "mode": "closed", "record": None if after.path is None else str(after.path)}
    touched: tuple[str, ...] = ()
    if before is not None and before.path is not None and task.baseline is not None and not same:
        touched = effects(Record.open(before.path), task.program, task.baseline)
    paths: dict[Side, Path | None] = {"new": after.path, other: None if before is None else before.path}
    records = {side: path for side, path in paths.items() if path is not None}
    sides = {side: of_record(Record.open(path)) for side, path in records.items()}
    return CaseResult(
        name=task.case.name, kind=task.case.kind, mode="closed", status="judged", identical=same, simulated=not same,
        why=_SAME if same else None, effects=touched,
        findings=tuple(one.model_copy(update=place) for one in with_traces(found, sides)),
        requirements=tuple(requirement_results(new.rules, old.rules)),
        coverage=_coverage(after), phases=tuple(_phases(old, new, after, other)), seed=scenario.seed,
        records={"log" if side == "recorded" else side: str(path) for side, path in records.items()},
    )  # fmt: skip


def _beside_the_log(finding: Finding) -> Finding:
    """A finding whose older values are the log's."""
    values = tuple(one.model_copy(update={"recorded": one.old, "old": None}) for one in finding.values)
    return finding.model_copy(update={"values": values})


_SAME = Sentence(
    en="NEW writes what OLD wrote in every scan, so its run is OLD's.",
    zh="新控制器在每个扫描周期的输出均与旧控制器相同，因此其运行结果即旧控制器的运行结果。",
)


def verdict_finding(verdict: str, t_ns: int | None, key: str = "verdict:run") -> Finding:
    """A controller that was ended."""
    return Finding(
        key=key, kind="verdict", severity="safety", t_ns=t_ns,
        text=Sentence(en=f"The controller was ended: {verdict}", zh=f"控制器被终止：{verdict}"),
    )  # fmt: skip


def _coverage(run: Run) -> Coverage:
    if run.path is None:
        return Coverage()
    record = Record.open(run.path)
    return coverage(RecordSamples(record), tables_of(record), record.signals) + rules_of(run.outcome)


def _phases(old: Outcome, new: Outcome, run: Run, other: Side) -> list[PhaseTime]:
    """Each phase, added up over all swaps, as the station of the run calls it."""
    try:
        phases = {} if run.path is None else phase_table_of(Record.open(run.path)).phases
    except InputError:
        phases = {}

    def took(outcome: Outcome) -> dict[str, float]:
        found: dict[str, float] = {}
        for swap in outcome.swaps:
            for name, took_s in swap.phases.items():
                found[name] = found.get(name, 0.0) + took_s
        return found

    was, now = took(old), took(new)
    return [
        PhaseTime(
            name=name,
            text=phases[name].text if name in phases else None,
            new_s=now.get(name),
            recorded_s=was.get(name) if other == "recorded" else None,
            old_s=was.get(name) if other == "old" else None,
        )
        for name in dict.fromkeys([*was, *now])
    ]
