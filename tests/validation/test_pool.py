"""Work on several processes and machines: all of it is done, whatever dies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.validation.work import die, die_once, double
from twin.cli import app
from twin.errors import InputError
from twin.shipped import shipped
from twin.validation.pool import Cluster, Here, Pool, Processes, WorkerLostError
from twin.validation.result import load_result

needs_kill = pytest.mark.skipif(sys.platform == "win32", reason="a process is ended by a signal")


def _done(pool: Pool, function: Any, tasks: list[Any]) -> dict[int, Any]:
    found = list(pool.run(function, tasks))
    assert len(found) == len(tasks)
    return dict(found)


def test_here() -> None:
    assert list(Here().run(double, [1, 2, 3])) == [(0, 2), (1, 4), (2, 6)]


@pytest.mark.slow
def test_processes() -> None:
    assert _done(Processes(2), double, list(range(7))) == {n: 2 * n for n in range(7)}


@pytest.mark.slow
@needs_kill
def test_a_process_that_dies_is_replaced(tmp_path: Path) -> None:
    tasks = [str(tmp_path / name) for name in ("a", "b.dies", "c", "d.dies", "e")]
    assert _done(Processes(2), die_once, tasks) == {n: Path(task).name for n, task in enumerate(tasks)}


@pytest.mark.slow
@needs_kill
def test_a_task_that_always_kills_its_process_is_told_and_harms_no_other() -> None:
    found = _done(Processes(2), die, ["a", "dies", "c", "d"])
    assert isinstance(found.pop(1), WorkerLostError)
    assert found == {0: "a", 2: "c", 3: "d"}


@pytest.fixture
def address() -> Iterator[str]:
    """A cluster of two workers on this machine."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster.scheduler_address


@pytest.mark.slow
@needs_kill
def test_a_cluster_does_again_what_a_dead_worker_held(address: str, tmp_path: Path) -> None:
    tasks = [str(tmp_path / name) for name in ("a", "b.dies", "c", "d", "e")]
    assert _done(Cluster(address), die_once, tasks) == {n: Path(task).name for n, task in enumerate(tasks)}


def test_a_cluster_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("twin.validation.pool._CLUSTER_WAIT_S", "1s")
    with pytest.raises(InputError, match="--cluster"):
        Cluster("tcp://127.0.0.1:9")


@pytest.mark.slow
def test_the_command_on_a_cluster(address: str, tmp_path: Path) -> None:
    log = str(shipped("assets", "recordings", "nominal_swap.mcap"))
    path = tmp_path / "result.json"
    words = ["validate", "--controller", "tests.validation.controllers:WrittenAnew", "--logs", log, "--mode", "open"]
    done = CliRunner().invoke(app, [*words, "--cluster", address, "--json", str(path)])
    assert done.exit_code == 0, done.output
    assert [(one.name, one.identical) for one in load_result(path).cases] == [("nominal_swap", True)]
