"""`swaptwin why`: why a station stopped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.console import MapOption, app, check_place, out, seconds, told
from twin.cli.importing import as_record
from twin.files import write_json

if TYPE_CHECKING:
    from twin.analysis.explained import Explained


@app.command()
def why(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A record, or another log, which is imported first.")],
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="The stop at this time, or the last before it: 80s or 1:20.")
    ] = None,
    json_out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="All of it as JSON.")] = None,
    causes: Annotated[Path | None, typer.Option(metavar="FILE.yaml", help="Another table of causes.")] = None,
    map_path: MapOption = None,
) -> None:
    """Say why a station stopped: the cause, what it waited for, the safe way out, and what the log cannot tell."""
    from twin.analysis.cause_table import load_cause_table
    from twin.analysis.explained import as_data, explain_stop

    with told():
        check_place("--json", json_out)
        at_ns = None if at is None else round(seconds("--at", at) * 1e9)
        record = as_record(log, map_path)
        explained = explain_stop(record, at_ns, None if causes is None else load_cause_table(causes))
        if json_out is not None:
            data = None if explained is None else as_data(explained)
            write_json(json_out, data)
        if explained is None:
            out.print("no stop was found in this log" + (f" up to {at}" if at else ""), markup=False)
            return
        for line in _lines(explained):
            out.print(line, markup=False)


def _lines(explained: Explained) -> list[str]:
    """The story, a line each."""
    found, stop = explained.why, explained.why.stop
    causes = found.table.causes
    told_by = (
        f"the controller shows {stop.state}" if stop.told_by == "state" else "nothing moves with a truck in the bay"
    )
    until = "to the end of the log" if stop.open else f"until {stop.until_ns / 1e9:.1f} s"
    lines = [f"stopped at {stop.at_ns / 1e9:.2f} s, {until}: {told_by}"]
    if found.causes:
        first = found.causes[0]
        about = f" ({first.device})" if first.device else ""
        lines += [f"why         {causes[first.name].text.en}{about}, since {first.since_ns / 1e9:.2f} s"]
        for sign in first.signs:
            since = "" if sign.since_ns is None else f" since {sign.since_ns / 1e9:.2f} s"
            lines.append(f"  seen      {sign.text} is {'true' if sign.held else 'false'}{since}")
        lines.append(f"safe way    {causes[first.name].way_out.en}")
        for other in found.causes[1:4]:
            about = f" ({other.device})" if other.device else ""
            lines.append(f"also shown  {causes[other.name].text.en}{about}, since {other.since_ns / 1e9:.2f} s")
    else:
        lines.append("why         not known: no cause of the table is shown by this log")
    lines += [f"alarm       {a.name} at {a.t_ns / 1e9:.2f} s {a.message}".rstrip() for a in found.alarms[:3]]
    lines += _where(explained)
    lines += [
        f"commanded   {u.text_en}, since {u.since_ns / 1e9:.2f} s, and not seen to happen" for u in found.unanswered
    ]
    if explained.good is not None:
        lines.append(_good(explained))
    for name, signals in found.cannot_tell.items():
        lines.append(f"cannot tell whether {causes[name].text.en}: the log lacks {', '.join(signals)}")
    if explained.others:
        lines.append("other stops " + ", ".join(f"{one.at_ns / 1e9:.1f} s" for one in explained.others[:20]))
    return lines


def _where(explained: Explained) -> list[str]:
    lines = []
    if explained.phase is not None and explained.swap is not None:
        begun = explained.phase.start_ns
        since = "from before the log" if begun is None else f"since {begun / 1e9:.2f} s"
        lines.append(f"phase       {explained.phase.name} of swap {explained.swap.number}, {since}")
    step = explained.step
    if step is not None:
        lines.append(f"step        {step.name}, since {step.since_ns / 1e9:.2f} s")
        for guard in step.guards:
            limit = f", at most {guard.timeout_s:g} s" if guard.timeout_s else ""
            lines.append(f"  waits for {guard.name} ({', '.join(guard.conditions)}), then {guard.next}{limit}")
        if step.waits_for and step.waits_since_ns is not None:
            lines.append(f"  false     {step.waits_for}, since {step.waits_since_ns / 1e9:.2f} s")
    return lines


def _good(explained: Explained) -> str:
    assert explained.good is not None
    phase = explained.good_phase
    took = "" if phase is None or phase.duration_s is None else f"; {phase.name} took {phase.duration_s:.1f} s there"
    begun = explained.good.start_ns
    at = "" if begun is None else f" from {begun / 1e9:.1f} s"
    return f"good swap   swap {explained.good.number}{at} was completed{took}"
