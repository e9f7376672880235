"""Which scenarios are known to exercise what: by what they say they expect."""

from __future__ import annotations

from collections.abc import Mapping

from twin.event import OperatorAction
from twin.panel import operator_signals
from twin.scenario import Scenario


def known_ways(scenarios: Mapping[str, Scenario]) -> dict[str, tuple[str, ...]]:
    """Alarm, state, mode or request, as coverage names it, to the scenarios in which it is to come."""
    found: dict[str, list[str]] = {}
    for name, scenario in scenarios.items():
        told = [*(scenario.expect.alarms or ()), *scenario.expect.visited]
        for event in scenario.events:
            if isinstance(event.do, OperatorAction):
                told += _requests(event.do)
        for what in dict.fromkeys(told):
            found.setdefault(what, []).append(name)
    return {what: tuple(names) for what, names in found.items()}


def _requests(action: OperatorAction) -> list[str]:
    """What a person asks for; a mode that is asked for is one that is to come."""
    found = []
    for field, value in action.set.items():
        name = operator_signals()[field].address
        if isinstance(value, str):
            found += [f"{name} = {value}", *([value] if field == "op_mode" else ())]
        elif value:
            found.append(name)
    return found
