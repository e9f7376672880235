"""Notes stand beside their log, survive two writers, and are not taken for those of another log."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin.cli import app
from twin.errors import InputError
from twin.note import SUFFIX, Notes
from twin.record import Record, RecordWriter
from twin.signals import Signal, SignalTable

S = 1_000_000_000


def _log(path: Path, **metadata: str) -> Record:
    with RecordWriter(path, metadata=metadata, tables={"t": SignalTable([Signal("a.b.pv_x_m")])}) as writer:
        for t_s in range(11):
            writer.row("t", t_s * S, [0.0])
    return Record.open(path)


@pytest.fixture
def log(tmp_path: Path) -> Record:
    return _log(tmp_path / "log.mcap", scenario="one")


def test_notes_are_found_again_in_order(log: Record) -> None:
    late = Notes(log).put("锁 3 未打开", 8 * S)
    early = Notes(log).put("creeps", 1 * S, 4 * S)
    assert Notes(log).all() == [early, late]
    Notes(log).put("creeps, then stops", 1 * S, 5 * S, id=early.id)
    Notes(log).remove(late.id)
    assert [(note.text, note.end_ns) for note in Notes(Record.open(log.path)).all()] == [("creeps, then stops", 5 * S)]


def test_many_writers_keep_all_their_notes(log: Record) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: Notes(log).put(f"note {n}", n * S // 10), range(60)))
    other = (
        "import sys; from twin.note import Notes; from twin.record import Record; n = Notes(Record.open(sys.argv[1]));"
        "[n.put(f'{sys.argv[2]} {k}', k) for k in range(10)]"
    )
    many = [subprocess.Popen([sys.executable, "-c", other, str(log.path), who]) for who in "ab"]
    assert [process.wait() for process in many] == [0, 0]
    assert len(Notes(log).all()) == 80
    assert [path.name for path in log.path.parent.iterdir() if "notes" in path.name] == [log.path.name + SUFFIX]


def test_notes_of_another_log_are_not_applied(log: Record, tmp_path: Path) -> None:
    Notes(log).put("mine", S)
    other = _log(tmp_path / "other.mcap", scenario="two")
    beside = other.path.with_name(other.path.name + SUFFIX)
    beside.write_bytes((tmp_path / ("log.mcap" + SUFFIX)).read_bytes())
    before = beside.read_bytes()
    for ask in (Notes(other).all, lambda: Notes(other).put("new", S), lambda: Notes(other).remove("x")):
        with pytest.raises(InputError, match=r"notes on another log, log\.mcap"):
            ask()
    assert beside.read_bytes() == before


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 2}', '{"format": 1, "log": "x", "identity": "y", "no": 1}']
)
def test_what_is_no_file_of_notes_is_left_alone(log: Record, text: str) -> None:
    path = Notes(log).path
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="a file of notes"):
        Notes(log).put("new", S)
    assert path.read_text(encoding="utf-8") == text


def test_times_outside_the_log_and_endless_texts_are_refused(log: Record) -> None:
    for start_ns, end_ns in ((-1, 0), (5 * S, 4 * S), (5 * S, 11 * S)):
        with pytest.raises(InputError, match="times in the log"):
            Notes(log).put("x", start_ns, end_ns)
    with pytest.raises(InputError, match="at most 4000 letters"):
        Notes(log).put("x" * 5000, S)
    with pytest.raises(InputError, match="the id of a note"):
        Notes(log).remove("nosuch")
    assert not Notes(log).path.exists() or Notes(log).all() == []


def test_a_folder_that_cannot_be_written_says_so(log: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr("twin.note.os.open", refused)
    with pytest.raises(InputError, match="a folder that can be written"):
        Notes(log).put("x", S)
    assert Notes(log).all() == []


def test_the_command(log: Record, tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["notes", str(log.path), *words])
        return done.exit_code, done.output

    assert "no notes" in run()[1]
    code, said = run("--add", "a lock hangs", "--at", "0:02", "--to", "4s")
    assert code == 0 and "a lock hangs" in said
    code, said = run("--json", str(tmp_path / "notes.json"))
    data = json.loads((tmp_path / "notes.json").read_text(encoding="utf-8"))
    assert [(note["start_ns"], note["end_ns"]) for note in data] == [(2 * S, 4 * S)]
    assert "no notes" in run("--remove", data[0]["id"])[1]
    assert run("--add", "x", "--at", "99s")[0] == 2
