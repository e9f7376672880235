"""Whether a condition can hold: what is said never to hold never does."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.requirement.test_monitor import END_NS, Log, Table, tables
from twin.formula import Evaluation, parse
from twin.lesson.possible import can_hold, only_with

plain = st.one_of(
    st.builds("area.one.pv_x {} {}".format, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(0, 3)),
    st.sampled_from(["area.one.st_on", "area.two.st_on", "true", "false", "area.one.pv_x between 1 and 2"]),
)
logic = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or", "implies"]), inner),
        st.builds("(not {})".format, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables(), logic)
def test_what_cannot_hold_never_does(given_tables: list[Table], text: str) -> None:
    if not can_hold(parse(text)):
        assert not len(Evaluation(Log(given_tables)).truth(parse(text)).sure.clipped(0, END_NS))


@pytest.mark.parametrize(
    ("done", "never", "contradict"),
    [
        ("a.b.st_x", "a.b.st_x", True),
        ("a.b.st_x and a.b.st_y", "a.b.st_x", True),
        ("a.b.st_x or a.b.st_y", "a.b.st_x", False),
        ("a.b.pv_x < 8 mm", "a.b.pv_x < 10 mm", True),
        ("a.b.pv_x < 10 mm", "a.b.pv_x < 8 mm", False),
        ("a.b.pv_x between 2 m and 3 m", "not a.b.pv_x < 2 m", True),
        ("a.b.seq_state == Held", "a.b.seq_state == Held or a.b.seq_state == Execute", True),
        ("a.b.seq_state == Held", "not a.b.seq_state == Execute", True),
        ("a.b.seq_state == Held", "a.b.seq_state == Execute", False),
        ("a.b.seq_state == Held", "a.b.seq_state != Held", False),
    ],
)
def test_a_step_that_is_done_only_with_what_must_not_be_is_found(done: str, never: str, contradict: bool) -> None:
    assert only_with(parse(done), parse(never)) is contradict
