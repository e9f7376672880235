"""`swaptwin export`: a record, or a part of it, for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.console import app, check_place, existing, out, told


@app.command()
def export(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A record.")],
    out_path: Annotated[Path, typer.Argument(metavar="OUT", help="A file ending with .parquet, .csv or .mcap.")],
    wide: Annotated[
        bool, typer.Option("--wide/--long", help="A column a signal, or a row a sample.", show_default="long")
    ] = False,
    signals: Annotated[
        list[str] | None, typer.Option("--signals", metavar="PATTERN", help="Only signals like this: 'robot.*'.")
    ] = None,
    from_s: Annotated[float | None, typer.Option("--from", metavar="S", help="Since the start, s.")] = None,
    to_s: Annotated[float | None, typer.Option("--to", metavar="S", help="Since the start, s.")] = None,
    private: Annotated[bool, typer.Option("--private", help="With signals that tell who somebody is.")] = False,
) -> None:
    """Write the samples of a record for other programs; a table's map is written beside it."""
    from twin.exporting import export_log

    with told():
        check_place("OUT", out_path)
        done = export_log(
            existing(log), out_path, wide=wide, patterns=signals or [], from_s=from_s, to_s=to_s, private=private
        )
        files = ", ".join(str(file) for file in done.files)
        out.print(f"{files}: {done.samples} samples of {done.signals} signals", markup=False)
