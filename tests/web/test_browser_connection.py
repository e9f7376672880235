"""A server that is cut off, killed and started anew, seen from the page."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.web.page import TOURED
from tests.web.relay import Relay
from tests.web.synthetic import SCAN_NS, height_m, write_record, write_scan, writer
from web.app import ViewerServer
from web.live import LiveRun

ROOT = Path(__file__).resolve().parents[2]
READY = "window.swaptwin_player?.store.stage.value === 'ready'"
STATE = "swaptwin_player.store.connection.value"
SERVE = """
import sys
from pathlib import Path
from web import serve
serve([Path(sys.argv[1])], port=int(sys.argv[2]), announce=lambda url: print(url, flush=True))
"""

Start = Callable[..., ViewerServer]


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page that may complain in the console: a browser itself tells there that a server does not answer."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    context.add_init_script(TOURED)
    yield context.new_page()
    context.close()


class Server:
    """A viewer in a process of its own, which can be killed."""

    def __init__(self, record: Path, port: int = 0) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", SERVE, str(record), str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout is not None
        # wslink says that it is ready on the same line.
        self.url = "http" + self.process.stdout.readline().strip().split("http")[-1]
        self.port = urlsplit(self.url).port or 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


def _seek(page: Any, seconds: float) -> None:
    t_ns = round(seconds * 1e9)
    page.evaluate(f"swaptwin_player.seek({t_ns})")
    page.wait_for_function(f"swaptwin_player.drawnT === {t_ns}", timeout=10_000)


def _lift_m(page: Any) -> float:
    return float(page.evaluate("swaptwin_player.matrix('shuttle.lift')[14]"))


def test_a_lost_server_is_said_and_picked_up_where_it_was(start_viewer: Start, page: Any, tmp_path: Path) -> None:
    viewer = start_viewer([write_record(tmp_path / "long.mcap", 40.0)])
    relay = Relay(viewer.port)
    page.goto(viewer.url.replace(str(viewer.port), str(relay.port)))
    page.wait_for_function(READY, timeout=30_000)
    _seek(page, 2.0)
    page.get_by_role("button", name="切换到中文").click()
    relay.cut()
    page.wait_for_function(f"{STATE} === 'lost'", timeout=10_000)
    assert not page.get_by_text("Connection closed").is_visible(), "what trame says itself is not seen"
    assert "与服务器的连接已断开" in page.locator(".connection-place").inner_text()
    _seek(page, 3.0)
    assert _lift_m(page) == pytest.approx(height_m(3.0), abs=1e-4), "what was loaded can still be looked at"
    page.evaluate("swaptwin_player.seek(30e9)")
    page.wait_for_timeout(1_500)
    relay.mend()
    page.wait_for_function(f"{STATE} === 'open' && swaptwin_player.drawnT === 30e9", timeout=8_000)
    assert page.locator(".connection-place").inner_text() == ""
    assert page.locator(".swaptwin").get_attribute("lang") == "zh-CN"
    assert not page.evaluate("swaptwin_player.store.error.value")


def test_a_live_run_is_followed_on_after_the_wire_was_cut(start_viewer: Start, page: Any, tmp_path: Path) -> None:
    alive = threading.Event()
    alive.set()
    live = LiveRun(record=tmp_path / "live.mcap", request=lambda _: Future(), pace=lambda _: None, running=alive.is_set)

    def simulate() -> None:
        record = writer(live.record, flush_s=0.1)
        began, scan = time.monotonic(), 0
        while alive.is_set():
            write_scan(record, scan, 1e9)
            scan += 1
            time.sleep(max(0.0, began + scan * SCAN_NS / 1e9 - time.monotonic()))
        record.finish()

    viewer = start_viewer([], live=live)
    relay = Relay(viewer.port)
    thread = threading.Thread(target=simulate)
    thread.start()
    try:
        page.goto(viewer.url.replace(str(viewer.port), str(relay.port)))
        page.wait_for_function(READY, timeout=30_000)
        relay.cut()
        page.wait_for_function(f"{STATE} === 'lost'", timeout=10_000)
        page.wait_for_timeout(2_000)
        end = page.evaluate("swaptwin_player.clock.end")
        relay.mend()
        page.wait_for_function(f"swaptwin_player.drawnT > Math.max({end} + 2e9, 7.5e9)", timeout=15_000)
        assert page.locator(".badge").inner_text() == "LIVE SIMULATION"
        assert page.evaluate("swaptwin_player.store.events.value.length") == 12, "and what happened meanwhile"
    finally:
        alive.clear()
        thread.join()


def test_after_a_new_start_the_page_says_what_to_do_and_goes_on_there(page: Any, record: Path) -> None:
    first = Server(record)
    try:
        page.goto(first.url)
        page.wait_for_function(READY, timeout=30_000)
        _seek(page, 4.0)
    finally:
        first.kill()
    page.wait_for_function(f"{STATE} === 'lost'", timeout=10_000)
    second = Server(record, first.port)
    try:
        page.wait_for_function(f"{STATE} === 'refused'", timeout=10_000)
        assert "Open the address" in page.locator(".connection-place").inner_text()
        page.reload()
        page.wait_for_function("document.body.innerText.includes('Open the whole address')", timeout=10_000)
        page.goto(second.url)
        page.wait_for_function(f"{READY} && swaptwin_player.drawnT === 4e9", timeout=30_000)
    finally:
        second.kill()
