"""The server: trame serves the page and the player, a WebSocket answers its calls, nothing is kept per viewer."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import secrets
import signal
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web
from trame.app import get_server

from twin.errors import InputError
from web.branching import Branching
from web.guard import Door, Guard, is_loopback
from web.live import LiveRun
from web.log import Library
from web.page import build_page, static_routes
from web.rpc import LogProtocol
from web.teaching import Teaching

#: How often growing records are looked at; part of the 300 ms that the picture may be behind.
REFRESH_S = 0.015
#: Threads that answer pages: of few, each waiting for a lock or a file, a class would wait for another's answer.
_ANSWERING = 32

_logger = logging.getLogger(__name__)
_names = (f"swaptwin-{number}" for number in itertools.count())


class ViewerServer:
    """One viewer of a few Records, on one port.

    Args:
        records: MCAP files to offer.
        host, port: where to listen; port 0 takes a free one.
        live: a run to follow while it runs; its Record stands first.
        certificate: PEM files (certificate, key), needed for a host other than loopback.
        access_code: what people must type to get in, needed for a host other than loopback.
        names: further host names the server is reached by.
        branching: who runs other futures of the logs, if somebody can.
        teaching: a lesson, whose first attempt is the live run then.

    Raises:
        InputError: a host other than loopback without certificate or access code, or a file that is not there.
    """

    def __init__(
        self,
        records: Sequence[Path],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        live: LiveRun | None = None,
        certificate: tuple[Path, Path] | None = None,
        access_code: str | None = None,
        names: Sequence[str] = (),
        branching: Branching | None = None,
        teaching: Teaching | None = None,
    ) -> None:
        _check_place(host, certificate, access_code)
        for path in [*records, *(certificate or ())]:
            if not Path(path).is_file():
                raise InputError(key="file", expected="a file that exists", got=path)
        if teaching is not None:
            live = teaching.attempts()[0]
        self.library = Library([Path(path) for path in records], live)
        self.host, self._port, self._certificate = host, port, certificate
        self._secret = secrets.token_urlsafe(24)
        self._door = Door(access_code, self._secret) if access_code else None
        self._guard = Guard(host, names=[*names, socket.gethostname()], tls=certificate is not None)
        self._branching, self._teaching = branching, teaching
        self._protocol: LogProtocol | None = None
        self._tasks: list[asyncio.Future[Any]] = []
        self._server: Any = None

    @property
    def port(self) -> int:
        return int(self._server.port)

    @property
    def url(self) -> str:
        """The address to open. With an access code it holds no secret: the code is asked for."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        base = f"{self._guard.scheme}://{name}:{self.port}/"
        return base if self._door else f"{base}index.html?secret={self._secret}"

    async def start(self) -> None:
        """Listen; the address is known when this returns."""
        self._server = server = get_server(next(_names), client_type="vue3")
        build_page(server)
        server.add_protocol_to_configure(self._add_protocol)
        server.controller.on_server_bind.add(self._bind)
        with _trame_arguments("--server --no-ws-compress --nosignalhandlers"):
            task = server.start(
                exec_mode="task",
                host=self.host,
                port=self._port,
                timeout=0,
                open_browser=False,
                show_connection_info=False,
                disable_logging=True,
            )
        self._tasks = [asyncio.ensure_future(task)]
        ready = asyncio.ensure_future(_wait(server.ready))
        await asyncio.wait([ready, self._tasks[0]], return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            self._tasks[0].result()
        self._tasks.append(asyncio.ensure_future(self._follow()))

    async def stop(self) -> None:
        """Close every connection and the port."""
        for task in self._tasks[1:]:
            task.cancel()
        if self._server is not None:
            await self._server.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _add_protocol(self, root: Any) -> None:
        self._protocol = LogProtocol(self.library, self._branching, self._teaching)
        root.registerLinkProtocol(self._protocol)

    def _bind(self, site: Any) -> None:
        app: web.Application = site.app
        app.middlewares.append(self._guard.middleware)
        app.add_routes(self._door.routes() if self._door else [])
        app.add_routes(static_routes())
        root = self._server.protocol
        root.updateSecret(self._secret)
        # wslink lets any client end the server; here only the one who started it does.
        root.stopServer = lambda: None
        if self._certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._certificate)
            site.config["ssl"] = context

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_S)
            if self._protocol is None:
                continue
            try:
                self._protocol.publish_growth()
            except Exception:
                # One bad look at a file must not end the following of every log.
                _logger.exception("growth could not be told")


def serve(
    records: Sequence[Path],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    live: LiveRun | None = None,
    certificate: tuple[Path, Path] | None = None,
    access_code: str | None = None,
    names: Sequence[str] = (),
    branching: Branching | None = None,
    teaching: Teaching | None = None,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted; to be called in the main thread.

    Prints nothing: `announce` is called with the address once it answers.

    Arguments and errors as for :class:`ViewerServer`.
    """
    viewer = ViewerServer(
        records,
        host=host,
        port=port,
        live=live,
        certificate=certificate,
        access_code=access_code,
        names=names,
        branching=branching,
        teaching=teaching,
    )

    asyncio.run(until_interrupted(viewer, lambda: announce(viewer.url) if announce is not None else None))


class _Server(Protocol):
    async def start(self) -> None: ...

    async def stop(self) -> None: ...


async def until_interrupted(server: _Server, announce: Callable[[], None]) -> None:
    """Serve until interrupted; to be run in the main thread. ``announce`` is called once the server answers."""
    loop, interrupted = asyncio.get_running_loop(), asyncio.Event()
    loop.set_default_executor(ThreadPoolExecutor(_ANSWERING, thread_name_prefix="answer"))
    # An exception in the middle of the loop would leave its tasks in pieces; before Python 3.11 it does.
    before = signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(interrupted.set))
    try:
        await server.start()
        try:
            announce()
            await interrupted.wait()
        finally:
            await server.stop()
    finally:
        signal.signal(signal.SIGINT, before)


def _check_place(host: str, certificate: object, access_code: str | None) -> None:
    if is_loopback(host):
        return
    hint = "give a certificate with its key and an access code, or leave the host at 127.0.0.1"
    if certificate is None:
        raise InputError(key="host", expected="a loopback address, or a certificate", got=host, hint=hint)
    if not access_code or len(access_code) < 8:
        raise InputError(key="access_code", expected="at least 8 characters", got="fewer", hint=hint)


async def _wait(future: asyncio.Future[Any]) -> Any:
    return await future


@contextlib.contextmanager
def _trame_arguments(arguments: str) -> Iterator[None]:
    # trame reads its options from sys.argv unless this variable is set; the command line is not trame's.
    before = os.environ.get("TRAME_ARGS")
    os.environ["TRAME_ARGS"] = arguments
    try:
        yield
    finally:
        if before is None:
            del os.environ["TRAME_ARGS"]
        else:
            os.environ["TRAME_ARGS"] = before
