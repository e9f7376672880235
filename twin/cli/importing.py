"""`swaptwin import`: a station's own log into a record."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.console import MapOption, app, check_place, err, out, told

if TYPE_CHECKING:
    from twin.importing import Imported

ReportOption = Annotated[
    Path | None, typer.Option(metavar="REPORT.html|.json", help="How good the log is: a page, or everything as data.")
]


@app.command("import")
def import_(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Files, folders or zip archives of logs.")],
    out_path: Annotated[Path, typer.Option("--out", metavar="LOG.mcap", help="The record.")],
    map_path: MapOption = None,
    report: ReportOption = None,
) -> None:
    """Read a station's own log into a record, and say how good it is."""
    from twin.importing import import_files
    from twin.report import write_log_report

    with told():
        check_place("--out", out_path)
        check_place("--report", report)
        with reading() as progress:
            found = import_files(sources, out_path.absolute(), map_path, progress=progress)
            if report is not None:
                write_log_report(out_path.absolute(), report.absolute())
        print_imported(found, out_path)


@contextlib.contextmanager
def reading() -> Iterator[Callable[[int], None]]:
    """Shows that an import goes on, and how many samples it has read: what is called with them."""
    with err.status("reading") as status:
        yield lambda samples: status.update(f"reading: {samples:,} samples")


def print_imported(found: Imported, out_path: Path) -> None:
    """What an import found, worst first."""
    from twin.analysis.finding import worst_first

    duration_s = (found.last_ns - found.first_ns) / 1e9
    out.print(f"{out_path}: {found.samples} samples of {len(found.columns)} tags, {duration_s:.1f} s", markup=False)
    mapped = sum(column.mapped for column in found.columns)
    out.print(f"  mapped        {mapped} tags; the others are kept under their own names", markup=False)
    if found.journal:
        out.print(f"  journal       {len(found.journal)} entries", markup=False)
    for lost in found.damage:
        where = f"line {lost.row}" if lost.row else "the file"
        out.print(f"  not read      {lost.stream}, {where}: {lost.what} ({lost.count})", markup=False)
    for finding in worst_first(found.findings):
        worst = f", at most {finding.worst:g} {finding.unit}" if finding.worst else ""
        out.print(f"  {finding.kind:<13} {finding.subject}: {finding.count}{worst}", markup=False)
