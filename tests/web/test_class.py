"""A class as the network sees it: who gets in, that nobody reads another's, and that a session outlives its browser."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest

from benchmarks.client import Client, Person, RefusedError, person
from tests.web.test_server import run
from twin.classroom import Classroom, enrol, load_roster
from twin.errors import RecordError
from twin.lesson import load_lesson, session_of
from twin.record import Record
from twin.teaching import Teacher
from twin.training import verify
from twin.viewing import teaching_of
from web.classroom import ClassServer
from web.classroom.signin import TRIES_ONE

Codes = dict[str, str]


@pytest.fixture
def codes(tmp_path: Path) -> Codes:
    path = tmp_path / "class.yaml"
    teacher = enrol(path, "9", "Chen Jie", "instructor")
    return {"1": enrol(path, "1", "Li Wei"), "2": enrol(path, "2", "Wang Fang"), "9": teacher}


@pytest.fixture
def room(tmp_path: Path, codes: Codes) -> Iterator[Classroom]:
    lessons = {"first_swap": load_lesson("first_swap")}
    roster = load_roster(tmp_path / "class.yaml")
    with Classroom(roster, tmp_path / "kept", lessons=lessons, at_once=2) as room:
        yield room


@asynccontextmanager
async def serving(room: Classroom) -> AsyncIterator[str]:
    server = ClassServer(room, teaching=teaching_of)
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()


async def until(true: Callable[[], bool]) -> None:
    by = time.monotonic() + 40
    while not true():
        assert time.monotonic() < by, "it does not come"
        await asyncio.sleep(0.05)


def test_nobody_gets_anything_without_signing_in(room: Classroom, codes: Codes) -> None:
    async def main() -> None:
        async with serving(room) as base, person(base) as guest:
            assert (await guest.get("/"))[0] == 200
            for path in ["/desk", "/desk/standing", "/class", "/class/standing", "/index.html", "/swaptwin/player.js"]:
                assert (await guest.get(path))[0] == 403
            for path in ["/desk/begin", "/desk/take_up", "/class/1/freeze"]:
                assert (await guest.post(path))[0] == 403
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await guest.web.ws_connect(f"{base}/ws")
            for _ in range(TRIES_ONE):
                assert await guest.sign_in("1", "wrong") == 403
            assert await guest.sign_in("1", codes["1"]) == 429, "after many wrong codes the right one waits too"
            assert await guest.sign_in("2", codes["2"]) == 200, "another may come in"
            assert (await guest.get("/class/standing"))[0] == 403 and (await guest.post("/class/1/freeze"))[0] == 403
            await guest.post("/leave")
            assert (await guest.get("/desk/standing"))[0] == 403

    run(main())


def test_another_origin_may_not_sign_in(room: Classroom, codes: Codes) -> None:
    async def main() -> None:
        async with serving(room) as base, aiohttp.ClientSession() as session:
            given = {"number": "1", "code": codes["1"]}
            for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}):
                async with session.post(f"{base}/enter", json=given, headers=headers) as answer:
                    assert answer.status == 403 and "Set-Cookie" not in answer.headers

    run(main())


def test_what_goes_wrong_is_told_without_where_it_lies(
    room: Classroom, codes: Codes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecordError(f"{tmp_path / 'kept' / '1' / 'first_swap-1.mcap'}: cannot be opened: No space left on device")

    monkeypatch.setattr(room, "begin", broken)

    async def main() -> None:
        async with serving(room) as base, person(base, "1", codes["1"]) as li:
            status, told = await li.post("/desk/begin", lesson="first_swap", mode="guided")
            assert status == 400
            wrong = Path("1") / "first_swap-1.mcap"
            assert told["error"] == f"the session: {wrong}: cannot be opened: No space left on device"

    run(main())


def test_an_act_that_has_to_wait_holds_nobody_else_up(
    room: Classroom, codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored = threading.Event()
    seat = SimpleNamespace(running=True, freeze=lambda by: scored.wait(10))
    monkeypatch.setattr(room, "seats", {"1": seat})

    async def main() -> None:
        async with serving(room) as base, person(base, "9", codes["9"]) as chen, person(base) as guest:
            frozen = asyncio.create_task(chen.post("/class/1/freeze"))
            await asyncio.sleep(0.1)
            begun_s = time.monotonic()
            assert (await guest.get("/"))[0] == 200
            assert time.monotonic() - begun_s < 5 and not frozen.done()
            scored.set()
            assert (await frozen)[0] == 200

    run(main())


@pytest.mark.sim
@pytest.mark.slow
def test_a_class_at_work(room: Classroom, codes: Codes) -> None:
    pytest.importorskip("pybullet")

    async def main() -> None:
        async with (
            serving(room) as base,
            person(base, "1", codes["1"]) as li,
            person(base, "2", codes["2"]) as wang,
            person(base, "9", codes["9"]) as chen,
        ):
            page = await li_begins(li, room)
            await wang_sees_nothing_of_it(wang, page)
            own = await wang_begins_an_exam(wang, page)
            async with li.page(page) as his, wang.page(own) as hers:
                await each_has_the_own_session_alone(room.seats["1"], his, hers)
                await chen_freezes_and_speaks_to_li(room, chen, li, his)
                await chen_lets_it_break(chen, room)
            await sessions_are_held_and_taken_up_again(room, li, page)
            await chen_looks_on_and_cannot_operate(chen)
            await both_end(room, li, wang, chen, page, own)

    run(main())


# Its steps, in their order.


async def titles(shown: Client) -> list[str]:
    return [log["title"] for log in await shown.call("swaptwin.logs")]


async def li_begins(li: Person, room: Classroom) -> str:
    """The address of his page."""
    assert (await li.post("/desk/begin", lesson="../first_swap", mode="guided"))[0] == 400
    assert (await li.post("/desk/begin", lesson="first_swap", mode="guided"))[0] == 200
    status, page = await li.get("/desk/view")
    assert status == 303 and page.startswith("/index.html?secret=")
    assert (await li.get(page))[0] == 200
    await until(lambda: bool(room.seats["1"].now.process.progress))
    return str(page)


async def wang_sees_nothing_of_it(wang: Person, page: str) -> None:
    for path in ["/index.html", "/desk/view", "/class/1/view", "/kept/1/first_swap-1.mcap", page]:
        assert (await wang.get(path))[0] in (403, 404)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await wang.web.ws_connect(f"{wang.base}/ws")
    assert (await wang.get("/desk/standing"))[1]["session"] is None


async def wang_begins_an_exam(wang: Person, page: str) -> str:
    """The address of her page; with Li's secret nothing is to be had there."""
    await wang.post("/desk/begin", lesson="first_swap", mode="exam")
    _, own = await wang.get("/desk/view")
    assert own != page
    with pytest.raises(RefusedError):
        async with wang.page(page):
            pass
    return str(own)


