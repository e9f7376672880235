"""The mutation bench: its changes are changes, its pools do not meet, and mutants of known fate meet it."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import pytest

from benchmarks.mutants.catalogue import by_name, drawn
from benchmarks.mutants.mutant import CLASSES, SAFETY, Mutant
from benchmarks.mutants.sessions import sessions
from benchmarks.mutants.source import changed, source
from benchmarks.mutants.table import table
from twin import assets
from twin.control import Controller
from twin.layout import io_list
from twin.program.settings import settings_of
from twin.scenario import load_scenario

OF_CODE = [mutant for mutant in by_name().values() if mutant.changes]


def test_there_are_enough_of_each_class() -> None:
    chosen = drawn("held_out", 35)
    assert len(chosen) >= 300
    assert {mutant.kind for mutant in chosen} == set(CLASSES)
    assert sum(mutant.kind in SAFETY for mutant in chosen) >= 100


def test_no_mutant_is_looked_at_before_the_table() -> None:
    shown, kept = ({mutant.name for mutant in drawn(pool, 10_000)} for pool in ("development", "held_out"))  # type: ignore[arg-type]
    assert shown and kept and not shown & kept
    assert shown | kept == set(by_name())


def test_a_draw_is_the_same_every_time_and_a_smaller_one_its_beginning_of_each_class() -> None:
    large, small = drawn("held_out", 20), drawn("held_out", 5)
    assert [m.name for m in drawn("held_out", 20)] == [m.name for m in large]
    assert {m.name for m in small} <= {m.name for m in large}


@pytest.mark.slow
def test_every_change_is_one_and_is_still_python() -> None:
    for mutant in OF_CODE:
        (module,) = {change.module for change in mutant.changes}
        text = changed(module, mutant.changes)
        assert text != source(module).data, mutant.diff
        ast.parse(text)
        assert "\n" not in mutant.diff and mutant.place in mutant.diff


def _controller(mutant: Mutant) -> Controller:
    scenario = load_scenario("nominal_swap")
    station = assets.load_station(scenario.station)
    settings = settings_of(scenario.truck.asset, station)
    return pickle.loads(pickle.dumps(mutant.program)).make(io_list(scenario, station), settings, 20_000_000)


@pytest.mark.parametrize("mutant", drawn("development", 2), ids=lambda mutant: mutant.name)
def test_a_mutant_is_a_controller_by_its_name_alone(mutant: Mutant) -> None:
    controller = _controller(mutant)
    inputs, outputs = controller.images()
    controller.scan(0, inputs, outputs)


def test_making_a_mutant_leaves_the_reference_as_it_was() -> None:
    from twin.control import station, swap

    before = swap.SWAP, station.StationController
    mutant = next(m for m in drawn("development", 50) if m.changes and m.changes[0].module == "swap")
    assert not isinstance(_controller(mutant), station.StationController)
    assert (swap.SWAP, station.StationController) == before


def test_drawn_scenarios_are_valid_and_differ_by_seed() -> None:
    one, other = sessions(1, 10), sessions(2, 10)
    assert [s.to_yaml() for s in sessions(1, 10)] == [s.to_yaml() for s in one]
    assert not {s.name for s in one} & {s.name for s in other}
    assert all(s.events and s.time_limit_s <= 150 for s in one)


def test_the_table_leaves_equal_ones_out_and_names_them() -> None:
    row = {"kind": "sign", "diff": "a.py:1 x → y", "wall_s": 3.0, "finding": "rule:some"}
    rows = [
        {**row, "name": f"sign_{n}", "fate": fate} for n, fate in enumerate(("wrong", "wrong", "different", "equal"))
    ]
    text = table(rows)
    assert "| sign (safety) | 4 | 1 | 3 | 2 | 1 | 0 | 66.7 | 3 | 3 |" in text
    assert "`sign_3`" in text.partition("Equal, left out:")[2]


#: Of the development pool: what is known of it, and by what it is found.
KNOWN = {
    # The entry light may be green with the lift up: found in open loop, nothing simulated.
    "interlock_ba0a5def": ("wrong", "rule:green_permitted"),
    # Maintenance half as fast again: played, and it pushes harder.
    "limit_81c2e113": ("wrong", "worse:peak:travel_force"),
    # Turned by hand at a quarter of the speed: nothing says that this is wrong.
    "limit_67a11704": ("different", ""),
    # The window for a truck's yaw, where no truck comes.
    "limit_f66d1286": ("equal", ""),
}


@pytest.mark.sim
@pytest.mark.slow
def test_mutants_of_known_fate(tmp_path: Path) -> None:
    from benchmarks.mutants.bench import Bench, simulate
    from twin.program import Program

    records = []
    for name in ("maintenance_key", "jog_by_hand"):
        records.append(tmp_path / f"{name}.mcap")
        simulate(load_scenario(name), Program(), records[-1])
    bench = Bench(records)
    for name, (fate, finding) in KNOWN.items():
        verdict = bench.judge(by_name()[name])
        assert (verdict.fate, verdict.finding) == (fate, finding), verdict
