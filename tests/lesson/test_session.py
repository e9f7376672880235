"""Sessions as files: followed while they grow, signed, told to a learning record store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.lesson.made import GOOD, RIGHT, S, asked, lesson, record
from twin.errors import InputError
from twin.lesson import Following, Person, score_session
from twin.lesson.signature import is_signed, read_key, sign, signature_path
from twin.lesson.xapi import statements
from twin.record import Record
from twin.shipped import shipped

KEY = b"sixteen bytes and more"


def test_a_record_of_no_session_is_refused() -> None:
    with pytest.raises(InputError, match="a record of a session"):
        score_session(Record.open(shipped("assets", "recordings", "nominal_swap.mcap")))


def test_what_is_told_while_it_grows_is_told_once(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    following = Following(Record.open(record(tmp_path / "session.mcap", of, 30, GOOD, [RIGHT])), of)
    first = following.advance()
    assert following.advance() == first
    assert first.answers["why"].right and not first.over
    assert following.finish().won_ns == 14 * S


def test_an_edited_file_another_key_and_no_signature_are_told_apart(tmp_path: Path) -> None:
    path = record(tmp_path / "session.mcap", lesson(tmp_path), 30, GOOD, [RIGHT])
    assert is_signed(path, KEY) == (False, "not signed")
    sign(path, KEY, by="Class 7")
    assert is_signed(path, KEY) == (True, "signed by Class 7")
    assert not is_signed(path, b"another key of a class")[0]
    told = json.loads(signature_path(path).read_text())
    signature_path(path).write_text(json.dumps({**told, "signed_by": "Class 8"}))
    assert is_signed(path, KEY) == (False, "signed with another key, or the signature was edited")
    signature_path(path).write_text("{}")
    assert is_signed(path, KEY) == (False, "session.signature.json cannot be read")
    signature_path(path).write_text(json.dumps(told))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert is_signed(path, KEY) == (False, "the file was edited after it was signed")


def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short\n")
    with pytest.raises(InputError, match="at least 16 bytes"):
        read_key(tmp_path / "key")


def verbs(found: list[dict[str, object]]) -> list[str]:
    return [str(one["verb"]["id"]).rsplit("/", 1)[-1] for one in found]  # type: ignore[index]


def test_the_learning_record_tells_what_came_of_it(tmp_path: Path) -> None:
    of = lesson(tmp_path)
    who = Person(number="0042", name="王 Wang")
    path = record(tmp_path / "session.mcap", of, 30, GOOD, [RIGHT], trainee=who, home="https://training.example.com")
    opened = Record.open(path)
    found = statements(opened, score_session(opened))
    assert verbs(found) == ["initialized", "completed", "answered", "passed", "terminated"], "in order of time"
    assert {one["actor"]["account"]["homePage"] for one in found} == {"https://training.example.com"}
    assert [one["timestamp"] for one in found] == sorted(str(one["timestamp"]) for one in found)
    assert {one["actor"]["account"]["name"] for one in found} == {"0042"}
    passed = found[3]
    assert passed["result"]["success"] is True and passed["result"]["score"] == {
        "scaled": 1.0, "raw": 100.0, "min": 0, "max": 100
    }  # fmt: skip
    assert passed["timestamp"] == "2026-11-22T08:00:30.000Z" and passed["result"]["duration"] == "PT30.00S"
    categories = [one["id"].rsplit("/", 1)[-1] for one in passed["context"]["contextActivities"]["category"]]
    assert categories == ["cmi5", "moveon"]
    # The same twice: what is sent twice is stored once.
    assert found == statements(opened, score_session(opened))
    assert len({one["id"] for one in found}) == len(found)


def test_a_guided_session_is_neither_passed_nor_failed(tmp_path: Path) -> None:
    path = record(tmp_path / "session.mcap", lesson(tmp_path), 30, GOOD, [RIGHT], mode="guided")
    opened = Record.open(path)
    assert not {"passed", "failed"} & set(verbs(statements(opened, score_session(opened))))


def test_what_was_not_won_is_failed_and_not_completed(tmp_path: Path) -> None:
    wrong = asked(15.0, "give_answer", question="why", answer="b")
    path = record(tmp_path / "session.mcap", lesson(tmp_path), 30, {}, [wrong])
    opened = Record.open(path)
    found = statements(opened, score_session(opened))
    assert verbs(found) == ["initialized", "answered", "failed", "terminated"]
    assert found[1]["result"] == {"response": "b", "success": False}
