"""Another future of a log: the past stays what it was, bit for bit, and what comes after follows from the change."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.recorded import recorded
from twin.errors import InputError
from twin.event import read_action
from twin.record import Record, RecordWriter
from twin.scenario import load_scenario

pytestmark = pytest.mark.sim
AT_NS = 5_000_000_000
SCAN_NS = 20_000_000


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return recorded(tmp_path_factory.mktemp("branch") / "log.mcap", "nominal_swap", "time_limit_s=22")


def digest(record: Record) -> str:
    return str(json.loads(record.attachments["summary.json"])["trace_digest"])


def test_with_nothing_changed_it_is_the_original(log: Record, tmp_path: Path) -> None:
    from twin.branch import Change, branch

    found = branch(log, AT_NS, Change(), tmp_path / "b.mcap")
    assert found.exact
    assert found.disagrees_ns is None
    assert found.apart == []
    made = Record.open(tmp_path / "b.mcap")
    assert digest(made) == digest(log) == found.summary["trace_digest"]
    assert made.metadata["branch_of"] == log.identity
    assert made.metadata["branch_at_ns"] == str(AT_NS)


def test_a_change_shows_from_its_instant_on_and_never_before(log: Record, tmp_path: Path) -> None:
    from twin.branch import Change, branch

    found = branch(log, AT_NS, Change(actions=[read_action("press_estop:", "--do")]), tmp_path / "b.mcap")
    assert found.exact
    (t_ns, before), (_, after) = (
        one.signal("station.safety.st_estop_ok", 0, 2 * AT_NS) for one in (log, Record.open(found.path))
    )
    # The chain opens within a scan of the hand on the button.
    assert 0 <= t_ns[before != after][0] - AT_NS <= 2 * SCAN_NS
    assert found.summary["final_state"] == "Aborted"


@pytest.mark.slow
def test_a_setting_of_the_controller_is_laid_over_those_in_force(log: Record, tmp_path: Path) -> None:
    from twin.branch import Change, branch

    found = branch(log, AT_NS, Change(settings={"bay.standstill_s": 0.2}), tmp_path / "b.mcap")
    assert found.exact
    executes = [
        next(event.t_ns for event in record.events() if event.kind == "state" and event.name == "Execute")
        for record in (log, Record.open(found.path))
    ]
    assert executes[1] < executes[0]


@pytest.mark.slow
def test_from_the_very_start_there_is_no_past(log: Record, tmp_path: Path) -> None:
    from twin.branch import Change, branch

    found = branch(log, log.start_ns, Change(), tmp_path / "b.mcap")
    assert found.exact
    assert found.disagrees_ns is None
    assert found.summary["trace_digest"] == digest(log)


@pytest.mark.slow
def test_a_branch_of_a_branch_keeps_both_changes(log: Record, tmp_path: Path) -> None:
    from twin.branch import Change, branch

    first = branch(log, AT_NS, Change(settings={"bay.standstill_s": 0.2}), tmp_path / "b.mcap")
    record = Record.open(first.path)
    second = branch(record, 2 * AT_NS, Change(), tmp_path / "c.mcap")
    assert second.exact
    assert second.summary["trace_digest"] == first.summary["trace_digest"]
    assert Record.open(second.path).metadata["branch_of"] == log.identity


@pytest.mark.slow
def test_who_takes_over_may_disagree_with_the_past_and_that_is_told(log: Record, tmp_path: Path) -> None:
    from twin.branch import Change, branch

    change = Change(controller="tests.program.test_handover:Counter", settings={"bay.standstill_s": 0.2})
    found = branch(log, 4 * AT_NS + AT_NS // 5, change, tmp_path / "b.mcap")
    assert found.exact
    assert found.disagrees_ns is not None
    assert found.disagrees_ns < 4 * AT_NS


@pytest.mark.slow
def test_a_log_of_another_world_is_not_called_the_same(log: Record, tmp_path: Path) -> None:
    """The truck stood elsewhere than the scenario in the record says: what is run again is not what was recorded."""
    from twin.branch import Change, branch

    moved = ("time_limit_s=22", "truck.parking.offset_x_mm=30")
    other = recorded(tmp_path / "moved.mcap", "nominal_swap", *moved)
    forged = tmp_path / "forged.mcap"
    kept = {name: log.attachments[name] for name in ("scenario.yaml", "station.json")}
    with RecordWriter(forged, metadata=other.metadata, tables=other.tables, attachments=kept) as writer:
        for table in other.tables:
            for t_ns, row in zip(*other.rows(table), strict=True):
                writer.row(table, int(t_ns), row.tolist())
    found = branch(Record.open(forged), 20_000_000_000, Change(), tmp_path / "b.mcap")
    assert found.differs_ns is not None
    assert found.apart
    assert all(np.isfinite([one.log, one.run]).all() for one in found.apart)


def test_what_cannot_be_branched_is_told(log: Record, tmp_path: Path) -> None:
    from twin.branch import Change, branch

    with pytest.raises(InputError, match="an instant of the log"):
        branch(log, 10**15, Change(), tmp_path / "b.mcap")
    with pytest.raises(InputError, match="controller"):
        branch(log, AT_NS, Change(controller="no.such:Thing"), tmp_path / "b.mcap")
    with pytest.raises(InputError, match="speling"):
        branch(log, AT_NS, Change(settings={"shuttle.speling": 1.0}), tmp_path / "b.mcap")
    with pytest.raises(InputError, match="--do"):
        read_action("press_stop:", "--do")
    assert not (tmp_path / "b.mcap").exists()


@pytest.mark.slow
def test_thirty_branches_with_nothing_changed_equal_the_original() -> None:
    pytest.importorskip("pybullet")
    from benchmarks.branch import branches, instants_of
    from benchmarks.continuation import run_through, spread

    scenario = load_scenario("nominal_swap")
    course = run_through(scenario)
    instants = dict.fromkeys(spread(instants_of(course, 200), 30), 60)
    assert branches(scenario, course, instants) == []
    # A course that is another one is told: each branch is really compared.
    course.rows[130] = course.rows[130][:-1] + b"x"
    assert [(one.instant, one.first_scan) for one in branches(scenario, course, {100: 60})] == [(100, 130)]


@pytest.mark.slow
def test_of_a_foreign_log_the_past_is_an_estimate_whose_error_is_told(tmp_path: Path) -> None:
    from benchmarks.plant_log import Run, export, plant_log
    from twin.branch import Change, branch
    from twin.cli.importing import imported
    from twin.shipped import shipped

    run = Run.of(Record.open(shipped("assets", "recordings", "nominal_swap.mcap")))
    export(plant_log(run, 3, mid_swap=False, skew_s=0.0), tmp_path, "csv_long")
    log = Record.open(imported([tmp_path / "log"], tmp_path / "map.yaml", tmp_path / "log.mcap"))
    at_ns = (log.start_ns + log.end_ns) // 2
    found = branch(log, at_ns, Change(actions=[read_action("press_estop:", "--do")]), tmp_path / "b.mcap")
    assert not found.exact
    assert found.known
    assert found.summary["final_state"] == "Aborted"
    assert found.origin is not None
    assert found.origin["completed"], "rebuilt, the swap goes through"
    travel = {one.signal.name: abs(one.log - one.run) for one in found.apart if one.signal.unit == "m"}
    assert all(apart < 0.5 for apart in travel.values()), travel
    with pytest.raises(InputError, match="an instant of a swap"):
        branch(log, log.start_ns, Change(), tmp_path / "c.mcap")
