"""What a class's sessions are told to show: only confirmed exams count, each figure follows from its Record."""

from __future__ import annotations

import datetime
import hashlib
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from tests.lesson.made import GOOD, RIGHT, S, asked, lesson, record
from twin.classroom import enrol, load_roster
from twin.classroom.report import Class, Shown, read_class, write_spreadsheet
from twin.classroom.report.transcript import months_later
from twin.cli import app
from twin.lesson import Lesson, Person, competencies
from twin.lesson.signature import sign
from twin.record import Event

RUN = CliRunner()
KEY = b"sixteen bytes and more"
LI = Person(number="1001", name="李伟")
CHINA = datetime.timezone(datetime.timedelta(hours=8))
NOW = datetime.datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)
CONFIRMED = asked(29.0, "remark", what="confirmed", by="Chen Jie", text="alone, without help")


@dataclass
class Place:
    """A class with one trainee, and the folder of its sessions."""

    folder: Path
    lesson: Lesson
    roster: Path

    def session(self, name: str, changes: Any = GOOD, events: Any = (RIGHT, CONFIRMED), **more: Any) -> Path:
        path = self.folder / "1001" / f"{name}.mcap"
        path.parent.mkdir(parents=True, exist_ok=True)
        return record(path, self.lesson, 30.0, changes, events, **{"trainee": LI, **more})

    def read(self, **more: Any) -> Class:
        about = {"made": NOW, "valid_months": 12, **more}
        return read_class(load_roster(self.roster), self.folder, {"small": self.lesson}, **about)

    def panel(self, **more: Any) -> Shown:
        """How the trainee stands in what the lesson trains."""
        return next(one for one in self.read(**more).people[0].competencies if one.name == "operate_panel")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    enrol(tmp_path / "class.yaml", LI.number, LI.name)
    enrol(tmp_path / "class.yaml", "9", "Chen Jie", "instructor")
    (tmp_path / "sessions").mkdir()
    return Place(tmp_path / "sessions", lesson(tmp_path), tmp_path / "class.yaml")


def test_a_confirmed_exam_shows_what_its_lesson_trains_for_so_many_months(place: Place) -> None:
    path = place.session("small-1", started_at="2025-11-30T20:00:00Z")
    found = place.panel()
    assert found.by is not None and found.by.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.until == datetime.date(2026, 12, 1), "by the class's zone it was taken on the first of December"
    assert found.valid(NOW.date()) and not found.valid(NOW.date() + datetime.timedelta(days=1))
    assert found.passed == found.lessons == ("small",)
    assert found.by.confirmed is not None and found.by.confirmed.text == "alone, without help"
    others = [one for one in place.read().people[0].competencies if one.name != "operate_panel"]
    assert len(others) == len(competencies()) - 1 and all(one.until is None for one in others)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"mode": "practice"}, "not an exam"),
        ({"mode": "guided"}, "not an exam"),
        ({"counts": False}, "not an exam that counts"),
        ({"script": "oracle"}, "played by a script"),
        ({"trainee": Person(number="1002")}, "taken by 1002"),
        ({"changes": {}}, "not passed"),
        ({"events": (RIGHT,)}, "not confirmed"),
        ({"events": (RIGHT, asked(29.0, "remark", what="finished"))}, "not confirmed"),
    ],
    ids=lambda change: str(change)[:40],
)
def test_anything_else_shows_nothing_and_says_why(place: Place, change: dict[str, Any], why: str) -> None:
    place.session("small-1", **change)
    found = place.panel()
    assert found.by is None and found.until is None and found.passed == ()
    [entry] = place.read().people[0].sessions
    assert [why in one.en for one in entry.against] == [True]


def test_the_latest_of_several_exams_counts_and_a_later_failure_takes_nothing(place: Place) -> None:
    place.session("small-2", started_at="2026-03-01T08:00:00Z")
    place.session("small-10", started_at="2026-02-01T08:00:00Z")
    place.session("small-11", started_at="2026-04-01T08:00:00Z", changes={})
    assert place.panel(valid_months=6).until == datetime.date(2026, 9, 1)
    assert [one.file for one in place.read().people[0].exams] == [
        "1001/small-10.mcap", "1001/small-2.mcap", "1001/small-11.mcap"
    ]  # fmt: skip


def test_what_the_instructor_gave_and_said_is_told(place: Place) -> None:
    given = Event(
        5 * S, "fault", "lock_stuck", data={"id": "", "fault": {"name": "lock_stuck", "target": "bracket1.lock1"}}
    )
    own = Event(6 * S, "fault", "lock_stuck", data={**given.data, "id": "lesson"})
    said = asked(7.0, "remark", what="message", by="Chen Jie", text="Look at the lock")
    place.session("small-1", events=(given, own, said, RIGHT, CONFIRMED))
    found = place.panel().by
    assert found is not None and found.faults == ("lock_stuck",)
    assert [(one.by, one.text) for one in found.messages] == [("Chen Jie", "Look at the lock")]


