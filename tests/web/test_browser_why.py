"""Phases found from signals on the timeline, and why a station stopped, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.page import READY, Open, Start
from tests.web.stopped import write_stopped


@pytest.fixture(scope="module")
def stuck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_stopped(tmp_path_factory.mktemp("stuck") / "stuck.mcap")


@pytest.mark.browser
def test_phases_are_found_and_the_stop_is_explained(start_viewer: Start, open_page: Open, stuck: Path) -> None:
    page = open_page(start_viewer([stuck]).url)
    page.wait_for_function(READY, timeout=60_000)
    page.wait_for_function("swaptwin_player.store.lanes.value.phases.length > 0", timeout=60_000)
    names = page.evaluate("swaptwin_player.store.lanes.value.phases.map(({ name }) => name)")
    assert names == ["park", "authorise", "secure", "measure", "approach", "take", "unlock"]
    page.keyboard.press("!")
    page.wait_for_selector(".why-cause", timeout=60_000)
    assert "a lock does not open (bracket2.lock3)" in page.inner_text(".why-cause")
    assert "Do not lower" in page.inner_text(".why-way")
    told = page.inner_text(".why-told")
    assert "open four locks" in told and "operator.panel.op_hold" in told
    page.click(".why-cause .compare-line")
    assert page.evaluate("swaptwin_player.clock.t / 1e9") == pytest.approx(41.4, abs=2.0)
    page.evaluate("swaptwin_player.store.language.value = 'zh'")
    page.wait_for_function("document.querySelector('.why-cause').innerText.includes('锁无法打开')")
