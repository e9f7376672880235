"""Who of the two at a station may ask for what; no run is begun."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from twin.errors import InputError
from twin.lesson import Person, load_lesson
from twin.process import RunProcess
from twin.teaching import Teacher
from twin.viewing import live_run, teaching_of
from web import LiveRun

CALLED, CONFIRMED = "operator.crew.op_called", "operator.crew.op_confirmed"
ESTOP = "operator.estop.op_pressed"


@pytest.fixture
def teacher(tmp_path: Path) -> Teacher:
    lesson, wang = load_lesson("call_and_confirm"), Person(number="2", name="Wang Fang")
    return Teacher.beginning(lesson, "exam", tmp_path / "session.mcap", guardian=wang)


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        ("operator", [CALLED, ESTOP], [CONFIRMED, "isolator.lift.op_lock2"]),
        ("guardian", [CONFIRMED, "isolator.lift.op_lock2", ESTOP], [CALLED, "operator.panel.op_start"]),
        ("onlooker", [], [CALLED, CONFIRMED, ESTOP]),
    ],
)
def test_each_has_his_own_and_either_may_stop(teacher: Teacher, role: str, own: list[str], others: list[str]) -> None:
    run = teaching_of(teacher, role).attempts()[-1]  # type: ignore[arg-type]
    for name in own:
        run.request({name: True})
    for name in others:
        with pytest.raises(InputError):
            run.request({name: True, ESTOP: True})


def test_an_attempt_is_shown_once_to_two_pages_that_ask_at_once(
    teacher: Teacher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(process: RunProcess) -> LiveRun:
        time.sleep(0.1)
        return live_run(process)

    monkeypatch.setattr("twin.viewing.live_run", slow)
    teaching = teaching_of(teacher)
    pages = [threading.Thread(target=teaching.attempts) for _ in range(2)]
    for page in pages:
        page.start()
    for page in pages:
        page.join()
    assert len(teaching.attempts()) == len(teacher.attempts) == 1
