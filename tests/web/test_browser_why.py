"""Phases found from signals on the timeline, and why a station stopped, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.page import READY, Open, Start
from twin.record import Record, RecordWriter
from twin.shipped import shipped
from twin.signals import SignalTable

#: A lock stays locked from here on, and nothing goes on.
STUCK_NS, STANDS_NS = 44_800_000_000, 20_000_000_000
LOCK = "bracket2.lock3"


@pytest.fixture(scope="module")
def stuck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped swap as a plant shows it, without a controller's steps and alarms, stopped by a lock."""
    source = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    tables = {
        "plant": source.tables["plant"],
        "controller": SignalTable(s for s in source.tables["controller"] if s.kind == "cmd"),
    }
    path = tmp_path_factory.mktemp("stuck") / "stuck.mcap"
    metadata = {"station": "chassis_swap", "source": "imported", "scan_ns": "20000000"}
    with RecordWriter(path, metadata=metadata, tables=tables, frames=source.frames, scene=source.scene) as writer:
        for name, table in tables.items():
            t_ns, rows = source.rows(name, 0, STUCK_NS, names=table.names)
            at = {signal: n for n, signal in enumerate(table.names)}
            if name == "plant":
                rows[:, at[f"{LOCK}.st_locked"]] = rows[:, at["truck.interface.st_connected"]]
                rows[:, at[f"{LOCK}.st_released"]] = 0
            for t, row in zip(t_ns.tolist(), rows.tolist(), strict=True):
                writer.row(name, t, row)
            if name == "plant":
                rows[-1, [at[f"bracket2.lock{n}.st_released"] for n in (1, 2, 4)]] = 1
            for t in range(STUCK_NS + 20_000_000, STUCK_NS + STANDS_NS, 20_000_000):
                writer.row(name, t, rows[-1].tolist())
        t_ns, poses = source.poses(0, STUCK_NS)
        for n in range(0, len(t_ns), 5):
            writer.poses(int(t_ns[n]), poses[n])
    return path


@pytest.mark.browser
def test_phases_are_found_and_the_stop_is_explained(start_viewer: Start, open_page: Open, stuck: Path) -> None:
    page = open_page(start_viewer([stuck]).url)
    page.wait_for_function(READY, timeout=60_000)
    page.wait_for_function("swaptwin_player.store.lanes.value.phases.length > 0", timeout=60_000)
    names = page.evaluate("swaptwin_player.store.lanes.value.phases.map(({ name }) => name)")
    assert names == ["park", "authorise", "secure", "measure", "approach", "take", "unlock"]
    page.keyboard.press("!")
    page.wait_for_selector(".why-cause", timeout=60_000)
    assert "a lock does not open (bracket2.lock3)" in page.inner_text(".why-cause")
    assert "Do not lower" in page.inner_text(".why-way")
    told = page.inner_text(".why-told")
    assert "open four locks" in told and "operator.panel.op_hold" in told
    page.click(".why-cause .compare-line")
    assert page.evaluate("swaptwin_player.clock.t / 1e9") == pytest.approx(41.4, abs=2.0)
    page.evaluate("swaptwin_player.store.language.value = 'zh'")
    page.wait_for_function("document.querySelector('.why-cause').innerText.includes('锁无法打开')")