def test_with_the_class_s_key_only_what_it_signed_counts(place: Place) -> None:
    path = place.session("small-1")
    assert place.panel().by is not None and place.panel(key=KEY).by is None
    sign(path, KEY, by="Class 7")
    assert place.panel(key=KEY).by is not None and place.panel(key=b"another key of a class").by is None
    [entry] = place.read().people[0].sessions
    assert "not checked" in entry.signature.en


def test_what_cannot_be_read_is_told_and_harms_nothing(place: Place) -> None:
    place.session("small-1")
    cut = place.session("small-2")
    cut.write_bytes(cut.read_bytes()[:-3000])
    (place.folder / "1001" / "small-3.mcap").write_bytes(b"no record")
    odd = Event(5 * S, "fault", "x", data={"id": "", "fault": {"name": "of another program"}})
    place.session("small-5", events=(odd, RIGHT, CONFIRMED), started_at="2026-11-21T08:00:00Z")
    (place.folder / "1001" / "small-4.broken_off.mcap").write_bytes(b"put aside")
    (place.folder / "1003").mkdir()
    (place.folder / "1003" / "small-1.mcap").write_bytes(b"")
    found = place.read()
    told = {one.file: [why.en for why in one.against] for one in found.people[0].sessions}
    assert told["1001/small-1.mcap"] == [] and told["1001/small-2.mcap"] == ["its file is not closed"]
    assert len(told) == 4
    assert all("cannot be scored" in told[f"1001/small-{n}.mcap"][0] for n in (3, 5))
    assert found.strangers == ["1003"] and place.panel().by is not None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-12-31", 2, "2027-02-28"), ("2026-05-15", 12, "2027-05-15"),
     ("2028-02-29", 12, "2029-02-28"), ("2026-12-01", 1, "2027-01-01")],
)  # fmt: skip
def test_months_later(day: str, months: int, later: str) -> None:
    assert months_later(datetime.date.fromisoformat(day), months).isoformat() == later


def cells(path: Path) -> list[list[list[str]]]:
    """The texts of a spreadsheet, by sheet and row."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        shared = ["".join(one.itertext()) for one in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        names = sorted(name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d\.xml", name))
        sheets = [ElementTree.fromstring(book.read(name)) for name in names]

    def text(cell: ElementTree.Element) -> str:
        assert cell.find(f"{space}f") is None, "no cell is a formula"
        value = cell.findtext(f"{space}v", "")
        return shared[int(value)] if cell.get("t") == "s" else value

    return [[[text(cell) for cell in row] for row in sheet.iter(f"{space}row")] for sheet in sheets]


def test_the_spreadsheet_has_every_session_with_its_digest_and_what_it_does_not_certify(
    place: Place, tmp_path: Path
) -> None:
    pytest.importorskip("xlsxwriter")
    enrol(place.roster, "1002", '=HYPERLINK("http://x")')
    path = place.session("small-1", events=(RIGHT, asked(9.0, "remark", what="observed", by="Chen", text="=1+1")))
    (place.folder / "1001" / "small-2.mcap").write_bytes(b"no record")
    write_spreadsheet(place.read(), tmp_path / "class.xlsx")
    overview, shown, sessions, notes = cells(tmp_path / "class.xlsx")
    assert [row[1] for row in overview[1:]] == [LI.name, '=HYPERLINK("http://x")']
    assert len(shown) == 1 + 2 * len(competencies())
    assert len(sessions) == 3 and {len(row) for row in sessions} == {len(sessions[0])}
    assert sessions[1][sessions[0].index("File\n文件")] == "1001/small-2.mcap"
    assert hashlib.sha256(path.read_bytes()).hexdigest() in sessions[2]
    assert {"9 s Chen: =1+1", "100", "60"} <= set(sessions[2])
    assert any("not confirmed by an instructor 未经教员确认" in cell for cell in sessions[2])
    assert any("It is no licence" in cell and "不是上岗证" in cell for row in notes for cell in row)
    with zipfile.ZipFile(tmp_path / "class.xlsx") as book:
        assert not any("rels" in name and b"http://x" in book.read(name) for name in book.namelist())


def test_the_command_writes_a_page_each_and_the_spreadsheet(place: Place, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    enrol(place.roster, "1002", "<b>Wang</b>")
    path = place.session("small-1")
    out = tmp_path / "report"
    command = ["train", "report", str(place.roster), "--sessions", str(place.folder), "--out", str(out)]
    told = RUN.invoke(app, [*command, "--valid-months", "24"])
    assert told.exit_code == 0, told.output
    assert {one.name for one in out.iterdir()} == {"1001.html", "1002.html", "class.xlsx"}
    assert "1001 李伟: 1 of 12 competencies valid, 1 sessions" in told.stdout
    page = (out / "1001.html").read_text(encoding="utf-8")
    for text in (
        hashlib.sha256(path.read_bytes()).hexdigest(),
        "2028-11-22",
        "alone, without help",
        "100.00",
        "不是上岗证",
    ):
        assert text in page
    assert "<b>Wang" not in (out / "1002.html").read_text(encoding="utf-8")
    assert RUN.invoke(app, [*command[:4], str(tmp_path / "none"), *command[5:]]).exit_code == 2
