"""A page in headless Chromium for benchmarks: nothing is drawn, everything else is done."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

READY = "window.swaptwin_player?.store.stage.value === 'ready'"
#: Software drawing where there is no graphics card, and pages put together without it: what they cost is not measured.
_ARGUMENTS = ["--disable-gpu-compositing", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"]
#: Nobody new to the page: the tour does not cover it.
TOURED = "localStorage['swaptwin.choices'] ??= JSON.stringify({ toured: true })"
#: The page draws nothing any more.
WITHOUT_GL = "swaptwin_player.stage.renderWindow = { render() {} }"


@contextlib.contextmanager
def open_browser() -> Iterator[Any]:
    """Chromium under playwright.

    Raises:
        SystemExit: there is none.
    """
    path = os.environ.get("SWAPTWIN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("left out: needs chromium (or SWAPTWIN_CHROMIUM=its path)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Any) -> Any:
    """A person's browser, who is not new to the page."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    context.add_init_script(TOURED)
    return context


def open_page(browser: Any, url: str, *, draws: bool = False) -> Any:
    """The viewer at an address, ready; it stops drawing then unless it is to go on."""
    page = new_context(browser).new_page()
    page.goto(url)
    page.wait_for_function(READY, timeout=60_000)
    if not draws:
        page.evaluate(WITHOUT_GL)
    return page
