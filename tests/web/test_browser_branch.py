"""Another future of a log, asked for at the page and simulated while it waits, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.recorded import recorded
from tests.web.page import Open, Start, seek
from twin.record import Record

pytestmark = [pytest.mark.browser, pytest.mark.sim, pytest.mark.slow]
#: The truck drives in at this time; the emergency stop is pressed while it rolls.
AT_S, LATER_S = 14.0, 20.0


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("branch") / "log.mcap"
    recorded(path, "nominal_swap", "time_limit_s=24")
    return path


def start(start_viewer: Start, log: Path, folder: Path) -> str:
    from twin.viewing import branching_of

    return str(start_viewer([log], branching=branching_of([], lambda name: folder / f"{name}.mcap")).url)


def ended(page: Any) -> dict[str, Any]:
    page.wait_for_function(
        "!['working', undefined].includes(swaptwin_player.store.branched.value?.state)", timeout=120_000
    )
    return dict(page.evaluate("swaptwin_player.store.branched.value"))


def test_a_fault_at_the_cursor_becomes_another_future_laid_over_the_log(
    start_viewer: Start, open_page: Open, log: Path, tmp_path: Path
) -> None:
    page = open_page(start(start_viewer, log, tmp_path))
    seek(page, AT_S)
    page.keyboard.press(";")
    page.get_by_label("What happens").select_option(label="Emergency stop pressed")
    page.get_by_role("button", name="Run the other future").click()
    told = ended(page)
    assert told["state"] == "ready", told
    assert told["told"]["exact"]
    assert page.get_by_text("equals this log bit for bit").is_visible()
    table = page.locator(".branch-futures table").inner_text()
    assert "Aborted" in table
    assert "station.safety.alm_estop" in table
    page.wait_for_function("swaptwin_player.store.compared.value?.state === 'ready'", timeout=60_000)
    aligned = page.evaluate("swaptwin_player.other.toB(17e9)")
    assert aligned == 17e9, "both are on one clock"
    divergence = page.evaluate("swaptwin_player.store.compared.value.found.first")
    assert 0 <= divergence["a_ns"] - AT_S * 1e9 <= 60e6
    seek(page, LATER_S)
    page.wait_for_function(f"swaptwin_player.other.pose({LATER_S}e9)")
    made = Record.open(tmp_path / "log-branch.mcap")
    assert made.metadata["branch_of"] == Record.open(log).identity
    page.keyboard.press("l")
    assert page.get_by_text("此前与本日志逐位相同").is_visible()


def test_what_cannot_be_run_is_told_and_nothing_else_changes(
    start_viewer: Start, open_page: Open, log: Path, tmp_path: Path
) -> None:
    page = open_page(start(start_viewer, log, tmp_path))
    seek(page, AT_S)
    page.keyboard.press(";")
    page.get_by_label("Setting").fill("shuttle.speling")
    page.get_by_label("Value").fill("1")
    page.get_by_role("button", name="Run the other future").click()
    assert ended(page)["state"] == "failed"
    alert = page.locator(".branch [role=alert]").inner_text()
    assert "shuttle.speling" in alert
    assert str(tmp_path) not in alert
    assert page.evaluate("swaptwin_player.store.logs.value.length") == 1


def test_a_page_names_no_controller_that_it_was_not_offered(
    start_viewer: Start, open_page: Open, log: Path, tmp_path: Path
) -> None:
    page = open_page(start(start_viewer, log, tmp_path))
    page.evaluate("swaptwin_player.branch({ controller: 'os:abort', settings: {}, event: null })")
    assert ended(page)["state"] == "failed"
    page.evaluate("swaptwin_player.branch({ controller: 1, settings: {}, event: null })")
    assert ended(page)["state"] == "failed"


def test_without_a_simulator_no_branch_is_offered(start_viewer: Start, open_page: Open, log: Path) -> None:
    page = open_page(start_viewer([log]).url)
    page.keyboard.press(";")
    page.wait_for_timeout(500)
    assert page.locator(".branch").count() == 0
