"""Two logs beside each other, and a condition looked for, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web import synthetic
from tests.web.page import Open, Start, differing, picture, seek
from twin.record import Record, RecordWriter

#: B goes at this pace, and its lift stops where A's goes on.
PACE, STOPS_S = 1.5, 3.0


@pytest.fixture(scope="module")
def slower(record: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record half as slow again, with a lift that stays where it is after 3 s."""
    path = tmp_path_factory.mktemp("slower") / "slower.mcap"
    source = Record.open(record)
    with RecordWriter(
        path, metadata=source.metadata, tables=source.tables, frames=source.frames, scene=source.scene
    ) as writer:
        rows = {name: source.rows(name) for name in source.tables}
        poses = source.poses()[1]
        for n, t_ns in enumerate(source.poses()[0].tolist()):
            stopped = min(n, round(STOPS_S * 1e9 / synthetic.SCAN_NS))
            at_ns = round(t_ns * PACE)
            writer.row("plant", at_ns, rows["plant"][1][stopped].tolist())
            writer.row("controller", at_ns, rows["controller"][1][n].tolist())
            X = poses[n].copy()
            X[3:6:2, 2] = poses[stopped][3:6:2, 2]  # lift and pack
            writer.poses(at_ns, X)
    return path


def _found(page: Any) -> dict[str, Any]:
    page.wait_for_function("swaptwin_player.store.compared.value?.state !== 'working'", timeout=60_000)
    return dict(page.evaluate("swaptwin_player.store.compared.value"))


@pytest.mark.browser
def test_the_other_log_is_a_ghost_where_it_is_elsewhere(
    start_viewer: Start, open_page: Open, record: Path, slower: Path
) -> None:
    page = open_page(start_viewer([record, slower]).url)
    page.keyboard.press("k")
    seek(page, 2.0)
    alone = picture(page)
    page.get_by_label("Compare with…").select_option("r1")
    told = _found(page)
    assert told["state"] == "ready", told
    first = told["found"]["first"]
    assert abs(first["a_ns"] - STOPS_S * 1e9) < 60e6
    assert abs(first["b_ns"] - PACE * STOPS_S * 1e9) < 90e6
    assert first["signals"][0]["name"] == synthetic.HEIGHT.name
    # At one pace or another, until then both are at the same place: no ghost.
    page.wait_for_function("swaptwin_player.other.pose(2e9)")
    page.wait_for_timeout(500)
    assert differing(alone, picture(page)) < 300
    page.locator(".compare-divergence.main .compare-line").click()
    page.wait_for_function(f"swaptwin_player.clock.t === {first['a_ns']}")
    seek(page, 5.0)
    page.wait_for_function("swaptwin_player.other.pose(5e9)")
    page.wait_for_timeout(500)
    script = """() => Object.fromEntries(swaptwin_player.stage.parts.map((part) =>
        [part.frame, Boolean(part.other?.ghosts[0]?.getVisibility())]))"""
    shown = page.evaluate(script)
    assert shown["shuttle.lift"] and shown["pack.QJ75-0001"]
    assert not shown["truck0.chassis"] and not shown["station"]
    ghost = page.evaluate("swaptwin_player.stage.parts.find((p) => p.frame === 'shuttle.lift').other.matrix[14]")
    assert abs(ghost - synthetic.height_m(STOPS_S)) < 1e-3
    with_ghost = picture(page)
    page.get_by_label("Compare with…").select_option("")
    page.wait_for_timeout(500)
    assert differing(with_ghost, picture(page)) > 300


@pytest.mark.browser
def test_plots_show_both_in_the_time_of_the_one(
    start_viewer: Start, open_page: Open, record: Path, slower: Path
) -> None:
    page = open_page(start_viewer([record, slower]).url)
    page.evaluate(f"swaptwin_player.store.plotted.value = ['{synthetic.HEIGHT.name}']")
    page.keyboard.press("d")
    page.evaluate("swaptwin_player.compareWith('r1')")
    assert _found(page)["state"] == "ready"
    page.wait_for_function(f"swaptwin_player.other.series('{synthetic.HEIGHT.name}', 0, 8e9)?.t.length > 10")
    times = page.evaluate(f"[...swaptwin_player.other.series('{synthetic.HEIGHT.name}', 0, 8e9).t]")
    assert max(times) <= 8.5e9
    assert page.locator(".plots-chart canvas").count() == 1


@pytest.mark.browser
def test_a_condition_is_looked_for(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    page.keyboard.press("q")
    field = page.get_by_label("Condition")
    field.press_sequentially("encod")
    page.locator(".search-offer").first.click()
    assert field.input_value() == f"{synthetic.HEIGHT.name} "
    field.press_sequentially("> 150 mm")
    field.press("Enter")
    page.wait_for_function("swaptwin_player.store.searched.value?.state === 'ready'")
    assert page.evaluate("swaptwin_player.store.searched.value.count") == 1
    page.get_by_role("button", name="Next hit").click()
    page.wait_for_function("swaptwin_player.clock.t > 2.4e9 && swaptwin_player.clock.t < 2.6e9")
    field.fill("shuttle.lift.pv_positon_m > 1")
    field.press("Enter")
    said = page.locator(".search-wrong")
    said.wait_for()
    assert "did you mean shuttle.lift.pv_position_m" in said.inner_text()
