"""Files with something wrong in the page: it opens, shows what there is and says what is missing, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.web.damaged import damaged
from tests.web.page import Open, Start, seek
from tests.web.synthetic import height_m

SETTLED = "['ready', 'failed'].includes(window.swaptwin_player?.store.stage.value)"
SAID = {
    "cut": ["was not closed", "cannot be read"],
    "empty": ["This file is empty"],
    "other_file": ["not in MCAP format"],
    "other_profile": ["another program"],
    "other_version": ["does not know"],
    "unknown_station": ["simulated or real"],
    "unknown_type": ["cannot be read"],
    "no_poses": ["no poses"],
    "no_models": ["no models"],
    "events_only": ["no poses", "no models", "no values of signals"],
    "one_sample": ["a single instant"],
    "nothing": ["holds nothing"],
}


@pytest.fixture(scope="module")
def files(record: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return damaged(record, tmp_path_factory.mktemp("damaged"))


def _said(page: Any) -> str:
    page.wait_for_function(SETTLED, timeout=30_000)
    page.wait_for_timeout(150)
    return str(page.locator(".messages").inner_text())


def test_every_damaged_file_is_shown_as_far_as_it_goes(
    start_viewer: Start, open_page: Open, files: dict[str, Path]
) -> None:
    page = open_page(start_viewer([files[name] for name in SAID]).url, ready=False)
    for name, words in SAID.items():
        page.get_by_label("Record", exact=True).select_option(label=name)
        page.wait_for_function(f"{SETTLED} && swaptwin_player.id === 'r{list(SAID).index(name)}'")
        said = _said(page)
        for word in words:
            assert word in said, name
        readable = page.evaluate("swaptwin_player.store.stage.value") == "ready"
        assert readable == (name not in ("empty", "other_file", "other_profile", "other_version")), name
        if not readable:
            continue
        badge = page.locator(".badge").inner_text()
        assert badge == ("UNKNOWN SOURCE" if name == "unknown_station" else "SIMULATED RECORD"), name
        page.locator(".messages-close").click()
        assert _said(page) == "", name
        if name in ("unknown_station", "unknown_type", "no_models"):
            seek(page, 4.0)
            lift = page.evaluate("swaptwin_player.matrix('shuttle.lift')[14]")
            assert lift == pytest.approx(height_m(4.0), abs=1e-4), name
        if name in ("events_only", "no_poses"):
            assert page.evaluate("swaptwin_player.store.events.value.length") == 12, name


def test_what_is_missing_is_said_in_chinese_too(start_viewer: Start, open_page: Open, files: dict[str, Path]) -> None:
    page = open_page(start_viewer([files[name] for name in SAID]).url, ready=False, locale="zh-CN")
    for name in SAID:
        page.get_by_label("记录", exact=True).select_option(label=name)
        page.wait_for_function(f"{SETTLED} && swaptwin_player.id === 'r{list(SAID).index(name)}'")
        said = _said(page)
        assert said, name
        assert re.findall(r"[A-Za-z]{2,}", said.replace("MCAP", "").replace("SwapTwin", "")) == [], name
