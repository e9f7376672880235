"""The page's shell in a real browser: what docks where, and what one person finds again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.web.page import READY, Open, Start


def _open_panels(page: Any) -> list[str]:
    return [str(name) for name in page.evaluate("swaptwin_player.store.panels.value")]


def test_the_layout_is_remembered_by_this_browser_alone(start_viewer: Start, open_page: Open, record: Path) -> None:
    url = start_viewer([record]).url
    page, other = open_page(url), open_page(url)
    assert _open_panels(page) == []
    page.get_by_role("button", name="Parts").click()
    edge = page.locator(".dv-sash").first.bounding_box()
    page.mouse.move(edge["x"] + 2, edge["y"] + 100)
    page.mouse.down()
    page.mouse.move(edge["x"] - 98, edge["y"] + 100, steps=4)
    page.mouse.up()
    width = page.locator(".panel-parts").bounding_box()["width"]
    page.wait_for_timeout(300)
    page.reload()
    page.wait_for_function(READY, timeout=30_000)
    assert _open_panels(page) == ["parts"]
    assert abs(page.locator(".panel-parts").bounding_box()["width"] - width) < 3
    assert width > 430, "the edge was dragged"
    assert _open_panels(other) == []
    page.get_by_role("button", name="Reset layout").click()
    page.wait_for_function("!document.querySelector('.panel-parts')")
    page.get_by_role("button", name="Parts").click()
    page.get_by_role("button", name="Close panel: Parts").click()
    assert _open_panels(page) == []


def test_a_layout_that_makes_no_sense_is_left(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    page.evaluate('localStorage.setItem(\'swaptwin.choices\', \'{"layout": {"panels": {"picture": 1}}}\')')
    page.reload()
    page.wait_for_function(READY, timeout=30_000)
    assert page.locator("main.picture").bounding_box()["width"] > 1000
