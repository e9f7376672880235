"""A class with real processes: bounded, one crash touches no one, and what was done to a session is in its Record."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from twin.classroom import Classroom, Limits, enrol, load_roster
from twin.errors import InputError
from twin.lesson import Person, session_of
from twin.record import Record

pytestmark = [pytest.mark.sim, pytest.mark.slow]
CHEN = Person(number="9", name="Chen Jie")
S = 1_000_000_000


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    pytest.importorskip("pybullet")
    for number in ("1", "2", "3"):
        enrol(tmp_path / "class.yaml", number, f"Trainee {number}")
    with Classroom(load_roster(tmp_path / "class.yaml"), tmp_path / "kept", limits=Limits(sessions=2)) as room:
        yield room


def until(true: Callable[[], bool]) -> None:
    by = time.monotonic() + 60
    while not true():
        assert time.monotonic() < by, "it does not come"
        time.sleep(0.02)


def test_a_class_of_two(room: Classroom) -> None:
    first = room.begin("1", "first_swap", "practice", CHEN)
    second = room.begin("2", "first_swap", "exam", CHEN)
    with pytest.raises(InputError, match="at most 2"):
        room.begin("3", "first_swap", "guided")
    with pytest.raises(InputError, match="one that runs"):
        room.begin("1", "first_swap", "guided")
    until(lambda: bool(first.process.progress and second.process.progress))
    time.sleep(0.5)
    assert first.t_ns == 0, "nobody looks at it yet"
    with pytest.raises(InputError, match="1 in an exam"):
        second.pace(2.0)
    first.resume("away")
    second.resume("away")
    until(lambda: first.t_ns > S and second.t_ns > S)

    # One is held, by two reasons; the other goes on.
    first.freeze("instructor", CHEN)
    first.freeze("away")
    first.pace(5.0)
    first.resume("away")
    time.sleep(0.3)
    stood, went = first.t_ns, second.t_ns
    time.sleep(0.5)
    assert first.t_ns == stood and second.t_ns > went
    first.say("Look at the lift", CHEN)
    first.resume("instructor", CHEN)
    until(lambda: first.t_ns > stood)
    taken = first.cause({"fault": {"name": "lock_stuck", "target": "bracket2.lock3"}}).result(20)
    with pytest.raises(InputError):
        first.cause({"fault": {"name": "lock_stuck", "target": "bracket99.lock3"}}).result(20)

    # One dies; the other does not notice.
    assert second.process._child is not None
    os.kill(second.process._child.pid, signal.SIGKILL)
    until(lambda: not second.running)
    assert "ended by itself" in second.standing()["problem"]
    first.look()
    assert first.running and first.standing()["steps"]
    first.end()
    until(lambda: not first.running)
    first.look()
    standing = first.standing(for_trainee=True)
    assert standing["score"]["passed"] is False and standing["words"][0]["text"] == "Look at the lift"

    record = Record.open(first.record)
    session = session_of(record)
    assert (session.trainee.number, session.instructor.name, session.attempt) == ("1", "Chen Jie", 1)
    remarks = [e.data["remark"] for e in record.events() if e.kind == "lesson"]
    assert [(one["what"], one["by"], one["text"]) for one in remarks] == [
        ("frozen", "Chen Jie", "instructor"), ("frozen", "", "away"), ("resumed", "", "away"),
        ("message", "Chen Jie", "Look at the lift"), ("resumed", "Chen Jie", "instructor"),
    ]  # fmt: skip
    assert any(e.kind == "fault" and e.t_ns == taken for e in record.events())
    assert first.record.with_suffix(".xapi.json").is_file()
    assert room.begin("1", "first_swap", "guided").record.name == "first_swap-2.mcap"


def test_an_exam_ends_with_the_instructors_word(room: Classroom) -> None:
    seat = room.begin("3", "first_swap", "exam", CHEN)
    seat.resume("away")
    until(lambda: seat.t_ns > 0)
    seat.end()
    time.sleep(0.3)
    assert seat.running and seat.held == {"over"}
    seat.observe("Worked alone", CHEN)
    seat.confirm("Present throughout", CHEN)
    until(lambda: not seat.running)
    said = [e.data["remark"]["what"] for e in Record.open(seat.record).events() if e.kind == "lesson"]
    assert said == ["frozen", "observed", "confirmed"]
