"""A scripted viewer: speaks wslink as the page does, and a server in a process of its own to speak to."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
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


@dataclass
class ServerProcess:
    """A viewer's server, seen from outside."""

    process: subprocess.Popen[str]
    url: str

    def processor_s(self) -> float:
        """Processor time used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Memory that is resident."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextlib.contextmanager
def server_process(record: Path) -> Iterator[ServerProcess]:
    """A server of one record."""
    process = subprocess.Popen([sys.executable, "-c", _SERVE, str(record)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        url = next(line.strip() for line in process.stdout if line.startswith("http"))
        yield ServerProcess(process, url)
    finally:
        process.kill()
        process.wait()


class Client:
    """One viewer's connection; an async context manager."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._place, self._secret = parts.netloc, parse_qs(parts.query)["secret"][0]
        self._pieces = UnChunker()
        self._pieces.set_max_message_size(1 << 30)
        self._count = 0

    async def __aenter__(self) -> Client:
        self._session = aiohttp.ClientSession()
        self._socket = await self._session.ws_connect(f"ws://{self._place}/ws", max_msg_size=0)
        await self._exchange("system:c0:0", "wslink.hello", [{"secret": self._secret}])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()
        await self._session.close()

    async def call(self, method: str, *args: Any) -> Any:
        """The answer of a call."""
        self._count += 1
        return await self._exchange(f"rpc:bench:{self._count}", method, list(args))

    async def _exchange(self, number: str, method: str, args: list[Any]) -> Any:
        body = msgpack.packb({"wslink": "1.0", "id": number, "method": method, "args": args, "kwargs": {}})
        for piece in generate_chunks(body, 0):
            await self._socket.send_bytes(piece)
        while True:
            message = await self._socket.receive()
            answer = self._pieces.process_chunk(message.data)
            if answer is not None and answer.get("id") == number:
                return answer["result"]
