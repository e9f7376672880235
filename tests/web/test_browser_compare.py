"""Two logs beside each other, and a condition looked for, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web import synthetic
from tests.web.page import READY, Open, Start, differing, picture, seek
from twin.note import Notes
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


@pytest.mark.browser
def test_notes_stand_beside_the_log(start_viewer: Start, open_page: Open, record: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.mcap"
    log.write_bytes(record.read_bytes())
    url = start_viewer([log]).url
    page = open_page(url)
    page.keyboard.press("u")
    seek(page, 3.0)
    page.get_by_label("What is to be remembered").fill("提升停在这里")
    page.get_by_role("button", name="Add").click()
    page.locator(".notes-text").wait_for()
    kept = Notes(Record.open(log)).all()
    assert [(note.text, note.start_ns) for note in kept] == [("提升停在这里", 3_000_000_000)]
    other = open_page(url)
    other.wait_for_function("swaptwin_player.store.notes.value.length === 1")
    page.get_by_role("button", name="Take this note away").click()
    page.wait_for_function("swaptwin_player.store.notes.value.length === 0")
    assert Notes(Record.open(log)).all() == []
    beside = Notes(Record.open(log)).path
    beside.write_text(beside.read_text(encoding="utf-8").replace('"identity": "', '"identity": "0'), encoding="utf-8")
    page.get_by_label("What is to be remembered").fill("not here")
    page.get_by_role("button", name="Add").click()
    said = page.locator(".search-wrong")
    said.wait_for()
    assert "notes on another log" in said.inner_text()
    assert str(tmp_path) not in said.inner_text()


@pytest.mark.browser
def test_a_link_leads_there_also_after_a_restart(
    start_viewer: Start, open_page: Open, record: Path, slower: Path
) -> None:
    page = open_page(start_viewer([record, slower]).url)
    page.evaluate("swaptwin_player.open('r1')")
    page.wait_for_function(f"{READY} && swaptwin_player.store.manifest.value.title === 'slower'")
    seek(page, 4.0)
    page.keyboard.press("v")
    page.evaluate(f"swaptwin_player.store.plotted.value = ['{synthetic.HEIGHT.name}']")
    page.evaluate("swaptwin_player.select(swaptwin_player.store.parts.value[2])")
    part = page.evaluate("swaptwin_player.store.selection.value.part")
    link = str(page.evaluate("swaptwin_player.link()"))
    restarted = start_viewer([slower, record]).url
    for address in (link, restarted + "#" + link.partition("#")[2]):
        there = open_page(address)
        there.wait_for_function("swaptwin_player.clock.t === 4e9")
        assert there.evaluate("swaptwin_player.store.manifest.value.title") == "slower"
        assert there.evaluate("swaptwin_player.store.selection.value.part") == part
        assert there.evaluate("swaptwin_player.store.plotted.value") == [synthetic.HEIGHT.name]
        assert "signals" in there.evaluate("swaptwin_player.store.panels.value")
    wrong = open_page(link.replace("identity%22%3A%22", "identity%22%3A%220"))
    wrong.wait_for_function("swaptwin_player.store.error.value.includes('another log')")
