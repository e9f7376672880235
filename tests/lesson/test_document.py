"""Lessons that mean nothing, or cannot be won or lost, are refused with file, line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lesson.made import TEXT, lesson
from twin.errors import InputError
from twin.event import PERSONAL
from twin.lesson import competencies, lesson_paths, load_lesson, parse_lesson
from twin.training import check_signals

CHANGES = {
    "an unknown key": ("words:\n", "gaol: 1\nwords:\n", "gaol", "did you mean goal"),
    "a time limit of 0": ("within_s: 20", "within_s: 0", "steps.seen.within_s", "above 0"),
    "more time than there is": ("within_s: 20", "within_s: 120", "steps.seen.within_s", "at most"),
    "a par time that is none": ("par_s: 20", "par_s: 100", "scoring.par_s", "less than the lesson's"),
    "a step that is always done": ("done: held", "done: 1 < 2", "steps.seen.done", "always holds"),
    "a step that never is": (
        "done: held", "done: shuttle.lift.pv_position_m between 5 m and 2 m", "steps.seen.done", "never holds"
    ),
    "a step that is what must not be": (
        "done: held", "done: held and shuttle.lift.pv_position_m > 500 mm", "steps.seen.done", "without never.high"
    ),
    "a word that is not explained": ("done: held", "done: hold_it", "steps.seen.done", "a word that is explained"),
    "a condition that no part of a log tells": (
        "done: held", "done: event(`lock_stuck`)", "steps.seen.done", "a part of a log"
    ),
    "a condition that is told too late": (
        "done: held", "done: held within 60 s", "steps.seen.done", "told within 10 s"
    ),
    "an order without a begin": (
        "    done: held\n", "    done: held\n    after: [confirmed]\n", "steps.seen.after", "wait for each other"
    ),
    "an unknown step before": (
        "    done: held\n", "    done: held\n    after: [sen]\n", "steps.seen.after", "did you mean seen"
    ),
    "a question without a right answer": ("right: [a]", "right: []", "questions.why.right", ""),
    "a right answer that is no choice": ("right: [a]", "right: [c]", "questions.why.right", "one of the choices a, b"),
    "a question that none gets wrong": ("right: [a]", "right: [a, b]", "questions.why.choices", "only right"),
    "an unknown competency": ("[operate_panel]", "[operate]", "competencies", "a competency"),
    "an unknown procedure": ("hold_and_go_on", "hold", "procedure", "a procedure of the station's panel"),
    "an unknown scenario": ("scenario: nominal_swap", "scenario: nominal", "situation", "did you mean nominal_swap"),
    "an unknown requirement": (
        "never:\n", "never:\n  r: {requirement: lifts}\n", "never.r.requirement", "a shipped requirement"
    ),
    "a name twice": ("mistakes:\n  refused:", "mistakes:\n  seen:", "mistakes.seen", "a name of its own"),
    "an oracle that breaks something": (
        "do: {operator: {set: {op_hold: true}, hold_s: 1}}", "do: {mains_off: {}}", "oracle.0.do", "what a person does"
    ),
    "a situation that acts for the trainee": (
        "{scenario: nominal_swap}", "{scenario: nominal_swap, events: [{do: {operator: {set: {op_hold: true}}}}]}",
        "situation.events.0.do", "what happens to the trainee",
    ),
    "a fault of what is not there": (
        "{scenario: nominal_swap}",
        "{scenario: nominal_swap, events: [{do: {fault: {name: encoder_drift, target: crane.lift}}}]}",
        "situation", "an axis of the station",
    ),
    "an answer to no question": (
        "do: {operator: {set: {op_hold: true}, hold_s: 1}}", "do: {give_answer: {question: wy, answer: a}}",
        "oracle.0.do.give_answer.question", "did you mean why",
    ),
    "nothing that must fail": (TEXT[TEXT.index("fails:") :], "fails: {}\n", "fails", ""),
    "a rule that leaves everything": ("leaves_percent: 50", "leaves_percent: 100", "never.high.leaves_percent", "95"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CHANGES))
def test_it_is_refused(name: str, tmp_path: Path) -> None:
    old, new, key, says = CHANGES[name]
    assert old in TEXT
    with pytest.raises(InputError) as refused:
        lesson(tmp_path, lambda text: text.replace(old, new, 1))
    assert refused.value.key.startswith(key) and says in str(refused.value)
    assert str(refused.value.file).endswith("small.yaml") and refused.value.line


def test_a_step_near_what_must_not_be_is_no_contradiction(tmp_path: Path) -> None:
    old = "done: held"
    near = "done: held or shuttle.lift.pv_position_m > 600 mm"
    assert lesson(tmp_path, lambda text: text.replace(old, near, 1)).steps["seen"].done == near[len("done: ") :]


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("done: held", "done: shuttle.lift.pv_positon_m > 1 m", "steps.seen.done", "did you mean shuttle.lift.pv_"),
        ("done: held", "done: station.unit.seq_state == Hold", "steps.seen.done", "station.unit.seq_state = Hold"),
        ("done: held", "done: shuttle.lift.pv_position_m > 1 N", "steps.seen.done", "m"),
        ("    choices: {a: {en: One, zh: 一}, b: {en: Two, zh: 二}}\n    right: [a]", "    right: [shuttle.lift.pv_x]",
         "questions.why.right", "did you mean shuttle.lift.pv_"),
    ],
)  # fmt: skip
def test_what_the_station_does_not_have_is_refused(old: str, new: str, key: str, says: str, tmp_path: Path) -> None:
    assert old in TEXT
    of = lesson(tmp_path, lambda text: text.replace(old, new, 1))
    with pytest.raises(InputError) as refused:
        check_signals(of, tmp_path / "small.yaml")
    assert refused.value.key == key and says in str(refused.value) and refused.value.line


def test_a_lesson_that_needs_no_other_file_is_the_same_lesson(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    again = parse_lesson(of.to_yaml(), name=of.name)
    assert again.scenario() == of.scenario() and again.conditions == of.conditions
    assert again.to_yaml() == of.to_yaml()


@pytest.mark.parametrize("name", list(lesson_paths()))
def test_shipped_lessons_mean_something_on_their_station(name: str) -> None:
    path = lesson_paths()[name]
    of = load_lesson(path)
    check_signals(of, path)
    assert parse_lesson(of.to_yaml(), name=name).to_yaml() == of.to_yaml()


def test_each_competency_is_trained() -> None:
    lessons = [load_lesson(path) for path in lesson_paths().values()]
    assert {name for of in lessons for name in of.competencies} == set(competencies())


def test_other_people_may_act_in_a_situation(tmp_path: Path) -> None:
    old = "{scenario: nominal_swap}"
    guardian = "{scenario: nominal_swap, events: [{do: {operator: {set: {operator.crew.op_confirmed: true}}}}]}"
    assert len(lesson(tmp_path, lambda text: text.replace(old, guardian)).scenario().events) == 1


def test_what_a_seed_draws_is_in_its_scenario_and_in_the_file_that_needs_no_other(tmp_path: Path) -> None:
    stuck = "[{do: {fault: {name: lock_stuck, target: bracket2.lock%d}}}]"
    draw = f"{{scenario: nominal_swap, draw: {{a: {stuck % 1}, b: {stuck % 2}, c: {stuck % 3}}}}}"
    of = lesson(tmp_path, lambda text: text.replace("{scenario: nominal_swap}", draw))
    again = parse_lesson(of.to_yaml(), name=of.name)
    assert again.to_yaml() == of.to_yaml()
    for seed in range(7):
        (event,) = of.scenario(seed=seed).events
        assert f"lock{seed % 3 + 1}" in str(event) and of.situation.drawn(seed) == "abc"[seed % 3]
        assert again.scenario(seed=seed) == of.scenario(seed=seed)
    with pytest.raises(InputError, match=r"situation\.draw: expected at least two"):
        lesson(tmp_path, lambda text: text.replace("{scenario: nominal_swap}", draw[: draw.index(", b:")] + "}}"))


def test_a_person_can_do_what_no_fault_is() -> None:
    assert not {"fault", "mains_off", "mains_on"} & {kind.tag for kind in PERSONAL}
