"""Lessons in physics: each shipped one can be won and lost, and a session is known again."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from tests.lesson.made import lesson
from twin.errors import InputError
from twin.lesson import SESSION, Following, Session, lesson_paths, load_lesson, score_session
from twin.process import Job, RunProcess
from twin.record import Record, RecordWriter
from twin.teaching.play import play
from twin.training import Checked, check_lesson, verify

pytestmark = [pytest.mark.sim, pytest.mark.slow]


@pytest.mark.parametrize("name", list(lesson_paths()))
def test_a_shipped_lesson_can_be_passed_and_failed(name: str, tmp_path: Path) -> None:
    of = load_lesson(name)
    played = list(check_lesson(of, tmp_path))
    assert not Checked(of, played).wrong
    assert {one.script for one in played} == {"oracle", "idle", *of.fails}


def test_a_lesson_that_cannot_be_won_is_told(tmp_path: Path) -> None:
    def change(text: str) -> str:
        """Nothing but a truck comes, and the trainee is to wait for what never is."""
        return text.replace("time_limit_s: 100", "time_limit_s: 21").replace("par_s: 20,", "par_s: 5,")

    of = lesson(tmp_path, change)
    wrong = Checked(of, list(check_lesson(of, tmp_path))).wrong
    assert "oracle: step seen is not done" in wrong and any("cannot be passed" in line for line in wrong)


def test_a_session_that_is_lived_is_scored_and_known_again(tmp_path: Path) -> None:
    """Hints, answers and buttons while it runs; a scan later or earlier is another session, but a sound one."""
    of = lesson(tmp_path, lambda text: text.replace("time_limit_s: 100", "time_limit_s: 21").replace("20, s", "5, s"))
    scenario = of.scenario()
    session = Session(lesson=of.name, text=of.to_yaml(), seed=scenario.seed, mode="practice")
    job = Job(
        str(scenario.write(tmp_path)), tmp_path / "live.mcap", speed=4.0, watched=True,
        attachments={SESSION: session.model_dump_json()},
    )  # fmt: skip
    process = RunProcess(job).start()
    while not process.progress:
        time.sleep(0.01)
    hint_ns = process.cause({"take_hint": {"step": "confirmed"}}).result(20)
    answer_ns = process.cause({"give_answer": {"question": "why", "answer": "b"}}).result(20)
    assert process.request({"op_confirm": True}).result(20) > answer_ns
    with pytest.raises(InputError, match="give_answers"):
        process.cause({"give_answers": {"question": "why", "answer": "b"}}).result(20)
    following = Following(Record.open(job.out), of)
    while following.advance().until_ns < 6 * 10**9:
        time.sleep(0.05)
        following.record.refresh()
    live = following.advance()
    assert live.hints == ((hint_ns, "confirmed"),) and live.answers["why"].t_ns == answer_ns
    assert live.turn == ["seen"] and len(live.steps["confirmed"].early_ns) == 1
    process.stop()
    assert process.wait(60)
    record = Record.open(job.out)
    found = score_session(record)
    assert found.progress.hints == live.hints and found.progress.answers == live.answers
    assert found.progress.steps["confirmed"].early_ns == live.steps["confirmed"].early_ns
    assert verify(record).holds


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    of = load_lesson("misparked_truck")
    return play(of, "insists", tmp_path_factory.mktemp("sessions") / "session.mcap")


def edited(
    session: Path, out: Path, *, signal: str = "", event: str = "", scenario: tuple[str, str] | None = None
) -> Record:
    """The session written anew: one sample turned round, the events of a name left out, or its scenario changed."""
    old = Record.open(session)
    attachments = dict(old.attachments)
    if scenario is not None:
        text = attachments["scenario.yaml"].decode()
        assert scenario[0] in text
        attachments["scenario.yaml"] = text.replace(*scenario).encode()
    with RecordWriter(
        out, metadata=old.metadata, tables=old.tables, frames=old.frames, attachments=attachments
    ) as writer:
        for table, signals in old.tables.items():
            t_ns, values = old.rows(table)
            names = [one.name for one in signals]
            if signal in names:
                values[len(values) // 2, names.index(signal)] = 1 - values[len(values) // 2, names.index(signal)]
            for t, row in zip(t_ns.tolist(), values, strict=True):
                writer.row(table, t, np.asarray(row))
        for one in old.events():
            if one.name != event:
                writer.event(one)
    return Record.open(out)


def test_an_honest_session_is_the_same_bit_for_bit(session: Path, tmp_path: Path) -> None:
    found = verify(Record.open(session))
    assert found.holds and found.own and not found.versions
    # Written anew without a change it is still what it says: what is compared is what it holds.
    assert verify(edited(session, tmp_path / "again.mcap")).holds


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"signal": "operator.panel.alm_refused"}, "on its signals are not"),
        ({"signal": "operator.panel.op_confirm"}, "on its signals are not"),
        ({"event": "bay.pose.alm_out_of_range"}, "its events are not"),
        ({"scenario": ("offset_y_mm: 120", "offset_y_mm: 20")}, "its scenario is not that of its lesson"),
    ],
    ids=["an alarm", "a request", "an event", "the scenario"],
)
def test_an_edited_session_is_noticed(session: Path, tmp_path: Path, change: dict[str, str], says: str) -> None:
    found = verify(edited(session, tmp_path / "edited.mcap", **change))  # type: ignore[arg-type]
    assert any(says in line for line in found.wrong)


def test_the_score_of_a_session_read_again_is_the_same(session: Path, tmp_path: Path) -> None:
    first = score_session(Record.open(session)).score
    again = edited(session, tmp_path / "again.mcap")
    assert score_session(again).score.model_dump_json() == first.model_dump_json()
