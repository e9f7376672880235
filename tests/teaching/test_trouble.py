"""What goes wrong while a lesson is followed is told on its page, and ends nothing else; the runs are not real."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.lesson.made import GOOD, RIGHT, S, lesson, record
from twin.errors import InputError, SwapTwinError
from twin.lesson import Lesson, Session
from twin.process import Job
from twin.teaching import Attempt, Outbox, Teacher
from twin.teaching.play import BestPath
from twin.viewing import teaching_of


class Run:
    """A run's process that is none: its record stands already."""

    def __init__(self, job: Job) -> None:
        self.job, self.running, self.started = job, True, False
        self.progress = {"t_ns": 30 * S}
        self.summary: dict[str, Any] | None = None
        self.error: SwapTwinError | None = None
        self.speeds: list[float | None] = []

    def start(self) -> Run:
        self.started = True
        return self

    def stop(self) -> None:
        self.running = False

    def wait(self) -> bool:
        return True

    def cause(self, action: Mapping[str, Any]) -> None:
        pass

    def set_speed(self, speed: float | None) -> None:
        self.speeds.append(speed)


class Sent(Outbox):
    def __init__(self) -> None:
        self.sessions: list[Path] = []

    def add(self, session: Path) -> None:
        self.sessions.append(session)


def full_disk(path: Path, data: Any) -> None:
    raise OSError(28, "No space left on device", str(path))


@pytest.fixture
def of(tmp_path: Path) -> Lesson:
    return lesson(tmp_path)


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def teacher(of: Lesson, sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Teacher]:
    """Takes somebody through the small lesson."""
    for module in ("teacher", "play"):
        monkeypatch.setattr(f"twin.teaching.{module}.RunProcess", Run)
    monkeypatch.setattr("twin.teaching.teacher._LOOK_S", 0.01)
    path = record(tmp_path / "session.mcap", of, 30.0, GOOD, [RIGHT])
    teacher = Teacher.beginning(of, "practice", path, outbox=sent)
    yield teacher
    teacher.close()


def until(holds: Callable[[], object]) -> None:
    by = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < by, "it did not come"
        time.sleep(0.01)


@pytest.mark.parametrize("error", [ValueError("no such row"), SwapTwinError("no such row")])
def test_a_lesson_that_cannot_be_followed_says_so_and_is_followed_again_once_it_can_be(
    teacher: Teacher, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("twin.teaching.attempt.Following.advance", broken)
        teacher.start()
        until(lambda: "no such row" in teacher.told()["wrong"])
        assert teacher.told()["state"] != "ended" and not teacher.now.ended, "it goes on, and hides what it hid"
    until(lambda: teacher.told()["done_count"] == 2)
    assert teacher.told()["wrong"] == ""


def test_what_fails_beside_the_following_is_told_too(teacher: Teacher, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: BestPath) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(BestPath, "begin", broken)
    teacher.start()
    teacher.finish()
    until(lambda: "can't start new thread" in teacher.told()["wrong"])
    assert teacher.told()["score"] is not None


def test_a_session_that_cannot_be_scored_has_ended_and_says_why(
    teacher: Teacher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise KeyError("unheard of")

    monkeypatch.setattr("twin.teaching.attempt.score_session", broken)
    teacher.start()
    teacher.finish()
    until(lambda: teacher.told()["state"] == "ended")
    assert "unheard of" in teacher.told()["wrong"] and teacher.told()["score"] is None


def test_a_session_that_broke_off_tells_nothing_of_what_it_came_to_for_it_can_be_gone_on_with(teacher: Teacher) -> None:
    page = teaching_of(teacher)
    teacher.start()
    until(lambda: teacher.told()["done_count"] == 2)
    teacher.now.process.stop()
    until(lambda: teacher.told()["state"] == "broken_off")
    assert teacher.now.scored is not None and teacher.told()["score"] is None and not page.best()
    assert page.attempts()[0].hides()
    with pytest.raises(InputError, match="one that goes on"):
        page.debrief(1)
    assert not teacher.now.record.with_suffix(".xapi.json").exists()


def test_what_came_of_a_session_is_written_once_the_disk_takes_it(
    teacher: Teacher, sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("twin.teaching.teacher.write_json", full_disk)
        teacher.start()
        teacher.finish()
        until(lambda: "No space left on device" in teacher.told()["wrong"])
        assert str(tmp_path) not in teacher.told()["wrong"], "where it lies is nobody's business"
        assert teacher.told()["score"] is not None and sent.sessions == []
    until(lambda: sent.sessions)
    assert sent.sessions == [teacher.now.record] and teacher.now.record.with_suffix(".xapi.json").is_file()
    assert teacher.told()["wrong"] == ""


def test_a_full_disk_does_not_keep_a_lesson_from_being_closed(
    teacher: Teacher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.teaching.teacher._LOOK_S", 60.0)

    with monkeypatch.context() as patched:
        patched.setattr("twin.teaching.teacher.write_json", full_disk)
        teacher.start()
        teacher.finish()
        teacher.close()
    assert teacher.now.ended and not Path(teacher.now.process.job.scenario).exists()


def test_who_holds_a_session_has_the_last_word_over_who_lets_it_go_on(of: Lesson, tmp_path: Path) -> None:
    run = Run(Job("nominal_swap", tmp_path / "session.mcap"))
    session = Session(lesson=of.name, text=of.to_yaml(), seed=1, mode="practice")
    attempt = Attempt(session, run, 0, 0.0)  # type: ignore[arg-type]
    holder = threading.Thread(target=attempt.hold, args=("instructor",))

    def set_speed(speed: float | None) -> None:
        if speed:  # on its way to the run, while the instructor freezes it
            holder.start()
            holder.join(0.2)
        run.speeds.append(speed)

    run.set_speed = set_speed  # type: ignore[method-assign]
    attempt.pace(1.0)
    holder.join()
    assert run.speeds[-1] == 0.0


@pytest.mark.parametrize(
    ("error", "summary", "state"),
    [
        (None, {"completed": True}, "there"),
        (None, {"completed": False, "verdict": "after 3.00 s the run's process ended by itself"}, "failed"),
        (SwapTwinError("no room"), None, "failed"),
    ],
)
def test_a_best_path_that_broke_off_is_not_shown_as_one(
    of: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Any, summary: Any, state: str
) -> None:
    class Ended(Run):
        def start(self) -> Run:
            self.running, self.error, self.summary = False, error, summary
            return self

    monkeypatch.setattr("twin.teaching.play.RunProcess", Ended)
    best = BestPath(of, 1, tmp_path / "best")
    best.begin()
    until(lambda: best.state != "playing")
    assert best.state == state and (best.record is not None) == (state == "there")


def test_a_best_path_that_cannot_be_begun_is_not_waited_for(of: Lesson, tmp_path: Path) -> None:
    (tmp_path / "best").write_text("no folder", encoding="utf-8")
    best = BestPath(of, 1, tmp_path / "best")
    best.begin()
    until(lambda: best.state == "failed")
