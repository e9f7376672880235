"""Conditions followed as a log comes in: the same stretches as of the whole log, however it is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lesson.made import GOOD, RIGHT, SCAN_NS, SIGNALS, S, asked, lesson, rows
from tests.requirement.test_monitor import END_NS, Log, Table, cuts, formula, leaf, tables
from tests.requirement.test_monitor import SIGNALS as OF_LOG
from twin.errors import InputError
from twin.formula import Evaluation, parse, reach
from twin.lesson import Course
from twin.lesson.follower import Follower


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables(), st.lists(st.one_of(leaf, formula), min_size=1, max_size=3), cuts)
def test_what_is_told_as_a_log_comes_is_what_holds_in_it_all(
    given_tables: list[Table], texts: list[str], at: list[int]
) -> None:
    conditions = {str(n): parse(text) for n, text in enumerate(texts)}
    try:
        conditions = {name: one for name, one in conditions.items() if reach(one).ahead_ns is not None}
    except InputError:
        return
    log = Log(given_tables)
    follower = Follower(conditions, OF_LOG.values())
    before = 0
    told: dict[str, list[tuple[int, int]]] = {}
    for cut in [*sorted(at), END_NS]:
        for names, t_ns, values in log.tables:
            mine = (t_ns >= before) & (t_ns < cut)
            follower.feed(names, t_ns[mine], values[mine])
        follower.advance(cut)
        before = cut
        for name in conditions:
            holds = follower.holds(name)
            # What was told once stays so.
            now = holds.clipped(0, told[name][-1][1] if told.get(name) else 0)
            assert list(zip(now.start.tolist(), now.end.tolist(), strict=True)) == told.get(name, [])
            told[name] = list(zip(holds.start.tolist(), holds.end.tolist(), strict=True))
    follower.finish(END_NS)
    evaluation = Evaluation(log)
    for name, condition in conditions.items():
        whole = evaluation.truth(condition).sure.clipped(0, END_NS)
        assert follower.holds(name).start.tolist() == whole.start.tolist()
        assert follower.holds(name).end.tolist() == whole.end.tolist()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(1, 299), max_size=8))
def test_a_session_stands_the_same_live_as_afterwards(tmp_path_factory: pytest.TempPathFactory, at: list[int]) -> None:
    of = lesson(tmp_path_factory.mktemp("lesson"))
    names = [signal.name for signal in SIGNALS]
    changes = {**GOOD, "shuttle.lift.pv_position_m": [(2.0, 0.6), (3.0, 0.0)], "operator.panel.alm_refused": [(4.0, 1)]}
    events = [asked(11, "take_hint", step="confirmed"), RIGHT]
    t_ns, values = rows(30, changes)
    whole, live = (Course(of, SIGNALS, scan_ns=SCAN_NS) for _ in range(2))
    whole.feed(names, t_ns, values)
    for event in events:
        whole.take(event)
    before = 0
    for cut in [*sorted(at), len(t_ns)]:
        live.feed(names, t_ns[before:cut], values[before:cut])
        until_ns = int(t_ns[cut - 1]) + 1
        for event in events:
            if (int(t_ns[before]) if before else -1) <= event.t_ns < until_ns and cut > before:
                live.take(event)
        shown = live.advance(until_ns)
        # A step that was told to be done stays so.
        done = [state.done_ns for state in shown.steps.values()]
        assert all(t is None or t in (10 * S, 14 * S) for t in done)
        before = cut
    end_ns = int(t_ns[-1]) + 1
    first, second = live.finish(end_ns), whole.finish(end_ns)
    assert first.steps == second.steps and first.broken == second.broken and first.mistakes == second.mistakes
    assert first.answers == second.answers and first.won_ns == second.won_ns == 14 * S


def test_a_step_waits_for_its_turn(tmp_path_factory: pytest.TempPathFactory) -> None:
    of = lesson(tmp_path_factory.mktemp("lesson"))
    course = Course(of, SIGNALS, scan_ns=SCAN_NS)
    t_ns, values = rows(30, {"operator.panel.op_confirm": [(3.0, 1), (3.5, 0)]})
    course.feed([signal.name for signal in SIGNALS], t_ns, values)
    found = course.advance(int(t_ns[-1]))
    assert found.turn == ["seen"] and found.steps["seen"].late and not found.over
    assert found.steps["confirmed"].early_ns == (3 * S,) and found.steps["confirmed"].turn_ns is None


def test_a_session_of_another_station_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    of = lesson(tmp_path_factory.mktemp("lesson"))
    with pytest.raises(InputError, match=r"shuttle\.lift\.pv_position_m"):
        Course(of, SIGNALS[:3], scan_ns=SCAN_NS)


def test_what_is_silent_is_not_done(tmp_path_factory: pytest.TempPathFactory) -> None:
    of = lesson(tmp_path_factory.mktemp("lesson"))
    course = Course(of, SIGNALS, scan_ns=SCAN_NS)
    t_ns, values = rows(30, GOOD)
    values[t_ns >= 9 * S, 0] = np.nan
    course.feed([signal.name for signal in SIGNALS], t_ns, values)
    assert course.finish(int(t_ns[-1]) + 1).steps["seen"].done_ns is None
