"""Rosters: codes are never kept, a file that is none of a class is refused and left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.classroom import enrol, load_roster
from twin.classroom.roster import hashed, matches
from twin.errors import InputError


def test_who_is_enrolled_gets_in_with_his_code_alone(tmp_path: Path) -> None:
    path = tmp_path / "spring.yaml"
    li, wang = enrol(path, "1001", "李伟"), enrol(path, "1002", "Wang Fang")
    teacher = enrol(path, "9", "Chen Jie", "instructor")
    roster = load_roster(path)
    assert roster.name == "spring" and roster.people["9"].role == "instructor"
    assert roster.lets_in("1001", li) and roster.lets_in("1001", f" {li[:5].upper()} {li[5:]}")
    for number, code in [("1001", wang), ("1002", li), ("1001", ""), ("1003", li), ("", ""), ("9", li)]:
        assert not roster.lets_in(number, code)
    text = path.read_text(encoding="utf-8")
    assert not any(code in text for code in (li, wang, teacher)) and len({li, wang, teacher}) == 3
    assert path.stat().st_mode & 0o077 == 0


def test_a_new_code_takes_the_old_ones_place(tmp_path: Path) -> None:
    path = tmp_path / "class.yaml"
    old, new = enrol(path, "1", "A"), enrol(path, "1", "A")
    roster = load_roster(path)
    assert roster.lets_in("1", new) and not roster.lets_in("1", old)


def test_whose_numbers_they_are_stays_when_somebody_is_enrolled(tmp_path: Path) -> None:
    path = tmp_path / "class.yaml"
    path.write_text("name: Spring\nhome: https://training.example.com\n", encoding="utf-8")
    enrol(path, "1", "A")
    assert (load_roster(path).name, load_roster(path).home) == ("Spring", "https://training.example.com")
    path.write_text("name: Spring\nhome: training\n", encoding="utf-8")
    with pytest.raises(InputError, match="home"):
        load_roster(path)


def test_the_same_code_is_never_kept_the_same() -> None:
    assert hashed("a") != hashed("a")
    assert matches("a", hashed("a")) and not matches("b", hashed("a"))


@pytest.mark.parametrize("number", ["../9", "a/b", "", ".", "x" * 41, "a b"])
def test_a_number_that_is_no_name_of_a_folder_is_refused(tmp_path: Path, number: str) -> None:
    path = tmp_path / "class.yaml"
    enrol(path, "1", "A")
    before = path.read_bytes()
    with pytest.raises(InputError):
        enrol(path, number, "B")
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_a_code_in_plain_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "class.yaml"
    path.write_text('name: x\npeople:\n  "1": {name: A, code: secret}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"people\.1\.code.*class\.yaml:3"):
        load_roster(path)
