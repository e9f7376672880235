"""A swap is rebuilt from a log as plants export it, and how well it reproduces the log is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.plant_log import Run, export, plant_log
from twin.analysis.phases import PhaseSpan, Swap
from twin.importing import import_files
from twin.rebuild import Match, Situation, match, outcome, situations, worse
from twin.rebuild.aligned import pairs_of
from twin.record import Record
from twin.scenario import load_scenario
from twin.shipped import shipped

NS = 1_000_000_000
ORIGINAL = shipped("assets", "recordings", "nominal_swap.mcap")


def _imported(folder: Path, **how: bool) -> Record:
    """The shipped swap as a plant logs it, imported again."""
    log = plant_log(Run.of(Record.open(ORIGINAL)), 21, skew_s=0.0, **how)
    import_files([export(log, folder, "parquet")], folder / "log.mcap", folder / "map.yaml")
    return Record.open(folder / "log.mcap")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return _imported(tmp_path_factory.mktemp("plant"), mid_swap=False)


def _only(record: Record) -> Situation:
    (found,) = situations(record)
    return found


@pytest.mark.slow
def test_what_stood_where_is_what_the_run_had(log: Record) -> None:
    found, truth = _only(log).scenario, load_scenario("nominal_swap")
    assert found.truck.id == truth.truck.id and found.truck.positions == ["p2"]
    assert {place: pack.serial for place, pack in found.inventory.items()} == {
        place: pack.serial for place, pack in truth.inventory.items()
    }
    assert found.truck.packs["p2"].serial == "QJ75-0101"
    for place, pack in found.inventory.items():
        assert pack.soc_frac == pytest.approx(truth.inventory[place].soc_frac, abs=0.01)
    parked = found.truck.parking
    # The sensor's own bias is 1 mm and 0.03 ° at most, its noise and the log's dead-band as much again.
    assert max(abs(parked.offset_x_mm), abs(parked.offset_y_mm), abs(parked.ride_height_mm)) < 4.0
    assert max(abs(parked.yaw_deg), abs(parked.roll_deg)) < 0.3
    assert found.events == []


@pytest.mark.slow
def test_what_is_not_in_the_log_is_assumed_by_name(log: Record) -> None:
    facts = {fact.what: fact for fact in _only(log).known}
    assert facts["truck.packs"].how == "logged" and facts["truck.parking.yaw_deg"].how == "logged"
    assert facts["pack.QJ75-0001.soc_frac"].how == "assumed"
    assert all(fact.text.en and fact.text.zh for fact in facts.values())


def _matched(log: Record, until_ns: int | None = None) -> Match:
    found = _only(log)
    return match(log, Record.open(ORIGINAL), until_ns, start_ns=found.start_ns, end_ns=found.end_ns)


@pytest.mark.slow
def test_a_log_matches_the_run_that_it_is_of(log: Record) -> None:
    found = _matched(log)
    assert found.enough and found.score_frac == 1.0
    rows = {row.quantity: row for row in found.rows}
    assert rows["phase deliver"].error is not None and rows["phase deliver"].error < 0.6, "half a period on either side"
    assert rows["shuttle.travel stands"].error is not None and rows["shuttle.travel stands"].error < 0.008
    assert rows["outcome"].ok and rows["packs and locks at the end"].ok
    assert rows["phase park"].tolerance is None, "how fast a driver is says nothing of the situation"


@pytest.mark.slow
def test_up_to_a_horizon_only_what_came_before_is_compared(log: Record) -> None:
    whole = {row.quantity for row in _matched(log).rows}
    found = _matched(log, 60 * NS)
    early = {row.quantity for row in found.rows}
    assert found.enough and early < whole
    assert "phase unlock" in early and "phase raise" not in early and "outcome" not in early
    assert not _matched(log, 5 * NS).enough, "next to nothing was compared"


@pytest.mark.slow
def test_a_log_that_begins_in_mid_swap_is_played_from_the_beginning(tmp_path: Path) -> None:
    log = _imported(tmp_path)
    found = _only(log)
    assert [fact.how for fact in found.known if fact.what == "start"] == ["assumed"]
    assert {place: pack.serial for place, pack in found.scenario.inventory.items()}["transfer.full"] == "QJ75-0001"
    assert found.scenario.truck.packs["p2"].serial == "QJ75-0101"
    matched = match(log, Record.open(ORIGINAL), start_ns=found.start_ns, end_ns=found.end_ns)
    assert matched.enough, matched.text.en


@pytest.mark.slow
def test_a_run_beside_its_log_is_not_worse_for_what_a_log_does_not_show(log: Record) -> None:
    found = _only(log)
    recorded, run = outcome(log, start_ns=found.start_ns, end_ns=found.end_ns), outcome(Record.open(ORIGINAL))
    assert not recorded.simulated and run.simulated
    assert recorded.completed is True and recorded.final_state == "Idle" and recorded.alarms == {}
    assert worse(recorded, run) == []
    run.completed = False
    run.alarms = {"bay.sensor.alm_truck_moved": [1]}
    keys = {one.key for one in worse(recorded, run)}
    assert keys == {"worse:completed", "worse:alarm_new:bay.sensor.alm_truck_moved"}


def test_a_phase_that_a_log_did_not_see_is_no_other_order() -> None:
    def swap(*spans: PhaseSpan) -> Swap:
        return Swap(1, spans, "open", 0)

    run = swap(PhaseSpan("unlock", 10, 14), PhaseSpan("lower", 14, 20), PhaseSpan("deliver", 20, 50))
    log = swap(PhaseSpan("unlock", 30, 41), PhaseSpan("deliver", 41, 70, unseen=("lower",)))
    assert [(pair.name, pair.b0_ns, pair.b1_ns) for pair in pairs_of(log, run, 100)] == [
        ("unlock", 10, 20), ("deliver", 20, 50),
    ]  # fmt: skip
    other = swap(PhaseSpan("unlock", 30, 41), PhaseSpan("deliver", 41, 70))
    assert [pair.name for pair in pairs_of(other, run, 100)] == ["unlock"]
