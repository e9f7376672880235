"""The ``swaptwin`` command: the one place for prints, exit codes and wall time.

Exit codes: 0 done, 1 the swap did not complete, 2 bad input.
"""

from __future__ import annotations

import contextlib
import datetime
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from twin import __version__
from twin.errors import InputError, MissingExtraError, SwapTwinError
from twin.process import Job, RunProcess
from twin.scenario import Scenario, load_scenario
from twin.shipped import scenario_paths, shipped
from twin.worker import NEEDS_PYBULLET, load_controller, simulation_available

DONE, NOT_COMPLETED, BAD_INPUT = 0, 1, 2
#: Between two lines of progress where there is no terminal, in s of wall time.
_LINE_S = 5.0

app = typer.Typer(
    name="swaptwin",
    help="Digital twin of a heavy-truck battery swap station.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or a file.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a key of the scenario: truck.parking.offset_y_mm=35."),
]
SeedOption = Annotated[int | None, typer.Option(help="Seed instead of the scenario's.")]
ControllerOption = Annotated[
    str | None, typer.Option(metavar="MODULE:CLASS", help="Controller instead of the station's own.")
]


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Errors that a user can act on are told in one line."""
    try:
        yield
    except SwapTwinError as error:
        err.print(f"swaptwin: {error}", markup=False)
        raise typer.Exit(BAD_INPUT) from None


def _print_version(asked: bool) -> None:
    if asked:
        out.print(f"swaptwin {__version__}")
        raise typer.Exit(DONE)


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Say the version and leave.")
    ] = False,
) -> None:
    """Digital twin of a heavy-truck battery swap station."""


@app.command()
def run(
    scenario: ScenarioArgument,
    out_path: Annotated[Path | None, typer.Option("--out", metavar="LOG.mcap", help="The record.")] = None,
    summary: Annotated[Path | None, typer.Option(metavar="FILE.json", help="Where the summary goes.")] = None,
    seed: SeedOption = None,
    overrides: SetOption = None,
    controller: ControllerOption = None,
) -> None:
    """Simulate a scenario as fast as it goes, and record it."""
    with _told():
        job = _job(scenario, out_path=out_path, summary=summary, seed=seed, overrides=overrides, controller=controller)
        process = RunProcess(job).start()
        try:
            _follow(process)
        except KeyboardInterrupt:
            err.print("stopping …")
            process.stop()
            process.wait()
        if process.error is not None:
            raise process.error
        assert process.summary is not None
        _print_summary(process.summary, job)
        raise typer.Exit(DONE if process.summary.get("completed") else NOT_COMPLETED)


@app.command()
def view(
    target: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LOG|SCENARIO]", help="Records, or a scenario to run and watch; a shipped swap if left out."
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Where to listen; other than loopback needs a certificate and a code.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: the usual one, or a free one.")] = 0,
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    access_code: Annotated[
        str | None, typer.Option(envvar="SWAPTWIN_ACCESS_CODE", help="What people type to get in.")
    ] = None,
    speed: Annotated[
        float, typer.Option(min=0.0, max=100.0, help="Speed of a scenario at first; the page changes it.")
    ] = 1.0,
    out_path: Annotated[Path | None, typer.Option("--out", metavar="LOG.mcap", help="Record of a scenario.")] = None,
    seed: SeedOption = None,
    overrides: SetOption = None,
    controller: ControllerOption = None,
) -> None:
    """Show records, or a scenario while it runs, in the browser."""
    from twin.viewing import free_port, view_records, view_run

    # A shell that starts this in the background leaves interrupts ignored; a server must be stoppable all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with _told():
        if (certificate is None) != (key is None):
            raise InputError(key="certificate", expected="both --certificate and --key", got="one of them")
        place: dict[str, Any] = {"host": host, "port": port or free_port(host), "access_code": access_code}
        place |= {"certificate": (certificate, key) if certificate and key else None, "announce": _announce}
        targets = target or [str(_shipped_recording())]
        if all(_is_record(name) for name in targets):
            view_records([Path(name) for name in targets], **place)
            return
        if len(targets) > 1:
            raise InputError(key="view", expected="records, or one scenario", got=" ".join(targets))
        job = _job(
            targets[0],
            out_path=out_path,
            seed=seed,
            overrides=overrides,
            controller=controller,
            watched=True,
            speed=speed,
        )
        process = RunProcess(job)
        view_run(process, **place)
        if process.error is not None:
            raise process.error
        if process.summary is not None:
            _print_summary(process.summary, job)


@app.command()
def info(log: Annotated[Path, typer.Argument(metavar="LOG", help="A record.")]) -> None:
    """Say what is inside a record."""
    from twin.record import describe

    with _told():
        _print_tree(describe(_existing(log)))


@app.command()
def scenarios() -> None:
    """List the shipped scenarios."""
    known = scenario_paths()
    width = max(map(len, known), default=0)
    for name, path in known.items():
        with _told():
            text = load_scenario(path).text
        out.print(f"{name:<{width}}  {'  '.join(text.values())}", markup=False)


@app.command()
def recover(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A record whose writer was killed.")],
    out_path: Annotated[
        Path | None, typer.Option("--out", metavar="LOG.mcap", help="Leave the file; write another.")
    ] = None,
) -> None:
    """Close a record that was left open, keeping everything that can be read."""
    from twin.record import recover as close_record

    with _told():
        result = close_record(_existing(log), out_path)
        kept = f"{result.messages} messages in {result.chunks} chunks, up to {result.end_ns / 1e9:.2f} s"
        out.print(f"{result.path}: {'was finished already' if result.was_finished else 'closed'}; {kept}", markup=False)
        for sentence in result.damage:
            out.print(f"  lost: {sentence}", markup=False)


@app.command("import")
def import_(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Files, folders or zip archives of logs.")],
    out_path: Annotated[Path, typer.Option("--out", metavar="LOG.mcap", help="The record.")],
    map_path: Annotated[
        Path | None, typer.Option("--map", metavar="MAP.yaml", help="What the tags are; a shipped map if left out.")
    ] = None,
) -> None:
    """Read a station's own log into a record, and say how good it is."""
    from twin.analysis.quality import worst_first
    from twin.importing import import_files

    with _told():
        if out_path.is_dir() or not out_path.absolute().parent.is_dir():
            raise InputError(key="--out", expected="a file in a folder that exists", got=str(out_path))
        with err.status("reading"):
            found = import_files(sources, out_path.absolute(), map_path)
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


