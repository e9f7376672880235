"""What a case is worth: its log or scenario through OLD and NEW, in each mode that is asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from twin import __version__
from twin.errors import SwapTwinError
from twin.finding import Mode, Sentence
from twin.importing import import_cached
from twin.program import describe
from twin.record import Record, is_record
from twin.scenario import Scenario, load_scenario
from twin.validation.closed_loop import closed_loop
from twin.validation.open_case import open_case
from twin.validation.rebuilt import rebuilt_cases
from twin.validation.result import CaseResult
from twin.validation.simulate import play
from twin.validation.task import Task


def judge_case(task: Task) -> list[CaseResult]:
    """The result of each mode; what cannot be read or played is a result that says so."""
    if task.version != __version__:
        why = f"this worker has SwapTwin {__version__}, the validation is of {task.version}"
        return [unjudged(task, mode, why, why, readable=False) for mode in task.modes]
    return list(_judged(task))


def _judged(task: Task) -> Iterator[CaseResult]:
    ways = (_Log if task.case.kind == "log" else _Scenario)(task)
    try:
        ways.read()
    except (SwapTwinError, OSError) as error:
        yield from (unjudged(task, mode, str(error), str(error), readable=False) for mode in task.modes)
        return
    for mode in task.modes:
        begun_s = time.perf_counter()
        try:
            results = ways.open() if mode == "open" else ways.closed()
        except (SwapTwinError, OSError) as error:
            results = [unjudged(task, mode, str(error), str(error))]
        except Exception as error:
            # One case that shows a mistake of this program leaves the others their result.
            results = [
                unjudged(
                    task, mode, f"a mistake in SwapTwin: {describe(error)}", f"SwapTwin 内部错误：{describe(error)}"
                )
            ]
        wall_s = round((time.perf_counter() - begun_s) / len(results), 3)
        yield from (one.model_copy(update={"wall_s": wall_s}) for one in results)


class _Scenario:
    """A scenario; in open loop OLD's run of it is the log."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def read(self) -> None:
        """Raise what is wrong with it."""
        _ = self._scenario

    @cached_property
    def _scenario(self) -> Scenario:
        case = self._task.case
        return load_scenario(case.source, [] if case.seed is None else [f"seed={case.seed}"])

    @cached_property
    def _old(self) -> Path:
        old = self._task.baseline or self._task.program
        return play(self._scenario, old, self._task.digest(old)).record

    def open(self) -> list[CaseResult]:
        return [open_case(self._task, self._old)]

    def closed(self) -> list[CaseResult]:
        return [closed_loop(self._task, self._scenario)]


class _Log:
    """A Record, or another log, which is imported into the user's cache first."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def read(self) -> None:
        """Raise what is wrong with it."""
        Record.open(self._path)

    @cached_property
    def _path(self) -> Path:
        case = self._task.case
        if is_record(case.source):
            return case.source
        return import_cached([case.source], case.map_path)[0]

    def open(self) -> list[CaseResult]:
        return [open_case(self._task, self._path)]

    def closed(self) -> list[CaseResult]:
        return rebuilt_cases(self._task, self._path)


def unjudged(task: Task, mode: Mode, en: str, zh: str, *, readable: bool = True) -> CaseResult:
    """A case that could not be judged in a mode, and why."""
    return CaseResult(
        name=task.case.name, kind=task.case.kind, mode=mode, status="not_enough_evidence" if readable else "unreadable",
        why=Sentence(en=en, zh=zh), records={"log": str(task.case.source)} if task.case.kind == "log" else {},
    )  # fmt: skip
