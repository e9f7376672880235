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
from rich.box import SIMPLE_HEAD
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from typer.core import TyperCommand

from twin.cli.console import ControllerOption, MapOption, SeedOption, app, check_place, err, out, told
from twin.errors import InputError

if TYPE_CHECKING:
    from twin.validation.case import Case
    from twin.validation.pool import Pool
    from twin.validation.result import CaseResult, Finding, Result

#: Options that take all words up to the next option.
_MANY = ("--logs", "--scenarios", "--requirements")
#: Lines of a list that are printed; the report has all.
_MOST_LINES = 12
#: Names of one kind that nothing exercised.
_MOST_NAMES = 5


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
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change a setting: controller.shuttle.lift.fast_m_s=0.06."),
    ] = None,
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
    from twin.program import Program
    from twin.validation.approval import load_approvals
    from twin.validation.case import find_cases
    from twin.validation.conclude import conclude
    from twin.validation.report import check_report_place
    from twin.validation.validate import MODES, default_baseline, shipped_requirements
    from twin.validation.validate import validate as validated

    with told():
        for option, path in (("--junit", junit_path), ("--json", json_path), ("--markdown", markdown_path)):
            check_place(option, path)
        if report is not None:
            check_report_place(report)
        new = Program.from_words(controller, changes or (), guarded=True)
        old = default_baseline(new) if baseline is None else Program.from_words(baseline, guarded=True)
        cases = find_cases(logs or (), scenarios or (), map_path, seed)
        rules = tuple(requirements or ()) or shipped_requirements()
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
        _write(result, report=report, junit_path=junit_path, json_path=json_path, markdown_path=markdown_path)
        print_result(result)
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
    total = len(cases) * modes
    if not err.is_terminal:
        numbers = iter(range(1, total + 1))
        yield lambda one: err.print(f"[{next(numbers)}/{total}] {_told(one)}", markup=False)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("validating", total=total)
        yield lambda one: bar.update(task, advance=1, description=_told(one))


def _told(one: CaseResult) -> str:
    words = {"judged": "", "not_enough_evidence": "not enough evidence", "unreadable": "cannot be read"}[one.status]
    if one.status == "judged":
        counts = [finding for finding in one.findings if finding.counts]
        wrong = sum(finding.wrong for finding in counts)
        words = f"{wrong} wrong, {len(counts) - wrong} different" if counts else "nothing differs"
    return f"{one.name}, {one.mode} loop: {words} ({one.wall_s:.1f} s)"


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
        out.print(f"{write_report(result, report)}\n", markup=False)


def print_result(result: Result) -> None:
    """Coverage, what was found, and below it the verdict."""
    _print_programs(result)
    _print_coverage(result)
    _print_cases(result)
    _print_findings(result)
    _print_approvals(result)
    out.print()
    out.print(VERDICTS[result.verdict], markup=False, style="bold")
    for one in result.why:
        out.print(f"  {one.en}", markup=False)


VERDICTS = {
    "no_objection": "NO OBJECTION in the evidence given",
    "objection": "OBJECTION",
    "bad_input": "BAD INPUT",
    "not_enough_evidence": "NOT ENOUGH EVIDENCE",
}


def _print_programs(result: Result) -> None:
    out.print(f"new  {result.program.name} ({result.program.digest})", markup=False)
    old = result.baseline
    out.print(f"old  {'none: compared with the logs' if old is None else f'{old.name} ({old.digest})'}", markup=False)


def _print_coverage(result: Result) -> None:
    from twin.coverage import KINDS, known_ways
    from twin.scenario import load_scenario
    from twin.shipped import scenario_paths

    if not result.coverage.counts:
        return
    ways = known_ways({name: load_scenario(path) for name, path in scenario_paths().items()})
    out.print("\nnever exercised", markup=False)
    never: dict[str, list[str]] = {}
    for one in result.coverage.never(ways):
        hint = f" (see {', '.join(one.ways[:2])})" if one.ways else ""
        never.setdefault(KINDS[one.kind][0], []).append(f"{one.name}{hint}")
    for kind, names in never.items():
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        out.print(f"  {kind}: {', '.join(names[:_MOST_NAMES])}{more}", markup=False)
    if not never:
        out.print("  nothing: all was", markup=False)
    table = Table("exercised", box=SIMPLE_HEAD, pad_edge=False)
    for name in ("at least once", "of", "times"):
        table.add_column(name, justify="right")
    for kind, words in KINDS.items():
        counts = result.coverage.counts.get(kind)
        if counts:
            met, there = result.coverage.exercised(kind)
            table.add_row(words[0], str(met), str(there), str(sum(counts.values())))
    out.print(table)


