"""`swaptwin view`: records, other logs, or a scenario while it runs, in the browser."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from twin.cli.console import (
    ControllerOption,
    MapOption,
    SeedOption,
    SetOption,
    app,
    err,
    existing,
    fresh_record,
    out,
    seconds,
    stoppable,
    told,
)
from twin.cli.importing import imported
from twin.cli.run import make_job, print_summary
from twin.errors import InputError
from twin.process import RunProcess
from twin.program import Program
from twin.record import Record, is_record
from twin.shipped import scenario_paths, shipped
from twin.worker import NEEDS_PYBULLET, simulation_available


@app.command()
def view(
    target: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LOG|SCENARIO]",
            help="Records; files, folders or archives of other logs, imported first; or a scenario to run and watch."
            " A shipped swap if left out.",
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
    out_path: Annotated[
        Path | None,
        typer.Option("--out", metavar="LOG.mcap", help="Record of a scenario, or of a log that is imported."),
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="Open at this time of the log, 83.2s or 1:23.2.")
    ] = None,
    map_path: MapOption = None,
    seed: SeedOption = None,
    overrides: SetOption = None,
    controller: ControllerOption = None,
) -> None:
    """Show records, other logs, or a scenario while it runs, in the browser."""
    from twin.viewing import free_port, view_records, view_run

    stoppable()
    with told():
        if (certificate is None) != (key is None):
            raise InputError(key="certificate", expected="both --certificate and --key", got="one of them")
        place: dict[str, Any] = {"host": host, "port": port or free_port(host), "access_code": access_code}
        place |= {"certificate": (certificate, key) if certificate and key else None, "announce": announce}
        if at is not None:
            place["announce"] = partial(announce, since_s=seconds("--at", at))
        targets = target or [str(_shipped_recording())]
        if all(_is_log(name) for name in targets):
            paths = [Path(name) for name in targets]
            records = [existing(path) for path in paths if is_record(path) or not path.exists()]
            sources = [path for path in paths if path not in records]
            if sources:
                records.append(imported(sources, map_path, out_path))
            elif map_path is not None or out_path is not None:
                raise InputError(key="view", expected="a log to import with --map or --out", got="records only")
            view_records(records, **place, **_branches(controller))
            return
        if len(targets) > 1:
            raise InputError(key="view", expected="records and other logs, or one scenario", got=" ".join(targets))
        job = make_job(
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
            print_summary(process.summary, job)


def _is_log(name: str) -> bool:
    """Whether a word on the command line means a log rather than a scenario."""
    path = Path(name)
    if name in scenario_paths() or path.suffix.lower() in (".yaml", ".yml"):
        return False
    return path.exists() or path.suffix != ""


def _shipped_recording() -> Path:
    path = shipped("assets", "recordings", "nominal_swap.mcap")
    if not simulation_available():
        err.print(NEEDS_PYBULLET[0].upper() + NEEDS_PYBULLET[1:] + ".", markup=False)
        err.print("Replaying a shipped recording.")
    return existing(path)


def show_branch(log: Path, branch: Path, at_s: float) -> None:
    """Serve a log with a branch laid over it until interrupted."""
    from twin.viewing import free_port, view_records

    stoppable()
    since_s = at_s - Record.open(log).start_ns / 1e9
    there = partial(announce, since_s=since_s, other=branch.stem)
    place: dict[str, Any] = {"host": "127.0.0.1", "port": free_port("127.0.0.1"), "announce": there}
    view_records([log, branch], **place, **_branches(None))


def _branches(controller: str | None) -> dict[str, Any]:
    """What a page may do about branches: nothing where nothing can be simulated."""
    if not simulation_available():
        return {}
    Program.from_words(controller, guarded=True)
    return {"controllers": [controller] if controller else [], "runs": fresh_record}


def announce(address: str, since_s: float | None = None, other: str = "") -> None:
    """Tell where a viewer is; with an instant and another log, the link to them."""
    instant = "" if since_s is None else f"#t={since_s:.10g}" + (f"&with={quote(other)}" if other else "")
    out.print(f"SwapTwin is at {address}{instant}", markup=False)
    out.print("Press Ctrl-C to end.")
    sys.stdout.flush()
