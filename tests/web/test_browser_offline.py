"""The page of one file in a real browser: opened from disk, the network cut."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.playback.secret import SECRETS, write_secret
from tests.web.page import DRAWN_IN_SOFTWARE, SIZE, TOURED, Open, Start, differing, picture
from tests.web.stopped import write_stopped
from tests.web.synthetic import write_record
from twin.record import Record, RecordWriter
from twin.report import write_incident, write_offline_page
from twin.signals import Signal, SignalTable

SECOND = 1_000_000_000
PHONE = {"width": 390, "height": 844}
#: What a page that may ask for anything could ask for even without a network.
PROBE = "data:text/plain,probe"
NO_FAULT = (*DRAWN_IN_SOFTWARE, PROBE)
HEIGHT = "shuttle.lift.pv_position_m"

OpenFile = Callable[..., Any]


def until(page: Any, expression: str, seconds: float = 40.0) -> None:
    """Wait for something to be true; playwright's own way evaluates words as script, which the page forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"not so after {seconds} s: {expression}"
        page.wait_for_timeout(50)


def seek(page: Any, seconds: float) -> None:
    t_ns = round(seconds * 1e9)
    page.evaluate(f"swaptwin_player.seek({t_ns})")
    until(page, f"swaptwin_player.drawnT === {t_ns}")
    page.wait_for_timeout(100)


@pytest.fixture
def open_file(chromium: Any) -> Iterator[OpenFile]:
    """Opens pages from disk without a network; at the end none may have complained or asked for anything."""
    contexts: list[Any] = []
    complaints: list[str] = []
    requests: list[str] = []

    def open_(path: Path, *, locale: str = "en-US", size: dict[str, int] = SIZE, touch: bool = False) -> Any:
        context = chromium.new_context(viewport=size, locale=locale, offline=True, has_touch=touch, is_mobile=touch)
        contexts.append(context)
        context.add_init_script(TOURED)
        context.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        until(page, "window.swaptwin_player?.store.stage.value === 'ready'")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not [text for text in complaints if not any(words in text for words in NO_FAULT)]
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """From 2 s to 7 s of the synthetic station, in which an alarm comes."""
    folder = tmp_path_factory.mktemp("incident")
    record = Record.open(write_record(folder / "synthetic.mcap"))
    write_offline_page(record, 2 * SECOND, 7 * SECOND, folder / "page.html", title="Not seated")
    return folder / "page.html"


def _drag(page: Any, element: str, start: float, end: float) -> None:
    """Press on a timeline at one share of its width and let go at another."""
    box = page.locator(element).bounding_box()
    y = box["y"] + 40
    page.mouse.move(box["x"] + start * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], y, steps=6)
    page.mouse.up()


def test_it_opens_from_disk_and_is_scrubbed_without_a_network(open_file: OpenFile, incident: Path) -> None:
    page = open_file(incident)
    assert page.evaluate(f"fetch('{PROBE}').then(() => 'asked', () => 'refused')") == "refused"
    seek(page, 2.0)
    first = picture(page)
    _drag(page, ".timeline", 0.2, 0.9)
    t_s = page.evaluate("swaptwin_player.clock.t") / 1e9
    assert 5.5 < t_s < 7
    until(page, "swaptwin_player.drawnT === swaptwin_player.clock.t")
    page.wait_for_timeout(200)
    assert differing(first, picture(page)) > 500
    assert page.evaluate("swaptwin_player.matrix('shuttle.lift')[14]") == pytest.approx(0.4, abs=1e-4)
    until(page, f"Math.abs(swaptwin_player.signals.value('{HEIGHT}', swaptwin_player.clock.t) - 0.4) < 1e-6")


