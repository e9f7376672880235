"""`swaptwin search`: where in a log a condition holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from twin.cli.console import NOT_COMPLETED, MapOption, app, check_place, out, told
from twin.cli.importing import as_record
from twin.files import write_json

if TYPE_CHECKING:
    from twin.analysis.search import Hit, Search
    from twin.signals import Signal

#: Hits that are printed; the JSON holds more.
_MOST_LINES = 50


@app.command()
def search(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A record or another log.")],
    condition: Annotated[str, typer.Argument(help="What is looked for: 'shuttle.lift.pv_force_n > 12 kN for 2 s'.")],
    json_out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="All of it as JSON.")] = None,
    map_path: MapOption = None,
) -> None:
    """Say where in a log a condition over its signals and events holds. Exits with 1 when it never does."""
    from twin.analysis.search import as_data
    from twin.analysis.search import search as look_for

    with told():
        check_place("--json", json_out)
        found = look_for(as_record(log, map_path), condition)
        if json_out is not None:
            write_json(json_out, as_data(found))
        _print(found)
        if not found.count:
            raise typer.Exit(NOT_COMPLETED)


def _print(found: Search) -> None:
    if found.hits:
        table = Table("from s", "to s", "lasts s", box=SIMPLE_HEAD, pad_edge=False)
        for signal in found.signals:
            table.add_column(signal.name, justify="right", overflow="fold")
        for hit in found.hits[:_MOST_LINES]:
            ends = ("", "at once") if hit.is_instant else (f"{hit.end_ns / 1e9:.3f}", f"{hit.duration_s:.3f}")
            table.add_row(f"{hit.start_ns / 1e9:.3f}", *ends, *(_value(hit, signal) for signal in found.signals))
        out.print(table)
    hits = "it never surely holds" if not found.count else f"{found.count} hit{'' if found.count == 1 else 's'}"
    more = f", the first {_MOST_LINES} are listed" if found.count > _MOST_LINES else ""
    unknown = f"; for {found.unknown_s:.2f} s it is not known" if found.unknown_s else ""
    out.print(f"{hits}{more}{unknown}", markup=False)


def _value(hit: Hit, signal: Signal) -> str:
    """The value at the start, or from the smallest to the largest."""
    from twin.analysis.side_by_side import value_text

    at, low, high = hit.values[signal.name]
    if signal.type != "real" or hit.is_instant or low == high:
        return value_text(signal, at)
    return f"{low:.4g} … {high:.4g} {signal.unit}".strip()
