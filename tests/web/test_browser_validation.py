"""The report of a validation in a real browser: opened from disk, the network cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.validation.test_report import traced_result
from tests.web.page import SIZE, TOURED
from tests.web.test_browser_offline import NO_FAULT, until
from twin.validation.report import write_report

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(traced_result(), tmp_path_factory.mktemp("report") / "out")


@pytest.fixture
def context(chromium: Any) -> Iterator[Any]:
    """A person without a network; at the end nothing may have complained or asked for anything."""
    context = chromium.new_context(viewport=SIZE, locale="en-US", offline=True)
    # The blank page that a new tab begins with has no memory.
    context.add_init_script(f"if (location.protocol === 'file:') {TOURED}")
    complaints: list[str] = []
    requests: list[str] = []
    context.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("request", lambda request: requests.append(request.url))
    yield context
    context.close()
    assert not [text for text in complaints if not any(words in text for words in NO_FAULT)]
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.browser
def test_a_finding_opens_in_3d_at_its_instant_in_the_language_read(context: Any, report: Path) -> None:
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("h1").inner_text() == "Is anything wrong with this controller change?"
    page.click("#language")
    assert page.locator("h1").inner_text() == "这次控制器修改有问题吗？"
    with context.expect_page() as opened:
        page.locator("article.worse a.open").click()
    player = opened.value
    until(player, "window.swaptwin_player?.store.stage.value === 'ready'")
    assert player.evaluate("swaptwin_player.clock.t") == 38_000_000_000, "of two in this stretch, the one clicked"
    assert player.evaluate("swaptwin_player.store.language.value") == "zh"
    until(player, "document.querySelectorAll('.judged-one').length === 2")
    assert "阶段 raise 用时 14.2 s" in player.inner_text(".judged-one.now")
    player.locator(".judged-one.violation button").click()
    assert player.evaluate("swaptwin_player.clock.t") == 41_300_000_000
    assert "新控制器 true" in player.inner_text(".judged-one.now")
    assert player.evaluate("swaptwin_player.store.plotted.value").count("shuttle.lift.cmd_move") == 1


@pytest.mark.browser
def test_findings_are_sifted_by_words_and_by_kind(context: Any, report: Path) -> None:
    page = context.new_page()
    page.goto(report.as_uri())

    def shown() -> int:
        return int(page.locator("article.finding:visible").count())

    assert shown() == 6
    page.fill("#words", "park_brake lift")
    assert shown() == 1
    page.fill("#words", "")
    page.locator("#filter input[value=wrong]").uncheck()
    assert shown() == 4
    assert page.inner_text("#hits") == "4 / 6"


@pytest.mark.browser
def test_nothing_is_wider_than_a_phone(chromium: Any, report: Path) -> None:
    context = chromium.new_context(viewport=PHONE, is_mobile=True, offline=True, locale="zh-CN")
    page = context.new_page()
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
