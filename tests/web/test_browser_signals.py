"""Signals, plots, the inspector and the events in a real browser."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.web import measured
from tests.web.page import READY, Open, Start, seek
from tests.web.synthetic import METADATA, SCAN_NS, height_m, write_scan, writer
from twin.record import RecordWriter
from twin.signals import Signal, SignalTable
from web.live import LiveRun

FORCE, POSITION = measured.FORCE.name, measured.POSITION.name


@pytest.fixture(scope="module")
def measured_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return measured.write_measured(tmp_path_factory.mktemp("measured") / "measured.mcap")


def _panel(page: Any, name: str) -> None:
    page.locator(".bar").get_by_role("button", name=name, exact=True).click()


def _plot(page: Any, *names: str) -> None:
    page.evaluate("(names) => { swaptwin_player.store.plotted.value = names }", list(names))
    page.wait_for_selector(".plots-chart canvas, .plots-lane")


def _shown(page: Any) -> list[str]:
    return [
        str(name)
        for name in page.evaluate("[...document.querySelectorAll('[data-signal]')].map((e) => e.dataset.signal)")
    ]


def _area(page: Any) -> dict[str, float]:
    """The part of the first plot in which time runs: left edge, width and a height to click at, px."""
    box = page.locator(".plots-area").first.bounding_box()
    return {"x": box["x"] + 58, "width": box["width"] - 58 - 14, "y": box["y"] + box["height"] / 2}


def test_signals_are_found_by_name_by_english_and_by_chinese_words(
    start_viewer: Start, open_page: Open, measured_record: Path
) -> None:
    page = open_page(start_viewer([measured_record]).url)
    _panel(page, "Signals")
    search = page.get_by_role("searchbox", name="Find signals")
    for query in ["lift.pv_force", "drive force", "驱动力"]:
        search.fill(query)
        page.wait_for_function("document.querySelectorAll('[data-signal]').length === 1")
        assert _shown(page) == [FORCE]
    search.fill("no such thing")
    page.get_by_text("No signal fits.").wait_for()


def test_a_value_has_its_unit_and_its_truth(start_viewer: Start, open_page: Open, measured_record: Path) -> None:
    page = open_page(start_viewer([measured_record]).url)
    _panel(page, "Signals")
    page.get_by_role("searchbox", name="Find signals").fill("position")
    seek(page, 30.0)
    true_m = float(measured.height_m(np.array([30.0]))[0])
    row = page.locator(f'[data-signal="{POSITION}"]')
    row.get_by_text(f"{true_m + measured.OFF_M:.4f}").wait_for()
    assert row.locator(".signals-value i").inner_text() == "m"
    assert f"truth {true_m:.4f}" in row.locator(".signals-truth").inner_text()
    assert f"off by {measured.OFF_M:.4f}" in row.locator(".signals-truth").inner_text()
    truth = page.locator(f'[data-signal="{measured.TRUE.name}"] .signals-quality')
    assert truth.inner_text() == "truth"


def test_what_is_not_recorded_is_said_to_be_missing(
    start_viewer: Start, open_page: Open, measured_record: Path
) -> None:
    page = open_page(start_viewer([measured_record]).url)
    _panel(page, "Signals")
    page.get_by_role("searchbox", name="Find signals").fill("force")
    seek(page, 210.0)
    value = page.locator(f'[data-signal="{FORCE}"] .signals-value b')
    page.wait_for_function(f"document.querySelector('[data-signal=\"{FORCE}\"] b').innerText === 'missing'")
    seek(page, 230.0)
    page.wait_for_function(f"document.querySelector('[data-signal=\"{FORCE}\"] b').innerText !== 'missing'")
    assert 999 <= float(value.inner_text()) <= 1001


def test_a_plot_follows_the_cursor_and_a_click_in_it_goes_there(
    start_viewer: Start, open_page: Open, measured_record: Path
) -> None:
    page = open_page(start_viewer([measured_record]).url)
    _panel(page, "Plots")
    _plot(page, POSITION, measured.STATE.name)
    area = _area(page)

    def cursor() -> float:
        box = page.locator(".plots-cursor").bounding_box()
        return float(box["x"]) + float(box["width"]) / 2

    for seconds in (75.0, 225.0):
        seek(page, seconds)
        page.wait_for_timeout(200)
        assert cursor() == pytest.approx(area["x"] + area["width"] * seconds / measured.SECONDS, abs=2)
    page.mouse.click(area["x"] + area["width"] / 2, area["y"])
    assert page.evaluate("swaptwin_player.clock.t") / 1e9 == pytest.approx(150, abs=1)
    page.mouse.move(area["x"] + area["width"] / 2, area["y"])
    page.mouse.wheel(0, -800)
    page.wait_for_timeout(300)
    page.mouse.click(area["x"] + area["width"], area["y"])
    assert 150 < page.evaluate("swaptwin_player.clock.t") / 1e9 < 250, "less time is shown after zooming in"
    value = page.locator(f'.plots-entry[data-signal="{POSITION}"] b')
    t_s = page.evaluate("swaptwin_player.clock.t") / 1e9
    page.wait_for_timeout(300)
    expected = float(measured.height_m(np.array([t_s]))[0]) + measured.OFF_M
    assert float(value.inner_text().removesuffix("m")) == pytest.approx(expected, abs=5e-4)


def test_a_spike_of_one_sample_is_seen_in_five_minutes_and_a_gap_is_a_gap(
    start_viewer: Start, open_page: Open, measured_record: Path
) -> None:
    page = open_page(start_viewer([measured_record]).url)
    _panel(page, "Plots")
    _plot(page, FORCE)
    page.wait_for_function(f"swaptwin_player.signals.series('{FORCE}', 0, 300e9).complete")
    series = page.evaluate(
        f"""(() => {{ const {{t, v}} = swaptwin_player.signals.series('{FORCE}', 0, 300e9);
        return {{t: [...t], v: [...v].map((x) => Number.isNaN(x) ? null : x)}} }})()"""
    )
    assert len(series["t"]) < 10_000, "it was thinned"
    assert series["t"][series["v"].index(measured.SPIKE_N)] / 1e9 == pytest.approx(measured.SPIKE_S)
    page.wait_for_timeout(500)
    columns = page.evaluate(
        """() => {
          const canvas = document.querySelector('.plots-chart canvas');
          const ratio = canvas.width / canvas.clientWidth;
          const {data, width, height} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          // Lines are drawn in a strong colour over a faint grid.
          const ink = (x, y) => data[4 * (y * width + x) + 3] > 100 && data[4 * (y * width + x)] < 100;
          const top = [];
          for (let x = 0; x < width; x++) {
            let highest = null;
            for (let y = 0; y < height && highest === null; y++) if (ink(x, y)) highest = y / height;
            top.push(highest);
          }
          return {top, left: 58 * ratio, width: (canvas.clientWidth - 58 - 14) * ratio};
        }"""
    )
    top = columns["top"]

    def x(seconds: float) -> int:
        return round(columns["left"] + columns["width"] * seconds / measured.SECONDS)

    spike = [y for y in top[x(measured.SPIKE_S) - 2 : x(measured.SPIKE_S) + 3] if y is not None]
    assert min(spike) < 0.3, "the spike reaches up"
    assert min(y for y in top[x(130) : x(190)] if y is not None) > 0.6, "the rest does not"
    inside = top[x(measured.GAP_S[0]) + 3 : x(measured.GAP_S[1]) - 3]
    assert inside and all(y is None for y in inside), "nothing is drawn where nothing was recorded"


def test_what_is_plotted_is_remembered_for_the_station(
    start_viewer: Start, open_page: Open, measured_record: Path
) -> None:
    page = open_page(start_viewer([measured_record]).url)
    _panel(page, "Signals")
    page.get_by_role("searchbox", name="Find signals").fill("drive force")
    page.locator(f'[data-signal="{FORCE}"]').get_by_role("button", name="Plot").click()
    page.reload()
    page.wait_for_function(READY, timeout=30_000)
    assert page.evaluate("swaptwin_player.store.plotted.value") == [FORCE]
    _panel(page, "Plots")
    entry = page.locator(f'.plots-entry[data-signal="{FORCE}"]')
    entry.hover()
    entry.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_text("Nothing is plotted yet.").wait_for()


def test_the_inspector_tells_what_is_known_of_a_part(
    start_viewer: Start, open_page: Open, measured_record: Path
) -> None:
    page = open_page(start_viewer([measured_record]).url)
    _panel(page, "Inspector")
    page.evaluate("swaptwin_player.select(swaptwin_player.store.parts.value.find((p) => p.frame === 'shuttle.lift'))")
    seek(page, 65.0)
    inspector = page.locator(".inspector")
    speed = inspector.locator('.inspector-device [data-parameter="axes.lift.max_speed"]')
    words = speed.inner_text()
    for said in ["0.05 m/s", measured.SOURCE, "high", "0.03 … 0.1 m/s"]:
        assert said in words
    assert (
        "engineering estimate" in inspector.locator('.inspector-device [data-parameter="axes.lift.force"]').inner_text()
    )
    assert FORCE in _shown(page)
    alarm = inspector.locator(".inspector-alarm.now")
    assert "overload" in alarm.inner_text() and "10.0 s" in alarm.inner_text()
    alarm.click()
    assert page.evaluate("swaptwin_player.clock.t") == 60e9
    page.evaluate("swaptwin_player.select(swaptwin_player.store.parts.value.find((p) => p.frame === 'truck0.chassis'))")
    page.get_by_text("No device and no sensor belongs to this part.").wait_for()


def test_sources_are_said_in_the_language_of_the_page(
    start_viewer: Start, open_page: Open, measured_record: Path
) -> None:
    page = open_page(start_viewer([measured_record]).url, locale="zh-CN")
    _panel(page, "详情")
    page.evaluate("swaptwin_player.select(swaptwin_player.store.parts.value.find((p) => p.frame === 'shuttle.lift'))")
    words = page.locator('.inspector-device [data-parameter="axes.lift.max_speed"]').inner_text()
    assert "厂家数据表第 12 页" in words and measured.SOURCE not in words


def test_a_record_without_assets_says_so(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    _panel(page, "Inspector")
    page.evaluate("swaptwin_player.select(swaptwin_player.store.parts.value.find((p) => p.frame === 'shuttle.lift'))")
    page.get_by_text("Asset and parameters: not recorded.").first.wait_for()
    assert POSITION in _shown(page), "a device of the frame's own name"


def test_events_are_listed_and_a_click_goes_there(start_viewer: Start, open_page: Open, measured_record: Path) -> None:
    page = open_page(start_viewer([measured_record]).url)
    _panel(page, "Events")
    seek(page, 65.0)
    now = page.locator('.alarms-line[aria-current="true"]')
    page.wait_for_function("document.querySelectorAll('.alarms-line[aria-current=true]').length === 3")
    assert any("overload" in line and "10.0 s" in line for line in now.all_inner_texts())
    page.get_by_role("button", name="Alarms", exact=True).click()
    page.wait_for_function("!document.querySelector('.alarms-panel').innerText.includes('overload')")
    page.get_by_role("searchbox", name="Find events").fill("锁卡滞")
    line = page.locator(".alarms-line")
    assert line.count() == 1 and "Lock stuck" in line.inner_text()
    line.click()
    assert page.evaluate("swaptwin_player.clock.t") == 50e9


def test_ten_thousand_signals_are_as_many_lines_as_are_in_sight(
    start_viewer: Start, open_page: Open, tmp_path: Path
) -> None:
    names = [f"area{i % 10}.device{i % 400}.pv_value{i}_m" for i in range(10_000)]
    table = SignalTable(Signal(name, unit="m") for name in names)
    with RecordWriter(tmp_path / "many.mcap", metadata=METADATA, tables={"plant": table}) as record:
        for scan in range(5):
            record.row("plant", scan * 20_000_000, np.arange(10_000.0))
    page = open_page(start_viewer([tmp_path / "many.mcap"]).url)
    _panel(page, "Signals")
    page.get_by_role("searchbox", name="Find signals").fill("value")
    page.get_by_text("10000 found").wait_for()
    assert 5 < page.locator(".list-row").count() < 60
    page.evaluate("document.querySelector('.list').scrollTop = 1e9")
    page.wait_for_function("[...document.querySelectorAll('[data-signal]')].some((e) => e.innerText.includes('m'))")
    page.get_by_role("searchbox", name="Find signals").fill("value9999_")
    page.locator(f'[data-signal="{names[9999]}"]').get_by_text("9999.0").wait_for()


def test_the_chinese_panels_hold_no_english_words(start_viewer: Start, open_page: Open, measured_record: Path) -> None:
    page = open_page(start_viewer([measured_record]).url, locale="zh-CN")
    seek(page, 65.0)
    page.evaluate("swaptwin_player.select(swaptwin_player.store.parts.value.find((p) => p.frame === 'shuttle.lift'))")
    for panel, place in [("信号", ".signals"), ("曲线", ".plots"), ("事件表", ".alarms-panel"), ("详情", ".inspector")]:
        _panel(page, panel)
        if panel == "信号":
            page.get_by_role("searchbox").fill("驱动")
        page.wait_for_selector(place)
        for plotted in [[], [FORCE, measured.STATE.name]] if panel == "曲线" else [[]]:
            page.evaluate("(names) => { swaptwin_player.store.plotted.value = names }", plotted)
            page.wait_for_timeout(400)
            # Identifiers and units are the record's own; a source is quoted as somebody wrote it.
            said = page.evaluate(
                """(place) => {
                  const copy = document.querySelector(place).cloneNode(true);
                  copy.querySelectorAll('code, cite, i, b small, .plots-unit').forEach((e) => e.remove());
                  const titles = [...copy.querySelectorAll('[aria-label], [placeholder], [title]')].flatMap((e) =>
                    [e.ariaLabel, e.placeholder, e.classList.contains('plots-entry') ? '' : e.title]);
                  return [copy.textContent, ...titles].join(' ');
                }""",
                place,
            )
            assert re.findall(r"[A-Za-z]{2,}", said.replace("null", "").replace("undefined", "")) == [], (panel, said)
            assert re.search(r"[\u4e00-\u9fff]", said)


def test_plots_of_a_live_run_grow_with_it(start_viewer: Start, open_page: Open, tmp_path: Path) -> None:
    alive = threading.Event()
    alive.set()
    live = LiveRun(record=tmp_path / "live.mcap", request=lambda _: None, pace=lambda _: None, running=alive.is_set)
    record = writer(live.record, flush_s=0.0)

    def simulate(until_s: float, first: int = 0) -> int:
        last = round(until_s * 1e9) // SCAN_NS
        for scan in range(first, last):
            write_scan(record, scan, 60.0)
        record.flush()
        return last

    scan = simulate(2.0)
    page = open_page(start_viewer([], live=live).url)
    _panel(page, "Plots")
    _plot(page, POSITION)
    newest = f"""(() => {{ const {{t, v}} = swaptwin_player.signals.series('{POSITION}', 0, 60e9);
        return [t[t.length - 1] / 1e9, v[v.length - 1]] }})()"""
    # Over the end of the finest tile, after 8 s.
    for until in (4.0, 9.5):
        scan = simulate(until, scan)
        # A tile of 32 s is asked for more once a 256th of it is new. A run goes on while its page catches up.
        by_s = time.monotonic() + 20
        while not page.evaluate(newest)[0] >= until - 0.3:  # not a number before there is any
            assert time.monotonic() < by_s, "the plot does not come after its run"
            scan = simulate((scan + 1) * SCAN_NS / 1e9, scan)
            page.wait_for_timeout(100)
        t_s, value = page.evaluate(newest)
        assert value == pytest.approx(height_m(t_s), abs=1e-6)
    alive.clear()
    record.finish()
    page.wait_for_function("!swaptwin_player.store.growing.value", timeout=10_000)
    page.wait_for_function(f"swaptwin_player.signals.series('{POSITION}', 0, 60e9).t.length === {scan}", timeout=20_000)
    times = page.evaluate(f"[...swaptwin_player.signals.series('{POSITION}', 0, 60e9).t]")
    assert np.diff(times).min() > 0, "no sample twice"
