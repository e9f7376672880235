"""`swaptwin faults`: what can break at a station, how it is noticed, and what is to be done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from twin.cli.console import app, check_place, out, told
from twin.errors import InputError, did_you_mean
from twin.files import write_json

_HEADS = {
    "en": ("fault", "target, severity", "what changes", "seen by", "what to do"),
    "zh": ("故障", "目标，程度", "变化", "如何发现", "处置"),
}


@app.command()
def faults(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Only these; all if left out.")] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language of the texts.")] = "en",
    json_out: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="All of it, in both languages.")
    ] = None,
) -> None:
    """List the faults that a scenario, a lesson or a branch may have."""
    from twin.fault import FAULTS
    from twin.fault.catalogue import as_yaml, catalogue, severity_told

    with told():
        check_place("--json", json_out)
        for name in names or []:
            if name not in FAULTS:
                raise InputError(
                    key="NAME", expected="a fault that `swaptwin faults` lists", got=name,
                    hint=did_you_mean(name, list(FAULTS)),
                )  # fmt: skip
        entries = [entry for entry in catalogue() if not names or entry["name"] in names]
        if json_out is not None:
            write_json(json_out, entries)
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for n, head in enumerate(_HEADS[lang]):
            table.add_column(head, overflow="fold", no_wrap=n == 0, ratio=n or None)
        for entry in entries:
            where = "\n".join(words for words in (entry["target"], severity_told(entry)) if words)
            seen = f"{entry['seen'][lang]}\n{', '.join(entry['signals'])}"
            words = (where, entry["changes"][lang], seen, entry["response"][lang])
            table.add_row(f"{entry['name']}\n{entry['title'][lang]}", *words, end_section=True)
        out.print(table, soft_wrap=False, markup=False)
        if names:
            for entry in entries:
                out.print(f"do: {as_yaml(entry)}", markup=False)
