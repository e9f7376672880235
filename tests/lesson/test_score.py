"""The score's arithmetic, by hand (docs/score.md)."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lesson.made import GOOD, RIGHT, S, asked, lesson, progress, record
from twin.lesson import Person, score, score_session
from twin.lesson.score import decimals
from twin.record import Record


def test_all_in_time_is_100(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    found = score(of, progress(of, 30, GOOD, [RIGHT]))
    assert (found.total, found.exact, found.won, found.passed) == ("100.00", "100", True, True)
    assert {(item.name, item.t_ns, item.points) for item in found.items} == {
        ("seen", 10 * S, "15.00"), ("confirmed", 14 * S, "45.00"), ("time", 14 * S, "20.00"), ("why", 15 * S, "20.00"),
    }  # fmt: skip


def test_a_late_step_costs_points_and_time_runs_out_in_proportion(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    late = {**GOOD, "operator.panel.op_confirm": [(57.0, 1)]}
    found = score(of, progress(of, 80, late, [RIGHT]))
    # Steps 15 + 45 − 30, answer 20, time 20 × (100 − 57) / (100 − 20).
    assert Fraction(found.exact) == 15 + 45 - 30 + 20 + Fraction(43, 4)
    assert found.total == "60.75" and found.passed and found.won
    assert next(item for item in found.items if item.name == "confirmed").reason.en.startswith("done, but late")


def test_hints_mistakes_and_steps_out_of_turn_cost_points(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    events = [RIGHT, asked(11, "take_hint", step="confirmed"), asked(12, "take_hint", step="confirmed")]
    changes = {
        **GOOD,
        "operator.panel.op_confirm": [(3.0, 1), (3.5, 0), (14.0, 1)],
        "operator.panel.alm_refused": [(3.0, 1), (5.0, 0), (6.0, 1), (7.0, 0), (8.0, 1)],
    }
    found = score(of, progress(of, 30, changes, events))
    # A hint twice costs once; three refusals of 4 points cost 6 at most; confirmed once before its turn.
    assert Fraction(found.exact) == 100 - 2 - 6 - 7
    lost = [(item.kind, item.t_ns, item.points) for item in found.items if item.points.startswith("-")]
    assert lost == [
        ("early", 3 * S, "-7.00"), ("mistake", 3 * S, "-4.00"), ("mistake", 6 * S, "-2.00"), ("hint", 11 * S, "-2.00")
    ]  # fmt: skip


def test_rules_multiply_once_each_however_often_they_are_broken(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    once = {**GOOD, "shuttle.lift.pv_position_m": [(2.0, 0.6), (3.0, 0.0), (4.0, 0.6), (5.0, 0.0)]}
    found = score(of, progress(of, 30, once, [RIGHT]))
    assert (found.quality, found.factor, found.total) == ("100.00", "0.5000", "50.00")
    both = {**GOOD, "shuttle.lift.pv_position_m": [(2.0, 0.8)]}
    found = score(of, progress(of, 30, both, [RIGHT]))
    assert (found.factor, found.total, found.passed) == ("0.1500", "15.00", False)


def test_what_was_not_done_cannot_pass_however_many_points_there_are(tmp_path: Path) -> None:
    of = lesson(tmp_path, lambda text: text.replace("weight: 3", "weight: 1").replace("pass_mark: 60", "pass_mark: 20"))
    found = score(of, progress(of, 30, {"station.unit.seq_state": [(10.0, 15)]}, [RIGHT]))
    assert found.total == "50.00" and not found.won and not found.passed


def test_the_first_answer_counts_and_none_after_the_time_limit(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    wrong = asked(12, "give_answer", question="why", answer="b")
    assert score(of, progress(of, 30, GOOD, [wrong, RIGHT])).total == "80.00"
    late = asked(100, "give_answer", question="why", answer="a")
    assert score(of, progress(of, 120, GOOD, [late])).total == "80.00"


def test_without_questions_their_weight_goes_to_the_rest(tmp_path: Path) -> None:
    def without(text: str) -> str:
        return text[: text.index("questions:")] + text[text.index("scoring:") :]

    of = lesson(tmp_path, without)
    found = score(of, progress(of, 30, GOOD))
    assert found.exact == "100"
    assert [item.of for item in found.items if item.kind == "time"] == ["25.00"]


def test_the_record_alone_gives_the_same_to_the_digit(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    late = {**GOOD, "operator.panel.op_confirm": [(37.3, 1)]}
    path = record(tmp_path / "session.mcap", of, 80, late, [RIGHT], trainee=Person(number="0042", name="王 Wang"))
    scored = score_session(Record.open(path))
    assert scored.score == score(of, progress(of, 80, late, [RIGHT]))
    assert scored.session.trainee.name == "王 Wang"


@given(st.fractions(-1000, 1000))
def test_decimals_are_the_nearest_two(value: Fraction) -> None:
    assert abs(Fraction(decimals(value)) - value) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("value", "text"), list({"1/200": "0.01", "-1/200": "-0.01", "-1/400": "0.00", "200/3": "66.67"}.items())
)
def test_halves_go_away_from_zero(value: str, text: str) -> None:
    assert decimals(Fraction(value)) == text
