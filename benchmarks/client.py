"""A scripted viewer: speaks wslink as the page does, alone or as somebody of a class; and a server to speak to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import msgpack
from wslink.chunking import UnChunker, generate_chunks

_SERVE = """
import sys
from pathlib import Path
from web import serve
serve([Path(sys.argv[1])], announce=lambda url: print("\\n" + url, flush=True))
"""
#: As in the page: how often it asks for its lesson, and again for what takes long, s.
LESSON_S, AGAIN_S = 0.5, 0.2


def processor_s(pid: int) -> float:
    """Processor time that a process has used so far; 0 of one that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class ServerProcess:
    """A server, seen from outside."""

    process: subprocess.Popen[str]
    url: str

    def processor_s(self) -> float:
        """Processor time used so far, without that of its children."""
        return processor_s(self.process.pid)

    def memory_mb(self) -> float:
        """Memory that is resident."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def children(self) -> list[int]:
        """The processes that it has started and that run."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(stat.read_text().rsplit(") ", 1)[1].split()[1]) == self.process.pid:
                    found.append(int(stat.parent.name))
        return found


@contextlib.contextmanager
def announced(command: Sequence[str]) -> Iterator[ServerProcess]:
    """A server that prints its address."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        words = (word for line in process.stdout for word in line.split())
        url = next((word for word in words if word.startswith(("http://", "https://"))), None)
        if url is None:
            raise SystemExit(f"{' '.join(command)} did not start")
        yield ServerProcess(process, url)
    finally:
        process.kill()
        process.wait()


def server_process(record: Path) -> contextlib.AbstractContextManager[ServerProcess]:
    """A server of one record."""
    return announced([sys.executable, "-c", _SERVE, str(record)])


class RefusedError(Exception):
    """The server's protocol refused a call: nobody who may ask."""


class Client:
    """One viewer's connection; an async context manager. As in a page, several calls may be under way.

    Args:
        url: the page's address, with its secret.
        web: whose cookies go with it.
    """

    def __init__(self, url: str, web: aiohttp.ClientSession | None = None) -> None:
        parts = urlsplit(url)
        self._place, self._secret = parts.netloc, parse_qs(parts.query)["secret"][0]
        self._pieces = UnChunker()
        self._pieces.set_max_message_size(1 << 30)
        self._own = web is None
        self._web = web or aiohttp.ClientSession()
        self._asked: dict[str, asyncio.Future[Any]] = {}
        self._count = 0
        #: Told what the server says of its own accord, by topic.
        self.on: dict[str, Callable[[Any], None]] = {}
        self.bytes_in = self.bytes_out = self.calls = 0

    async def __aenter__(self) -> Client:
        self._socket = await self._web.ws_connect(f"ws://{self._place}/ws", max_msg_size=0)
        self._reading = asyncio.ensure_future(self._read())
        try:
            await self._exchange("system:c0:0", "wslink.hello", [{"secret": self._secret}])
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()
        await self._reading
        if self._own:
            await self._web.close()

    async def call(self, method: str, *args: Any) -> Any:
        """The answer of a call; what takes long is asked for again, as the page does.

        Raises:
            RefusedError: the protocol took no such call. ConnectionError: the connection has ended.
        """
        while True:
            self._count += 1
            answer = await self._exchange(f"rpc:bench:{self._count}", method, list(args))
            if not (isinstance(answer, dict) and answer.get("working")):
                return answer
            await asyncio.sleep(AGAIN_S)

    async def _exchange(self, number: str, method: str, args: list[Any]) -> Any:
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        body = msgpack.packb({"wslink": "1.0", "id": number, "method": method, "args": args, "kwargs": {}})
        self.calls += 1
        for piece in generate_chunks(body, 0):
            self.bytes_out += len(piece)
            await self._socket.send_bytes(piece)
        return await asyncio.wait_for(answer, 30)

    async def _read(self) -> None:
        async for message in self._socket:
            self.bytes_in += len(message.data)
            said = self._pieces.process_chunk(message.data)
            if said is None:
                continue
            kind, _, topic = str(said.get("id")).partition(":")
            if kind == "publish":
                self.on.get(topic.rpartition(":")[0], lambda _: None)(said.get("result"))
            elif (answer := self._asked.pop(str(said.get("id")), None)) is not None and not answer.done():
                if "error" in said:
                    answer.set_exception(RefusedError(str(said["error"])))
                else:
                    answer.set_result(said["result"])
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the connection has ended"))


class Person:
    """Somebody of a class at a browser: its cookies, and the pages it opens."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self.web = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def get(self, path: str) -> tuple[int, Any]:
        """Status, and what came: where to go on, data or text."""
        async with self.web.get(self.base + path, allow_redirects=False) as answer:
            told = await answer.json() if answer.content_type == "application/json" else await answer.text()
            return answer.status, answer.headers.get("Location", told)

    async def post(self, path: str, **content: Any) -> tuple[int, Any]:
        """Status, and the data that came."""
        async with self.web.post(self.base + path, json=content) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else {}

    async def sign_in(self, number: str, code: str) -> int:
        """The status of trying a code."""
        return (await self.post("/enter", number=number, code=code))[0]

    @asynccontextmanager
    async def page(self, address: str) -> AsyncIterator[Client]:
        """A viewer's page, which asks for its lesson as long as it is open."""

        async def ask_for_lesson(client: Client) -> None:
            while True:
                await client.call("swaptwin.lesson")
                await asyncio.sleep(LESSON_S)

        async with Client(self.base + address, self.web) as client:
            asking = asyncio.ensure_future(ask_for_lesson(client))
            try:
                yield client
            finally:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)


@asynccontextmanager
async def person(base: str, number: str = "", code: str = "") -> AsyncIterator[Person]:
    """Somebody, signed in where a number is given."""
    one = Person(base)
    try:
        if number:
            assert await one.sign_in(number, code) == 200
        yield one
    finally:
        await one.web.close()
