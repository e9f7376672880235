"""Other programs' logs in a real browser: what is not measured looks so, and everything is found by its own name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.web.page import Open, Start, differing, picture, seek
from twin.importing import import_files
from twin.tag_map import load_map

#: Three axes every 0.25 s for a minute, as a PLC with Chinese names logs them; silent from 20 to 40 s.
PERIOD_S, END_S, GAP_S = 0.25, 60.0, (20.0, 40.0)
#: The axes begin this much after the rest.
LATE_S = 4.0
MAP = """
machines: {cell: {cell: generic_cell, p_m: [0, 0, 0.8]}}
tags:
  DB1.机器人X: {signal: robot.x.pv_position_m, unit: m, logged: periodic, period_s: 0.25, joint: cell.x,
    text: {en: robot along, zh: 机器人纵向位置}}
  DB1.机器人Y: {signal: robot.y.pv_position_m, unit: m, logged: periodic, period_s: 0.25, joint: cell.y,
    text: {en: robot across, zh: 机器人横向位置}}
  DB1.机器人Z: {signal: robot.z.pv_position_m, unit: m, logged: periodic, period_s: 0.25, joint: cell.z,
    text: {en: robot height, zh: 机器人高度}}
"""
TOOL = "cell.tool/tool"


def _rows() -> list[str]:
    rows = []
    for number in range(round(END_S / PERIOD_S) + 1):
        t_s = number * PERIOD_S
        stamp = f"{np.datetime64(1_700_000_000_000 + round(t_s * 1000), 'ms')}Z"
        rows.append(f"{stamp},DB9.液压压力,{5 + 0.1 * np.sin(t_s):.3f}")
        if t_s >= LATE_S and not GAP_S[0] < t_s < GAP_S[1]:
            x, y, z = 0.3 * np.sin(t_s / 3), 0.2 * np.cos(t_s / 5), 0.3 + 0.1 * np.sin(t_s)
            rows += [f"{stamp},DB1.机器人{axis},{value:.4f}" for axis, value in zip("XYZ", (x, y, z), strict=True)]
    return rows


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with a map."""
    folder = tmp_path_factory.mktemp("moving")
    (folder / "plc.csv").write_text("\n".join(["time,tag,value", *_rows()]), encoding="gb18030")
    (folder / "map.yaml").write_text(MAP, encoding="utf-8")
    assert load_map(folder / "map.yaml").machines
    import_files([folder / "plc.csv"], folder / "moving.mcap", folder / "map.yaml")
    return folder / "moving.mcap"


@pytest.fixture(scope="module")
def unmapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same log without one."""
    folder = tmp_path_factory.mktemp("unmapped")
    (folder / "plc.csv").write_text("\n".join(["time,tag,value", *_rows()]), encoding="gb18030")
    import_files([folder / "plc.csv"], folder / "unmapped.mcap")
    return folder / "unmapped.mcap"


def _look(page: Any) -> int:
    return int(page.evaluate(f"swaptwin_player.stage.part({TOOL!r}).look.known"))


def _inspect(page: Any) -> Any:
    page.evaluate(
        f"swaptwin_player.select({{ id: {TOOL!r}, frame: 'cell.tool' }}); swaptwin_player.dock.open('inspector')"
    )
    page.wait_for_selector(".inspector-known-where")
    return page.locator(".inspector-known-where")


def test_what_is_not_measured_looks_so_and_the_inspector_says_why(
    start_viewer: Start, open_page: Open, moving: Path
) -> None:
    page = open_page(start_viewer([moving]).url)
    seek(page, 12.0)
    assert _look(page) == 0
    page.wait_for_timeout(700)
    measured = picture(page)
    seek(page, 30.0)
    page.wait_for_function(f"swaptwin_player.stage.part({TOOL!r}).look.known === 1")
    page.wait_for_timeout(700)
    # It stands where it was last seen, and is drawn another way.
    last = picture(page)
    assert differing(measured, last) > 2000
    legend = page.locator(".legend-known")
    assert legend.locator("small").all_inner_texts()[:2] == ["measured", "inferred"]
    inspector = _inspect(page)
    assert inspector.get_attribute("data-state") == "inferred"
    words = inspector.inner_text()
    assert "off by at most" in words and re.search(r"Last logged at\s+0:20\.0", words)
    assert "Gap" in words and "20.0 s" in words
    assert "DB1.机器人Z" in words
    seek(page, 12.0)
    page.wait_for_selector(".inspector-known-where[data-state=measured]")


def test_what_was_not_seen_yet_has_a_question_mark_in_both_languages(
    start_viewer: Start, open_page: Open, moving: Path
) -> None:
    page = open_page(start_viewer([moving]).url, locale="zh-CN")
    seek(page, 1.0)
    page.wait_for_function(f"swaptwin_player.stage.part({TOOL!r}).look.known === 2")
    page.wait_for_function("swaptwin_player.stage.overlay.written.some(({ text }) => text === '?')")
    assert "未知" in page.locator(".legend-known").inner_text()
    assert "此刻其信号尚未有记录" in _inspect(page).inner_text()
    seek(page, 12.0)
    page.wait_for_function("!swaptwin_player.stage.overlay.written.some(({ text }) => text === '?')")


def test_a_record_with_poses_says_nothing_of_certainty(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    seek(page, 3.0)
    assert page.locator(".legend-known").count() == 0


def test_names_and_comments_of_the_log_are_found_everywhere(start_viewer: Start, open_page: Open, moving: Path) -> None:
    page = open_page(start_viewer([moving]).url)
    page.evaluate("swaptwin_player.dock.open('signals')")
    search = page.locator(".signals-bar input")
    for typed, found in (
        ("压力", "log.plc.pv_db9"),
        ("横向", "robot.y.pv_position_m"),
        ("人Y", "robot.y.pv_position_m"),
    ):
        search.fill(typed)
        page.wait_for_selector(f".signals-row[data-signal='{found}']")
        assert page.locator(".signals-row").count() == 1
    page.evaluate("swaptwin_player.store.plotted.value = ['robot.y.pv_position_m']; swaptwin_player.dock.open('plots')")
    assert "DB1.机器人Y" in page.locator(".plots-legend").first.inner_text()
    page.evaluate("swaptwin_player.dock.open('alarms')")
    page.locator(".alarms-bar input").fill("机器人纵")
    assert page.locator(".alarms-line").count() == 1
    # A kind of findings that nobody wants is gone from the list and from the timeline.
    page.locator(".alarms-kind[data-family=missing]").click()
    assert page.locator(".alarms-line").count() == 0
    assert page.evaluate("swaptwin_player.store.lanes.value.data.length") == 0


def test_a_log_without_a_map_says_why_nothing_moves(start_viewer: Start, open_page: Open, unmapped: Path) -> None:
    for locale, words in (("en-US", "No map says what"), ("zh-CN", "没有映射文件")):
        page = open_page(start_viewer([unmapped]).url, locale=locale)
        said = page.locator(".messages-missing").inner_text()
        assert words in said and "--map" in said
        page.evaluate("swaptwin_player.dock.open('signals')")
        page.locator(".signals-bar input").fill("液压")
        assert "DB9.液压压力" in page.locator(".signals-row").inner_text()
