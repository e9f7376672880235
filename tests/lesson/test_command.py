"""`swaptwin lesson` and `swaptwin score`, as a person uses them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.lesson.made import GOOD, RIGHT, TEXT, asked, lesson, record
from twin.cli import app
from twin.lesson import lesson_paths

RUN = CliRunner()


def test_the_matrix_names_every_lesson_and_competency(tmp_path: Path) -> None:
    told = RUN.invoke(app, ["lesson", "list", "--json", str(tmp_path / "lessons.json")], env={"COLUMNS": "200"})
    assert told.exit_code == 0
    assert all(name in told.stdout for name in lesson_paths())
    data = json.loads((tmp_path / "lessons.json").read_text())
    assert len(data) == len(lesson_paths()) >= 12
    assert all(one["competencies"] and one["procedure"] and one["text"]["zh"] for one in data)


def test_a_lesson_that_means_nothing_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT.replace("done: held", "done: shuttle.lift.pv_height_m > 1 m"), encoding="utf-8")
    told = RUN.invoke(app, ["lesson", "check", str(path)])
    assert told.exit_code == 2
    assert "mine.yaml:14" in told.stderr.replace("\n", "") and "shuttle.lift.pv_height_m" in told.stderr


@pytest.mark.sim
def test_what_a_session_has_already_is_not_given_beside_it(tmp_path: Path) -> None:
    pytest.importorskip("pybullet")
    path = record(tmp_path / "session.mcap", lesson(tmp_path), 30, GOOD, [RIGHT])
    told = RUN.invoke(app, ["lesson", "play", str(path), "--name", "Li Wei"])
    assert told.exit_code == 2 and "--name" in told.stderr and path.is_file()


def test_a_score_is_told_point_by_point_and_written(tmp_path: Path) -> None:
    path = record(tmp_path / "session.mcap", lesson(tmp_path), 30, GOOD, [RIGHT, asked(11, "take_hint", step="seen")])
    found = RUN.invoke(app, ["score", str(path), "--json", str(tmp_path / "s.json"), "--xapi"], env={"COLUMNS": "200"})
    assert found.exit_code == 0, found.output
    assert "98.00 × 1.0000 = 98.00, pass mark 60: passed" in found.stdout
    assert re.search(r"14\.00 +confirmed: You confirm +45\.00 +45\.00 +done within 4\.00 s of 10 s", found.stdout)
    assert json.loads((tmp_path / "s.json").read_text())["exact"] == "98"
    assert len(json.loads((tmp_path / "session.xapi.json").read_text())) == 5
    told = RUN.invoke(app, ["score", str(path), "--lang", "zh"], env={"COLUMNS": "200"})
    assert "查看提示" in told.stdout and "a hint was" not in told.stdout


def test_what_is_not_passed_or_not_signed_is_told_by_the_exit_code(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    key = tmp_path / "class.key"
    key.write_bytes(b"sixteen bytes and more")
    bad = record(tmp_path / "bad.mcap", of, 30, {})
    assert RUN.invoke(app, ["score", str(bad)]).exit_code == 1
    good = record(tmp_path / "good.mcap", of, 30, GOOD, [RIGHT])
    unsigned = RUN.invoke(app, ["score", str(good), "--key", str(key)])
    assert unsigned.exit_code == 1 and "signature: not signed" in unsigned.stdout
    assert RUN.invoke(app, ["lesson", "sign", str(good), "--key", str(key), "--by", "Class 7"]).exit_code == 0
    signed = RUN.invoke(app, ["score", str(good), "--key", str(key)])
    assert signed.exit_code == 0 and "signature: holds, signed by Class 7" in signed.stdout


@pytest.mark.parametrize("command", [["score", "none.mcap"], ["lesson", "check", "first_swop"]])
def test_what_is_not_there_is_told(command: list[str]) -> None:
    told = RUN.invoke(app, command)
    assert told.exit_code == 2 and told.stderr.startswith("swaptwin: ")
