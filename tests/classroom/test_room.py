"""A class with real processes: bounded, one crash touches no one, and what was done to a session is in its Record."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from twin.branch.past import first_difference
from twin.classroom import Classroom, enrol, load_roster, standing
from twin.errors import InputError
from twin.lesson import Person, session_of
from twin.record import Record
from twin.teaching import Outbox, Teacher
from twin.training import verify

pytestmark = [pytest.mark.sim, pytest.mark.slow]
CHEN = Person(number="9", name="Chen Jie")
S = 1_000_000_000


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    pytest.importorskip("pybullet")
    for number in ("1", "2", "3"):
        enrol(tmp_path / "class.yaml", number, f"Trainee {number}")
    return tmp_path / "class.yaml"


@pytest.fixture
def room(roster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Classroom]:
    monkeypatch.setattr("twin.teaching.teacher.AWAY_S", float("inf"))  # no page asks here
    with Classroom(load_roster(roster), tmp_path / "kept", at_once=2) as room:
        yield room


class Sent(Outbox):
    """What is to be sent to a learning record store, kept here."""

    def __init__(self) -> None:
        self.sessions: list[Path] = []

    def add(self, session: Path) -> None:
        assert session.with_suffix(".xapi.json").is_file()
        self.sessions.append(session)


def until(true: Callable[[], bool]) -> None:
    by = time.monotonic() + 60
    while not true():
        assert time.monotonic() < by, "it does not come"
        time.sleep(0.02)


def remarks(record: Path) -> list[tuple[str, str, str]]:
    said = [e.data["remark"] for e in Record.open(record).events() if "remark" in e.data]
    return [(one["what"], one["by"], one["text"]) for one in said]


def test_a_class_of_two(room: Classroom) -> None:
    first = room.begin("1", "first_swap", "practice", instructor=CHEN)
    second = room.begin("2", "first_swap", "exam", instructor=CHEN)
    with pytest.raises(InputError, match="at most 2"):
        room.begin("3", "first_swap", "guided")
    with pytest.raises(InputError, match="one that runs"):
        room.begin("1", "first_swap", "guided")
    until(lambda: bool(first.now.process.progress and second.now.process.progress))
    time.sleep(0.5)
    assert first.now.t_ns == 0, "its trainee has not begun"
    with pytest.raises(InputError, match="1 in an exam"):
        second.now.pace(2.0)
    first.now.pace(1.0)
    second.now.pace(1.0)
    until(lambda: first.now.t_ns > S and second.now.t_ns > S)

    # One is held, by two reasons; the other goes on.
    first.freeze(CHEN)
    first.now.hold("away")
    first.now.pace(5.0)
    first.seen()
    second.seen()
    time.sleep(0.3)
    stood, went = first.now.t_ns, second.now.t_ns
    time.sleep(0.5)
    assert first.now.t_ns == stood and second.now.t_ns > went
    first.say("Look at the lift", CHEN)
    first.resume(CHEN)
    until(lambda: first.now.t_ns > stood)
    taken = first.cause({"fault": {"name": "lock_stuck", "target": "bracket2.lock3"}}).result(20)
    with pytest.raises(InputError):
        first.cause({"fault": {"name": "lock_stuck", "target": "bracket99.lock3"}}).result(20)

    # One dies; the other does not notice.
    assert second.now.process._child is not None
    os.kill(second.now.process._child.pid, signal.SIGKILL)
    until(lambda: not second.running and second.now.ended)
    assert "ended by itself" in standing(second)["problem"] + str(second.now.process.summary)
    assert first.running and standing(first)["steps"]
    first.finish()
    until(lambda: first.now.ended)
    told = standing(first, for_trainee=True)
    assert told["score"]["passed"] is False and told["words"][0]["text"] == "Look at the lift"

    record = Record.open(first.now.record)
    session = session_of(record)
    assert (session.trainee.number, session.instructor.name, session.attempt) == ("1", "Chen Jie", 1)
    assert remarks(first.now.record) == [
        ("frozen", "Chen Jie", "instructor"), ("frozen", "", "away"), ("resumed", "", "away"),
        ("message", "Chen Jie", "Look at the lift"), ("resumed", "Chen Jie", "instructor"), ("finished", "", ""),
    ]  # fmt: skip
    assert any(e.kind == "fault" and e.t_ns == taken for e in record.events())
    until(first.now.record.with_suffix(".xapi.json").is_file)
    assert (room.left("1"), room.left("2")) == (None, second.now.record), "what was ended is not gone on with"
    assert room.begin("1", "first_swap", "guided").now.record.name == "first_swap-2.mcap"


def test_an_exam_ends_with_the_instructors_word(room: Classroom) -> None:
    seat = room.begin("3", "first_swap", "exam", instructor=CHEN)
    until(lambda: bool(seat.now.process.progress))
    seat.now.pace(1.0)
    until(lambda: seat.now.t_ns > 0)
    seat.finish()
    time.sleep(0.3)
    assert seat.running and seat.now.held == {"over"}
    seat.observe("Worked alone", CHEN)
    seat.confirm("Present throughout", CHEN)
    until(lambda: not seat.running)
    assert [what for what, _, _ in remarks(seat.now.record)] == ["frozen", "observed", "confirmed"]


def test_a_session_is_taken_up_where_the_server_ended(
    roster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.teaching.teacher.AWAY_S", float("inf"))

    def begun(room: Classroom) -> Teacher:
        seat = room.begin("1", "first_swap", "practice", instructor=CHEN)
        until(lambda: seat.now.progress is not None)
        seat.now.pace(10.0)
        until(lambda: seat.now.progress.won_ns is None and seat.now.t_ns > 3 * S)  # type: ignore[union-attr]
        seat.say("Begin", CHEN)
        seat.now.process.request({"op_hold": True}).result(20)
        seat.now.process.request({"op_hold": False}).result(20)
        return seat

    people, sent = load_roster(roster), Sent()
    with Classroom(people, tmp_path / "kept", outbox=sent) as room:
        begun(room)
    assert sent.sessions == [], "what comes of one that was broken off is not known yet"
    with Classroom(people, tmp_path / "kept", outbox=sent) as room:
        with pytest.raises(InputError, match="broken off"):
            room.take_up("2")
        path = room.left("1")
        assert path is not None and path.name == "first_swap-1.mcap"
        seat = room.take_up("1")
        aside = Record.open(path.with_name("first_swap-1.broken_off.mcap"))
        until(lambda: seat.told()["state"] == "standing")
        assert seat.now.t_ns >= aside.end_ns and [word.text for word in seat.words] == ["Begin"]
        seat.now.pace(1.0)
        until(lambda: seat.now.t_ns > aside.end_ns + S)
        seat.finish()
        until(lambda: seat.now.ended)
        record = Record.open(path)
        assert first_difference(aside, record, aside.end_ns) is None, "its past is the same, bit for bit"
        assert remarks(path) == [("message", "Chen Jie", "Begin"), ("finished", "", "")]
        assert session_of(record).attempt == 1 and verify(record).wrong == []
        assert room.left("1") is None
    assert sent.sessions == [path]
    with Classroom(people, tmp_path / "kept") as room:
        assert room.left("1") is None