def test_times_are_those_of_the_log_and_the_page_says_what_it_is(open_file: OpenFile, incident: Path) -> None:
    import hashlib

    page = open_file(incident)
    field = page.get_by_label("Time: type one")
    assert field.input_value() == "0:02.0"
    page.keyboard.press("g")
    page.keyboard.type("0:04.5")
    page.keyboard.press("Enter")
    assert page.evaluate("swaptwin_player.clock.t") == 4_500_000_000
    page.keyboard.press("g")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    assert "0:02.0 – 0:07.0" in page.locator(".time-hint").inner_text()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Part 0:02.0 – 0:07.0").click()
    told = page.locator(".about").inner_text()
    assert hashlib.sha256((incident.parent / "synthetic.mcap").read_bytes()).hexdigest() in told
    for words in ("Not seated", "synthetic.mcap", "0:02.0 – 0:07.0 of 0:00.0 – 0:08.0", "engineering estimates"):
        assert words in told
    page.locator(".about summary").click()
    until(page, "document.querySelector('.about pre').textContent.includes('vtk.js')")


def test_plots_events_and_signals_show_what_stood_before(open_file: OpenFile, incident: Path) -> None:
    page = open_file(incident)
    page.evaluate(f"swaptwin_player.store.plotted.value = ['{HEIGHT}', 'station.unit.seq_phase']")
    page.get_by_role("button", name="Plots").click()
    page.wait_for_timeout(800)
    line = np.asarray(_screenshot(page, ".uplot canvas"))
    assert len(np.unique(line.reshape(-1, 3), axis=0)) > 10, "something is drawn"
    page.get_by_role("button", name="Events", exact=True).click()
    page.wait_for_timeout(300)
    listed = page.locator(".panel-alarms").inner_text()
    assert "Raise" in listed and "pack not seated" in listed
    assert page.evaluate("swaptwin_player.store.lanes.value.phases[0].start") == SECOND, "raise began before"


def test_the_page_says_why_it_stopped_and_in_which_phase(open_file: OpenFile, tmp_path: Path) -> None:
    record = Record.open(write_stopped(tmp_path / "stuck.mcap"))
    write_incident(record, 30 * SECOND, 55 * SECOND, tmp_path / "page.html")
    page = open_file(tmp_path / "page.html")
    until(page, "swaptwin_player.store.lanes.value.phases.length > 0")
    names = page.evaluate("swaptwin_player.store.lanes.value.phases.map(({ name }) => name)")
    assert names == ["approach", "take", "unlock"]
    page.keyboard.press("!")
    page.wait_for_selector(".why-cause")
    assert "a lock does not open (bracket2.lock3)" in page.inner_text(".why-cause")


def test_private_words_are_not_on_the_page(open_file: OpenFile, tmp_path: Path) -> None:
    write_offline_page(Record.open(write_secret(tmp_path)), 0, 6 * SECOND, tmp_path / "page.html")
    page = open_file(tmp_path / "page.html")
    for panel in ("parts", "signals", "alarms", "about"):
        page.evaluate(f"swaptwin_player.dock.open('{panel}')")
        page.wait_for_timeout(200)
        shown = page.content() + page.evaluate("JSON.stringify(swaptwin_player.store.manifest.value)")
        assert not [word for word in SECRETS if word in shown]
    assert "Private signals (2)" in page.locator(".about").inner_text()
    assert "private-1" in page.evaluate("swaptwin_player.store.parts.value.map(({ id }) => id).join()")


def test_a_log_of_signals_alone_is_shown(open_file: OpenFile, tmp_path: Path) -> None:
    table = SignalTable([Signal("oven.heater.pv_temperature_c", unit="°C")])
    with RecordWriter(tmp_path / "log.mcap", metadata={"source": "imported"}, tables={"oven": table}) as writer:
        writer.rows("oven", np.arange(600) * SECOND, np.linspace(20, 200, 600)[:, None])
    write_offline_page(Record.open(tmp_path / "log.mcap"), 100 * SECOND, 599 * SECOND, tmp_path / "page.html")
    page = open_file(tmp_path / "page.html", locale="zh-CN")
    assert "没有映射文件" in page.locator(".messages").inner_text()
    page.evaluate("swaptwin_player.seek(300e9)")
    until(page, "swaptwin_player.signals.value('oven.heater.pv_temperature_c', 300e9) > 100")


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("size", [PHONE, {"width": 1024, "height": 768}], ids=["phone", "tablet"])
def test_nothing_is_cut_off_where_fingers_rule(
    open_file: OpenFile, incident: Path, locale: str, size: dict[str, int]
) -> None:
    page = open_file(incident, locale=locale, size=size, touch=True)
    for panel in (None, "plots", "alarms", "about"):
        if panel:
            page.evaluate(f"swaptwin_player.dock.open('{panel}')")
            page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        script = """([width, height]) => [...document.querySelectorAll(
            ".header :is(button, .badge, .chip), .bar button, .transport :is(button, input, output), .legend")]
            .filter((one) => one.checkVisibility())
            .map((one) => [one.className, one.getBoundingClientRect()])
            .filter(([, { left, right, top, bottom }]) => left < 0 || right > width || top < 0 || bottom > height)
            .map(([name]) => name)"""
        assert page.evaluate(script, [size["width"], size["height"]]) == []
    below = page.locator(".panel-about").bounding_box()
    drawn = page.locator("main.picture").bounding_box()
    assert drawn["height"] >= 160
    if size == PHONE:
        assert below["y"] >= drawn["y"] + drawn["height"] and below["width"] == size["width"]


