"""The page's shell in a real browser: what docks where, and what one person finds again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.web.page import READY, Open, Start, seek
from tests.web.synthetic import write_record


def _open_panels(page: Any) -> list[str]:
    return [str(name) for name in page.evaluate("swaptwin_player.store.panels.value")]


def test_the_layout_is_remembered_by_this_browser_alone(start_viewer: Start, open_page: Open, record: Path) -> None:
    url = start_viewer([record]).url
    page, other = open_page(url), open_page(url)
    assert _open_panels(page) == []
    page.get_by_role("button", name="Parts").click()
    edge = page.locator(".dv-sash").first.bounding_box()
    page.mouse.move(edge["x"] + 2, edge["y"] + 100)
    page.mouse.down()
    page.mouse.move(edge["x"] - 98, edge["y"] + 100, steps=4)
    page.mouse.up()
    width = page.locator(".panel-parts").bounding_box()["width"]
    page.wait_for_timeout(300)
    page.reload()
    page.wait_for_function(READY, timeout=30_000)
    assert _open_panels(page) == ["parts"]
    assert abs(page.locator(".panel-parts").bounding_box()["width"] - width) < 3
    assert width > 430, "the edge was dragged"
    assert _open_panels(other) == []
    page.get_by_role("button", name="Reset layout").click()
    page.wait_for_function("!document.querySelector('.panel-parts')")
    page.get_by_role("button", name="Parts").click()
    page.get_by_role("button", name="Close panel: Parts").click()
    assert _open_panels(page) == []


def test_a_layout_that_makes_no_sense_is_left(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    page.evaluate('localStorage.setItem(\'swaptwin.choices\', \'{"layout": {"panels": {"picture": 1}}}\')')
    page.reload()
    page.wait_for_function(READY, timeout=30_000)
    assert page.locator("main.picture").bounding_box()["width"] > 1000


def _cursor_s(page: Any) -> float:
    return float(page.evaluate("swaptwin_player.clock.t")) / 1e9


def _type_time(page: Any, typed: str) -> None:
    page.keyboard.press("g")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")


def test_a_typed_time_goes_there(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    _type_time(page, "3.25")
    assert _cursor_s(page) == 3.25
    _type_time(page, "0:05.5")
    assert _cursor_s(page) == 5.5
    _type_time(page, "0:59")
    assert "0:00.0 – 0:08.0" in page.locator(".time-hint").inner_text()
    page.keyboard.press("Escape")
    _type_time(page, "noon")
    assert "Not a time" in page.locator(".time-hint").inner_text()
    assert _cursor_s(page) == 5.5


def test_a_wall_clock_time_goes_there(start_viewer: Start, open_page: Open, tmp_path: Path) -> None:
    path = write_record(tmp_path / "dated.mcap", started_at="2026-11-22T15:59:58Z")
    page = open_page(start_viewer([path]).url, timezone_id="Asia/Shanghai")
    page.keyboard.press("w")
    assert page.get_by_label("Time: type one").input_value() == "23:59:58.0"
    assert "2026-11-22 UTC+08:00" in page.locator(".time-basis").inner_text()
    assert "start of the run" in page.locator(".time-basis").inner_text()
    _type_time(page, "00:00:03")
    assert _cursor_s(page) == 5.0
    _type_time(page, "2026-11-22 16:00:00.5Z")
    assert _cursor_s(page) == 2.5
    page.wait_for_function("document.querySelector('.time-field').value === '00:00:00.5'")


def test_a_record_without_a_date_has_no_wall_clock(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    assert page.get_by_label("Time since start or wall clock").is_disabled()


#: What a key changes, as an expression that is different afterwards; keys that need something before say what.
_HITS = "p.store.searched.value = { state: 'ready', hits: [1e9, 6e9].map((t) => ({ key: t, start: t, end: t })) }"
KEY_EFFECTS = {
    "play": ("", "p.clock.playing"),
    "step_back": ("p.seek(3e9)", "p.clock.t"),
    "step_forward": ("p.seek(3e9)", "p.clock.t"),
    "skip_back": ("p.seek(7e9)", "p.clock.t"),
    "skip_forward": ("p.seek(1e9)", "p.clock.t"),
    "start": ("p.seek(1e9)", "p.clock.t"),
    "end": ("p.seek(1e9)", "p.clock.t"),
    "slower": ("", "p.clock.speed"),
    "faster": ("", "p.clock.speed"),
    "loop": ("", "JSON.stringify(p.store.loop.value)"),
    "previous_event": ("p.seek(3.5e9)", "p.clock.t"),
    "next_event": ("p.seek(3.5e9)", "p.clock.t"),
    "previous_hit": (f"{_HITS}, p.seek(3e9)", "p.clock.t"),
    "next_hit": (f"{_HITS}, p.seek(3e9)", "p.clock.t"),
    "link": ("navigator.clipboard.writeText = async (text) => { window.copied = text; }", "String(window.copied)"),
    "alarms_only": ("", "p.store.alarmsOnly.value"),
    "go_to": ("", "document.activeElement.className"),
    "wall": ("", "p.store.wall.value"),
    "zoom_in": ("p.range.fit()", "p.range.span"),
    "zoom_out": ("p.range.fit(), p.range.zoom(0.5, 0)", "p.range.span"),
    "fit": ("p.range.zoom(0.5, 0)", "p.range.span"),
    "follow": ("", "p.store.followed.value"),
    "focus": ("", "p.stage.camera.getFocalPoint().join()"),
    "hide": ("", "p.store.hidden.value.size"),
    "ghost": ("", "p.store.ghosted.value.size"),
    "show_all": ("p.tools.flip('hidden', ['station/floor'])", "p.store.hidden.value.size"),
    "labels": ("", "p.store.labelled.value"),
    "measure": ("", "p.store.tool.value"),
    "section": ("", "p.store.tool.value"),
    "escape": ("p.tools.toggle('section')", "p.store.tool.value"),
    "reset": ("p.dock.open('parts')", "p.store.panels.value.length"),
    "language": ("", "p.store.language.value"),
    "theme": ("", "p.store.theme.value"),
    "keys": ("", "document.querySelector('dialog.keys').open"),
}


def test_every_key_on_the_page_of_keys_does_its_thing(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    page.keyboard.press("?")
    ids = page.locator("[data-key]").evaluate_all("(rows) => rows.map((row) => row.dataset.key)")
    page.keyboard.press("Escape")
    table = page.evaluate("swaptwin_player.page.keys.map(({ id, keys }) => [id, keys[0]])")
    views = [key for key, _ in table if key.startswith("view_")][
        : page.evaluate("swaptwin_player.store.views.value.length")
    ]
    listed = [key for key, _ in table if not key.startswith("view_") or key in views]
    assert ids == listed, "the page lists every key that does something"
    for name, key in table:
        # Saving has a test of its own; these panels need a run, a second log, or a simulator.
        if name in ("save", "panel_operator", "panel_compare", "panel_branch", "panel_cut") or (
            name.startswith("view_") and name not in views
        ):
            continue
        if name.startswith("view_"):
            before, effect = "p.stage.camera.setPosition(1, 2, 3)", "p.stage.move !== null"
        elif name.startswith("panel_"):
            before, effect = "", "p.store.panels.value.length"
        else:
            before, effect = KEY_EFFECTS[name]
        page.evaluate("swaptwin_player.pause()")
        page.evaluate("swaptwin_player.select(swaptwin_player.store.parts.value[1])")
        page.evaluate("document.activeElement.blur()")
        look = f"(() => {{ const p = swaptwin_player; return {effect}; }})()"
        page.evaluate(f"(() => {{ const p = swaptwin_player; {before or '0'}; }})()")
        was = page.evaluate(look)
        page.keyboard.press({" ": "Space"}.get(key, key))
        page.wait_for_function(f"{look} !== {json.dumps(was)}", timeout=3000)
        page.keyboard.press("Escape")


def test_the_saved_picture_is_a_png_with_record_and_time_in_its_name(
    start_viewer: Start, open_page: Open, record: Path
) -> None:
    from PIL import Image

    page = open_page(start_viewer([record]).url)
    seek(page, 4.5)
    with page.expect_download() as download:
        page.keyboard.press("s")
    assert download.value.suggested_filename == "synthetic_0-04.5.png"
    with Image.open(download.value.path()) as saved:
        assert saved.format == "PNG"
        assert saved.width == page.evaluate("swaptwin_player.stage.container.clientWidth")
        assert len(saved.convert("RGB").getcolors(1 << 24)) > 50, "something is drawn"


def test_clicking_a_part_shows_what_it_is(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    _click_part(page, "pack.QJ75-0001/pack")
    page.wait_for_function("document.querySelector('.card')")
    assert "Battery pack" in page.locator(".card").inner_text()
    page.get_by_label("Hide (H)").click()
    assert page.evaluate("swaptwin_player.stage.part('pack.QJ75-0001/pack').visible") is False
    page.get_by_role("button", name="Parts").click()
    page.get_by_role("button", name="Show all").click()
    assert page.evaluate("swaptwin_player.stage.part('pack.QJ75-0001/pack').visible") is True
    page.locator(".parts-row", has_text="Floating plate").get_by_role("button", name="See through").click()
    assert page.evaluate("swaptwin_player.stage.part('shuttle.lift/plate').look.ghosted") is True


def _click_part(page: Any, part: str) -> None:
    """Click where a part is seen, found by picking over the picture."""
    page.evaluate("swaptwin_player.look('robot')")
    page.wait_for_timeout(100)
    page.wait_for_function("swaptwin_player.stage.move === null")
    spot = page.evaluate(
        """(part) => {
          const { stage } = swaptwin_player;
          const { clientWidth, clientHeight } = stage.container;
          for (let y = 70; y < clientHeight - 70; y += 12) {
            for (let x = 20; x < clientWidth - 20; x += 12) {
              const inside = [[0, 0], [4, 4], [-4, 4]].every(([dx, dy]) => stage.pick(x + dx, y + dy)?.part === part);
              if (inside) return [x, y];
            }
          }
          return null;
        }""",
        part,
    )
    assert spot is not None, f"{part} is not seen"
    box = page.locator(".canvas").bounding_box()
    page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])


def test_measuring_and_cutting_give_numbers(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    seek(page, 6.0)
    page.keyboard.press("m")
    for part in ("pack.QJ75-0001/pack", "truck0.chassis/truck"):
        _click_part(page, part)
    page.wait_for_function("/^\\d+ mm$/.test(document.querySelector('.measure-parts')?.innerText)", timeout=10_000)
    # Top of the pack 0.36 + 0.4 + 0.14 m (its cover) above the floor, below the truck's block at 1.3 m.
    shortest = int(page.locator(".measure-parts").inner_text().split()[0])
    assert shortest == page.evaluate(
        "Math.round(1000 * swaptwin_player.stage.distance('pack.QJ75-0001/pack', 'truck0.chassis/truck').metres)"
    )
    assert 300 < shortest < 600
    assert int(page.locator(".measure-points").inner_text().split()[0]) >= shortest
    page.keyboard.press("c")
    page.get_by_role("button", name="Height").click()
    at = float(page.locator(".section-at output").inner_text().split()[0])
    page.get_by_label("Where").focus()
    page.keyboard.press("PageUp")
    moved = float(page.locator(".section-at output").inner_text().split()[0])
    assert moved > at
    assert page.evaluate("swaptwin_player.stage.cut.at") == pytest.approx(moved, abs=0.005)


def test_the_timeline_zooms_and_loops(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    box = page.locator("canvas.timeline").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30)
    page.mouse.wheel(0, -800)
    page.wait_for_function("swaptwin_player.range.span < 4e9")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 32)
    page.wait_for_selector(".timeline-card")
    assert "Raise" in page.locator(".timeline-card").inner_text()
    page.get_by_role("button", name="Whole timeline").click()
    assert page.evaluate("swaptwin_player.range.span") == 8e9
    seek(page, 2.0)
    page.get_by_role("button", name="Loop: mark its start (A)").click()
    seek(page, 2.5)
    page.get_by_role("button", name="Loop: mark its end (B)").click()
    page.evaluate("swaptwin_player.play()")
    page.wait_for_timeout(1500)
    assert 2.0 <= _cursor_s(page) < 2.6
    page.get_by_role("button", name="Loop: end it").click()
    page.wait_for_function("swaptwin_player.clock.t > 3e9")


def test_a_timeline_of_50_000_events_stays_quick(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    spent_ms = page.evaluate(
        """async () => {
          const { store, clock, range } = swaptwin_player;
          const event = (i) => ({ t_ns: i * 2e8, kind: "alarm", name: `a.b.alm_${i % 40}`, message: "",
            data: { edge: i % 80 < 40 ? "raised" : "cleared" } });
          clock.end = store.end.value = 1e13;
          store.events.value = Array.from({ length: 50_000 }, (_, i) => event(i));
          await new Promise((resolve) => setTimeout(resolve, 500));
          const began = performance.now();
          for (let i = 0; i < 10; i++) {
            range.zoom(0.8, 5e12);
            await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          }
          return (performance.now() - began) / 10;
        }"""
    )
    assert spent_ms < 400, "far from seconds, on any machine"


def test_the_first_visit_begins_with_a_tour(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url, locale="zh-CN", toured=False)
    seen = ""
    for _ in range(8):
        page.wait_for_selector(".driver-popover-next-btn")
        page.wait_for_timeout(450)
        seen += page.locator(".driver-popover").inner_text()
        page.locator(".driver-popover-next-btn").click()
    page.wait_for_selector(".driver-popover", state="detached")
    assert re.findall(r"[A-Za-z]{2,}", seen) == []
    page.reload()
    page.wait_for_function(READY, timeout=30_000)
    page.wait_for_timeout(1500)
    assert page.locator(".driver-popover").count() == 0, "once is enough"
    page.get_by_role("button", name="帮助").click()
    page.get_by_role("menuitem", name="导览").click()
    page.wait_for_selector(".driver-popover")


def test_tools_and_keys_hold_no_english_words_in_chinese(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url, locale="zh-CN")
    page.keyboard.press("?")
    keys = page.locator("dialog.keys").inner_text()
    for cap in ("Home", "End", "Esc"):
        keys = keys.replace(cap.upper(), "").replace(cap, "")
    assert re.findall(r"[A-Za-z]{2,}", keys) == []
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.keyboard.press("m")
    page.evaluate("swaptwin_player.select(swaptwin_player.store.parts.value[2])")
    page.wait_for_timeout(300)
    shown = page.locator(".desk").inner_text() + page.locator(".footer").inner_text()
    titles = page.evaluate(
        "[...document.querySelectorAll('.desk [title], .footer [title]')].map((e) => e.title).join(' ')"
    )
    own = page.evaluate("swaptwin_player.store.parts.value.flatMap(({ id, name }) => [id, name])")
    for name in ["QJ75", *own]:
        shown, titles = shown.replace(name, ""), titles.replace(name, "")
    assert re.findall(r"[A-Za-z]{3,}", shown) == []
    assert re.findall(r"[A-Za-z]{3,}", titles) == []


@pytest.mark.parametrize("size", [(1024, 768), (1280, 800), (1920, 1080)])
def test_nothing_is_cut_off(start_viewer: Start, open_page: Open, record: Path, size: tuple[int, int]) -> None:
    width, height = size
    page = open_page(start_viewer([record]).url, size={"width": width, "height": height})
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.header > *, .transport > *, .tools button, .bar button')]
          .filter((e) => e.offsetParent)
          .map((e) => [e.className, e.getBoundingClientRect()])
          .filter(([, r]) => r.width && (r.right > innerWidth + 0.5 || r.bottom > innerHeight + 0.5 || r.left < 0))
          .map(([name]) => name)"""
    )
    assert outside == []
    small = page.evaluate(
        """() => [...document.querySelectorAll('.header button, .transport button, .tools button, .bar button')]
          .filter((e) => e.offsetParent)
          .filter((e) => e.getBoundingClientRect().height < 36).map((e) => e.title || e.innerText)"""
    )
    assert small == [], "fingers need 36 px"


def test_two_browsers_are_independent(start_viewer: Start, open_page: Open, record: Path) -> None:
    url = start_viewer([record]).url
    mine, other = open_page(url), open_page(url)
    seek(mine, 3.0)
    mine.keyboard.press("l")
    mine.keyboard.press("p")
    mine.evaluate("swaptwin_player.select(swaptwin_player.store.parts.value[1])")
    mine.wait_for_timeout(300)
    state = """(({ store, clock }) =>
      [clock.t, store.language.value, store.panels.value.length, store.selection.value])(swaptwin_player)"""
    assert other.evaluate(state) == [0, "en", 0, None]
