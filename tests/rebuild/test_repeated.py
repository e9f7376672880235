"""A simulated Record's situation is exact: the same controller does the same again, whatever people asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.rebuild import situations
from twin.record import Record
from twin.run import Run, run_to_end
from twin.scenario import load_scenario
from twin.shipped import shipped

#: Scan to what is asked of the panel there.
ASKED = {
    1100: {"op_hold": True}, 1110: {"op_hold": False}, 1150: {"op_mode": "manual"},
    1160: {"op_jog_axis": "shuttle.lift", "op_jog_speed_frac": 0.5}, 1190: {"op_jog_axis": "none"},
    1200: {"op_mode": "automatic"}, 1250: {"op_confirm": True}, 1255: {"op_confirm": False},
}  # fmt: skip


def test_the_shipped_recording_is_its_own_scenario() -> None:
    (found,) = situations(Record.open(shipped("assets", "recordings", "nominal_swap.mcap")))
    assert found.exact and found.scenario.name == "nominal_swap"
    assert [fact.how for fact in found.known] == ["exact"]
    assert found.scenario.to_yaml() == load_scenario("nominal_swap").to_yaml()


@pytest.mark.sim
@pytest.mark.slow
def test_what_was_asked_while_it_ran_is_asked_again_at_the_same_scan(tmp_path: Path) -> None:
    scenario = load_scenario("nominal_swap", ["time_limit_s=30"])
    with Run(scenario, out=tmp_path / "live.mcap") as run:
        for scan in range(1500):
            if scan in ASKED:
                run.request(dict(ASKED[scan]))
            if not run.scan():
                break
        first = run.finish()
    assert "Held" in first["states_visited"], "what was asked for made a difference"
    (found,) = situations(Record.open(tmp_path / "live.mcap"))
    assert found.exact and [fact.how for fact in found.known].count("condition") >= 6
    assert run_to_end(found.scenario)["trace_digest"] == first["trace_digest"]
