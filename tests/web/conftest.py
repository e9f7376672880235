"""Servers and browsers for the viewer's tests."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.web.page import DRAWN_IN_SOFTWARE, READY, SIZE, TOURED, Open
from tests.web.synthetic import write_record
from web.app import ViewerServer
from web.classroom import ClassServer

REQUIRED = os.environ.get("SWAPTWIN_REQUIRE_BROWSER") == "1"
PLAYER_LIBRARIES = Path(__file__).parents[2] / "web" / "player" / "node_modules"
#: Software drawing, and no sandbox, because tests run as root in a container.
CHROMIUM_ARGUMENTS = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"]


def _absent(what: str) -> None:
    """Fail where the browser is compulsory, else skip, saying what is missing."""
    if REQUIRED:
        pytest.fail(f"{what} is missing and SWAPTWIN_REQUIRE_BROWSER=1")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished Record of 8 s of the synthetic station."""
    return write_record(tmp_path_factory.mktemp("record") / "synthetic.mcap")


class Running:
    """A viewer, or a class's server, in a thread of its own."""

    def __init__(self, viewer: ViewerServer | ClassServer) -> None:
        self.viewer = viewer
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._started.wait(20), "the server did not start"
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self.viewer.start())
        except BaseException as error:  # told to the test's thread
            self._error = error
            return
        finally:
            self._started.set()
        self._loop.run_forever()

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.viewer.stop(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)


@pytest.fixture
def start_viewer() -> Iterator[Callable[..., ViewerServer]]:
    """Starts viewers with the arguments of ViewerServer; they end with the test."""
    running: list[Running] = []

    def start(*args: Any, **kwargs: Any) -> ViewerServer:
        viewer = ViewerServer(*args, **kwargs)
        running.append(Running(viewer))
        return viewer

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless Chromium under playwright."""
    path = os.environ.get("SWAPTWIN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        _absent("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _absent("playwright")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Open]:
    """Opens pages, each a browser of its own person; at the end none may have complained or looked elsewhere."""
    contexts: list[Any] = []
    complaints: list[str] = []
    requests: list[str] = []
    no_fault = list(DRAWN_IN_SOFTWARE)

    def open_(
        url: str,
        *,
        locale: str = "en-US",
        ready: bool = True,
        size: dict[str, int] = SIZE,
        toured: bool = True,
        outlives_server: bool = False,
        **options: Any,
    ) -> Any:
        if outlives_server:
            no_fault.append("net::ERR_CONNECTION_REFUSED")
        contexts.append(chromium.new_context(viewport=size, locale=locale, **options))
        if toured:
            contexts[-1].add_init_script(TOURED)
        page = contexts[-1].new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.on("websocket", lambda socket: requests.append(socket.url))
        page.goto(url)
        if ready:
            page.wait_for_function(READY, timeout=30_000)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not [text for text in complaints if not any(words in text for words in no_fault)]
    elsewhere = [url for url in requests if urlsplit(url).scheme not in ("data", "blob")]
    assert {urlsplit(url).hostname for url in elsewhere} <= {"127.0.0.1"}


@pytest.fixture(scope="session")
def node() -> str:
    """The node executable, where the player's own libraries are installed."""
    path = shutil.which("node")
    if path is None:
        _absent("node")
    if not PLAYER_LIBRARIES.is_dir():
        _absent("the player's libraries (npm ci in web/player)")
    return str(path)
