"""Files are written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from twin.errors import InputError
from twin.files import write_json, write_text


def test_numbers_that_are_none_become_null(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"x": float("nan"), "y": [1.5, float("inf")], "z": "换电"})
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"x": None, "y": [1.5, None], "z": "换电"} and "换电" in text


def test_what_cannot_be_written_leaves_nothing_and_takes_nothing_away(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("before", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_text(tmp_path / "a.txt", "\ud800")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "before"
    with pytest.raises(InputError, match="can be written"):
        write_json(tmp_path / "nowhere" / "a.json", {})
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_what_is_private_its_owner_alone_may_read(tmp_path: Path) -> None:
    write_text(tmp_path / "card.html", "code", private=True)
    assert (tmp_path / "card.html").stat().st_mode & 0o077 == 0
