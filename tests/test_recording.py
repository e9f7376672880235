"""The shipped recording: what the demo shows where nothing can be simulated."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from twin import __version__
from twin.record import Record, describe
from twin.shipped import shipped

HERE = Path(__file__).parent
PATH = shipped("assets", "recordings", "nominal_swap.mcap")


def test_it_is_small() -> None:
    assert PATH.stat().st_size <= 5_000_000


def test_it_is_a_whole_swap_of_this_version() -> None:
    record = Record.open(PATH)
    metadata = record.metadata
    assert (record.finished, record.damage) == (True, [])
    assert (metadata["version"], metadata["scenario"], metadata["source"]) == (__version__, "nominal_swap", "simulated")
    summary = json.loads(record.attachments["summary.json"])
    assert (summary["completed"], summary["final_state"], summary["alarms"]) == (True, "Idle", [])
    about = describe(PATH)
    assert about["models"] > 20 and about["poses"] * int(metadata["scan_ns"]) == pytest.approx(record.end_ns, rel=0.01)


@pytest.mark.skipif(sys.platform == "win32", reason="ends the server as a terminal on Linux does")
def test_it_is_replayed_where_nothing_can_be_simulated() -> None:
    viewer = subprocess.Popen(
        [sys.executable, "-m", "twin.cli", "view"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [HERE / "no_pybullet", HERE.parent]))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert viewer.stdout is not None
        assert "http://127.0.0.1:" in viewer.stdout.readline()
        viewer.send_signal(signal.SIGINT)
        _, errors = viewer.communicate(timeout=60)
    finally:
        viewer.kill()
    assert (viewer.returncode, "Traceback" in errors) == (0, False), errors
    assert "PyBullet" in errors and "Replaying a shipped recording." in errors
