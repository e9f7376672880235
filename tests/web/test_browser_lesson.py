"""Lessons in the browser: one played to its end by clicking and its score read, backing up, an exam."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.web.page import Open, Start
from twin.lesson import Person, load_lesson, score_session
from twin.lesson.session import Mode
from twin.record import Record

pytestmark = [pytest.mark.sim, pytest.mark.slow]


KNOWS = "[...swaptwin_player.signals.known.keys()].some((name) => name.includes('.gt_'))"


@contextmanager
def taught(start_viewer: Start, open_page: Open, out: Path, lesson: str, mode: Mode, **more: Any) -> Iterator[Any]:
    """A teacher and the trainee's page, on which the lesson is still to be begun."""
    pytest.importorskip("pybullet")
    from twin.teaching import Teacher
    from twin.viewing import teaching_of

    teacher = Teacher.beginning(load_lesson(lesson), mode, out, **more)
    viewer = start_viewer([], teaching=teaching_of(teacher))
    teacher.start()
    try:
        page = open_page(viewer.url, ready=False)
        page.wait_for_selector(".lesson-freeze", timeout=90_000)
        yield teacher, page
    finally:
        teacher.close()


def at_speed(page: Any, speed: str) -> None:
    page.locator(".pace select").select_option(speed)


def fast(page: Any) -> None:
    """As quickly as the page allows."""
    at_speed(page, "20")


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
        assert not page.evaluate(KNOWS), "what is to be found out is not among the signals"
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
        at_speed(page, "1")
        page.wait_for_selector(".lesson-question .right", timeout=20_000)
        page.wait_for_timeout(2500)
        page.locator(".bar-button").filter(has_text=re.compile("Operator|操作台")).click()
        page.locator('[data-signal="operator.panel.op_confirm"]').click()
        page.wait_for_selector(
            ".lesson-notices, .lesson-steps .done, [data-step=opened], [data-step=lowered]", timeout=60_000
        )
        fast(page)
        page.wait_for_selector(".lesson-won", timeout=120_000)
        at_speed(page, "1")
        if locale.startswith("zh"):
            shown = page.locator(".lesson").inner_text()
            assert re.findall(r"[A-Za-z]{3,}", re.sub(r"[a-z0-9_]+\.[a-z0-9_.]+", "", shown)) == []
        page.locator(".lesson-finish").click()
        page.wait_for_selector(".lesson-total", timeout=60_000)
        total = page.locator(".lesson-total").inner_text()
        page.wait_for_function(KNOWS, timeout=30_000)
        assert "fault" in page.evaluate(told), "all of it is told once it is over"
        page.wait_for_selector(".lesson-best", timeout=180_000)
        with page.expect_download(timeout=120_000) as saved:
            page.locator(".lesson-debrief").click()
        with zipfile.ZipFile(saved.value.path()) as pages:
            assert pages.namelist() == ["debrief.html", "session.html", "best.html"]
            debrief = pages.read("debrief.html").decode()
        page.locator(".lesson-best").click()
        page.wait_for_function("swaptwin_player.store.compared.value?.state === 'ready'", timeout=120_000)
    finally:
        teacher.close()
    scored = score_session(Record.open(tmp_path / "session.mcap"))
    assert scored.score.total == total
    assert scored.score.passed, [item.reason.en for item in scored.score.items]
    assert [item.kind for item in scored.score.items].count("hint") == 1
    assert f">{total}<" in debrief


def test_backing_up_by_clicking_begins_another_attempt_there(
    start_viewer: Start, open_page: Open, tmp_path: Path
) -> None:
    with taught(start_viewer, open_page, tmp_path / "session.mcap", "first_swap", "guided") as (teacher, page):
        page.locator(".lesson-freeze").click()
        fast(page)
        page.wait_for_function("swaptwin_player.clock.t > 12e9", timeout=60_000)
        page.locator(".lesson-freeze").click()
        page.wait_for_function("swaptwin_player.store.lesson.value.state === 'standing'")
        page.get_by_role("button", name="Pause").click()
        page.get_by_role("button", name="Previous event").click()
        t_ns = page.evaluate("swaptwin_player.clock.t")
        page.locator(".lesson-back").click()
        there = "(({ attempts, state }) => attempts.length === 2 && state === 'standing')"
        page.wait_for_function(f"{there}(swaptwin_player.store.lesson.value)", timeout=90_000)
        assert "Attempt 2, does not count" in page.locator(".lesson-head").inner_text()
        page.wait_for_function("swaptwin_player.store.manifest.value?.id === 'r1'", timeout=60_000)
        assert 0 < t_ns - 20_000_000 < teacher.attempts[1].from_ns <= t_ns
        assert teacher.attempts[0].record.is_file() and page.locator(".lesson-freeze").is_visible()


def test_an_exam_cannot_be_frozen_and_waits_for_the_instructors_word(
    start_viewer: Start, open_page: Open, tmp_path: Path
) -> None:
    supervised = {"supervised": True}
    with taught(start_viewer, open_page, tmp_path / "exam.mcap", "first_swap", "exam", **supervised) as (teacher, page):
        assert page.locator(".pace").count() == 0, "its speed is the clock's"
        page.locator(".lesson-freeze").click()
        page.wait_for_function("swaptwin_player.clock.t > 1e9", timeout=60_000)
        page.wait_for_selector(".lesson-freeze", state="detached")
        assert page.locator(".lesson-back").count() == 0 and page.locator(".lesson-steps").count() == 0
        assert page.locator(".save-page").count() == 0 and not page.evaluate(KNOWS)
        assert page.locator(".bar-button").filter(has_text=re.compile("Search|Why")).count() == 0
        page.locator(".lesson-finish").click()
        said = page.get_by_text("waits for the instructor")
        said.first.wait_for(timeout=20_000)
        assert page.locator(".lesson-finish").count() == 0 and teacher.running
        teacher.confirm("Present", Person(number="9", name="Chen Jie"))
        page.wait_for_selector(".lesson-total", timeout=60_000)
        page.wait_for_function(KNOWS, timeout=30_000)
        assert page.get_by_text("waits for the instructor").count() == 0