def main() -> None:
    """Entry point of the ``swaptwin`` command."""
    app()


# ------------------------------------------------------------------------------------------------------- helpers


def _job(
    scenario: str,
    *,
    out_path: Path | None,
    seed: int | None,
    overrides: list[str] | None,
    controller: str | None,
    summary: Path | None = None,
    watched: bool = False,
    speed: float | None = None,
) -> Job:
    """A job whose every part has been checked, so that nothing is half-written when one is wrong."""
    changes = tuple(overrides or ())
    checked: Scenario = load_scenario(scenario, [*changes, *([] if seed is None else [f"seed={seed}"])])
    for name, path in (("--out", out_path), ("--summary", summary)):
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise InputError(key=name, expected="a file in a folder that exists", got=str(path))
    if not simulation_available():
        raise MissingExtraError(NEEDS_PYBULLET)
    if controller is not None:
        load_controller(controller)
    if out_path is None:
        stamp = datetime.datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        out_path = Path("runs", f"{checked.name}-{stamp}.mcap")
        out_path.parent.mkdir(exist_ok=True)
    return Job(
        scenario=scenario,
        out=out_path,
        overrides=changes,
        seed=seed,
        summary=summary,
        controller=controller,
        watched=watched,
        speed=speed,
    )


def _follow(process: RunProcess) -> None:
    """Show how a run goes until it ends: a moving line on a terminal, a line now and then elsewhere."""
    begun_s = time.monotonic()
    if not err.is_terminal:
        while not process.wait(_LINE_S):
            err.print(_progress_words(process.progress, time.monotonic() - begun_s), markup=False)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("building the station")
        while not process.wait(0.1):
            bar.update(task, description=_progress_words(process.progress, time.monotonic() - begun_s))


def _progress_words(progress: dict[str, Any], wall_s: float) -> str:
    if not progress:
        return "building the station"
    if progress.get("closing"):
        return "closing the record"
    time_s = progress.get("t_ns", 0) / 1e9
    words = [f"{time_s:7.1f} s simulated, {time_s / max(wall_s, 1e-3):.0f}× real time"]
    words += [str(progress[name]) for name in ("state", "phase") if progress.get(name)]
    return "  ".join(words)


def _print_summary(summary: dict[str, Any], job: Job) -> None:
    done = "completed" if summary.get("completed") else "did not complete"
    out.print(f"{summary.get('scenario', job.scenario)}: {done}, controller {summary.get('final_state')}", markup=False)
    if summary.get("verdict"):
        out.print(f"  verdict       {summary['verdict']}", markup=False)
    labels = {
        "swap_time_s": ("swap", "s"),
        "station_time_s": ("in station", "s"),
        "sim_time_s": ("simulated", "s"),
        "wall_time_s": ("wall time", "s"),
        "real_time_factor": ("speed", "× real time"),
    }
    for name, (label, unit) in labels.items():
        if summary.get(name) is not None:
            out.print(f"  {label:<13} {summary[name]:.1f} {unit}", markup=False)
    for alarm in summary.get("alarms", []):
        out.print(f"  alarm         {alarm['tag']} at {alarm['at_s']:.1f} s", markup=False)
    out.print(f"  record        {job.out}", markup=False)


def _print_tree(data: Any, indent: str = "") -> None:
    """Nested plain data, one line a value."""
    for key, value in data.items():
        if isinstance(value, dict) and value:
            out.print(f"{indent}{key}", markup=False)
            _print_tree(value, indent + "  ")
        elif isinstance(value, list) and value:
            out.print(f"{indent}{key}", markup=False)
            for item in value:
                text = "  ".join(f"{k} {v}" for k, v in item.items()) if isinstance(item, dict) else str(item)
                out.print(f"{indent}  {text}", markup=False)
        elif value not in ({}, [], None, ""):
            out.print(f"{indent}{key:<18} {value}", markup=False)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise InputError(key="log", expected="a record", got="no such file", file=path)
    return path


def _is_record(name: str) -> bool:
    """Whether a word on the command line means a record rather than a scenario."""
    path = Path(name)
    if path.suffix.lower() == ".mcap":
        _existing(path)
        return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(8) == b"\x89MCAP0\r\n"


def _shipped_recording() -> Path:
    path = shipped("assets", "recordings", "nominal_swap.mcap")
    if not simulation_available():
        err.print(NEEDS_PYBULLET[0].upper() + NEEDS_PYBULLET[1:] + ".", markup=False)
        err.print("Replaying a shipped recording.")
    return _existing(path)


def _announce(address: str) -> None:
    out.print(f"SwapTwin is at {address}", markup=False)
    out.print("Press Ctrl-C to end.")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
