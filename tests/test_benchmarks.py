"""Benchmarks are not timed here; they must only be there, start, and measure the same thing on both sides."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.kept import Kept

ROOT = Path(__file__).resolve().parent.parent


def test_every_benchmark_listed_is_a_module_and_documented() -> None:
    documented = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    for name in BENCHMARKS:
        assert importlib.util.find_spec(f"benchmarks.{name}") is not None
        assert re.search(rf"python -m benchmarks[ .]{name}\b", documented), name


def test_an_unknown_benchmark_is_told_which_there_are() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "nosuch"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "nosuch" in done.stdout and "signal_storage" in done.stdout


def test_a_bench_that_was_broken_off_in_a_row_goes_on_with_the_rows_before(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    for name in ("a", "b\u2028锁"):
        Kept(path).add({"name": name})
    path.write_text(path.read_text(encoding="utf-8") + '{"name": "c", "of": {"d": 1}', encoding="utf-8")
    again = Kept(path)
    assert list(again.rows) == ["a", "b\u2028锁"]
    again.add({"name": "c"})
    assert Kept(path).rows == again.rows and list(again.rows)[-1] == "c"


@pytest.mark.sim
def test_the_mujoco_model_is_the_station_of_the_engine() -> None:
    mujoco = pytest.importorskip("mujoco", reason="needs the bench extra")
    from benchmarks.mujoco_model import ModelBuilder
    from twin.run import Run
    from twin.scenario import load_scenario

    with Run(load_scenario("nominal_swap"), out=None) as run:
        engine = run.world.engine
        model, data = ModelBuilder(run.world, solver="Newton", iterations=100).build()
        for body in engine.free.values():
            assert data.body(body.name).xpos == pytest.approx(body.p, abs=1e-9)
            assert model.body(body.name).subtreemass[0] == pytest.approx(body.mass_kg)
        for machine in engine.machines.values():
            for link in machine.link_index:
                p, _ = engine.pose_of_link(machine, link)
                # A body that is held has its turn taken out; it stands level here.
                assert data.body(f"{machine.name}.{link}").xpos == pytest.approx(p, abs=1e-3), link
        mujoco.mj_step(model, data)


def test_the_walls_of_a_socket_leave_its_hole_free() -> None:
    pytest.importorskip("mujoco", reason="needs the bench extra")
    pytest.importorskip("pybullet")
    from benchmarks.mujoco_model import socket_walls

    walls = socket_walls(ROOT / "assets/packs/block_171/collision/sockets.obj")
    assert len(walls) == 8
    for middle, edges in walls:
        assert (edges > 0).all()
        inside = (abs(middle[:2] - (0.0, 0.92)) < edges[:2] / 2).all()
        assert not inside
    # 52 mm across, and outlines of 180 x 220 mm.
    xs = sorted(
        {round(float(m[0] - e[0] / 2), 4) for m, e in walls} | {round(float(m[0] + e[0] / 2), 4) for m, e in walls}
    )
    assert xs == [-0.09, -0.026, 0.026, 0.09]


@pytest.mark.sim
@pytest.mark.slow
def test_differences_are_located_in_a_few_copies() -> None:
    from benchmarks.compare import located, measure

    found, alike = measure(6)
    assert sum(map(located, found)) >= 5
    assert [one.first for one in alike] == [None]


@pytest.mark.sim
@pytest.mark.slow
def test_a_small_class_is_measured() -> None:
    pytest.importorskip("pybullet")
    pytest.importorskip("playwright")
    command = [sys.executable, "-m", "benchmarks.class_load", "2", "8"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    if "needs chromium" in done.stderr:
        pytest.skip("needs chromium")
    assert done.returncode == 0, done.stderr
    paces = {number: float(pace) for number, pace in re.findall(r"^    (\d+) +([\d.]+)", done.stdout, re.MULTILINE)}
    assert set(paces) == {"11", "12"} and all(0.05 < pace < 1.2 for pace in paces.values()), done.stdout
    assert len(re.findall(r"ms p95, [1-9]\d* times", done.stdout)) == 2, "both have operated"
