"""The operator's panel of a real running simulation."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.web.page import Open, Start
from twin.process import Job, RunProcess
from twin.record import Record
from twin.viewing import live_run

pytestmark = pytest.mark.sim


TABLET = {"width": 1024, "height": 768}
ESTOP = '[data-signal="operator.estop.op_pressed"]'
HOIST_UP = '[data-signal="crane.hoist.plus"]'
HOIST = "crane.hoist.pv_position_m"
PAGES = ("run", "hand", "lockout", "places", "alarms")


@contextmanager
def station(start_viewer: Start, tmp_path: Path) -> Iterator[Any]:
    """The address of a run without a truck that goes on until it is stopped; it writes ``live.mcap``."""
    pytest.importorskip("pybullet")
    no_truck = ("truck.arrive_s=80000",)
    process = RunProcess(Job("nominal_swap", tmp_path / "live.mcap", overrides=no_truck, watched=True, speed=1.0))
    viewer = start_viewer([], live=live_run(process))
    process.start()
    try:
        yield viewer.url
    finally:
        process.stop()
        assert process.wait(30)


def operator(page: Any) -> Any:
    page.get_by_role("button", name="Operator", exact=True).click()
    page.wait_for_selector(".operator-head")
    return page


def turn_to(page: Any, tab: str) -> None:
    page.click(f"#operator-tab-{tab}")


def value(name: str) -> str:
    return f"swaptwin_player.signals.value({name!r}, swaptwin_player.clock.t)"


def wait_state(page: Any, label: str) -> None:
    page.wait_for_function(f"document.querySelector('.operator-state b').textContent === {label!r}", timeout=30_000)


def turn_to_hand(page: Any) -> None:
    """From the page of running, in manual, to that of moving by hand."""
    page.click('[data-mode="manual"]')
    page.wait_for_function("document.querySelector('.operator-state').innerText.includes('MANUAL')", timeout=20_000)
    turn_to(page, "hand")


def hoist_with(page: Any, key: str, *, by_m: float) -> None:
    """Press a key on the hoist's button, and hold it beyond the return, until the hoist has gone so far."""
    page.evaluate(f"swaptwin_player.signals.watch([{HOIST!r}])")
    page.wait_for_function(f"{value(HOIST)} !== undefined")
    start = page.evaluate(value(HOIST))
    page.locator(HOIST_UP).focus()
    page.keyboard.down(key)
    page.wait_for_function(f"{value(HOIST)} > {start} + {by_m}", timeout=60_000)


def test_a_button_reaches_the_input_image_and_its_refusal_is_said(
    start_viewer: Start, open_page: Open, tmp_path: Path
) -> None:
    with station(start_viewer, tmp_path) as url:
        page = open_page(url, locale="zh-CN")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="操作台", exact=True).click()
        page.locator('[data-signal="operator.panel.op_hold"]').click()
        page.wait_for_selector(".operator-request.recorded", timeout=20_000)
        taken = page.evaluate("swaptwin_player.store.events.value.find((e) => e.name === 'request').t_ns")
        # It is said for 2 s: looked at there, however slow the page is.
        page.evaluate(f"swaptwin_player.pause(), swaptwin_player.seek({taken} + 0.5e9)")
        page.wait_for_selector(".operator-refused", timeout=20_000)
        shown = page.locator(".operator").inner_text()
        assert "当前状态不允许" in shown
        assert re.findall(r"[A-Za-z]{2,}", shown) == []
    t_ns, held = Record.open(tmp_path / "live.mcap").signal("operator.panel.op_hold")
    assert int(t_ns[held > 0][0]) == taken
    assert held[-1] == 0, "the button was let go"


