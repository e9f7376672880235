"""`swaptwin notes`: the notes that stand beside a log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from twin.cli.console import app, check_place, existing, out, seconds, told
from twin.files import write_json


@app.command()
def notes(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A record.")],
    add: Annotated[str | None, typer.Option("--add", metavar="TEXT", help="Write one, with --at.")] = None,
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="Since the log's start, 80s or 1:20.")] = "0",
    to: Annotated[str | None, typer.Option("--to", metavar="TIME", help="The end of a stretch.")] = None,
    remove: Annotated[str | None, typer.Option("--remove", metavar="ID", help="Take one away.")] = None,
    json_out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="All of them as JSON.")] = None,
) -> None:
    """List the notes on a log, write one, take one away, or export them."""
    from twin.note import Notes
    from twin.record import Record

    with told():
        check_place("--json", json_out)
        record = Record.open(existing(log))
        kept = Notes(record)
        if add is not None:
            start_ns = record.start_ns + round(seconds("--at", at) * 1e9)
            end_ns = None if to is None else record.start_ns + round(seconds("--to", to) * 1e9)
            out.print(f"note {kept.put(add, start_ns, end_ns).id}", markup=False)
        if remove is not None:
            kept.remove(remove)
        found = kept.all()
        if json_out is not None:
            data = [note.model_dump() for note in found]
            write_json(json_out, data)
        if not found:
            out.print("no notes on this log")
            return
        table = Table("id", "from s", "to s", "note", "written", box=SIMPLE_HEAD, pad_edge=False)
        for note in found:
            start_s, end_s = ((t_ns - record.start_ns) / 1e9 for t_ns in (note.start_ns, note.end_ns))
            until = "" if note.end_ns == note.start_ns else f"{end_s:.2f}"
            table.add_row(note.id, f"{start_s:.2f}", until, escape(note.text), note.made_at)
        out.print(table)
