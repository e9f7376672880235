"""Lessons cut from logs, in physics: they begin as the log stood, and can be passed and failed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.plant_log import Run, export, plant_log
from tests.recorded import recorded
from twin.branch.past import first_difference
from twin.cli import app
from twin.cli.importing import imported
from twin.desk import Panel
from twin.errors import InputError
from twin.formula.document import Sentence
from twin.lesson import load_lesson
from twin.record import Record
from twin.shipped import shipped
from twin.training import Checked, check_lesson, check_signals, cut, cut_of_page, doubts, fault_of, verify
from twin.training.rest import rest_of
from twin.training.shown import STATE, Mark, Shown
from twin.training.start import UnderWayError, start_of

S = 1_000_000_000
STUCK = fault_of("lock_stuck", "bracket2.lock3")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """A lock is stuck from the start; held at 48.4 s, freed at 62.4 s, confirmed at 69.4 s, lowered from 74 s on."""
    return recorded(tmp_path_factory.mktemp("cut") / "log.mcap", "recover_lock_stuck", "time_limit_s=85")


def test_a_fault_is_named_by_its_kind_or_written_whole() -> None:
    creep = fault_of("truck_creep")
    assert creep.tag == "truck_creep" and "speed_m_s" in creep.model_dump(), "the rest is its example's"
    assert fault_of("{name: lock_stuck, target: bracket2.lock3}") == STUCK
    with pytest.raises(InputError, match="did you mean lock_stuck"):
        fault_of("lock_stuk")
    with pytest.raises(InputError, match=r"bracket2\.lock1"):
        fault_of("lock_stuck", "bracket9")


@pytest.mark.sim
@pytest.mark.slow
def test_a_lesson_begins_as_the_log_stood_and_can_be_passed_and_failed(log: Record, tmp_path: Path) -> None:
    found = cut(log, 43 * S, 80 * S, STUCK, tmp_path / "cut.yaml", text="A lock")
    assert found.draft.exact and not found.draft.open and found.start.known is None
    assert "bit for bit" in next(doubts(found.start, found.draft)).en
    lesson = load_lesson(found.path)
    check_signals(lesson, found.path)
    assert lesson.begin_ns == 43 * S and lesson.procedure == "lock_not_released" and lesson.text.en == "A lock"
    assert list(lesson.steps) == ["noticed", "confirm", "goes_on", "next_phase"]
    assert (
        "locks_move_together" in lesson.never and "bracket2.lock3.alm_not_released" in lesson.questions["which"].right
    )
    assert not lesson.situation.events, "the fault is in the log"
    played = list(check_lesson(lesson, tmp_path))
    assert not Checked(lesson, played).wrong
    assert [one.script for one in played] == ["oracle", "idle", "leaves_the_cause"]
    session = Record.open(played[0].session)
    assert first_difference(log, session, 43 * S) is None
    assert first_difference(log, session, 80 * S) is not None
    assert all(item.t_ns is None or item.t_ns > 43 * S for item in played[0].score.items)
    assert verify(session).holds


@pytest.mark.sim
@pytest.mark.slow
def test_it_does_not_begin_with_a_pack_under_way_and_offers_when_it_may(log: Record, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"every pack rests or is locked.*76\.00 s.*nearest.* 74\.\d\d s") as refused:
        cut(log, 76 * S, 80 * S, STUCK, tmp_path / "cut.yaml")
    assert refused.value.key == "from" and not list(tmp_path.iterdir())
    with pytest.raises(InputError, match="a stretch of the log's"):
        cut(log, 43 * S, 300 * S, STUCK, tmp_path / "cut.yaml")


@pytest.mark.sim
@pytest.mark.slow
def test_of_a_foreign_log_the_instants_offered_are_the_rebuilt_runs_in_the_logs_time(tmp_path: Path) -> None:
    run = Run.of(Record.open(shipped("assets", "recordings", "nominal_swap.mcap")))
    export(plant_log(run, 3, mid_swap=False, skew_s=0.0), tmp_path, "csv_long")
    foreign = Record.open(imported([tmp_path / "log"], tmp_path / "map.yaml", tmp_path / "log.mcap"))
    with pytest.raises(UnderWayError) as refused:
        start_of(foreign, 75 * S, 120 * S, tmp_path)
    before_ns, _ = refused.value.nearest_ns
    start = start_of(foreign, before_ns, 120 * S, tmp_path)
    rest, next_ns = rest_of(start.run), start.begin_ns + int(start.run.metadata["scan_ns"])
    assert rest.nearest(start.begin_ns)[0] == start.begin_ns and rest.nearest(next_ns)[0] == start.begin_ns
    assert start.known is not None and start.begin_ns < start.end_ns


@pytest.mark.sim
@pytest.mark.slow
def test_what_people_did_before_is_part_of_the_start_and_nothing_later(log: Record, tmp_path: Path) -> None:
    early, late = (start_of(log, at_s * S, 74 * S, tmp_path) for at_s in (43, 65))
    assert [event.do.tag for event in early.scenario.events] == ["fault"] and early.has(STUCK)
    # A jog that was refused, at 52.44 s, is nothing to be done.
    assert [round(t_ns / S + 43, 2) for t_ns, _ in early.acts] == [50.44, 62.44, 67.44, 69.44]
    assert [event.do.tag for event in late.scenario.events] == ["fault", "operator", "operator", "clear"]
    assert [round(t_ns / S + 65, 2) for t_ns, _ in late.acts] == [67.44, 69.44]
    assert not late.has(STUCK), "it was freed before"
    assert not early.has(fault_of("lock_stuck", "bracket2.lock1"))


@pytest.mark.sim
@pytest.mark.slow
def test_what_cannot_be_derived_is_left_open_and_the_check_does_not_pass_it(log: Record, tmp_path: Path) -> None:
    """A truck that creeps while the plate has its pack aborts the swap: no remedy of the fault's own brings it on."""
    run, path = CliRunner(), tmp_path / "open.yaml"
    stretch = ["--from", "43s", "--to", "48s", "--fault", "truck_creep", "--out", str(path)]
    told = run.invoke(app, ["lesson", "cut", str(log.path), *stretch])
    assert told.exit_code == 1, told.output
    text = path.read_text(encoding="utf-8")
    for key in ("steps", "oracle", "fails"):
        assert f"to be written, {key}:" in told.stdout and f"# TO BE WRITTEN, {key}:" in text
    assert "name: truck_creep" in text and "begin_s: 43.0" in text
    checked = run.invoke(app, ["lesson", "check", str(path)])
    assert checked.exit_code == 2 and "steps" in checked.stderr
    again = run.invoke(app, ["lesson", "cut", str(log.path), *stretch])
    assert again.exit_code == 2 and "not there yet" in again.stderr


