"""Learning records sent to a real HTTP server that keeps statements as xAPI says, and that can be away or refuse."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.lesson.made import GOOD, RIGHT, lesson, record
from twin.classroom import enrol
from twin.cli import app
from twin.errors import InputError
from twin.files import write_json
from twin.lesson import Lesson, Person, score_session
from twin.lesson.xapi import statements
from twin.record import Record
from twin.teaching import lrs
from twin.teaching.lrs import KEY, SECRET, UNSENT, NotSentError, Outbox, RecordStore, send_session, waiting

RUN = CliRunner()
LET_IN = {KEY: "class", SECRET: "s3cret"}


class Store(ThreadingHTTPServer):
    """A learning record store: what it has, by id, each request's status, and a status to answer with instead."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.kept: dict[str, Any] = {}
        self.answered: list[int] = []
        self.instead = 0
        self.breaks_off = False
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/xapi"

    def end(self) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Store

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.instead or self.status(json.loads(body))
        self.server.answered.append(status)
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        if self.server.breaks_off:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"20\r\nno")
            return
        answer = b"no\nsecond line" if status >= 400 else b"[]"
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def status(self, given: list[Any]) -> int:
        basic = base64.b64encode(f"{LET_IN[KEY]}:{LET_IN[SECRET]}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {basic}":
            return 401
        if self.path != "/xapi/statements" or self.headers["X-Experience-API-Version"] != "1.0.3":
            return 400
        if any(self.server.kept.get(one["id"], one) != one for one in given):
            return 409  # and nothing of what came with it is kept
        self.server.kept |= {one["id"]: one for one in given}
        return 200

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def store() -> Iterator[Store]:
    one = Store()
    yield one
    one.end()


@pytest.fixture
def of(tmp_path: Path) -> Lesson:
    return lesson(tmp_path)


def session(of: Lesson, path: Path, number: str = "1001") -> Path:
    """A session that has ended, with its statements beside it."""
    path.parent.mkdir(exist_ok=True)
    record(path, of, 30, GOOD, [RIGHT], trainee=Person(number=number))
    opened = Record.open(path)
    write_json(path.with_suffix(".xapi.json"), statements(opened, score_session(opened)))
    return path


def until(true: Callable[[], bool]) -> None:
    by = time.monotonic() + 20
    while not true():
        assert time.monotonic() < by, "it does not come"
        time.sleep(0.01)


def test_what_is_sent_twice_is_stored_once(store: Store, of: Lesson, tmp_path: Path) -> None:
    one, other = session(of, tmp_path / "a.mcap"), session(of, tmp_path / "b.mcap", number="1002")
    to = RecordStore.of(store.url + "/", LET_IN)
    assert send_session(one, to) == "5 statements" == send_session(one, to)
    assert len(store.kept) == 5
    send_session(other, to)
    assert len(store.kept) == 10, "of two people who began in the same second"


def test_a_statement_that_is_there_with_other_content_keeps_none_of_the_others_away(
    store: Store, of: Lesson, tmp_path: Path
) -> None:
    path = session(of, tmp_path / "a.mcap")
    first = json.loads(path.with_suffix(".xapi.json").read_text())[0]
    store.kept[first["id"]] = {**first, "timestamp": "2020-01-01T00:00:00Z"}
    assert send_session(path, RecordStore.of(store.url, LET_IN)).endswith("1 of them there already with other content")
    assert len(store.kept) == 5 and store.kept[first["id"]]["timestamp"].startswith("2020")
    assert store.answered == [409, 409, 200, 200, 200, 200]


@pytest.mark.parametrize(
    ("status", "later"), [(500, True), (503, True), (429, True), (400, False), (401, False), (302, False)]
)
def test_what_is_refused_stays_and_says_whether_to_try_again(
    store: Store, of: Lesson, tmp_path: Path, status: int, later: bool
) -> None:
    store.instead = status
    with pytest.raises(NotSentError, match=f"answers {status}") as refused:
        send_session(session(of, tmp_path / "a.mcap"), RecordStore.of(store.url, LET_IN))
    assert refused.value.later == later and "second line" not in str(refused.value)
    assert store.answered == [status], "a redirect is not followed"


def test_wrong_credentials_are_told_and_never_shown(store: Store, of: Lesson, tmp_path: Path) -> None:
    to = RecordStore.of(store.url, {**LET_IN, SECRET: "another"})
    with pytest.raises(NotSentError, match="401") as refused:
        send_session(session(of, tmp_path / "a.mcap"), to)
    assert "another" not in str(refused.value) + repr(to)


def test_a_store_that_is_away_holds_nobody_up_and_gets_all_once_it_is_there(
    of: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lrs, "FIRST_WAIT_S", 0.05)
    away = Store()
    url, port = away.url, away.server_address[1]
    away.end()
    told: list[str] = []
    outbox = Outbox(RecordStore.of(url, LET_IN), [], told.append)
    for name in ("a", "b"):
        outbox.add(session(of, tmp_path / f"{name}.mcap", number=name))
    until(lambda: bool(told))
    assert (tmp_path / f"a{UNSENT}").exists() and (tmp_path / f"b{UNSENT}").exists()
    store = Store(port)
    until(lambda: len(store.kept) == 10)
    outbox.close()
    store.end()
    assert not waiting(tmp_path.iterdir())
    assert len(told) == 2 and "cannot be reached" in told[0] and told[1].startswith("sent"), (
        "a line each, not one a try"
    )


def test_what_one_start_did_not_get_rid_of_the_next_one_sends(store: Store, of: Lesson, tmp_path: Path) -> None:
    store.instead = 500
    told: list[str] = []
    first = Outbox(RecordStore.of(store.url, LET_IN), [], told.append)
    first.add(session(of, tmp_path / "a.mcap"))
    until(lambda: bool(store.answered))
    begun = time.monotonic()
    first.close()
    assert time.monotonic() - begun < lrs.CLOSING_S and not store.kept and "answers 500" in told[0]
    store.instead = 0
    again = Outbox(RecordStore.of(store.url, LET_IN), waiting(tmp_path.iterdir()), told.append)
    again.close()
    assert len(store.kept) == 5 and not waiting(tmp_path.iterdir()) and len(told) == 1


def test_an_answer_that_breaks_off_does_not_end_the_sending(
    store: Store, of: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lrs, "FIRST_WAIT_S", 0.05)
    store.instead, store.breaks_off = 502, True
    told: list[str] = []
    outbox = Outbox(RecordStore.of(store.url, LET_IN), [], told.append)
    outbox.add(session(of, tmp_path / "a.mcap"))
    until(lambda: bool(told))
    store.instead, store.breaks_off = 0, False
    until(lambda: len(store.kept) == 5)
    outbox.close()
    assert "answers 502" in told[0]


def test_one_that_is_refused_keeps_no_other_back(store: Store, of: Lesson, tmp_path: Path) -> None:
    bad, good = session(of, tmp_path / "a.mcap"), session(of, tmp_path / "b.mcap")
    bad.with_suffix(".xapi.json").write_text("{")
    told: list[str] = []
    outbox = Outbox(RecordStore.of(store.url, LET_IN), [], told.append)
    outbox.add(bad)
    outbox.add(good)
    outbox.close()
    assert len(store.kept) == 5 and waiting(tmp_path.iterdir()) == [bad]
    assert len(told) == 2 and "a.xapi.json is missing or cannot be read" in told[0]


@pytest.mark.parametrize(
    "url",
    ["http://lrs.example/xapi", "ftp://lrs.example", "lrs.example", "https://me:word@lrs.example/x", "https://", ""],
)
def test_an_address_that_would_show_the_credentials_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="--lrs") as refused:
        RecordStore.of(url, LET_IN)
    assert "word" not in str(refused.value)
    with pytest.raises(InputError, match=SECRET):
        RecordStore.of("https://lrs.example/xapi", {KEY: "class"})


