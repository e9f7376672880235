"""The rubric bench: its deeds fit the lessons, its bands are as written, sessions of known worth meet them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.rubric.catalogue import Says, catalogue
from benchmarks.rubric.draw import Done, Drawn, Reference, draw
from benchmarks.rubric.rubric import Band, by_deeds
from benchmarks.rubric.script import in_order, oracle, with_deed
from benchmarks.rubric.table import table
from twin.clock import ms_to_ns
from twin.event import GiveAnswer
from twin.formula import parse
from twin.lesson import lesson_paths, load_lesson
from twin.lesson.follower import Follower
from twin.training.check import station_signals

DOCS = Path(__file__).resolve().parents[2] / "docs"


def reference(name: str) -> Reference:
    """As if the oracle could wait 20 s with everything."""
    of = load_lesson(name)
    late = catalogue().lessons[name].late
    return Reference(of.time_limit_s / 2, dict.fromkeys(late, 20.0), dict(zip(late, of.steps, strict=False)))


def references() -> dict[str, Reference]:
    drawn = {name: list(load_lesson(name).situation.draw) or [""] for name in lesson_paths()}
    return {"-".join(filter(None, [name, one])): reference(name) for name, some in drawn.items() for one in some}


def test_every_lesson_can_be_done_badly_in_every_way() -> None:
    assert set(catalogue().lessons) == set(lesson_paths())
    for name in lesson_paths():
        assert {"unsafe", "left_out"} <= {deed.says for deed in catalogue().deeds(name).values()}, name


@pytest.mark.parametrize("name", list(lesson_paths()))
def test_each_deed_is_a_script_of_its_lesson_and_its_conditions_mean_something(name: str) -> None:
    of, own = load_lesson(name), catalogue().lessons[name]
    acts = oracle(of)
    assert {own.since, *own.late} <= set(acts)
    conditions = {"goal": parse(own.goal)}
    for deed_name, deed in catalogue().deeds(name).items():
        assert deed.touched <= set(acts), deed_name
        changed = with_deed(acts, deed_name, deed, own.since)
        assert len(of.scenario(in_order(changed)).events) == len(of.scenario().events) + len(changed)
        assert changed != acts
        if deed.shown is not None:
            conditions[deed_name] = parse(deed.shown)
    scenario = of.scenario()
    Follower(conditions, station_signals(scenario), scan_ns=ms_to_ns(scenario.scan_ms), start_ns=0)


def test_a_session_is_the_same_however_many_are_drawn_and_no_pool_meets_another() -> None:
    known = references()
    first = [draw("held_out", number, known) for number in range(12)]
    assert [one.done for one in first] == [draw("held_out", number, known).done for number in range(12)]
    assert {one.seed for one in first}.isdisjoint(draw("development", number, known).seed for number in range(12))
    for one in first:
        assert one.lesson.scenario(in_order(one.script), one.seed)


def test_what_waits_for_an_act_that_is_left_out_waits_for_what_that_waited_for() -> None:
    acts = oracle(load_lesson("lock_does_not_release"))
    deed = catalogue().lessons["lock_does_not_release"].deeds["does_not_free"]
    left = with_deed(acts, "does_not_free", deed, "seen")
    assert "freed" not in left and left["confirm"].at is not None
    assert left["confirm"].at.after == "seen" and left["confirm"].at.delay_s == 10.0


def test_an_answer_is_changed_or_not_given_and_what_follows_it_still_comes() -> None:
    of = load_lesson("lock_does_not_release")
    for answer, given in (("brakes", 2), (None, 1)):
        done = Done("wrong" if answer else "open", "", "fault", act="why_hold", answer=answer)
        script = Drawn("", of, 1, [done], 10.0).script
        answers = [one.do.answer for one in script.values() if isinstance(one.do, GiveAnswer)]
        assert len(answers) == given and "carries" not in answers and (answer is None or answer in answers)
        assert set(script) == set(oracle(of))


@pytest.mark.parametrize(
    ("deeds", "reached", "band"),
    [
        ([], True, "excellent"),
        (["fine", "slip"], True, "excellent"),
        (["slip", "slip"], True, "pass"),
        (["fault"], True, "pass"),
        (["fault", "fault", "slip", "slip"], True, "pass"),
        (["fault", "fault", "slip", "slip", "slip"], True, "fail"),
        (["fault", "fault", "fault"], True, "fail"),
        (["left_out"], True, "fail"),
        ([], False, "fail"),
        (["unsafe"], True, "fail for safety"),
        (["unsafe", "left_out"], False, "fail for safety"),
    ],
)
def test_the_bands_are_those_that_are_written(deeds: list[Says], reached: bool, band: Band) -> None:
    assert by_deeds(deeds, reached=reached) == band


def test_the_table_counts_each_kind_once_a_session_and_names_who_disagrees() -> None:
    wrong = {"kind": "wrong", "name": "wrong why", "says": "fault", "happened": True}
    missed = {"kind": "late", "name": "late reset", "says": "fault", "happened": False}
    row = {"name": "held_out-001", "lesson": "no_full_pack", "drawn": "", "reached": True, "total": "80.00"}
    rows = [
        {**row, "deeds": [wrong, wrong, missed], "rubric": "pass", "score": "pass"},
        {**row, "name": "held_out-002", "deeds": [wrong], "rubric": "pass", "score": "fail"},
        {**row, "name": "held_out-003", "deeds": [], "rubric": "excellent", "score": "pass"},
    ]
    told = table(rows)
    assert "| **all** | 3 | 1 | 33.3 | 2 |" in told and "| fault: wrong answer | 2 | 1 | 50.0 | 1 |" in told
    assert "| fault: late | 0 | 0 | – | 0 |" in told and "| nothing wrong | 1 | 0 | 0.0 | 1 |" in told
    assert "| 002 | no_full_pack | wrong why | pass | fail, 80.00 |" in told
    assert "| 003 | no_full_pack | nothing wrong | excellent | pass, 80.00 |" in told and "| 001 |" not in told


@pytest.mark.sim
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "deeds", "band"),
    [
        ("sensor_lies", ["slip"], "excellent"),
        ("no_full_pack", ["confirms", "wrong"], "pass"),
        ("sensor_lies", ["never_confirms"], "fail"),
        ("sensor_lies", ["believes"], "fail for safety"),
    ],
)
def test_sessions_of_known_worth_are_told_alike_by_rubric_and_score(
    name: str, deeds: list[str], band: Band, tmp_path: Path
) -> None:
    pytest.importorskip("pybullet")
    from benchmarks.rubric.session import played

    of = load_lesson(name)
    generic = {
        "slip": Done("hint", "", "slip", act=next(iter(of.steps)), by_s=2.0),
        "wrong": Done("wrong", "", "fault", act="state", answer="fault"),
    }
    done = [
        generic[one] if one in generic else Done((deed := catalogue().deeds(name)[one]).says, one, deed.says, deed)
        for one in deeds
    ]
    row = played(Drawn("session", of, 3, done, 75.0), tmp_path / "session.mcap")
    assert all(one["happened"] for one in row["deeds"]) and row["reached"] is (band in ("excellent", "pass"))
    assert (row["rubric"], row["score"]) == (band, band)