async def each_has_the_own_session_alone(seat: Teacher, his: Client, hers: Client) -> None:
    assert await titles(his) == ["first_swap-1"]
    for name in [str(seat.now.record), "r1", "../1/first_swap-1"]:
        assert (await hers.call("swaptwin.open", name))["error"]
    for page in (his, hers):
        await page.call("swaptwin.pace", "r0", 1.0)
    await until(lambda: seat.now.t_ns > 500_000_000)
    taken = await his.call("swaptwin.operate", "r0", {"operator.panel.op_hold": True})
    assert taken["t_ns"] is not None
    assert "error" in await hers.call("swaptwin.pace", "r0", 2.0), "an exam has the clock's speed"


async def chen_freezes_and_speaks_to_li(room: Classroom, chen: Person, li: Person, his: Client) -> None:
    """No call of his page lets it go on; the other's does, and so does his when it is resumed."""
    seat = room.seats["1"]
    assert (await chen.post("/class/1/freeze"))[0] == 200
    await his.call("swaptwin.pace", "r0", 5.0)
    await asyncio.sleep(0.3)
    stood = seat.now.t_ns
    await asyncio.sleep(0.4)
    assert seat.now.t_ns == stood
    await until(lambda: room.seats["2"].now.t_ns > 0)
    assert (await chen.post("/class/1/say", text="Look"))[0] == 200
    assert (await li.get("/desk/standing"))[1]["session"]["words"][0]["text"] == "Look"
    await his.call("swaptwin.pace", "r0", 1.0)
    await chen.post("/class/1/resume")
    await until(lambda: seat.now.t_ns > stood)


async def chen_lets_it_break(chen: Person, room: Classroom) -> None:
    stood = room.seats["1"].now.t_ns
    fault = {"fault": {"name": "lock_stuck", "target": "bracket2.lock3"}}
    assert (await chen.post("/class/1/cause", do=fault))[1]["t_ns"] >= stood
    assert (await chen.post("/class/1/cause", do={"mains_off": {}}))[0] == 400
    assert "error" in (await chen.post("/class/1/cause", do={"fault": {"name": "x"}}))[1]


