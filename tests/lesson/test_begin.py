"""A lesson that begins in the middle of a run: its times count from there, and nothing before counts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.lesson.made import GOOD, RIGHT, Change, S, asked, lesson, progress, record
from twin.errors import InputError
from twin.event import AfterCondition, Remark, TimeCondition
from twin.lesson import Lesson, parse_lesson, score, score_session
from twin.lesson.begin import BEGIN
from twin.lesson.xapi import statements
from twin.record import Record

OLD = "{scenario: nominal_swap}"
BEGIN_S = 7.0
PAST = "{at: {time_s: 6.98}, do: {operator: {set: {op_mode: manual}}}}"


def begun(more: str = "") -> Change:
    return lambda text: text.replace(OLD, f"{{scenario: nominal_swap, begin_s: {BEGIN_S}{more}}}")


def later(changes: dict[str, list[tuple[float, float]]]) -> dict[str, Iterable[tuple[float, float]]]:
    return {name: [(at_s + BEGIN_S, value) for at_s, value in found] for name, found in changes.items()}


def inline(folder: Path, event: str) -> Lesson:
    """The small lesson, its scenario inline with an event in it."""
    truck = "truck: {packs: {p2: {serial: QJ75-0101}}}"
    scenario = f"{{text: {{en: x}}, {truck}, events: [{event}]}}"
    return lesson(folder, lambda text: text.replace(OLD, f"{{inline: {scenario}, begin_s: {BEGIN_S}}}"))


def test_the_same_done_as_much_later_is_worth_the_same(tmp_path: Path) -> None:
    whole, cut = lesson(tmp_path), lesson(tmp_path, begun())
    late = {**GOOD, "operator.panel.op_confirm": [(60.0, 1.0)], "operator.panel.alm_refused": [(20.0, 1.0)]}
    first = score(whole, progress(whole, 80, late, [asked(11, "take_hint", step="seen"), RIGHT]))
    moved = [
        asked(11 + BEGIN_S, "take_hint", step="seen"),
        asked(15 + BEGIN_S, "give_answer", question="why", answer="a"),
    ]
    second = score(cut, progress(cut, 80 + BEGIN_S, later(late), moved))
    assert 0 < float(first.total) < 100 and second.exact == first.exact
    for one, other in zip(first.items, second.items, strict=True):
        assert one.t_ns is not None and other.t_ns == one.t_ns + 7 * S
        assert one.model_copy(update={"t_ns": 0}) == other.model_copy(update={"t_ns": 0})


def test_what_came_before_it_counts_for_nothing(tmp_path: Path) -> None:
    cut = lesson(tmp_path, begun())
    before = {
        "station.unit.seq_state": [(1.0, 15.0), (2.0, 4.0)], "operator.panel.op_confirm": [(3.0, 1.0), (4.0, 0.0)],
        "shuttle.lift.pv_position_m": [(2.0, 0.9), (5.0, 0.0)], "operator.panel.alm_refused": [(4.0, 1.0), (5.0, 0.0)],
    }  # fmt: skip
    found = progress(cut, 30, before, [asked(5, "give_answer", question="why", answer="a")])
    assert all(step.done_ns is None and not step.early_ns for step in found.steps.values())
    assert not any(found.broken.values()) and not any(found.mistakes.values()) and not found.answers
    assert found.steps["seen"].turn_ns == 7 * S and found.steps["seen"].due_ns == 27 * S


def test_its_run_goes_up_to_there_and_what_happens_in_it_waits(tmp_path: Path) -> None:
    cut = lesson(tmp_path, begun(", events: [{do: {mains_off: {}}}, {at: {phase: take}, do: {mains_on: {}}}]"))
    scenario = cut.scenario(cut.oracle)
    assert scenario.time_limit_s == BEGIN_S + cut.time_limit_s
    (_, begins, event), (_, off, _), (_, on, _), (_, script, _) = scenario.script()
    assert begins == TimeCondition(time_s=BEGIN_S) and event.do == Remark(what="begun")
    assert off == AfterCondition(after=BEGIN) and on.after == BEGIN
    assert isinstance(script, TimeCondition) and script.time_s == BEGIN_S + 5
    again = parse_lesson(cut.to_yaml(), name=cut.name)
    assert again.scenario(cut.oracle).to_yaml() == scenario.to_yaml() and again.to_yaml() == cut.to_yaml()
    assert cut.scenario(seed=77).seed == scenario.seed, "another seed would be another past"


def test_what_people_did_before_it_is_part_of_it_and_nothing_later(tmp_path: Path) -> None:
    assert len(inline(tmp_path, PAST).scenario().events) == 2
    for event in (PAST.replace("6.98", "7.0"), PAST.replace("time_s: 6.98", "time_s: 6.0, delay_s: 1")):
        with pytest.raises(InputError, match=r"situation\.inline\.events\.0\.do"):
            inline(tmp_path, event)


def test_it_draws_nothing(tmp_path: Path) -> None:
    drawn = ", draw: {a: [{do: {mains_off: {}}}], b: [{do: {mains_on: {}}}]}"
    with pytest.raises(InputError, match=r"situation\.draw.*seed"):
        lesson(tmp_path, begun(drawn))


def test_what_is_told_of_its_session_counts_from_there(tmp_path: Path) -> None:
    cut = lesson(tmp_path, begun())
    made = Record.open(record(tmp_path / "s.mcap", cut, 30, later({name: list(of) for name, of in GOOD.items()})))
    found = {one["verb"]["id"].rpartition("/")[2]: one for one in statements(made, score_session(made))}
    assert found["initialized"]["timestamp"].endswith("08:00:07.000Z")
    assert found["completed"]["result"]["duration"] == "PT14.00S"
