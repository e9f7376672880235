"""`swaptwin info` and `recover`: what is in a record, and closing one whose writer was killed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from twin.cli.console import app, existing, out, told


@app.command()
def info(log: Annotated[Path, typer.Argument(metavar="LOG", help="A record.")]) -> None:
    """Say what is inside a record."""
    from twin.record import describe

    with told():
        _print_tree(describe(existing(log)))


@app.command()
def recover(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A record whose writer was killed.")],
    out_path: Annotated[
        Path | None, typer.Option("--out", metavar="LOG.mcap", help="Leave the file; write another.")
    ] = None,
) -> None:
    """Close a record that was left open, keeping everything that can be read."""
    from twin.record import recover as close_record

    with told():
        result = close_record(existing(log), out_path)
        kept = f"{result.messages} messages in {result.chunks} chunks, up to {result.end_ns / 1e9:.2f} s"
        out.print(f"{result.path}: {'was finished already' if result.was_finished else 'closed'}; {kept}", markup=False)
        for sentence in result.damage:
            out.print(f"  lost: {sentence}", markup=False)


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