def test_fingers_turn_move_and_part_the_picture_and_drag_the_timeline(open_file: OpenFile, incident: Path) -> None:
    page = open_file(incident, size=PHONE, touch=True)
    tell = page.context.new_cdp_session(page)
    box = page.locator("main.picture").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        listed = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        tell.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": listed})

    def camera(what: str) -> np.ndarray:
        return np.array(page.evaluate(f"Array.from(swaptwin_player.stage.camera.get{what}())"))

    def two(way: Callable[[float], tuple[float, float, float]]) -> None:
        """Two fingers whose middle goes (x, y) and that are `apart` px from it."""
        for n in range(11):
            x, y, apart = way(n / 10)
            points = [(middle[0] + x - apart, middle[1] + y), (middle[0] + x + apart, middle[1] + y)]
            if n == 0:
                touch("touchStart", points[0])
            touch("touchStart" if n == 0 else "touchMove", *points)
        touch("touchEnd")

    position, focus = camera("Position"), camera("FocalPoint")
    touch("touchStart", middle)
    for n in range(1, 9):
        touch("touchMove", (middle[0] + 8 * n, middle[1]))
    touch("touchEnd")
    assert camera("FocalPoint") == pytest.approx(focus, abs=1e-6), "one finger turns about what is looked at"
    assert np.linalg.norm(camera("Position") - position) > 1
    before = page.evaluate("swaptwin_player.stage.camera.getDistance()")
    two(lambda u: (0, 0, 40 + 40 * u))
    near = page.evaluate("swaptwin_player.stage.camera.getDistance()")
    assert near == pytest.approx(before / 2, rel=0.05)
    focus = camera("FocalPoint")
    two(lambda u: (70 * u, 30 * u, 50))
    assert np.linalg.norm(camera("FocalPoint") - focus) > 0.02 * near
    assert page.evaluate("swaptwin_player.stage.camera.getDistance()") == pytest.approx(near, rel=0.02)
    line = page.locator(".timeline").bounding_box()
    touch("touchStart", (120.0, line["y"] + 30))
    for x in range(130, 330, 20):
        touch("touchMove", (float(x), line["y"] + 30))
    touch("touchEnd")
    assert page.evaluate("swaptwin_player.clock.t") > 5 * SECOND


def test_the_viewer_saves_what_its_timeline_shows(
    start_viewer: Start, open_page: Open, open_file: OpenFile, record: Path, tmp_path: Path
) -> None:
    page = open_page(start_viewer([record]).url)
    page.evaluate("swaptwin_player.range.zoom(0.5, 6e9)")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save this stretch").click()
    assert saved.value.suggested_filename == "synthetic_0-03.0_0-07.0.html"
    saved.value.save_as(tmp_path / "page.html")
    opened = open_file(tmp_path / "page.html")
    assert opened.evaluate("[swaptwin_player.clock.start, swaptwin_player.clock.end]") == [3e9, 7e9]
    assert opened.get_by_role("button", name="Save this stretch").count() == 0, "there is no server to ask"


def _screenshot(page: Any, element: str) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(page.locator(element).first.screenshot())).convert("RGB")
