"""`swaptwin branch`: a log again, and from an instant on with something changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from twin.cli.console import (
    DONE,
    ControllerOption,
    MapOption,
    SettingOption,
    app,
    check_place,
    fresh_record,
    out,
    seconds,
    told,
)
from twin.cli.importing import as_record
from twin.cli.run import follow
from twin.worker import require_simulation

if TYPE_CHECKING:
    from twin.branch import Branch


@app.command()
def branch(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A record, or another log.")],
    at: Annotated[str, typer.Option(metavar="83.2s", help="From this instant on it goes on otherwise.")],
    controller: ControllerOption = None,
    changes: SettingOption = None,
    actions: Annotated[
        list[str] | None,
        typer.Option("--do", metavar="YAML", help="What happens then, as in a scenario: 'press_estop:'."),
    ] = None,
    out_path: Annotated[Path | None, typer.Option("--out", metavar="LOG.mcap", help="The branch's record.")] = None,
    map_path: MapOption = None,
    view: Annotated[bool, typer.Option("--view", help="Show both futures over each other in the browser.")] = False,
) -> None:
    """Go on from an instant of a log with another controller, setting or fault."""
    with told():
        from twin.event import read_action
        from twin.program import Program

        record = as_record(log, map_path)
        at_ns = record.start_ns + round(seconds("--at", at) * 1e9)
        check_place("--out", out_path)
        require_simulation()
        from twin.branch import Change, branch

        program = Program.from_words(controller, changes or (), guarded=True)
        change = Change(controller, program.settings, [read_action(text, "--do") for text in actions or ()])
        path = out_path or fresh_record(f"{log.stem}-branch")
        found = branch(record, at_ns, change, path, follow=follow)
        _print(found, log)
        if view:
            from twin.cli.view import show_branch

            show_branch(record.path, path, found.at_ns / 1e9)
    raise typer.Exit(DONE)


def _print(found: Branch, log: Path) -> None:
    at_s = found.at_ns / 1e9
    if found.exact:
        out.print(f"{log.name} up to {at_s:.2f} s: the same, bit for bit", markup=False)
    else:
        out.print(f"{log.name} up to {at_s:.2f} s: {_why_not_the_same(found)}", markup=False)
        for one in found.apart:
            values = f"{one.log:.6g} {one.signal.unit}, in the branch's past {one.run:.6g}"
            out.print(f"  {one.signal.name} {values}", markup=False)
    if found.disagrees_ns is not None:
        when = f"{found.disagrees_ns / 1e9:.2f} s"
        out.print(f"given the log's inputs, who takes over says something else from {when} on", markup=False)
    table = Table("", "log" if found.known is None else "rebuilt", "branch", box=SIMPLE_HEAD, pad_edge=False)
    for name, of in _LINES.items():
        table.add_row(name, *("–" if one is None else of(one) for one in (found.origin, found.summary)))
    out.print(table)
    out.print(f"record {found.path}", markup=False)
    out.print(f"both over each other: swaptwin view {log} {found.path}", markup=False)


def _why_not_the_same(found: Branch) -> str:
    if found.known is None:
        assert found.differs_ns is not None
        return f"not the same from {found.differs_ns / 1e9:.2f} s on; it was made by other versions than these"
    doubts = [one for one in found.known if one.how in ("assumed", "not known", "clock")]
    told = "".join(f"\n  {one.how}: {one.what} {one.value}".rstrip() for one in doubts)
    return f"an estimate, rebuilt from the log; the instant is {found.branch_ns / 1e9:.2f} s of the branch{told}"


def _seconds(one: Any) -> str:
    return "–" if one is None else f"{one:.1f} s"


_LINES: Mapping[str, Any] = {
    "completed": lambda one: "yes" if one.get("completed") else "no",
    "last state": lambda one: str(one.get("final_state", "–")),
    "swap": lambda one: _seconds(one.get("swap_time_s")),
    "simulated": lambda one: _seconds(one.get("sim_time_s")),
    "alarms": lambda one: ", ".join(alarm["tag"] for alarm in one.get("alarms", [])) or "none",
    "verdict": lambda one: str(one.get("verdict") or "–"),
}
