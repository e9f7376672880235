"""`swaptwin controller`: what a controller of one's own needs to be written, and whether it can be talked to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from twin import assets
from twin.cli.console import DONE, NOT_COMPLETED, SettingOption, app, check_place, out, told
from twin.clock import ms_to_ns
from twin.layout import io_list
from twin.program import Program
from twin.program.check import check as check_program
from twin.program.settings import settings_of
from twin.program.stub import STUBS
from twin.scenario import load_scenario

controller_app = typer.Typer(help="A controller of one's own: its declarations, and whether it answers.")
app.add_typer(controller_app, name="controller")


@controller_app.command()
def stub(
    lang: Annotated[Literal["c", "python"], typer.Option(help="Language.")],
    station: Annotated[str, typer.Option(metavar="STATION", help="Whose images.")] = "chassis_swap",
    out_path: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Standard output if left out.")] = None,
) -> None:
    """Write the declarations of a station's images, with the protocol in them."""
    from twin.files import write_text

    with told():
        check_place("--out", out_path)
        text = STUBS[lang](station, assets.signal_table(assets.load_station(station), {}))
        if out_path is None:
            sys.stdout.write(text)
            return
        write_text(out_path, text)


@controller_app.command()
def check(
    spec: Annotated[str, typer.Argument(metavar="SPEC", help="MODULE:CLASS, or process:COMMAND.")],
    scenario: Annotated[str, typer.Option(help="Whose station and settings it gets.")] = "nominal_swap",
    overrides: SettingOption = None,
) -> None:
    """Get acquainted with a controller, give it 100 scans of inputs that say nothing, and tell what is wrong."""
    with told():
        program = Program.from_words(spec, overrides or (), guarded=True)
        case = load_scenario(scenario)
        station = assets.load_station(case.station)
        settings = settings_of(case.truck.asset, station, case.controller)
        found = check_program(program, io_list(case, station), settings, ms_to_ns(case.scan_ms))
    for line in found.told:
        out.print(line, markup=False)
    for line in found.wrong:
        out.print(f"wrong: {line}", markup=False)
    raise typer.Exit(NOT_COMPLETED if found.wrong else DONE)
