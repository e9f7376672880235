"""Faults as documents: every one says what it is in both languages, and goes through a scenario unchanged."""

from __future__ import annotations

import fnmatch
import json
import re
from pathlib import Path

import pytest

from tools.fault_table import OUT, page
from twin import assets
from twin.event import ClearAction, FaultAction, ScenarioEvent
from twin.fault import FAMILIES, FAULTS, Fault
from twin.fault.catalogue import FAMILY_TITLES, catalogue
from twin.scenario import load_scenario, parse_scenario
from twin.signals import SignalTable

#: Named in the issue, and one more than the least.
NAMED = {
    "lock_half_released", "seat_debris", "encoder_drift", "wheel_slip", "brake_fade", "sensor_stuck",
    "sensor_swapped", "sensor_stale", "clock_skew", "bus_lost", "truck_creep", "payload_shift", "wrong_serial",
    "charger_module_lost",
}  # fmt: skip
STATION = "chassis_swap"


def example(kind: type[Fault]) -> Fault:
    """The example that a kind of fault gives of itself."""
    return kind(name=kind.tag, **kind.about.example)


def table() -> SignalTable:
    return assets.signal_table(assets.load_station(STATION), {})


def test_there_are_enough_of_them_and_each_stands_in_one_family() -> None:
    assert len(FAULTS) >= 30 and set(FAULTS) >= NAMED
    assert sum(len(kinds) for kinds in FAMILIES.values()) == len(FAULTS) == len(Fault.__subclasses__())


@pytest.mark.parametrize("kind", FAULTS.values(), ids=FAULTS)
def test_a_fault_says_what_it_is(kind: type[Fault]) -> None:
    about = kind.about
    assert kind.__doc__
    for text in (about.title, about.changes, about.seen, about.response):
        assert text.en and text.zh and text.en.isascii() and not text.zh.isascii()
    assert not about.severity or about.severity in kind.model_fields


@pytest.mark.parametrize("kind", FAULTS.values(), ids=FAULTS)
def test_it_is_seen_in_signals_that_a_plant_writes(kind: type[Fault]) -> None:
    signals = table()
    patterns = example(kind).signals
    found = [name for pattern in patterns for name in fnmatch.filter(signals.names, pattern)]
    assert found, "a fault that nothing can show teaches nothing"
    # A pattern may stand for axes in m and for those in rad: one of them must be there.
    assert {signals[name].kind for name in found} <= {"pv", "st", "cmd", "sp"}


@pytest.mark.parametrize("kind", FAULTS.values(), ids=FAULTS)
def test_it_goes_through_a_scenario_unchanged(kind: type[Fault]) -> None:
    fault = example(kind)
    events = [
        ScenarioEvent(id="broken", do=FaultAction(fault=fault)),
        ScenarioEvent(do=ClearAction(name=fault.tag, target=fault.target)),
    ]
    scenario = load_scenario("nominal_swap").with_events(events)
    again = parse_scenario(scenario.to_yaml())
    action = again.events[-2].do
    assert isinstance(action, FaultAction) and action.fault == fault


def test_the_page_is_made_from_the_faults() -> None:
    assert OUT.read_text(encoding="utf-8") == page(), "run `python -m tools.fault_table`"


def test_the_catalogue_is_data() -> None:
    entries = json.loads(json.dumps(catalogue()))
    assert [entry["name"] for entry in entries] == list(FAULTS)
    assert list(FAMILY_TITLES) == list(FAMILIES)
    creep = next(entry for entry in entries if entry["name"] == "truck_creep")
    assert creep["severity"]["takes"] == "a number from -0.5 to 0.5 m/s"


def test_the_viewer_calls_them_by_the_same_names() -> None:
    words = Path("web/player/src/words/names.js").read_text(encoding="utf-8")
    told = {name: (en, zh) for name, en, zh in re.findall(r'(\w+): \["([^"]+)", "([^"]+)"\]', words)}
    assert {name: told.get(name) for name in FAULTS} == {name: tuple(kind.about.title) for name, kind in FAULTS.items()}
