"""Which scenarios are known to exercise what: by what they say they expect."""

from __future__ import annotations

from collections.abc import Mapping

from twin.scenario import Scenario


def known_ways(scenarios: Mapping[str, Scenario]) -> dict[str, tuple[str, ...]]:
    """Alarm, state, request or mode, as coverage names it, to the scenarios in which it comes."""
    found: dict[str, list[str]] = {}
    for name, scenario in scenarios.items():
        told = [*(scenario.expect.alarms or ()), *scenario.expect.visited]
        for what in dict.fromkeys(told):
            found.setdefault(what, []).append(name)
    return {what: tuple(names) for what, names in found.items()}
