"""A run in a child process that raises, hangs, dies, is paced, spoken to and stopped: the record is always kept."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twin.errors import InputError, MissingExtraError, SwapTwinError
from twin.process import Job, RunProcess, run_job
from twin.record import Record
from twin.worker import Pacer

STUB = Path(__file__).parent / "stub"
Start = Callable[..., RunProcess]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Starts a run of the stub; keywords are the job's, and ``scan_limit_s``."""
    monkeypatch.setenv("PYTHONPATH", str(STUB))

    def begin(scenario: str = "nominal_swap", *, scan_limit_s: float = 10.0, **job: Any) -> RunProcess:
        whole = Job(scenario=scenario, out=tmp_path / "run.mcap", summary=tmp_path / "run.json", **job)
        return RunProcess(whole, scan_limit_s=scan_limit_s).start()

    return begin


def ended(process: RunProcess) -> dict[str, Any]:
    assert process.wait(60), "the run did not end"
    assert not process.running
    assert process.error is None
    assert process.summary is not None
    assert process.job.summary is not None
    saved = json.loads(process.job.summary.read_text(encoding="utf-8"))
    assert saved["completed"] == process.summary["completed"]
    return process.summary


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def recorded_s(process: RunProcess) -> float:
    record = Record.open(process.job.out)
    assert record.finished
    return record.end_ns / 1e9


def test_a_run_ends_with_its_summary_and_record(start: Start) -> None:
    process = start(seed=42, overrides=("truck.parking.offset_y_mm=3",))
    summary = ended(process)
    assert summary["completed"] is True
    assert summary["seed"] == 42
    assert recorded_s(process) == 2.0
    assert process.progress["t_ns"] == 2_000_000_000
    assert process.job.summary is not None
    assert json.loads(process.job.summary.read_text(encoding="utf-8"))["min_clearance_mm"] is None


def test_whoever_breaks_off_the_waiting_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[RunProcess] = []

    def broken_off(process: RunProcess) -> None:
        followed.append(process)
        wait_for(lambda: bool(process.progress))
        raise KeyboardInterrupt

    monkeypatch.setenv("PYTHONPATH", str(STUB))
    with pytest.raises(KeyboardInterrupt):
        run_job(Job("nominal_swap", tmp_path / "run.mcap", speed=0.1), broken_off)
    assert not followed[0].running
    assert recorded_s(followed[0]) < 2.0


def test_a_job_that_could_not_begin_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(STUB))
    with pytest.raises(InputError, match="no_such_scenario"):
        run_job(Job("no_such_scenario", tmp_path / "run.mcap"))


def test_a_controller_may_print(start: Start) -> None:
    assert ended(start(controller="tests.stub.controllers:Good"))["completed"] is True


@pytest.mark.parametrize(("name", "words"), [("Raises", "ZeroDivisionError: my mistake"), ("Breaks", "disk full")])
def test_a_controller_that_raises(start: Start, name: str, words: str) -> None:
    process = start(controller=f"tests.stub.controllers:{name}")
    summary = ended(process)
    assert summary["completed"] is False
    assert words in summary["verdict"]
    assert 0.45 <= recorded_s(process) <= 0.5


@pytest.mark.parametrize("name", ["Hangs", "HangsInC"])
def test_a_controller_that_hangs(start: Start, name: str) -> None:
    # Paced, so that a chunk is on disk before it hangs.
    process = start(controller=f"tests.stub.controllers:{name}", scan_limit_s=1.0, watched=True, speed=1.0)
    summary = ended(process)
    assert summary["completed"] is False
    assert "no scan was finished within 1 s" in summary["verdict"]
    assert f"tests.stub.controllers:{name} hangs" in summary["verdict"]
    assert 0.1 <= recorded_s(process) <= 0.5


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Leaks", r"the run holds \d+ MB of memory, \d+ MB at its begin: the controller .*:Leaks leaks memory"),
        ("Prints", r"more than 16 MB were printed: the controller .*:Prints prints without end"),
    ],
)
def test_a_controller_that_takes_ever_more(start: Start, name: str, told: str) -> None:
    # Paced, so that the two simulated seconds are long enough to be caught in.
    process = start(controller=f"tests.stub.controllers:{name}", watched=True, speed=0.5)
    summary = ended(process)
    assert summary["completed"] is False
    assert re.search(told, summary["verdict"])
    assert recorded_s(process) > 0


