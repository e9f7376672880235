"""`swaptwin phases`: the swaps of a log and how long each of their phases took."""

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
    from twin.analysis.phases import Found, Swap

_OUTCOMES = {
    "completed": "completed",
    "not_completed": "left before it was completed",
    "cut_off": "another truck came before it was seen to end",
    "open": "not ended when the log does",
    "unknown": "ended; what was done is not in the log",
}


@app.command()
def phases(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A record, or another log, which is imported first.")],
    json_out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="All of it as JSON.")] = None,
    swap: Annotated[int | None, typer.Option(metavar="N", min=1, help="Only this swap, phase by phase.")] = None,
    table: Annotated[
        Path | None, typer.Option("--phases", metavar="FILE.yaml", help="Another table of phases.")
    ] = None,
    map_path: MapOption = None,
) -> None:
    """Find the swaps of a log, from its signals alone, and say how long their phases took."""
    from twin.analysis.phase_table import load_phase_table, phase_table_of
    from twin.analysis.phase_times import as_data
    from twin.analysis.phases import find_phases

    with told():
        check_place("--json", json_out)
        record = as_record(log, map_path)
        found = find_phases(record, phase_table_of(record) if table is None else load_phase_table(table))
        if swap is not None and swap > len(found.swaps):
            raise InputError(key="--swap", expected=f"one of the {len(found.swaps)} swaps of this log", got=swap)
        if json_out is not None:
            write_json(json_out, as_data(found))
        _print(found, swap)


def _print(found: Found, number: int | None) -> None:
    for name, signals in found.missing.items():
        out.print(f"{name} cannot be seen: the log lacks {', '.join(signals)}", markup=False)
    if not found.swaps:
        out.print("no swap was found in this log")
        return
    for swap in found.swaps:
        if number in (None, swap.number):
            out.print(_told(swap, found), markup=False)
    if number is not None or len(found.swaps) == 1:
        out.print(_of_swap(found.swaps[(number or 1) - 1], found))
    else:
        out.print(_of_log(found))


def _told(swap: Swap, found: Found) -> str:
    from twin.analysis.phase_times import target_s, usual_s

    begun = "began before the log" if swap.start_ns is None else f"from {swap.start_ns / 1e9:.1f} s"
    packs = f"{swap.packs} pack{'' if swap.packs == 1 else 's'}"
    words = [f"swap {swap.number}: {begun}, {packs}, {_OUTCOMES[swap.outcome]}"]
    if swap.outcome == "open":
        words.append(f"in {swap.phases[-1].name} at its end")
    if swap.duration_s is not None:
        words.append(f"{swap.duration_s:.1f} s")
        usual = usual_s(swap, found.swaps) if len(found.swaps) > 1 else None
        for label, value in (("target", target_s(swap, found.table)), ("median here", usual)):
            words += [f"{label} {value:.1f} s"] if value is not None else []
        if found.table.limit_s is not None and swap.duration_s > found.table.limit_s.value:
            words.append(f"over the limit of {found.table.limit_s.value:g} s ({found.table.limit_s.source})")
    return ", ".join(words)


def _of_swap(swap: Swap, found: Found) -> Table:
    from twin.analysis.phase_times import phase_times

    usual = {time.name: time for time in phase_times(found) if time.count > 1}
    table = _table("phase", "from s", "took s", "waiting s", "target s", "median s", "")
    for phase in swap.phases:
        target = found.table.phases[phase.name].target_s
        remarks = [f"{', '.join(phase.unseen)} before it not seen"] if phase.unseen else []
        remarks += [f"seen up to {phase.late_ns / 1e9:.1f} s late"] if phase.late_ns else []
        remarks += ["began before the log"] if phase.start_ns is None else []
        remarks += ["its end is not in the log"] if phase.end_ns is None else []
        from_s, waiting_s = (None if ns is None else ns / 1e9 for ns in (phase.start_ns, phase.waiting_ns))
        median_s = usual[phase.name].median_s if phase.name in usual else None
        numbers = (from_s, phase.duration_s, waiting_s, None if target is None else target.value, median_s)
        table.add_row(phase.name, *map(_s, numbers), "; ".join(remarks))
    return table


def _of_log(found: Found) -> Table:
    from twin.analysis.phase_times import phase_times

    table = _table("phase", "seen", "median s", "least s", "most s", "waiting s", "target s")
    for time in phase_times(found):
        numbers = (time.median_s, time.least_s, time.most_s, time.waiting_s, time.target_s)
        table.add_row(time.name, str(time.count), *map(_s, numbers))
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(first, box=SIMPLE_HEAD, pad_edge=False)
    for name in others:
        table.add_column(name, justify="right" if name else "left")
    return table


def _s(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