@pytest.mark.sim
@pytest.mark.slow
def test_where_only_the_procedure_is_open_the_rest_is_derived(
    log: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Panel, "alarm", lambda *_: None)
    # As if somebody had done something before the station told what is wrong.
    ready = Mark(43 * S + 1, "ready", f"{STATE} == Execute", Sentence(en="It runs", zh="运行"))
    monkeypatch.setattr(Shown, "act", lambda *_: ready)
    path = tmp_path / "cut.yaml"
    found = cut(log, 43 * S, 80 * S, STUCK, path)
    assert list(found.draft.open) == ["procedure"] and "# TO BE WRITTEN, procedure" in path.read_text(encoding="utf-8")
    with pytest.raises(InputError, match="procedure"):
        load_lesson(path)
    path.write_text(path.read_text(encoding="utf-8") + "procedure: lock_not_released\n", encoding="utf-8")
    lesson = load_lesson(path)
    assert list(lesson.steps) == ["ready", "noticed", "goes_on", "next_phase"] and lesson.oracle
    assert lesson.questions["which"].after == "noticed", "what told him is asked once it was told"
    assert list(lesson.fails) == ["leaves_the_cause"]


@pytest.mark.sim
@pytest.mark.slow
def test_a_page_is_told_when_a_lesson_may_begin(log: Record, tmp_path: Path) -> None:
    told = cut_of_page(log, 76 * S, 80 * S, {"name": "lock_stuck", "target": "bracket2.lock3"}, tmp_path / "cut.yaml")
    (nearest_ns,) = told.pop("nearest_ns")
    assert 74 * S < nearest_ns < 75 * S and not told and not list(tmp_path.iterdir())
