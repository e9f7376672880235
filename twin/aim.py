"""What a fault is aimed at must be there: told when a scenario is read, before anything runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from twin.assets import load_station, signal_table
from twin.document import reject
from twin.errors import did_you_mean
from twin.event import Action, ClearAction, FaultAction
from twin.fault import FAULTS, Fault, Names
from twin.fault.sensor import SensorOffset, SensorSwapped
from twin.signals import Signal

_EXPECTED = {
    "bracket": "a bracket on which a truck carries a pack",
    "axis": "an axis of the station",
    "slot": "a slot of the station",
    "pack": "a pack of this scenario",
    "device": "a device of the station that measures, or its area",
    "signal": "a pv_ or st_ signal of the station",
}


def check_aim(
    action: Action, station: str, *, packs: Collection[str], brackets: Collection[str], at: tuple[str | int, ...]
) -> None:
    """Refuse a fault, or its clearing, that names what is not there. To be called by a validator.

    Args:
        packs: serials of the scenario. brackets: ``bracket2``, those on which any truck carries a pack at the start.
        at: where the action stands.
    """
    if isinstance(action, FaultAction):
        kind, given = type(action.fault), dict(action.fault)
    elif isinstance(action, ClearAction):
        kind, given = FAULTS[action.name], {"target": action.target}
    else:
        return
    at = (*at, action.tag)
    known = {**_named(station), "pack": packs, "bracket": brackets}
    for name, text in given.items():
        for mark in kind.model_fields[name].metadata:
            if isinstance(mark, Names) and text:
                word = text.partition(".")[0] if mark.what == "bracket" else text
                _one_of(word, known[mark.what], _EXPECTED[mark.what], (*at, name))
    if isinstance(action, FaultAction):
        _check_signals(action.fault, _measured(station), at)


def _check_signals(fault: Fault, measured: Mapping[str, Signal], at: tuple[str | int, ...]) -> None:
    if isinstance(fault, SensorOffset) and measured[fault.target].type != "real":
        reject(expected="a signal that is a number with a unit", got=fault.target, at=(*at, "target"))
    if isinstance(fault, SensorSwapped):
        one, other = measured[fault.target], measured[fault.other]
        if (one.type, one.unit) != (other.type, other.unit) or one is other:
            reject(expected=f"another signal of the kind of {one.name}", got=other.name, at=(*at, "other"))


@cache
def _measured(station: str) -> dict[str, Signal]:
    table = signal_table(load_station(station), {})
    return {signal.name: signal for signal in table.select("pv", "st")}


@cache
def _named(station: str) -> dict[str, Collection[str]]:
    """What is at a station, by what a fault calls it."""
    devices = load_station(station).devices
    measuring = dict.fromkeys(name.rpartition(".")[0] for name in _measured(station))
    return {
        "axis": [name for name, kind in devices.items() if kind.endswith("_axis")],
        "slot": [name for name, kind in devices.items() if kind == "rack_slot"],
        "device": list(dict.fromkeys([name.partition(".")[0] for name in measuring] + list(measuring))),
        "signal": list(_measured(station)),
    }


def _one_of(word: str, known: Collection[str], expected: str, at: tuple[str | int, ...]) -> None:
    if word not in known:
        some = ", ".join(known) if len(known) <= 24 else ""
        hint = did_you_mean(word, known)
        reject(expected=f"{expected}: {some}" if some else expected, got=word, hint=hint, at=at)