@pytest.mark.slow
def test_the_station_is_jogged_stopped_by_the_emergency_stop_and_released(
    start_viewer: Start, open_page: Open, tmp_path: Path
) -> None:
    with station(start_viewer, tmp_path) as url:
        page = operator(open_page(url, size=TABLET))
        turn_to_hand(page)
        page.get_by_role("button", name="100 %").click()
        hoist_with(page, " ", by_m=0.01)
        page.click(ESTOP)
        page.wait_for_selector(f"{ESTOP}.pressed", timeout=20_000)
        page.keyboard.up(" ")
        wait_state(page, "Aborted")
        turn_to(page, "alarms")
        alarm = page.locator('[data-alarm="station.safety.alm_estop"]')
        assert "101" in alarm.inner_text()
        alarm.locator("button").first.click()
        assert "Release the button." in alarm.inner_text()
        page.click('[data-signal="operator.panel.op_acknowledge"]')
        page.wait_for_selector(".operator-alarm.acknowledged", timeout=20_000)
        page.click(ESTOP)
        page.wait_for_selector(f"{ESTOP}:not(.pressed)", timeout=20_000)
        assert "reset the chain" in page.locator(".operator-estop").inner_text()
        turn_to(page, "run")
        page.click('[data-signal="operator.panel.op_reset"]')
        page.wait_for_function("document.querySelector('.operator-estop').innerText.includes('ready')", timeout=20_000)
        page.click('[data-signal="operator.panel.op_clear"]')
        wait_state(page, "Stopped")
    record = Record.open(tmp_path / "live.mcap")
    t_ns, pressed = record.signal("operator.estop.op_pressed")
    at_ns = int(t_ns[pressed > 0][0])
    t_ns, on = record.signal("station.safety.st_drives_on")
    assert not on[(t_ns > at_ns) & (t_ns < at_ns + 1_000_000_000)].any(), "no power from the next scan on"
    t_ns, moved = record.signal(HOIST)
    assert abs(moved[-1] - moved[t_ns <= at_ns][-1]) < 0.02
    assert record.signal("operator.panel.op_jog_speed_frac")[1][-1] == 0
    assert record.signal("operator.panel.op_acknowledge")[1].any()


@pytest.mark.slow
def test_a_locked_isolator_is_drawn_as_the_plant_has_it_and_everything_can_be_touched(
    start_viewer: Start, open_page: Open, tmp_path: Path
) -> None:
    with station(start_viewer, tmp_path) as url:
        page = operator(open_page(url, size=TABLET))
        for tab in PAGES:
            turn_to(page, tab)
            small = page.evaluate(
                "[...document.querySelectorAll('.operator button')]"
                ".map((button) => [button.innerText, button.getBoundingClientRect()])"
                ".filter(([, r]) => r.width < 44 || r.height < 44).map(([text]) => text)"
            )
            assert small == [], tab
            shown = page.locator(".operator-page")
            assert shown.evaluate("(shown) => shown.scrollWidth - shown.clientWidth") == 0, tab
        turn_to(page, "places")
        assert "Slot 1" in page.locator('[data-place="rack.slot1"].full').inner_text()
        seen = "new Set([...document.querySelectorAll('.operator-cameras canvas')].map((one) => one.toDataURL())).size"
        page.wait_for_function(f"{seen} === 4", timeout=60_000)
        turn_to(page, "alarms")
        page.locator("#operator-tab-alarms").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        assert page.locator("#operator-tab-lockout").get_attribute("aria-selected") == "true"
        lift, guardian = '[data-device="isolator.lift"]', '[data-signal="isolator.lift.op_lock2"]'
        assert page.locator(guardian).is_disabled(), "it is not my lock, and the prop is not in"
        page.click('[data-signal="isolator.lift.op_off"]')
        page.wait_for_selector(f"{lift}.off", timeout=20_000)
        assert page.locator(guardian).is_disabled(), "it is not my lock"
        page.get_by_role("button", name="Guardian", exact=True).click()
        page.click(guardian)
        page.wait_for_selector(f"{guardian}.hangs", timeout=20_000)
        page.click('[data-signal="isolator.lift.op_off"]')
        page.wait_for_selector(".operator-requests li:first-child.recorded", timeout=20_000)
        page.wait_for_timeout(500)
        assert page.locator(f"{lift}.off").count() == 1, "a lock hangs"
        turn_to(page, "run")
        turn_to_hand(page)
        hoist_with(page, "Enter", by_m=0.002)
        page.close()  # with the key still down
        time.sleep(2)
    record = Record.open(tmp_path / "live.mcap")
    assert record.signal("operator.panel.op_jog_speed_frac")[1][-1] == 0, "let go by itself"
    tried = {"isolator.lift.op_off": False}
    assert [event.data["set"] for event in record.events() if event.data.get("set") == tried] == [tried], "it was tried"
    viewer = start_viewer([tmp_path / "live.mcap"])
    page = operator(open_page(viewer.url, size=TABLET))
    turn_to(page, "lockout")
    page.evaluate("swaptwin_player.seek(swaptwin_player.clock.end)")
    page.wait_for_selector(f"{lift}.off {guardian}.hangs", timeout=20_000)
    assert page.locator(".operator-isolator button:not([disabled])").count() == 0, "a replay takes no requests"
