"""`swaptwin compare`: two swaps side by side, aligned by what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from twin.cli.console import MapOption, app, check_place, out, told
from twin.cli.importing import as_record
from twin.errors import InputError
from twin.files import write_json

if TYPE_CHECKING:
    from twin.analysis.compare import Divergence
    from twin.analysis.side_by_side import Chosen, SideBySide

#: Differences that are printed; all of them are in the report and the JSON.
_MOST_LINES = 20


@app.command()
def compare(
    logs: Annotated[
        list[str],
        typer.Argument(
            metavar="[A] B",
            help="Records, other logs; A.mcap#3 is its third swap. Without A: the last good one like B.",
        ),
    ],
    report: Annotated[Path | None, typer.Option(metavar="OUT.html", help="All of it as one offline page.")] = None,
    json_out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="All of it as JSON.")] = None,
    tolerance: Annotated[
        list[str] | None, typer.Option(metavar="'5 mm'", help="How far values of this unit may differ.")
    ] = None,
    map_path: MapOption = None,
) -> None:
    """Put two swaps side by side: where they first go apart, which signals differ, which phases take longer."""
    from twin.analysis.compared import parse_tolerance, shipped_rules
    from twin.analysis.side_by_side import as_data, side_by_side

    with told():
        if len(logs) > 2:
            raise InputError(key="compare", expected="one or two records", got=f"{len(logs)}")
        check_place("--json", json_out)
        check_place("--report", report)
        rules = shipped_rules().widened(dict(parse_tolerance(text) for text in tolerance or ()))
        chosen = [_chosen(text, map_path) for text in logs]
        found = side_by_side(chosen[0] if len(chosen) == 2 else None, chosen[-1], rules)
        if json_out is not None:
            write_json(json_out, as_data(found))
        if report is not None:
            from twin.report import write_comparison_report

            write_comparison_report(found, report)
        _print(found)


def _chosen(text: str, map_path: Path | None) -> Chosen:
    from twin.analysis.side_by_side import choose, split_name

    path, number = split_name(text)
    return choose(as_record(path, map_path), number)


def _print(found: SideBySide) -> None:
    for letter, one in (("A", found.a), ("B", found.b)):
        why = f": {found.why_a}" if letter == "A" and found.why_a else ""
        out.print(f"{letter}  {one.name}, {_seconds(one)}{why}", markup=False)
    common = found.comparison.common
    out.print(f"{len(common.signals)} signals are compared", markup=False)
    for letter, names in (("A", common.only_a), ("B", common.only_b)):
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            out.print(f"only in {letter}: {', '.join(names[:3])}{more}", markup=False)
    _print_divergences(found)
    _print_differences(found)
    _print_phases(found)


def _seconds(one: Chosen) -> str:
    stretch = one.stretch
    what = "no swap found, all of it" if one.swap is None else one.swap.outcome.replace("_", " ")
    return f"{stretch.start_ns / 1e9:.2f} to {stretch.end_ns / 1e9:.2f} s, {what}"


def _print_divergences(found: SideBySide) -> None:
    ended = found.comparison.ended
    if not found.comparison.divergences:
        words = {"a": "until A ends", "b": "until B ends", "both": "as far as both go", None: "from start to end"}
        out.print(f"nothing differs {words[ended]}: the same swap at another pace", markup=False)
        return
    for n, one in enumerate(found.comparison.divergences):
        out.print(("first divergence  " if n == 0 else "then              ") + _told(one), markup=False)


def _told(one: Divergence) -> str:
    from twin.analysis.side_by_side import value_text

    where = f"A {one.a_ns / 1e9:.2f} s, B {one.b_ns / 1e9:.2f} s, {one.group}"
    shown = [signal for signal in one.signals if signal.differs][:3] or one.signals[:1]
    values = [f"{s.signal.name} {value_text(s.signal, s.a)} / {value_text(s.signal, s.b)}" for s in shown]
    return f"{where}: {', '.join(values)}"


def _print_differences(found: SideBySide) -> None:
    from twin.analysis.side_by_side import phase_at, value_text

    if not found.differences:
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, title="differences, in A's time", title_justify="left")
    table.add_column("signal", no_wrap=True, overflow="fold")
    for name in ("phase", "from s", "to s", "A", "B"):
        table.add_column(name, justify="left" if name == "phase" else "right")
    for one in found.differences[:_MOST_LINES]:
        times = (f"{one.start_ns / 1e9:.2f}", f"{one.end_ns / 1e9:.2f}")
        values = (value_text(one.signal, one.a), value_text(one.signal, one.b))
        table.add_row(one.signal.name, phase_at(found.a, one.start_ns), *times, *values)
    out.print(table)
    if len(found.differences) > _MOST_LINES:
        out.print(f"{len(found.differences) - _MOST_LINES} more: --report or --json holds all", markup=False)


def _print_phases(found: SideBySide) -> None:
    from twin.analysis.side_by_side import as_data

    phases = as_data(found)["phases"]
    if not phases:
        return
    table = Table("phase", box=SIMPLE_HEAD, pad_edge=False)
    for name in ("A s", "B s", "B longer by s"):
        table.add_column(name, justify="right")
    for phase in phases:
        took = [None if phase[side] is None else phase[side]["took_s"] for side in ("a", "b")]
        table.add_row(phase["name"], *("–" if s is None else f"{s:.1f}" for s in [*took, phase["longer_s"]]))
    out.print(table)