async def sessions_are_held_and_taken_up_again(room: Classroom, li: Person, page: str) -> None:
    """Both browsers are gone; Li's comes back."""
    seat = room.seats["1"]
    await until(lambda: "away" in seat.now.held and "away" in room.seats["2"].now.held)
    stood = seat.now.t_ns
    async with li.page(page):
        await until(lambda: seat.now.t_ns > stood)


async def chen_looks_on_and_cannot_operate(chen: Person) -> None:
    status, view = await chen.get("/class/1/view")
    assert status == 303
    async with chen.page(view) as shown:
        assert await titles(shown) == ["first_swap-1"]
        assert (await shown.call("swaptwin.operate", "r0", {"operator.panel.op_start": True}))["error"]
    people = (await chen.get("/class/standing"))[1]["people"]
    assert [who["number"] for who in people] == ["1", "2"] and people[0]["session"]["steps"]


async def both_end(room: Classroom, li: Person, wang: Person, chen: Person, page: str, own: str) -> None:
    """Hers by the instructor's word, his by his own; each is scored and says how it ended."""
    his, hers = room.seats["1"], room.seats["2"]
    async with wang.page(own) as shown:
        await shown.call("swaptwin.lesson_finish")
    assert hers.running and "over" in hers.now.held, "an exam waits for the instructor"
    await chen.post("/class/2/confirm", text="Present")
    async with li.page(page) as shown:
        await shown.call("swaptwin.lesson_finish")
    await until(lambda: his.now.ended and hers.now.ended)
    assert "score" in (await li.get("/desk/standing"))[1]["session"]
    for seat, last in ((his, "finished"), (hers, "confirmed")):
        events = Record.open(seat.now.record).events()
        assert [event.data["remark"]["what"] for event in events if event.kind == "lesson"][-1] == last


@pytest.mark.sim
@pytest.mark.slow
def test_two_browsers_one_session(tmp_path: Path, codes: Codes) -> None:
    """The guardian confirms and does nothing else, the operator does everything else; backing up takes both along."""
    pytest.importorskip("pybullet")
    called, confirmed = "operator.crew.op_called", "operator.crew.op_confirmed"

    async def main() -> None:
        lessons = {"call_and_confirm": load_lesson("call_and_confirm")}
        with Classroom(load_roster(tmp_path / "class.yaml"), tmp_path / "kept", lessons=lessons) as room:
            async with (
                serving(room) as base,
                person(base, "1", codes["1"]) as li,
                person(base, "2", codes["2"]) as wang,
            ):
                asked = {"lesson": "call_and_confirm", "mode": "practice"}
                for nobody in ("1", "9999"):
                    assert (await li.post("/desk/begin", **asked, guardian=nobody))[0] == 400
                assert (await li.post("/desk/begin", **asked, guardian="2"))[0] == 200
                told = (await wang.get("/desk/standing"))[1]
                assert told["guards"] and told["session"]["trainee"] == "Li Wei"
                pages = [(await who.get("/desk/view"))[1] for who in (li, wang)]
                assert pages[0] != pages[1]
                async with li.page(pages[0]) as his, wang.page(pages[1]) as hers:
                    seat = room.seats["1"]
                    await until(lambda: seat.now.progress is not None)
                    assert "error" in await hers.call("swaptwin.pace", "r0", 1.0)
                    await his.call("swaptwin.pace", "r0", 1.0)
                    assert "error" in await his.call("swaptwin.operate", "r0", {confirmed: True})
                    assert "error" in await hers.call("swaptwin.operate", "r0", {called: True})
                    assert (await his.call("swaptwin.operate", "r0", {called: True}))["t_ns"] is not None
                    start_ns = seat.now.t_ns
                    await until(lambda: seat.now.t_ns > start_ns + 4e9)
                    assert seat.now.progress.steps["answered"].done_ns is None, "the scripted guardian is not there"
                    assert (await hers.call("swaptwin.operate", "r0", {confirmed: True}))["t_ns"] is not None
                    await until(lambda: seat.now.progress.steps["answered"].done_ns is not None)
                    assert "error" in await hers.call("swaptwin.lesson_back", start_ns)
                    await his.call("swaptwin.lesson_back", start_ns)
                    await until(lambda: seat.now.t_ns >= start_ns)
                    assert (await hers.call("swaptwin.lesson"))["logs"] == ["r0", "r1"]
                    await his.call("swaptwin.lesson_finish")
                    await until(lambda: seat.now.ended)
                session = session_of(Record.open(seat.attempts[0].record))
                assert (session.trainee.name, session.guardian.name) == ("Li Wei", "Wang Fang")
                assert verify(Record.open(seat.now.record)).wrong == []

    run(main())