def test_the_command_sends_what_waits_or_what_is_named(
    store: Store, of: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, word in LET_IN.items():
        monkeypatch.setenv(name, word)
    place = tmp_path / "sessions"
    place.mkdir()
    marked, other = session(of, place / "1001" / "a.mcap"), session(of, place / "1002" / "a.mcap", number="1002")
    marked.with_suffix(UNSENT).touch()
    command = ["train", "send", "--lrs", store.url, "--sessions", str(place)]
    told = RUN.invoke(app, command)
    assert told.exit_code == 0 and "1001/a.mcap: sent, 5 statements" in told.stdout and len(store.kept) == 5
    assert RUN.invoke(app, command).stdout == ""
    assert RUN.invoke(app, [*command, str(other)]).exit_code == 0 and len(store.kept) == 10
    store.instead = 503
    told = RUN.invoke(app, [*command, str(other), str(marked)])
    assert told.exit_code == 1 and told.stderr.count("answers 503") == 1


def test_a_class_is_not_begun_without_what_its_store_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pybullet")
    monkeypatch.delenv(KEY, raising=False)
    enrol(tmp_path / "class.yaml", "1001", "Li Wei")
    command = ["train", "--roster", str(tmp_path / "class.yaml"), "--lesson", "first_swap", "--lrs"]
    told = RUN.invoke(app, [*command, "https://lrs.example/xapi"])
    assert told.exit_code == 2 and KEY in told.stderr
