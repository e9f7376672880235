"""The function behind the command: cases through an old and a new controller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from twin import assets
from twin.clock import ms_to_ns
from twin.errors import InputError
from twin.finding import Mode
from twin.layout import io_list
from twin.program import Program
from twin.program.settings import settings_of
from twin.requirement import load_all_requirements, shipped_requirements
from twin.scenario import load_scenario
from twin.validation.case import Case
from twin.validation.digest import program_digest
from twin.validation.pool import Here, Pool, WorkerLostError
from twin.validation.result import CaseResult
from twin.validation.task import Task
from twin.validation.work import judge_case, unjudged

MODES: tuple[Mode, ...] = ("open", "closed")


def validate(
    cases: Sequence[Case],
    program: Program,
    baseline: Program | None = None,
    *,
    requirements: Sequence[Path] = (),
    modes: Sequence[Mode] = MODES,
    pool: Pool | None = None,
) -> Iterator[CaseResult]:
    """Validate NEW on cases; results come as they are done, a case's modes together.

    Args:
        program, baseline: NEW and OLD. requirements: files of rules; the shipped sets if none are given.
        pool: where the work is done; in this process if not given.

    Raises:
        InputError: a controller or a file of rules that is wrong, before any case is looked at.
    """
    rules = tuple(requirements) or shipped_requirements()
    load_all_requirements(rules)
    for one in (program, baseline):
        if one is not None:
            check_program(one)
    digests = {one.name: program_digest(one) for one in (program, baseline) if one is not None}
    tasks = [Task(case, program, baseline, tuple(modes), rules, digests) for case in cases]
    for number, results in (pool or Here()).run(judge_case, tasks):
        if isinstance(results, WorkerLostError):
            why = f"it ended the process that judged it: {results}"
            yield from (unjudged(tasks[number], mode, why, f"判定进程异常结束：{results}") for mode in modes)
        else:
            yield from results


def default_baseline(program: Program) -> Program | None:
    """OLD where nobody says which: the station's own controller as it is, unless that is NEW itself."""
    return Program() if program != Program() else None


def check_program(program: Program) -> None:
    """Find what is named, and that its settings are settings.

    Raises:
        InputError: they are not.
        ControllerError: its module raised while it was imported.
    """
    program.check()
    scenario = load_scenario("nominal_swap")
    station = assets.load_station(scenario.station)
    settings = settings_of(scenario.truck.asset, station)
    try:
        Program(settings=program.settings).make(io_list(scenario, station), settings, ms_to_ns(scenario.scan_ms))
    except InputError as error:
        raise InputError(key=error.key, expected=error.expected, got=error.got, hint=error.hint) from None
