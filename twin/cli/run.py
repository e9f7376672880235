"""`swaptwin run` and `scenarios`: simulate, and list what can be."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from twin.cli.console import (
    DONE,
    NOT_COMPLETED,
    ControllerOption,
    SeedOption,
    SetOption,
    app,
    check_place,
    err,
    fresh_record,
    out,
    told,
)
from twin.process import Job, RunProcess
from twin.program import Program
from twin.scenario import Scenario, load_scenario
from twin.shipped import scenario_paths
from twin.worker import require_simulation

#: Between two lines of progress where there is no terminal, in s of wall time.
_LINE_S = 5.0

ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or a file.")]


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
    with told():
        job = make_job(
            scenario, out_path=out_path, summary=summary, seed=seed, overrides=overrides, controller=controller
        )
        process = RunProcess(job).start()
        try:
            follow(process)
        except KeyboardInterrupt:
            err.print("stopping …")
            process.stop()
            process.wait()
        if process.error is not None:
            raise process.error
        assert process.summary is not None
        print_summary(process.summary, job)
        raise typer.Exit(DONE if process.summary.get("completed") else NOT_COMPLETED)


@app.command()
def scenarios() -> None:
    """List the shipped scenarios."""
    known = scenario_paths()
    width = max(map(len, known), default=0)
    for name, path in known.items():
        with told():
            text = load_scenario(path).text
        out.print(f"{name:<{width}}  {'  '.join(text.values())}", markup=False)


def make_job(
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
        check_place(name, path)
    require_simulation()
    Program.from_words(controller, guarded=True)
    if out_path is None:
        out_path = fresh_record(checked.name)
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


def follow(process: RunProcess) -> None:
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


def print_summary(summary: dict[str, Any], job: Job) -> None:
    """What came of a run."""
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
