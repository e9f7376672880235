"""`swaptwin incident`: a stretch of a log as one page that opens anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.console import MapOption, app, check_place, out, seconds, told
from twin.cli.importing import as_record


@app.command()
def incident(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A record, or another log, which is imported first.")],
    out_path: Annotated[Path, typer.Option("--out", metavar="PAGE.html", help="The page.")],
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="Since the log's start, 80s or 1:20; its start if left out."),
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="TIME", help="Likewise; the log's end if left out.")] = None,
    signals: Annotated[
        list[str] | None,
        typer.Option(
            "--signals", metavar="PATTERN", help="Only signals of such names, shuttle.* say; can be repeated."
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="What the page is called; the log's name if left out.")] = "",
    map_path: MapOption = None,
) -> None:
    """Write a stretch of a log as one HTML file: 3D, timeline, plots and events, without a server or a network."""
    from twin.report import write_incident

    with told():
        check_place("--out", out_path)
        since, until = (None if text is None else seconds(key, text) for key, text in (("--from", from_), ("--to", to)))
        record = as_record(log, map_path)
        t0_ns = record.start_ns if since is None else record.start_ns + round(since * 1e9)
        t1_ns = record.end_ns if until is None else record.start_ns + round(until * 1e9)
        size = write_incident(record, t0_ns, t1_ns, out_path, title=title, signals=signals or ())
        out.print(f"{out_path}: {(t1_ns - t0_ns) / 1e9:.1f} s of {log.name}, {size / 1e6:.1f} MB", markup=False)
        private = sum(signal.private for signal in record.signals)
        if private:
            out.print(f"  left out      {private} private signal{'s' if private > 1 else ''}", markup=False)
