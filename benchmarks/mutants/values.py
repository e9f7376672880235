"""Changes of settings: times, limits, speeds and tolerances off by a factor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from benchmarks.mutants.mutant import Mutant
from twin import assets
from twin.program.settings import settings_of
from twin.scenario import load_scenario

_TIMES = (0.1, 10.0)
_DEBOUNCE = (0.0, 10.0)
_LIMITS = (0.5, 1.5)
_SPEEDS = (0.25, 2.0)
_TOLERANCES = (0.1, 5.0)
#: What has to last a while.
_LASTING = frozenset({"bay.standstill_s", "bay.creep_s", "bay.measure_s"})
#: Groups that follow from the layout: a station's drawing, not its controller.
_LAYOUT = frozenset({"transfer_full", "transfer_empty", "slots", "truck"})


def value_mutants() -> Iterator[Mutant]:
    """All changes of settings of the shipped station."""
    scenario = load_scenario("nominal_swap")
    settings = settings_of(scenario.truck.asset, assets.load_station(scenario.station))
    for key, value in _numbers(settings, ""):
        kind, factors = _how(key)
        for factor in factors:
            if value * factor != value:
                yield Mutant(kind, settings={key: round(value * factor, 9)})


def _numbers(group: Any, path: str) -> Iterator[tuple[str, float]]:
    for item in fields(group):
        key, value = f"{path}{item.name}", getattr(group, item.name)
        if key in _LAYOUT:
            continue
        if is_dataclass(value):
            yield from _numbers(value, f"{key}.")
        elif isinstance(value, float):
            yield key, value


def _how(key: str) -> tuple[str, tuple[float, ...]]:
    if key in _LASTING:
        return "debounce", _DEBOUNCE
    if key.endswith(("_m_s", "_rad_s")):
        return "limit", _SPEEDS
    if key.endswith("_s"):
        return "timer", _TIMES
    return "limit", _TOLERANCES if key.endswith(("tolerance_m", "tolerance_rad", "_gap_m")) else _LIMITS
