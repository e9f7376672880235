"""A lesson played to its end by clicking, and its score read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.web.page import Open, Start
from twin.lesson import load_lesson, score_session
from twin.record import Record

pytestmark = [pytest.mark.sim, pytest.mark.slow]


def fast(page: Any) -> None:
    """As quickly as the page allows."""
    page.locator(".pace select").select_option("20")


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_a_lock_that_does_not_release_is_played_to_the_end_by_clicking(
    start_viewer: Start, open_page: Open, tmp_path: Path, locale: str
) -> None:
    pytest.importorskip("pybullet")
    from twin.teaching import Teacher
    from twin.viewing import teaching_of

    teacher = Teacher.beginning(load_lesson("lock_does_not_release"), "practice", tmp_path / "session.mcap")
    viewer = start_viewer([], teaching=teaching_of(teacher))
    teacher.start()
    try:
        page = open_page(viewer.url, locale=locale, ready=False)
        page.wait_for_selector(".lesson-freeze", timeout=90_000)
        assert page.locator(".lesson-steps li").count() == 1
        page.locator(".lesson-freeze").click()
        fast(page)
        page.wait_for_selector('[data-step="confirmed"]', timeout=120_000)
        page.locator(".lesson-freeze").click()
        told = "swaptwin_player.store.events.value.map((event) => event.kind)"
        assert "fault" not in page.evaluate(told) and "untold" in page.evaluate(told)
        page.locator(".lesson-steps button").click()
        page.wait_for_selector(".lesson-hint", timeout=20_000)
        which = page.locator('[data-question="which"]')
        which.locator("input").fill("bracket2.lock3.alm_not_released")
        which.locator("button").click()
        why = page.locator('[data-question="why_hold"]')
        why.locator('input[value="carries"]').check()
        why.locator("button").click()
        station = page.locator(".lesson-station")
        station.locator("select").select_option("lock_stuck")
        station.locator("input").fill("bracket2.lock3")
        station.locator("button").click()
        page.wait_for_selector(".lesson-did", timeout=20_000)
        page.locator(".lesson-freeze").click()
        page.wait_for_selector(".lesson-question .right", timeout=20_000)
        page.wait_for_timeout(2500)
        page.locator(".bar-button").filter(has_text=re.compile("Operator|操作台")).click()
        page.locator('[data-signal="operator.panel.op_confirm"]').click()
        page.wait_for_selector(
            ".lesson-notices, .lesson-steps .done, [data-step=opened], [data-step=lowered]", timeout=60_000
        )
        fast(page)
        page.wait_for_selector(".lesson-won", timeout=120_000)
        if locale.startswith("zh"):
            shown = page.locator(".lesson").inner_text()
            assert re.findall(r"[A-Za-z]{3,}", re.sub(r"[a-z0-9_]+\.[a-z0-9_.]+", "", shown)) == []
        page.locator(".lesson-finish").click()
        page.wait_for_selector(".lesson-total", timeout=60_000)
        total = page.locator(".lesson-total").inner_text()
        with page.expect_download() as saved:
            page.locator(".lesson-debrief").click()
        debrief = Path(saved.value.path()).read_text(encoding="utf-8")
    finally:
        teacher.close()
    scored = score_session(Record.open(tmp_path / "session.mcap"))
    assert scored.score.total == total
    assert scored.score.passed, [item.reason.en for item in scored.score.items]
    assert [item.kind for item in scored.score.items].count("hint") == 1
    assert f">{total}<" in debrief
