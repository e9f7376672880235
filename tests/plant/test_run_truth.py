"""What must hold in every scan of a whole run, and that a run can be repeated and restored bit for bit."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

pytest.importorskip("pybullet")

import pybullet

from benchmarks.continuation import Course, continue_from, run_through, spread
from twin.run import Run
from twin.scenario import load_scenario

pytestmark = [pytest.mark.sim, pytest.mark.slow]

#: The fastest that a pack moves is its truck, m/s, and what a step of a bounce may add.
_FASTEST_M_S = 1.6


@dataclass
class Watch:
    """Looks at a run after each scan, with the engine's own eyes."""

    joined: set[tuple[int, int]] = field(default_factory=set)
    robots: set[int] = field(default_factory=set)
    packs: set[int] = field(default_factory=set)
    farthest_m: float = 0.0
    stale_m: float = 0.0
    _before: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def __call__(self, run: Run) -> None:
        engine = run.world.engine
        client = engine.client
        self.robots = {run.world.shuttle.body, run.world.crane.body}
        self.packs = {pack.body.body for pack in run.world.packs}
        for n in range(pybullet.getNumConstraints(physicsClientId=client)):
            handle = pybullet.getConstraintUniqueId(n, physicsClientId=client)
            info = pybullet.getConstraintInfo(handle, physicsClientId=client)
            self.joined.add((info[0], info[2]))
        for name, body in engine.free.items():
            p, _ = pybullet.getBasePositionAndOrientation(body.body, client)
            self.stale_m = max(self.stale_m, math.dist(p, body.p))
            if name in self._before:
                self.farthest_m = max(self.farthest_m, math.dist(p, self._before[name]))
            self._before[name] = tuple(p)
        for machine in engine.machines.values():
            for joint in machine.joints.values():
                q = pybullet.getJointState(machine.body, joint.index, client)[0]
                self.stale_m = max(self.stale_m, abs(q - joint.q))


@pytest.fixture(scope="module")
def watched() -> Iterator[tuple[Course, Watch]]:
    watch = Watch()
    yield run_through(load_scenario("nominal_swap"), watch=watch), watch


def test_no_pack_is_ever_joined_to_a_robot(watched: tuple[Course, Watch]) -> None:
    _, watch = watched
    assert any(pair[1] in watch.packs for pair in watch.joined), "the truck's locks must have been seen"
    for pair in watch.joined:
        assert not (set(pair) & watch.robots and set(pair) & watch.packs)


def test_nothing_teleports(watched: tuple[Course, Watch]) -> None:
    assert watched[1].farthest_m < _FASTEST_M_S * 0.02


def test_what_is_held_stands_where_it_is_told_to_stand(watched: tuple[Course, Watch]) -> None:
    assert watched[1].stale_m == 0.0


def test_restored_runs_continue_bit_for_bit(watched: tuple[Course, Watch]) -> None:
    course, _ = watched
    instants = spread(course.instants(), 30)
    assert len(instants) == 30
    # The run with checkpoints is itself a second run from the start, compared scan by scan.
    assert continue_from(load_scenario("nominal_swap"), course, instants, scans=120) == []


def test_another_process_gives_the_same_digest() -> None:
    # The first minute has the arrival, the clamping, the unlocking and the first lift in it.
    overrides = ["time_limit_s=60"]
    course = run_through(load_scenario("nominal_swap", overrides))
    script = (
        "from benchmarks.continuation import run_through\nfrom twin.scenario import load_scenario\n"
        f"print(run_through(load_scenario('nominal_swap', {overrides!r})).digest)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=300)
    assert told.stdout.split()[-1] == course.digest


def test_at_an_emergency_stop_the_axes_stop_and_nothing_drops() -> None:
    heights: list[float] = []
    stopped: list[tuple[float, ...]] = []

    def watch(run: Run) -> None:
        if not run.world.safety.chain_closed and len(heights) < 200:
            heights.append(run.world.plate.pack.body.p[2] if run.world.plate.pack is not None else math.nan)
            stopped.append(tuple(axis.q for axis in run.world.axes))

    run_through(load_scenario("emergency_stop_mid_lift"), watch=watch)
    assert len(heights) > 100 and all(math.isfinite(z) for z in heights)
    # The lift runs at 0.05 m/s against a brake of 40 kN: far less than a millimetre, and the brake's give.
    assert max(heights) - min(heights) < 0.003
    assert (
        max(abs(a - b) for first, last in [(stopped[0], stopped[-1])] for a, b in zip(first, last, strict=True)) < 0.003
    )
