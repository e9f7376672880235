"""A class as the network sees it: who gets in, that nobody reads another's, and that a session outlives its browser."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgpack
import pytest
from wslink.chunking import UnChunker, generate_chunks

from tests.web.test_server import run
from twin.classroom import Classroom, Limits, enrol, load_roster
from twin.lesson import load_lesson
from twin.record import Record
from twin.viewing import live_run
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
    with Classroom(roster, tmp_path / "kept", lessons=lessons, limits=Limits(sessions=2)) as room:
        yield room


@asynccontextmanager
async def serving(room: Classroom) -> AsyncIterator[str]:
    server = ClassServer(room, live=live_run)
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()


class Browser:
    """A browser of one person: its cookies, and the wslink that a page of its speaks."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.web = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.web.get(self.base + path, allow_redirects=False) as answer:
            told = await answer.json() if answer.content_type == "application/json" else await answer.text()
            return answer.status, answer.headers.get("Location", told)

    async def post(self, path: str, **content: Any) -> tuple[int, Any]:
        async with self.web.post(self.base + path, json=content) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else {}

    async def sign_in(self, number: str, code: str) -> int:
        return (await self.post("/enter", number=number, code=code))[0]

    @asynccontextmanager
    async def page(self, secret: str) -> AsyncIterator[Callable[..., Any]]:
        pieces = UnChunker()
        pieces.set_max_message_size(1 << 30)
        async with self.web.ws_connect(f"{self.base}/ws", max_msg_size=0) as socket:

            async def call(method: str, *args: Any, id: str = "rpc:1:0") -> dict[str, Any]:
                body = msgpack.packb({"wslink": "1.0", "id": id, "method": method, "args": list(args), "kwargs": {}})
                for piece in generate_chunks(body, 0):
                    await socket.send_bytes(piece)
                while True:
                    message = await asyncio.wait_for(socket.receive(), 20)
                    assert message.type == aiohttp.WSMsgType.BINARY, message
                    answer = pieces.process_chunk(message.data)
                    if answer is not None and answer.get("id") == id:
                        return dict(answer)

            await call("wslink.hello", {"secret": secret}, id="system:c0:0")
            yield call


@asynccontextmanager
async def browser(base: str, number: str = "", code: str = "") -> AsyncIterator[Browser]:
    one = Browser(base)
    try:
        if number:
            assert await one.sign_in(number, code) == 200
        yield one
    finally:
        await one.web.close()


async def until(true: Callable[[], bool]) -> None:
    by = time.monotonic() + 40
    while not true():
        assert time.monotonic() < by, "it does not come"
        await asyncio.sleep(0.05)


def test_nobody_gets_anything_without_signing_in(room: Classroom, codes: Codes) -> None:
    async def main() -> None:
        async with serving(room) as base, browser(base) as guest:
            assert (await guest.get("/"))[0] == 200
            for path in ["/desk", "/desk/standing", "/class", "/class/standing", "/index.html", "/swaptwin/player.js"]:
                assert (await guest.get(path))[0] == 403
            for path in ["/desk/begin", "/desk/end", "/class/1/freeze"]:
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


@pytest.mark.sim
@pytest.mark.slow
def test_a_class_at_work(room: Classroom, codes: Codes) -> None:
    pytest.importorskip("pybullet")

    async def main() -> None:
        async with (
            serving(room) as base,
            browser(base, "1", codes["1"]) as li,
            browser(base, "2", codes["2"]) as wang,
            browser(base, "9", codes["9"]) as chen,
        ):
            assert (await li.post("/desk/begin", lesson="../first_swap", mode="guided"))[0] == 400
            assert (await li.post("/desk/begin", lesson="first_swap", mode="guided"))[0] == 200
            status, page = await li.get("/desk/view")
            assert status == 303 and page.startswith("/index.html?secret=")
            secret = page.partition("=")[2]
            assert (await li.get(page))[0] == 200
            seat = room.seats["1"]
            await until(lambda: bool(seat.process.progress))

            # Wang has no session: nothing of Li's is there for her, and Li's secret opens nothing.
            for path in ["/index.html", "/desk/view", "/class/1/view", "/kept/1/first_swap-1.mcap", page]:
                assert (await wang.get(path))[0] in (403, 404)
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await wang.web.ws_connect(f"{base}/ws")
            assert (await wang.get("/desk/standing"))[1]["session"] is None
            await wang.post("/desk/begin", lesson="first_swap", mode="exam")
            _, own = await wang.get("/desk/view")
            assert own != page
            async with wang.page(secret) as call:
                assert "error" in await call("swaptwin.logs"), "with Li's secret at her own viewer"

            async with li.page(secret) as call, wang.page(own.partition("=")[2]) as hers:
                assert [log["title"] for log in (await call("swaptwin.logs"))["result"]] == ["first_swap-1"]
                for name in [str(seat.record), "r1", "../1/first_swap-1"]:
                    assert (await hers("swaptwin.open", name))["result"]["error"]
                await until(lambda: seat.t_ns > 500_000_000)
                taken = (await call("swaptwin.operate", "r0", {"operator.panel.op_hold": True}))["result"]
                assert taken["t_ns"] is not None
                assert "error" in (await hers("swaptwin.pace", "r0", 2.0))["result"], "an exam has the clock's speed"

                # The instructor freezes, and no call of the page goes on.
                assert (await chen.post("/class/1/freeze"))[0] == 200
                await call("swaptwin.pace", "r0", 5.0)
                await asyncio.sleep(0.3)
                stood = seat.t_ns
                await asyncio.sleep(0.4)
                assert seat.t_ns == stood
                await until(lambda: room.seats["2"].t_ns > 0)
                assert (await chen.post("/class/1/say", text="Look"))[0] == 200
                assert (await li.get("/desk/standing"))[1]["session"]["words"][0]["text"] == "Look"
                await call("swaptwin.pace", "r0", 1.0)
                await chen.post("/class/1/resume")
                fault = {"fault": {"name": "lock_stuck", "target": "bracket2.lock3"}}
                assert (await chen.post("/class/1/cause", do=fault))[1]["t_ns"] >= stood
                assert (await chen.post("/class/1/cause", do={"mains_off": {}}))[0] == 400
                assert "error" in (await chen.post("/class/1/cause", do={"fault": {"name": "x"}}))[1]

            # Both browsers are gone: the sessions are held, and taken up again.
            await until(lambda: "away" in seat.held and "away" in room.seats["2"].held)
            stood = seat.t_ns
            async with li.page(secret):
                await until(lambda: seat.t_ns > stood)

            # The instructor looks on and cannot operate.
            status, view = await chen.get("/class/1/view")
            assert status == 303
            async with chen.page(view.partition("=")[2]) as call:
                assert [log["title"] for log in (await call("swaptwin.logs"))["result"]] == ["first_swap-1"]
                assert (await call("swaptwin.operate", "r0", {"operator.panel.op_start": True}))["result"]["error"]
            people = (await chen.get("/class/standing"))[1]["people"]
            assert [person["number"] for person in people] == ["1", "2"] and people[0]["session"]["steps"]
            await wang.post("/desk/end")
            assert room.seats["2"].running, "an exam waits for the instructor"
            await chen.post("/class/2/confirm", text="Present")
            await li.post("/desk/end")
            await until(lambda: not seat.running and not room.seats["2"].running)
            assert "score" in (await li.get("/desk/standing"))[1]["session"]
            said = [
                e.data["remark"]["what"] for e in Record.open(room.seats["2"].record).events() if e.kind == "lesson"
            ]
            assert said[-1] == "confirmed"

    run(main())
