"""A process is kept to what it may take, by the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from twin.bounds import bind
from twin.process import Job, RunProcess

pytest.importorskip("resource")


def test_what_would_take_more_memory_fails() -> None:
    code = "from twin.bounds import bind; bind(memory_bytes=2**30); bytearray(2**31)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1 and "MemoryError" in done.stderr
    bind()


@pytest.mark.sim
@pytest.mark.slow
def test_a_run_that_takes_more_processor_time_is_ended_and_told(tmp_path: Path) -> None:
    pytest.importorskip("pybullet")
    process = RunProcess(Job("nominal_swap", tmp_path / "a.mcap", processor_limit_s=3)).start()
    assert process.wait(60)
    told = str(process.error or "") or str((process.summary or {})["verdict"])
    assert "ended by itself with exit code -" in told