def _print_matches(result: Result) -> None:
    """How well rebuilt situations reproduce their logs, the poorest first."""
    rebuilt = sorted(((one.match, one.name) for one in result.cases if one.match), key=lambda pair: pair[0].score_frac)
    for match, name in rebuilt[:_MOST_LINES]:
        out.print(f"{name} rebuilt, with {match.with_program}: {match.text.en}", markup=False)
    _more([name for _, name in rebuilt])


def _print_horizons(result: Result) -> None:
    """Until when each log is evidence in open loop, and how its inputs were got; logs that end first come first."""
    logs = [one for one in result.cases if one.mode == "open" and one.stretches]
    ended = [one for one in logs if any(stretch.horizon_ns is not None for stretch in one.stretches)]
    if logs:
        out.print(f"open loop: {len(logs) - len(ended)} of {len(logs)} are evidence to their end", markup=False)
    for one in ended[:_MOST_LINES]:
        judged, scans = (sum(getattr(part, name) for part in one.stretches) for name in ("judged_scans", "scans"))
        first = next(part for part in one.stretches if part.horizon_ns is not None)
        told = "" if first.horizon is None else f"; {first.horizon.en}"
        out.print(f"  {one.name}: {judged} of {scans} scans judged{told}", markup=False)
    _more(ended)
    for one in [log for log in logs if any(use.how != "recorded" for use in log.inputs)][:_MOST_LINES]:
        hows = ("recorded", "held", "interpolated", "missing")
        counts = {how: sum(use.how == how for use in one.inputs) for how in hows}
        words = ", ".join(f"{number} {how}" for how, number in counts.items() if number)
        out.print(f"  {one.name}: inputs {words}", markup=False)


def _print_cases(result: Result) -> None:
    _print_matches(result)
    _print_horizons(result)
    states = {"judged": "judged", "not_enough_evidence": "not enough evidence", "unreadable": "cannot be read"}
    count = {status: sum(one.status == status for one in result.cases) for status in states}
    out.print(", ".join(f"{count[status]} {words}" for status, words in states.items() if count[status]), markup=False)
    weak = [one for one in result.cases if one.status != "judged"]
    for one in weak[:_MOST_LINES]:
        out.print(f"  {one.name}, {one.mode} loop: {one.why.en if one.why else states[one.status]}", markup=False)
    _more(weak)
    lacking = sorted({r.name for one in result.cases for r in one.requirements if r.status == "not_applicable"})
    if lacking:
        out.print(f"  rules not applicable to some log: {', '.join(lacking)}", markup=False)


def _print_findings(result: Result) -> None:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in result.findings:
        if one.follows is None:
            groups.setdefault((_said(one), one.key), []).append(one)
    shown = list(groups.items())
    for (said, key), found in shown[:_MOST_LINES]:
        first = found[0]
        at = "" if first.t_ns is None else f" at {first.t_ns / 1e9:.2f} s"
        more = f", and in {len(found) - 1} more" if len(found) > 1 else ""
        out.print(f"{said:<10} {first.text.en}", markup=False)
        out.print(f"{'':<10} {key}, {first.case} ({first.mode} loop){at}{more}", markup=False, style="dim")
    _more(shown)


def _said(finding: Finding) -> str:
    if finding.approved is not None:
        return "approved"
    if finding.before:
        return "before too"
    words = {"violation": "BROKEN", "worse": "WORSE", "verdict": "FAILED", "difference": "different"}
    return words[finding.kind]


def _print_approvals(result: Result) -> None:
    for approval in result.approved:
        out.print(f"approved   {approval.key} by {approval.by}, {approval.date}: {approval.reason}", markup=False)
    for stale in result.stale:
        out.print(f"STALE      approval of {stale.what}: {stale.text}", markup=False)
    for untested in result.untested:
        out.print(f"untested   {untested.en}", markup=False)


def _more(lines: list[Any]) -> None:
    if len(lines) > _MOST_LINES:
        out.print(f"  and {len(lines) - _MOST_LINES} more: --report or --json holds all", markup=False)
