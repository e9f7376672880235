"""`swaptwin import`: a station's own log into a record."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.console import MapOption, app, check_place, err, existing, out, told
from twin.errors import InputError
from twin.files import write_text

if TYPE_CHECKING:
    from twin.importing import Imported
    from twin.record import Record

ReportOption = Annotated[
    Path | None, typer.Option(metavar="REPORT.html|.json", help="How good the log is: a page, or everything as data.")
]


@app.command("import")
def import_(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Files, folders or zip archives of logs.")],
    out_path: Annotated[Path | None, typer.Option("--out", metavar="LOG.mcap", help="The record.")] = None,
    map_path: MapOption = None,
    report: ReportOption = None,
    accept_skew: Annotated[
        bool, typer.Option("--accept-skew", help="Correct the clocks of streams by what is found of them.")
    ] = False,
    clock: Annotated[
        list[str] | None,
        typer.Option(metavar="STREAM=SECONDS", help="Add to the stamps of a stream, instead of what the map says."),
    ] = None,
    guess: Annotated[
        bool, typer.Option("--guess", help="Write a first map instead, to --map or to the terminal.")
    ] = False,
) -> None:
    """Read a station's own log into a record, and say how good it is."""
    from twin.importing import import_files
    from twin.report import write_log_report

    with told():
        if guess:
            _write_guess(sources, map_path)
            return
        if out_path is None:
            raise InputError(key="--out", expected="the record to write", got="nothing")
        check_place("--out", out_path)
        check_place("--report", report)
        with reading() as progress:
            found = import_files(
                sources,
                out_path.absolute(),
                map_path,
                progress=progress,
                offsets_s=_offsets(clock or []),
                accept_skew=accept_skew,
            )
            if report is not None:
                write_log_report(out_path.absolute(), report.absolute())
        print_imported(found, out_path)


def _offsets(clocks: list[str]) -> dict[str, float]:
    """``STREAM=SECONDS`` as a number for each stream."""
    offsets = {}
    for text in clocks:
        stream, _, seconds = text.rpartition("=")
        try:
            offsets[stream] = float(seconds)
        except ValueError:
            offsets[stream] = math.nan
        if not stream or not math.isfinite(offsets[stream]) or abs(offsets[stream]) > 1e9:
            raise InputError(key="--clock", expected="STREAM=SECONDS, such as robot=-0.4", got=text)
    return offsets


def _write_guess(sources: list[Path], map_path: Path | None) -> None:
    """A first map of a log; one that is there is a person's work and stays."""
    from twin.importing.first_look import look_at
    from twin.importing.guess import write_map

    if map_path is not None and map_path.exists():
        raise InputError(key="--map", expected="a file that is not there yet", got="one that is", file=map_path)
    check_place("--map", map_path)
    with err.status("looking"):
        looks = look_at(sources)
    text = write_map(looks, [path.name for path in sources])
    if map_path is None:
        out.print(text, markup=False, end="")
        return
    write_text(map_path, text)
    tags = sum(len(look.tags) for look in looks)
    out.print(f"{map_path}: {tags} tags of {len(looks)} streams; answer the lines that begin with `# ?`", markup=False)


@contextlib.contextmanager
def reading() -> Iterator[Callable[[int], None]]:
    """Shows that an import goes on, and how many samples it has read: what is called with them."""
    with err.status("reading") as status:
        yield lambda samples: status.update(f"reading: {samples:,} samples")


def print_imported(found: Imported, out_path: Path) -> None:
    """What an import found, worst first."""
    from twin.analysis.finding import finding_words, worst_first

    duration_s = (found.last_ns - found.first_ns) / 1e9
    out.print(f"{out_path}: {found.samples} samples of {len(found.columns)} tags, {duration_s:.1f} s", markup=False)
    mapped = sum(column.mapped for column in found.columns)
    out.print(f"  mapped        {mapped} tags; the others are kept under their own names", markup=False)
    if found.journal:
        out.print(f"  journal       {len(found.journal)} entries", markup=False)
    for lost in found.damage:
        where = f"line {lost.row}" if lost.row else "the file"
        out.print(f"  not read      {lost.stream}, {where}: {lost.what} ({lost.count})", markup=False)
    for stream in found.streams.values():
        if stream.correction.changes:
            drift = f", {stream.correction.drift_ppm:+.1f} ppm" if stream.correction.drift_ppm else ""
            told = f"{stream.name}: {stream.correction.offset_s:+.3f} s{drift}, by the {stream.correction.by}"
            out.print(f"  clock         {told}", markup=False)
    unknown = [skew for skew in found.skews if not skew.known]
    if unknown:
        names = ", ".join(skew.stream for skew in unknown)
        told = f"{names} against {unknown[0].reference}: cannot tell whether the clocks agree"
        out.print(f"  clock         {told}", markup=False)
    for finding in worst_first(found.findings):
        worst = f", at most {finding.worst:g} {finding.unit}".rstrip() if finding.worst else ""
        note = f" ({finding.note[0]})" if finding.note[0] else ""
        name = finding_words()[finding.kind]["name"][0].lower()
        out.print(f"  {name:<19} {finding.subject}: {finding.count}{worst}{note}", markup=False)
    if any(skew.matters for skew in found.skews):
        out.print("  `--accept-skew` corrects the clocks by what is found of them", markup=False)


def as_record(log: Path, map_path: Path | None = None) -> Record:
    """A log to be read: a record as it is, another log imported into the cache first.

    Raises:
        InputError, RecordError: there is none, or it cannot be read.
    """
    from twin.record import Record, is_record

    if not log.exists() or is_record(log):
        return Record.open(existing(log))
    return Record.open(imported([log], map_path))


def imported(sources: list[Path], map_path: Path | None, out_path: Path | None = None) -> Path:
    """The record of other logs, in the cache or where it is to be kept; says what was found when it is made."""
    from twin.importing import import_cached, import_files

    found: Imported | None
    with reading() as progress:
        if out_path is None:
            record, found = import_cached(sources, map_path, progress=progress)
        else:
            check_place("--out", out_path)
            record, found = out_path, import_files(sources, out_path.absolute(), map_path, progress=progress)
    if found is None:
        out.print(f"{record}: imported before", markup=False)
        return record
    print_imported(found, record)
    if not any(column.mapped for column in found.columns):
        out.print("No map knows these tags: signals only, nothing moves. docs/import.md says how to write one.")
    return record
