"""The debrief of a session: what it says follows from the Record."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.lesson.made import GOOD, RIGHT, asked, lesson, record
from twin.errors import InputError
from twin.lesson import score_session
from twin.record import Record
from twin.report.debrief import debrief_archive, write_debrief


def written(*sessions: Path, folder: Path) -> str:
    """The debrief of a session, beside the best path where there is one."""
    record, best = [*map(Record.open, sessions), None][:2]
    assert record is not None
    return write_debrief(record, best, folder)[0].read_text(encoding="utf-8")


def test_every_point_of_the_score_stands_in_the_page_with_its_reason_in_both_languages(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    hint = asked(11.0, "take_hint", step="confirmed")
    path = record(tmp_path / "session.mcap", of, 30.0, GOOD, [hint, RIGHT], mode="practice")
    page = written(path, folder=tmp_path / "out")
    score = score_session(Record.open(path)).score
    assert f">{score.total}</b>" in page
    for item in score.items:
        assert item.reason.en in page and item.reason.zh in page and item.points in page
    assert "Asked for a hint: You confirm" in page and "The best path was not played" in page
    assert 'href="session.html#t=' in page, "instants lead to the 3D"


def test_the_best_path_stands_beside_it(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    mine = record(tmp_path / "mine.mcap", of, 30.0, {"station.unit.seq_state": [(10.0, 15)]})
    best = record(tmp_path / "best.mcap", of, 30.0, GOOD, [RIGHT])
    page = written(mine, best, folder=tmp_path / "out")
    assert "not done" in page and "0:14.00" in page and "Answered: One" in page and "回答：一" in page


def test_what_is_no_session_has_no_debrief(tmp_path: Path) -> None:
    path = record(tmp_path / "session.mcap", lesson(tmp_path), 5.0, {})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 40])
    with pytest.raises(InputError):
        write_debrief(Record.open(path), None, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_the_instructor_said_stands_there_and_what_he_observed_does_not(tmp_path: Path) -> None:
    said = [
        asked(10.0 + n, "remark", what=what, by="Chen Jie", text=text)
        for n, (what, text) in enumerate((("message", "Look"), ("frozen", "instructor"), ("observed", "Slow")))
    ]
    path = record(tmp_path / "session.mcap", lesson(tmp_path), 30.0, GOOD, said)
    with zipfile.ZipFile(io.BytesIO(debrief_archive(Record.open(path)))) as pages:
        assert pages.namelist() == ["debrief.html", "session.html"]
        page = pages.read("debrief.html").decode()
    assert "Chen Jie: “Look”" in page and "Held still: by the instructor" in page and "暂停：教员" in page
    assert "Slow" not in page
