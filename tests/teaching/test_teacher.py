"""A person in a lesson: attempts that are followed, backed up and scored."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from twin.branch.past import first_difference
from twin.errors import InputError
from twin.lesson import load_lesson, score_session
from twin.lesson.session import Mode
from twin.record import Record
from twin.teaching import Teacher
from twin.training import verify

pytestmark = pytest.mark.sim
NAME = "lock_does_not_release"


@pytest.fixture
def teach(tmp_path: Path) -> Iterator[Callable[..., Teacher]]:
    """Starts a lesson in a mode; it is closed with the test."""
    pytest.importorskip("pybullet")
    begun: list[Teacher] = []

    def start(mode: Mode, speed: float | None, name: str = NAME) -> Teacher:
        teacher = Teacher.beginning(load_lesson(name), mode, tmp_path / "session.mcap")
        begun.append(teacher)
        teacher.start()
        until(lambda: teacher.now.progress is not None)
        teacher.now.pace(speed)
        return teacher

    yield start
    for teacher in begun:
        teacher.close()


def told(teacher: Teacher) -> dict[str, Any]:
    """As the trainee's page asks."""
    teacher.seen()
    return teacher.told()


def until(holds: Callable[[], object], limit_s: float = 90.0) -> None:
    """Wait, but not for ever."""
    end_s = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < end_s, "it did not come"
        time.sleep(0.05)


@pytest.mark.slow
def test_backing_up_goes_on_from_the_very_same_past_and_the_first_attempt_counts(
    teach: Callable[..., Teacher],
) -> None:
    teacher = teach("practice", 20.0)
    until(lambda: told(teacher)["done_count"] == 1)
    teacher.now.pace(2.0)
    held_ns = teacher.now.t_ns
    assert told(teacher)["steps"] == [
        {"name": "confirmed", "text": None, "turn": True, "hint": None, "done_ns": None, "due_ns": None, "late": False}
    ]
    teacher.ask({"take_hint": {"step": "confirmed"}}).result(20)
    teacher.ask({"give_answer": {"question": "why_hold", "answer": "carries"}}).result(20)
    with pytest.raises(InputError):
        teacher.ask({"give_answer": {"question": "why_hold", "answer": "brakes"}})
    with pytest.raises(InputError):
        teacher.ask({"take_hint": {"step": "lowered"}})
    wrong_ns = teacher.ask({"clear": {"name": "lock_stuck", "target": "bracket2.lock1"}}).result(20)
    teacher.now.process.request({"op_confirm": True}).result(20)
    until(lambda: teacher.now.t_ns > wrong_ns + 2e9)
    again = teacher.back(wrong_ns)
    until(lambda: told(teacher)["state"] == "standing")
    assert told(teacher)["steps"][0]["hint"] is not None, "what was asked for before is known"
    teacher.ask({"clear": {"name": "lock_stuck", "target": "bracket2.lock3"}})
    again.pace(2.0)
    until(lambda: teacher.now.t_ns > wrong_ns + 4e9)
    again.process.request({"op_confirm": True}).result(20)
    again.process.request({"op_confirm": False}).result(20)
    until(lambda: told(teacher)["won"])
    teacher.finish()
    until(lambda: told(teacher)["state"] == "ended")
    first, second = (Record.open(one.record) for one in teacher.attempts)
    assert held_ns <= wrong_ns == teacher.attempts[1].from_ns
    assert first_difference(first, second, wrong_ns) is None, "the past is the same, bit for bit"
    scored = score_session(second)
    assert scored.score == teacher.now.scored.score  # type: ignore[union-attr]
    assert scored.score.passed and [one.kind for one in scored.score.items].count("hint") == 1
    assert [one["counts"] for one in told(teacher)["attempts"]] == [True, False]
    assert [score_session(one).session.attempt for one in (first, second)] == [1, 2]
    assert verify(second).wrong == [], "an attempt that was backed up to is a sound session"


@pytest.mark.slow
def test_a_session_goes_on_after_the_last_truck_and_ends_at_its_time_limit_with_a_word(
    teach: Callable[..., Teacher],
) -> None:
    teacher = teach("practice", None, "first_swap")
    until(lambda: told(teacher)["state"] == "ended")
    record = Record.open(teacher.now.record)
    assert record.end_ns >= teacher.lesson.end_ns > 200e9, "its truck was served and gone long before"
    assert [event.name for event in record.events() if event.kind == "lesson"] == ["remark"]
    assert teacher.now.over and teacher.now.record.with_suffix(".xapi.json").is_file()
    assert verify(record).wrong == []


@pytest.mark.slow
def test_an_exam_shows_no_step_and_lets_nobody_back_up_and_stands_when_the_page_is_gone(
    teach: Callable[..., Teacher], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.teaching.teacher.AWAY_S", 0.5)
    teacher = teach("exam", 1.0)
    until(lambda: told(teacher)["t_ns"] > 0)
    shown = told(teacher)
    assert (shown["steps"], shown["done_count"], shown["notices"]) == ([], None, [])
    with pytest.raises(InputError):
        teacher.back(0)
    with pytest.raises(InputError):
        teacher.ask({"take_hint": {"step": "held"}})
    with pytest.raises(InputError):
        teacher.ask({"press_estop": {}})
    until(lambda: teacher.now.held == {"away"})
    time.sleep(0.1)
    stood_ns = teacher.now.t_ns
    time.sleep(0.5)
    assert teacher.now.t_ns == stood_ns and teacher.told()["state"] == "standing"
    teacher.seen()
    until(lambda: teacher.now.t_ns > stood_ns)
    teacher.finish()
    until(lambda: told(teacher)["state"] == "ended")
    assert len(told(teacher)["steps"]) == 4, "once it is over everything is told"
    until(lambda: told(teacher)["best"] == "there", 180.0)
    best = teacher.best()
    assert best is not None and score_session(Record.open(best)).score.passed
    with zipfile.ZipFile(io.BytesIO(teacher.debrief(1))) as pages:
        assert pages.namelist() == ["debrief.html", "session.html", "best.html"]
