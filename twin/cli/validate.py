"""`swaptwin validate` and `approve`: a change of the controller against logs and scenarios."""

from __future__ import annotations

import contextlib
import datetime
import shlex
import sys
import time
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from typer.core import TyperCommand

from twin.cli.console import ControllerOption, MapOption, SeedOption, SettingOption, app, check_place, err, out, told
from twin.errors import InputError

if TYPE_CHECKING:
    from twin.validation.case import Case
    from twin.validation.pool import Pool
    from twin.validation.result import CaseResult, Result

#: Options that take all words up to the next option.
_MANY = ("--logs", "--scenarios", "--requirements")


class ModeChoice(str, Enum):
    """What is done with each case."""

    open = "open"
    closed = "closed"
    both = "both"


class _Many(TyperCommand):
    """A command whose options may take several words: ``--logs a.csv b.csv``, as a shell's pattern gives them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _spread(args))


def _spread(args: list[str]) -> list[str]:
    """``--logs a b`` as ``--logs a --logs b``."""
    found: list[str] = []
    option, taken = "", 0
    for word in args:
        if word.startswith("--"):
            option, taken = word if word in _MANY else "", 0
        elif option:
            taken += 1
            if taken > 1:
                found.append(option)
        found.append(word)
    return found


@app.command(cls=_Many)
def validate(
    controller: ControllerOption = None,
    changes: SettingOption = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="MODULE:CLASS", help="The old controller; the station's own if left out.")
    ] = None,
    logs: Annotated[
        list[str] | None, typer.Option(metavar="LOG...", help="Records, other logs, folders, patterns.")
    ] = None,
    scenarios: Annotated[
        list[str] | None, typer.Option(metavar="NAME...|all", help="Shipped scenarios, or files.")
    ] = None,
    mode: Annotated[ModeChoice, typer.Option(help="Recorded inputs, or the situation in physics.")] = ModeChoice.both,
    requirements: Annotated[
        list[Path] | None, typer.Option(metavar="FILE...", help="Rules; the shipped ones if left out.")
    ] = None,
    approve_path: Annotated[
        Path | None, typer.Option("--approve", metavar="FILE.yaml", help="Accepted differences.")
    ] = None,
    report: Annotated[Path | None, typer.Option(metavar="DIR", help="All of it as offline pages.")] = None,
    junit_path: Annotated[Path | None, typer.Option("--junit", metavar="FILE.xml", help="For a build server.")] = None,
    json_path: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="All of it as data.")] = None,
    markdown_path: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE.md", help="For a comment on a pull request.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="Cases at once, on this machine's cores.")] = 1,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A dask.distributed scheduler: tcp://host:8786.")
    ] = None,
    seed: SeedOption = None,
    map_path: MapOption = None,
) -> None:
    """Say what a changed controller does otherwise, and whether that is wrong or only different.

    Exit: 0 no objection in the evidence given, 1 objection, 2 bad input, 3 not enough evidence.
    """
    from twin.cli.verdict import print_result
    from twin.program import Program
    from twin.validation.approval import load_approvals
    from twin.validation.case import find_cases
    from twin.validation.conclude import conclude
    from twin.validation.report import check_report_place
    from twin.validation.validate import MODES, default_baseline
    from twin.validation.validate import validate as validated

    with told():
        for option, path in (("--junit", junit_path), ("--json", json_path), ("--markdown", markdown_path)):
            check_place(option, path)
        if report is not None:
            check_report_place(report)
        new = Program.from_words(controller, changes or (), guarded=True)
        old = default_baseline(new) if baseline is None else Program.from_words(baseline, guarded=True)
        cases = find_cases(logs or (), scenarios or (), map_path, seed)
        rules = tuple(requirements or ())
        accepted = load_approvals(approve_path).approvals if approve_path is not None else []
        modes = MODES if mode is ModeChoice.both else (mode.value,)
        started_at, begun_s = datetime.datetime.now().astimezone().isoformat(timespec="seconds"), time.monotonic()
        done: list[CaseResult] = []
        stopped = False
        try:
            pool = _pool(jobs, cluster)
            with _following(cases, len(modes)) as follow:
                for one in validated(cases, new, old, requirements=rules, modes=modes, pool=pool):
                    done.append(one)
                    follow(one)
        except KeyboardInterrupt:
            err.print("stopped: what was done until now is told")
            stopped = True
        result = conclude(
            done, cases, new, old, requirements=rules, approvals=accepted, stopped=stopped, started_at=started_at,
            wall_s=round(time.monotonic() - begun_s, 3), command=shlex.join(["swaptwin", *sys.argv[1:]]),
        )  # fmt: skip
        # First of all: a file that cannot be written takes nothing of what was found with it.
        print_result(result)
        _write(result, report=report, junit_path=junit_path, json_path=json_path, markdown_path=markdown_path)
        raise typer.Exit(result.exit_code)


@app.command()
def approve(
    result_path: Annotated[Path, typer.Argument(metavar="RESULT.json", help="As `validate --json` writes it.")],
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="Findings; * is any text.")],
    into: Annotated[Path, typer.Option(metavar="FILE.yaml", help="The file of approvals, made or added to.")],
    reason: Annotated[str, typer.Option(help="Why it is accepted.")],
    by: Annotated[str, typer.Option(help="Who accepts it.")],
    case: Annotated[list[str] | None, typer.Option(metavar="NAME", help="In these cases only; * is any text.")] = None,
) -> None:
    """Record that findings of a validation are accepted: what is different or worse, never what breaks a rule."""
    from twin.validation.approval import add_approvals
    from twin.validation.approval import approve as approved
    from twin.validation.result import load_result

    with told():
        check_place("--into", into)
        for option, text in (("--reason", reason), ("--by", by)):
            if not text.strip():
                raise InputError(key=option, expected="some words", got="nothing")
        date = datetime.datetime.now().astimezone().date().isoformat()
        made = approved(load_result(result_path), keys, cases=case or ("*",), reason=reason, by=by, date=date)
        add_approvals(into, made)
        for one in made:
            out.print(f"{into}: {one.key} in {', '.join(one.cases)}, for controller {one.program}", markup=False)


def _pool(jobs: int, cluster: str | None) -> Pool:
    from twin.validation.pool import Cluster, Here, Processes

    if cluster is not None:
        if jobs != 1:
            raise InputError(key="--jobs", expected="--jobs or --cluster", got="both")
        return Cluster(cluster)
    return Here() if jobs == 1 else Processes(jobs)


@contextlib.contextmanager
def _following(cases: list[Case], modes: int) -> Iterator[Any]:
    """Shows how far it is: a bar on a terminal, a line for each case elsewhere. Gives what is called with a result."""
    from twin.cli.verdict import case_line

    total = len(cases) * modes
    if not err.is_terminal:
        numbers = iter(range(1, total + 1))
        yield lambda one: err.print(f"[{next(numbers)}/{total}] {case_line(one)}", markup=False)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("validating", total=total)
        yield lambda one: bar.update(task, advance=1, description=case_line(one))


def _write(
    result: Result, *, report: Path | None, junit_path: Path | None, json_path: Path | None, markdown_path: Path | None
) -> None:
    from twin.validation.report import write_json, write_junit, write_markdown, write_report

    if json_path is not None:
        write_json(result, json_path)
    if junit_path is not None:
        write_junit(result, junit_path)
    if markdown_path is not None:
        write_markdown(result, markdown_path)
    if report is not None:
        out.print(f"\n{write_report(result, report)}", markup=False)