def test_a_process_that_dies(start: Start) -> None:
    process = start(controller="tests.stub.controllers:Dies", watched=True, speed=1.0)
    summary = ended(process)
    assert summary["completed"] is False
    assert "exit code 7" in summary["verdict"]
    assert 0.1 <= recorded_s(process) <= 0.5


def test_bad_input_begins_nothing(start: Start, tmp_path: Path) -> None:
    process = start(overrides=("truck.parking.offset_y_mm=9999",))
    assert process.wait(60)
    assert isinstance(process.error, InputError)
    assert process.error.key == "truck.parking.offset_y_mm"
    assert process.summary is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spec", ["nowhere:Thing", "tests.stub.controllers", "tests.stub.controllers:NotOne"])
def test_a_controller_that_is_none(start: Start, tmp_path: Path, spec: str) -> None:
    process = start(controller=spec)
    assert process.wait(60)
    assert isinstance(process.error, InputError)
    assert process.error.key == "controller"
    assert list(tmp_path.iterdir()) == []


def test_without_an_engine_it_says_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "no_pybullet"))
    process = RunProcess(Job(scenario="nominal_swap", out=tmp_path / "run.mcap")).start()
    assert process.wait(60)
    assert isinstance(process.error, MissingExtraError)
    assert "PyBullet" in str(process.error)


def test_pause_request_pace_and_stop(start: Start) -> None:
    process = start(speed=0.0, watched=True)
    wait_for(lambda: bool(process.progress))
    time.sleep(0.3)
    assert process.progress["t_ns"] == 0
    taken = process.request({"op_start": True})
    with pytest.raises(InputError, match="op_nonsense"):
        process.request({"op_nonsense": True}).result(10)
    assert not taken.done(), "there is no scan to take it while it stands"
    process.set_speed(0.5)
    assert taken.result(10) == 0
    wait_for(lambda: process.progress["t_ns"] > 100_000_000)
    process.stop()
    summary = ended(process)
    assert summary["verdict"] == "stopped by a person"
    assert summary["requests"] == {"op_start": True}
    with pytest.raises(SwapTwinError, match="ended"):
        process.request({"op_start": True}).result(0)
    assert 0.1 <= recorded_s(process) < 2.0


def test_a_run_that_stands_is_in_its_record_whole(start: Start) -> None:
    process = start(speed=0.5)
    wait_for(lambda: process.progress.get("t_ns", 0) > 0)
    process.set_speed(0.0)
    time.sleep(0.5)
    wait_for(lambda: Record.open(process.job.out).end_ns == process.progress["t_ns"])
    assert process.progress["t_ns"] < 2_000_000_000
    process.stop()
    ended(process)


def test_pace_follows_wall_time(start: Start) -> None:
    # Two simulated seconds; a busy machine may notice late that they have begun.
    process = start(speed=1.0)
    wait_for(lambda: bool(process.progress))
    begun_s = time.monotonic()
    ended(process)
    assert time.monotonic() - begun_s > 1.0


def test_the_child_ends_with_its_parent(start: Start) -> None:
    process = start(speed=0.0)
    wait_for(lambda: bool(process.progress))
    child = process._child
    assert child is not None
    assert child.stdin is not None
    child.stdin.close()  # what the system does when the parent is gone
    assert ended(process)["verdict"] == "stopped by a person"


def test_a_pacer_waits_exactly_and_does_not_run_after_lost_time() -> None:
    now = [100.0]
    pacer = Pacer(2.0, clock=lambda: now[0], sleep=lambda _: None)
    assert pacer.wait_s(1_000_000_000) == pytest.approx(0.5)
    now[0] += 0.4
    assert pacer.wait_s(1_000_000_000) == pytest.approx(0.1)
    now[0] += 10.0
    assert pacer.wait_s(1_000_000_000) == 0.0
    assert pacer.wait_s(2_000_000_000) == pytest.approx(0.5)
    pacer.set_speed(0.0, 2_000_000_000)
    assert pacer.wait_s(2_000_000_000) == float("inf")
    pacer.set_speed(None, 2_000_000_000)
    assert pacer.wait_s(9_000_000_000) == 0.0
