"""The operator's panel of a real running simulation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.page import Open, Start
from twin.process import Job, RunProcess
from twin.record import Record
from twin.viewing import live_run

pytestmark = pytest.mark.sim


def test_a_button_reaches_the_input_image_and_its_refusal_is_said(
    start_viewer: Start, open_page: Open, tmp_path: Path
) -> None:
    pytest.importorskip("pybullet")
    process = RunProcess(Job("nominal_swap", tmp_path / "live.mcap", watched=True, speed=1.0))
    viewer = start_viewer([], live=live_run(process))
    process.start()
    try:
        page = open_page(viewer.url, locale="zh-CN")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="操作台", exact=True).click()
        page.locator('[data-signal="operator.panel.op_hold"]').click()
        page.wait_for_selector(".operator-request.recorded", timeout=20_000)
        page.wait_for_selector(".operator-refused", timeout=20_000)
        shown = page.locator(".operator").inner_text()
        assert "当前状态不允许" in shown
        assert re.findall(r"[A-Za-z]{2,}", shown) == []
        taken = page.evaluate("swaptwin_player.store.events.value.find((e) => e.name === 'request').t_ns")
    finally:
        process.stop()
        assert process.wait(30)
    t_ns, held = Record.open(tmp_path / "live.mcap").signal("operator.panel.op_hold")
    assert int(t_ns[held > 0][0]) == taken
    assert held[-1] == 0, "the button was let go"
