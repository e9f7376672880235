"""What a page may change in a branch, and the branch that it asked for."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from twin import assets
from twin.analysis.phase_table import phase_table_of
from twin.branch.branch import Branch, Change, branch
from twin.branch.past import Apart
from twin.errors import InputError
from twin.event import read_action
from twin.layout import POSITIONS
from twin.program import Program
from twin.rebuild.repeated import is_repeatable
from twin.record import Record
from twin.replay.site import site_of
from twin.rerun import rerun_of

#: Locks and guide cones of a bracket.
_LOCKS, _CONES = (1, 2, 3, 4), (1, 2)


def offers(record: Record, controllers: Sequence[str]) -> dict[str, Any] | None:
    """What may be changed in a branch of a log, JSON-ready; None where it can neither be run again nor rebuilt.

    Args:
        controllers: those that may take over, beside the log's own.

    Returns:
        ``controllers``, the first empty: the log's own; ``settings``, dotted key to its value now; ``events``, each
        with ``name``, ``target`` and ``do`` as a scenario has it.
    """
    again = is_repeatable(record)
    try:
        station = assets.load_station(record.metadata.get("station", ""))
        if not again:
            phase_table_of(record)
    except InputError:
        return None
    settings = dict(_numbers(dataclasses.asdict(site_of(record).settings))) if again else {}
    held = rerun_of(record).scenario.truck.packs if again else POSITIONS[: station.brackets]
    brackets = sorted(POSITIONS.index(position) + 1 for position in held)
    return {"controllers": ["", *controllers], "settings": settings, "events": list(_events(brackets))}


def branch_of_page(
    record: Record, at_ns: int, change: Mapping[str, Any], controllers: Sequence[str], out: Path
) -> tuple[Path, dict[str, Any]]:
    """Run the branch that a page asks for with what it was offered; its Record, and what the page is told of it.

    Raises:
        InputError: what it asks for was not offered, or means nothing.
        SwapTwinError: the run could not begin.
    """
    names = ["", *controllers]
    number, event, asked = change.get("controller", 0), change.get("event"), change.get("settings", {})
    if not isinstance(number, int) or not 0 <= number < len(names) or not isinstance(asked, Mapping):
        raise InputError(key="branch", expected="a controller and settings that are offered", got=dict(change))
    settings = Program.from_words(None, [f"controller.{key}={value}" for key, value in asked.items()]).settings
    actions = [] if event is None else [read_action(json.dumps(event), "event")]
    return out, _told(branch(record, at_ns, Change(names[number] or None, settings, actions), out))


def _told(found: Branch) -> dict[str, Any]:
    return {
        "at_ns": found.at_ns,
        "exact": found.exact,
        "rebuilt": found.known is not None,
        "error": [_apart(one) for one in found.apart],
        "disagrees_ns": found.disagrees_ns,
        "origin": {} if found.origin is None else _ended(found.origin),
        "branch": _ended(found.summary),
    }


def _apart(one: Apart) -> dict[str, Any]:
    signal = one.signal
    return {"name": signal.name, "text": dict(signal.text), "unit": signal.unit, "apart": one.run - one.log}


def _ended(summary: Mapping[str, Any]) -> dict[str, Any]:
    return {name: summary.get(name) for name in ("completed", "final_state", "swap_time_s", "alarms", "verdict")}


def _numbers(settings: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, bool | float]]:
    """Every single number of the settings by its dotted key; what the layout of the station decides is in lists."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{path}{key}.")
        elif isinstance(value, bool | int | float):
            yield f"{path}{key}", value


def _events(brackets: Iterable[int]) -> Iterator[dict[str, Any]]:
    """What can happen to the station, the truck and its brackets."""
    for name in ("press_estop", "release_estop", "mains_off", "mains_on"):
        yield {"name": name, "target": "", "do": {name: {}}}
    for speed_m_s in (0.02, -0.02):
        fault = {"name": "truck_creep", "speed_m_s": speed_m_s, "duration_s": 3.0}
        yield {"name": "truck_creep", "target": f"{1e3 * speed_m_s:+.0f} mm/s, 3 s", "do": {"fault": fault}}
    for n in brackets:
        targets = [("lock_stuck", f"bracket{n}.lock{k}") for k in _LOCKS]
        targets += [("seat_debris", f"bracket{n}.cone{k}") for k in _CONES]
        for name, target in targets:
            yield {"name": name, "target": target, "do": {"fault": {"name": name, "target": target}}}
