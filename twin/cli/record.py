"""`swaptwin info` and `recover`: what is in a record, and closing one whose writer was killed."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.console import app, existing, out, told
from twin.errors import InputError

if TYPE_CHECKING:
    from twin.answer import Answer

#: Missing signals that are named in a line.
_NAMED = 3


@app.command()
def info(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A record.")],
    wish: Annotated[
        str | None, typer.Option(metavar="QUESTION", help="List what to log for it next time, as CSV: closed_loop.")
    ] = None,
) -> None:
    """Say what is inside a record, and what it can answer."""
    from twin.answer import answers
    from twin.record import Record, describe

    with told():
        existing(log)
        if wish is not None:
            _print_wishes(answers(Record.open(log)), wish)
            return
        _print_tree(describe(log))
        _print_answers(answers(Record.open(log)))


def _print_answers(found: Sequence[Answer]) -> None:
    """A line a question: yes, partly or no, and the first signals that are missing."""
    out.print("what it can answer")
    width = max(len(answer.text.en) for answer in found)
    for answer in found:
        names = [
            wish.signal if wish.has_s is None else f"{wish.signal} (every {wish.has_s:g} s, needs {wish.period_s:g} s)"
            for wish in answer.missing
        ]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        lacks = f"{answer.have} of {answer.of} signals; lacks {', '.join(names[:_NAMED])}{more}" if names else ""
        told = "; ".join(part for part in (answer.note.en, lacks) if part)
        out.print(f"  {answer.text.en:<{width}}  {answer.state:<6}  {told}".rstrip(), markup=False)
    if any(answer.missing for answer in found):
        known = ", ".join(answer.question for answer in found if answer.missing)
        out.print(f"  `--wish QUESTION` lists what to log next time: {known}", markup=False)


def _print_wishes(found: Sequence[Answer], question: str) -> None:
    from twin.answer import wishes

    # `closed` is enough for `closed_loop`.
    met = [answer for answer in found if answer.question.startswith(question)]
    if len(met) != 1:
        known = [answer.question for answer in found]
        raise InputError(key="--wish", expected="one of " + ", ".join(known), got=question)
    rows = wishes(met[0])
    writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]) if rows else ["signal"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


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
