"""A lesson made of a stretch of a log, asked for at the page; who makes it is played here, without physics."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.web.page import Open, Start, seek
from twin.errors import InputError
from twin.fault.catalogue import catalogue
from web import Branching

pytestmark = [pytest.mark.browser, pytest.mark.slow]
S = 1_000_000_000
RESTS_NS = 1 * S
Asked = list[tuple[int, int, Mapping[str, Any]]]


def start(start_viewer: Start, log: Path, asked: Asked) -> str:
    """A viewer whose lessons may begin at 1 s alone."""

    def cut(path: Path, t0_ns: int, t1_ns: int, fault: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append((t0_ns, t1_ns, fault))
        if fault.get("target") == "bracket9":
            raise InputError(key="fault.target", expected="a lock", got="bracket9", file=path)
        if t0_ns != RESTS_NS:
            return {"nearest_ns": [RESTS_NS, 7 * S]}
        told = [{"en": "The log's own.", "zh": "与日志相同。"}]
        return {"file": "runs/made.yaml", "text": "situation: x\n", "told": told, "open": {"oracle": "how it is done"}}

    def offers(path: Path) -> Mapping[str, Any]:
        return {"controllers": [""], "settings": {}, "events": [], "faults": catalogue()}

    branching = Branching(offers, lambda path, at_ns, change: (path, {}), cut)
    return str(start_viewer([log], branching=branching).url)


def mark(page: Any, from_s: float, to_s: float) -> None:
    for at_s in (from_s, to_s):
        seek(page, at_s)
        page.keyboard.press("b")


def test_a_stretch_becomes_a_lesson_that_begins_where_it_may(
    start_viewer: Start, open_page: Open, record: Path
) -> None:
    asked: Asked = []
    page = open_page(start(start_viewer, record, asked))
    page.wait_for_function("swaptwin_player.store.branching.value !== null")
    button = page.locator(".transport").get_by_role("button", name="Make a lesson")
    assert button.count() == 0, "no stretch is marked"
    mark(page, 3, 6)
    button.click()
    page.get_by_label("What is wrong").select_option(label="Debris on the seat")
    assert page.get_by_label("Where").input_value() == "bracket2.cone1"
    page.get_by_label("What is wrong").select_option(label="Lock stuck")
    page.get_by_label("Where").fill("bracket2.lock3")
    page.get_by_role("button", name="Make the lesson").click()
    page.get_by_text("A pack is under way then").wait_for()
    offered = page.locator(".cut [role=alert] button")
    assert offered.count() == 1, "what comes after the stretch is no begin of it"
    page.keyboard.press("b")
    page.wait_for_function("swaptwin_player.store.loop.value === null")
    assert offered.count() == 0, "no stretch is marked any more"
    mark(page, 3, 6)
    offered.click()
    for marked in ("store.loop.value", "clock.loop"):
        assert page.evaluate(f"swaptwin_player.{marked}.from") == RESTS_NS, marked
    page.get_by_role("button", name="Make the lesson").click()
    page.get_by_text("runs/made.yaml", exact=True).wait_for()
    fault = {"name": "lock_stuck", "target": "bracket2.lock3"}
    assert [(round(t0 / S), round(t1 / S)) for t0, t1, _ in asked] == [(3, 6), (1, 6)]
    assert [dict(one) for *_, one in asked] == [fault, fault]
    said = page.locator(".cut").inner_text()
    assert "The log's own." in said and "how it is done" in said
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "made.yaml"
    assert Path(download.value.path()).read_text() == "situation: x\n"
    page.keyboard.press("l")
    assert page.get_by_text("与日志相同。").is_visible()
    assert page.locator(".cut").get_by_role("button", name="生成课程").is_visible()


def test_what_cannot_be_is_told_without_the_paths_of_this_machine(
    start_viewer: Start, open_page: Open, record: Path
) -> None:
    page = open_page(start(start_viewer, record, []))
    page.wait_for_function("swaptwin_player.store.branching.value !== null")
    mark(page, 1, 6)
    page.keyboard.press("'")
    page.get_by_label("Where").fill("bracket9")
    page.get_by_role("button", name="Make the lesson").click()
    alert = page.locator(".cut [role=alert]")
    alert.wait_for()
    assert "expected a lock, got bracket9" in alert.inner_text() and "/" not in alert.inner_text()


def test_where_nothing_can_be_simulated_no_lesson_is_offered(
    start_viewer: Start, open_page: Open, record: Path
) -> None:
    page = open_page(start_viewer([record]).url)
    mark(page, 1, 6)
    page.keyboard.press("'")
    page.wait_for_timeout(500)
    assert page.locator(".cut").count() == 0
