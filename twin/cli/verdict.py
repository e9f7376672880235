"""What a validation says, on a terminal."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from twin.cli.console import out
from twin.coverage import KINDS as COVERED
from twin.coverage import known_ways
from twin.scenario import load_scenario
from twin.shipped import scenario_paths
from twin.validation.report.group import groups
from twin.validation.result import CaseResult, Result
from twin.validation.words import HOW, KINDS, MODES, SECTIONS, STATUSES, VERDICTS, case_name

#: Lines of a list that are printed; the report has all.
_MOST_LINES = 12
#: Names of one kind that nothing exercised.
_MOST_NAMES = 5


def case_line(one: CaseResult) -> str:
    """A case in one line, as it is done."""
    words = STATUSES[one.status].en
    if one.status == "judged":
        counts = [finding for finding in one.findings if finding.counts]
        wrong = sum(finding.wrong for finding in counts)
        words = f"{wrong} wrong, {len(counts) - wrong} different" if counts else "nothing to tell"
    return f"{case_name(one).en}: {words} ({one.wall_s:.1f} s)"


def print_result(result: Result) -> None:
    """Coverage, what was found, and below it the verdict."""
    _print_programs(result)
    _print_coverage(result)
    _print_cases(result)
    _print_findings(result)
    _print_approvals(result)
    out.print()
    out.print(VERDICTS[result.verdict].en, markup=False, style="bold")
    for one in result.why:
        out.print(f"  {one.en}", markup=False)


def _print_programs(result: Result) -> None:
    out.print(f"new  {result.program.name} ({result.program.digest})", markup=False)
    old = result.baseline
    out.print(f"old  {'none: compared with the logs' if old is None else f'{old.name} ({old.digest})'}", markup=False)


def _print_coverage(result: Result) -> None:
    if not result.coverage.counts:
        return
    ways = known_ways({name: load_scenario(path) for name, path in scenario_paths().items()})
    out.print("\nnever exercised", markup=False)
    never: dict[str, list[str]] = {}
    for one in result.coverage.never(ways):
        hint = f" (see {', '.join(one.ways[:2])})" if one.ways else ""
        never.setdefault(COVERED[one.kind][0], []).append(f"{one.name}{hint}")
    for kind, names in never.items():
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        out.print(f"  {kind}: {', '.join(names[:_MOST_NAMES])}{more}", markup=False)
    if not never:
        out.print("  nothing: all was", markup=False)
    table = Table("exercised", box=SIMPLE_HEAD, pad_edge=False)
    for name in ("at least once", "of", "times"):
        table.add_column(name, justify="right")
    for kind, words in COVERED.items():
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
        counts = {how: sum(len(use.names) for use in one.inputs if use.how == how) for how in HOW}
        words = ", ".join(f"{number} {HOW[how].en}" for how, number in counts.items() if number)
        out.print(f"  {one.name}: inputs {words}", markup=False)


def _print_cases(result: Result) -> None:
    _print_matches(result)
    _print_horizons(result)
    count = {status: sum(one.status == status for one in result.cases) for status in STATUSES}
    told = ", ".join(f"{count[status]} {words.en}" for status, words in STATUSES.items() if count[status])
    out.print(told, markup=False)
    weak = [one for one in result.cases if one.status != "judged"]
    for one in weak[:_MOST_LINES]:
        out.print(f"  {case_name(one).en}: {(one.why or STATUSES[one.status]).en}", markup=False)
    _more(weak)
    lacking = sorted({r.name for one in result.cases for r in one.requirements if r.status == "not_applicable"})
    if lacking:
        out.print(f"  rules not applicable to some log: {', '.join(lacking)}", markup=False)


def _print_findings(result: Result) -> None:
    shown = [group for found in groups(result).values() for group in found]
    for group in shown[:_MOST_LINES]:
        first = group.first
        said = SECTIONS[group.section] if group.section in ("approved", "before") else KINDS[first.kind]
        at = "" if first.t_ns is None else f" at {first.t_ns / 1e9:.2f} s"
        more = f", and in {len(group.findings) - 1} more" if len(group.findings) > 1 else ""
        out.print(f"{said.en:<20} {first.text.en}", markup=False)
        where = f"{first.key}, {first.case} ({MODES[first.mode].en}){at}{more}"
        out.print(f"{'':<20} {where}", markup=False, style="dim")
    _more(shown)


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
