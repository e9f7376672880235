"""What people ask of a running simulation stands in its Record, so that a run with the same requests repeats it."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest

from twin.errors import SwapTwinError
from twin.process import Job, RunProcess
from twin.record import Event, Record
from twin.rerun import rerun_of
from twin.scenario import load_scenario

pytestmark = pytest.mark.sim
OVERRIDES = ("time_limit_s=12",)
ASKED: tuple[dict[str, Any], ...] = (
    {"op_mode": "semi_automatic"},
    {"op_hold": True},
    {"op_hold": False},
    {"op_confirm": True},
    {"op_confirm": False, "op_jog_speed_frac": 0.25},
)


def run_again(requests: list[Event]) -> str:
    """The digest of the scenario with these requests, each at the scan that took it."""
    from twin.run import Run

    waiting = list(requests)
    with Run(load_scenario("nominal_swap", OVERRIDES), out=None) as run:
        while True:
            while waiting and waiting[0].t_ns == run.t_ns:
                run.request(waiting.pop(0).data["set"])
            if not run.scan():
                break
        return str(run.finish()["trace_digest"])


@pytest.mark.slow
def test_a_run_with_the_recorded_requests_repeats_the_live_one(tmp_path: Path) -> None:
    pytest.importorskip("pybullet")
    process = RunProcess(Job("nominal_swap", tmp_path / "live.mcap", overrides=OVERRIDES, speed=3.0)).start()
    moments = random.Random()
    taken = []
    while not process.progress:
        time.sleep(0.01)
    for request in ASKED:
        time.sleep(moments.uniform(0.1, 0.6))
        taken.append(process.request(request).result(20))
    assert process.wait(120)
    assert process.summary is not None
    record = Record.open(tmp_path / "live.mcap")
    requests = [event for event in record.events() if event.kind == "operator" and event.name == "request"]
    # A speed of jogging is held: it was taken back by itself, as it will be again.
    requests = [event for event in requests if not event.message]
    assert [(event.t_ns, event.data["set"]) for event in requests] == list(zip(taken, ASKED, strict=True))
    t_ns, held = record.signal("operator.panel.op_hold")
    assert [int(t) for t in t_ns[held > 0][:1]] == [taken[1]], "it is in the input image of the scan it is told for"
    assert run_again(requests) == process.summary["trace_digest"]
    assert run_again(requests[:-1]) != process.summary["trace_digest"]


@pytest.mark.slow
def test_what_somebody_makes_happen_stands_in_the_record_and_happens_again(tmp_path: Path) -> None:
    pytest.importorskip("pybullet")
    out = tmp_path / "live.mcap"
    process = RunProcess(Job("nominal_swap", out, overrides=OVERRIDES, speed=4.0)).start()
    stuck = {"name": "sensor_stuck", "target": "rack.slot3.st_pack_present", "value": False, "duration_s": 1.0}
    debris = {"name": "seat_debris", "target": "bracket2.cone1", "height_mm": 12.0}
    while process.progress.get("t_ns", 0) < 1_000_000_000:
        time.sleep(0.02)
    assert process.cause({"fault": stuck}).result(20) >= 1_000_000_000
    for wrong in ({"fault": {"name": "no_such"}}, {"fault": debris}, {}):
        with pytest.raises(SwapTwinError):
            process.cause(wrong).result(20)
    while process.progress.get("t_ns", 0) < 4_000_000_000:
        time.sleep(0.02)
    process.set_speed(0.0)
    said = process.cause({"remark": {"what": "message", "by": "Li", "text": "Look"}})
    process.stop()
    assert process.wait(60) and process.summary is not None
    assert said.result(0) > 0, "what was said while it stood is in the record too"
    record = Record.open(out)
    assert [event.name for event in record.events() if event.kind == "lesson"] == ["remark"]
    again = rerun_of(record)
    from twin.run import Run

    with Run(again.scenario, out=None) as run:
        while run.t_ns <= record.end_ns:
            run.scan()
        assert run.finish()["trace_digest"] == process.summary["trace_digest"]
