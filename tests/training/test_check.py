"""What a lesson's check says of sessions, without physics."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lesson.made import GOOD, RIGHT, lesson, progress
from twin.lesson import Lesson, Scored, Session, score
from twin.training.check import Checked, Played

DRAWN = "{scenario: nominal_swap, draw: {a: [{do: {mains_off: {}}}], b: [{do: {mains_on: {}}}]}}"


def played(of: Lesson, drawn: str, confirmed_s: float) -> Played:
    """The oracle's session, which confirms at an instant."""
    until = progress(of, 30, {**GOOD, "operator.panel.op_confirm": [(confirmed_s, 1)]}, [RIGHT])
    session = Session(lesson=of.name, text=of.to_yaml(), seed=1, mode="exam", script="oracle")
    return Played("oracle", drawn, Path(), Scored(session, of, until, score(of, until)), [])


@pytest.mark.parametrize(
    ("confirmed_s", "says"),
    [
        (14.0, []),
        # In time, and 4 s less to spare.
        (18.0, []),
        (22.0, ["oracle, points", "oracle, done at s", "oracle, s to spare"]),
    ],
)
def test_draws_that_are_not_equally_hard_are_told(confirmed_s: float, says: list[str], tmp_path: Path) -> None:
    of = lesson(tmp_path, lambda text: text.replace("{scenario: nominal_swap}", DRAWN))
    checked = Checked(of, [played(of, "a", 14.0), played(of, "b", confirmed_s)])
    assert [draw.done_s for draw in checked.draws] == [14.0, confirmed_s]
    assert [line[line.index("(") + 1 : line.index(")")] for line in checked.wrong] == says


def test_of_a_draw_that_the_oracle_does_not_do_no_time_is_told(tmp_path: Path) -> None:
    of = lesson(tmp_path, lambda text: text.replace("{scenario: nominal_swap}", DRAWN))
    checked = Checked(of, [played(of, "a", 14.0), played(of, "b", 99.0)])
    assert [(draw.done_s, draw.spare_s) for draw in checked.draws] == [(14.0, 6.0), (None, None)]
    assert [line[line.index("(") + 1 : line.index(")")] for line in checked.wrong] == ["oracle, points"]


def test_where_nothing_is_drawn_nothing_is_unequal(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    assert Checked(of, [played(of, "", 14.0)]).draws == [] and not Checked(of, [played(of, "", 14.0)]).wrong
