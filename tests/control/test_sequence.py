"""The transition-table engine."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.control.sequence import DONE, HOLD, SUSPEND, Row, Sequence
from twin.control.settings import Timeouts
from twin.errors import InputError

SCAN_NS = 20_000_000


class Facts:
    ready = warm = broken = False


class Unit:
    def __init__(self) -> None:
        self.log: list[str] = []

    def heat(self) -> None:
        self.log.append("heat")

    def note(self) -> None:
        self.log.append("note")


def make(*rows: Row, guards: dict[str, tuple[str, ...]] | None = None) -> tuple[Sequence, Facts, Unit]:
    facts, unit = Facts(), Unit()
    return Sequence(rows, guards or {}, facts, unit, Timeouts(lock_s=0.1)), facts, unit


BASIC = (
    Row("a.start", "heat", "both", "b.end", "lock_s", "x.y.alm_slow", "note", "a.start"),
    Row("a.start", "", "broken", HOLD, "", "x.y.alm_broken"),
    Row("b.end", "", "ready", DONE),
)
GUARDS = {"both": ("ready", "warm")}


def test_action_runs_each_scan_and_the_guard_needs_all_conditions():
    sequence, facts, unit = make(*BASIC, guards=GUARDS)
    sequence.run(SCAN_NS)
    facts.ready = True
    sequence.run(SCAN_NS)
    assert sequence.step == "a.start" and unit.log == ["heat", "heat"]
    assert sequence.waits_for().guards == {"both": ("warm",), "broken": ("broken",)}
    facts.warm = True
    assert sequence.run(SCAN_NS) is None
    assert sequence.step == "b.end" and sequence.phase == "b" and unit.log[-1] == "note"
    sequence.run(SCAN_NS)
    row = sequence.run(SCAN_NS)
    assert row is not None and row.next == DONE and sequence.done


def test_timeout_fails_with_the_rows_alarm_and_names_its_retry():
    sequence, _, _ = make(*BASIC, guards=GUARDS)
    row = None
    scans = 0
    while row is None:
        row = sequence.run(SCAN_NS)
        scans += 1
    assert row.alarm == "x.y.alm_slow" and sequence.failed and sequence.retry == "a.start"
    assert scans == 7  # 0.1 s of action, then the scan that sees it has taken longer.


def test_hold_row_fails_with_its_own_alarm():
    sequence, facts, _ = make(*BASIC, guards=GUARDS)
    sequence.run(SCAN_NS)
    facts.broken = True
    row = sequence.run(SCAN_NS)
    assert row is not None and row.alarm == "x.y.alm_broken" and sequence.failed


def test_suspend_leaves_the_step_and_it_begins_anew():
    sequence, facts, _ = make(Row("a.wait", "", "broken", SUSPEND, "", "x.y.alm_z"), Row("a.wait", "", "ready", DONE))
    sequence.run(SCAN_NS)
    facts.broken = True
    row = sequence.run(SCAN_NS)
    assert row is not None and row.next == SUSPEND and not sequence.failed and sequence.elapsed_ns == 0


def test_facts_older_than_the_step_are_not_believed():
    sequence, facts, _ = make(*BASIC, guards=GUARDS)
    facts.ready = facts.warm = True
    sequence.run(SCAN_NS)
    assert sequence.step == "a.start"
    sequence.run(SCAN_NS)
    assert sequence.step == "b.end"


def test_confirm_each_waits_for_the_person():
    sequence, facts, _ = make(*BASIC, guards=GUARDS)
    sequence.confirm_each = True
    facts.ready = facts.warm = True
    for _ in range(4):
        sequence.run(SCAN_NS)
    assert sequence.step == "a.start" and sequence.wait_confirm
    sequence.confirmed = True
    sequence.run(SCAN_NS)
    assert sequence.step == "b.end" and not sequence.wait_confirm and not sequence.confirmed


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (Row("a.b", "no_such_action", "ready", DONE), "no_such_action"),
        (Row("a.b", "", "no_such_condition", DONE), "no_such_condition"),
        (Row("a.b", "", "ready", "no.such.step"), "no.such.step"),
    ],
)
def test_a_table_that_cannot_work_is_refused(row: Row, key: str):
    with pytest.raises(InputError) as error:
        make(row)
    assert key in str(error.value)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=60), st.integers(0, 59))
def test_a_restored_sequence_goes_on_exactly(course: list[tuple[bool, bool, bool]], cut: int):
    def drive(sequence: Sequence, facts: Facts, part: list[tuple[bool, bool, bool]]) -> list[tuple[str, int, bool]]:
        seen = []
        for facts.ready, facts.warm, facts.broken in part:
            if not (sequence.failed or sequence.done):
                sequence.run(SCAN_NS)
            seen.append((sequence.step, sequence.elapsed_ns, sequence.failed))
        return seen

    whole, facts, _ = make(*BASIC, guards=GUARDS)
    expected = drive(whole, facts, course)
    first, facts, _ = make(*BASIC, guards=GUARDS)
    seen = drive(first, facts, course[:cut])
    second, facts, _ = make(*BASIC, guards=GUARDS)
    second.restore(first.state())
    assert seen + drive(second, facts, course[cut:]) == expected


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_a_step_is_left_only_when_its_guard_is_true(course: list[tuple[bool, bool]]):
    sequence, facts, _ = make(*BASIC, guards=GUARDS)
    for facts.ready, facts.warm in course:
        before = sequence.step
        sequence.run(0)
        sequence.elapsed_ns = max(sequence.elapsed_ns, 1)
        if sequence.step != before:
            assert facts.ready and facts.warm
            break


def test_timeouts_count_only_time_that_was_run():
    sequence, _, _ = make(*BASIC, guards=GUARDS)
    sequence.run(SCAN_NS)
    saved = SimpleNamespace(**sequence.state())
    assert saved.elapsed_ns == SCAN_NS and saved.step == "a.start"
