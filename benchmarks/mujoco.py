"""The station's bare step in PyBullet and in MuJoCo: ``python -m benchmarks.mujoco [SCENARIO]``.

A run is stopped at some of its states. There both engines hold the station still for a simulated while, with the same
bodies, joints, contact pairs and step, and the time inside ``stepSimulation`` is set beside that inside ``mj_step``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import mujoco
import numpy as np
import pybullet

from benchmarks.mujoco_model import DIFFERENCES, ModelBuilder
from benchmarks.swap import pin
from twin.run import Run
from twin.scenario import load_scenario
from twin.world import World

#: State to the phase in which it is found, how long after the phase began (s), and what it is.
STATES = {
    "idle": ("none", 0.0, "no truck, all machines stand"),
    "locked": ("authorise", 1.0, "truck in the bay, its pack on four locks"),
    "carried": ("return", 2.0, "a pack on the plate, by contact alone"),
    "seating": ("lock", 0.3, "a pack pressed on cones in sockets, before the locks"),
    "seated": ("clear", 0.0, "the same, on four locks, the lift still pressing"),
}
SOLVERS = (("Newton", 100), ("CG", 100), ("PGS", 50))
_TURNS, _STEPS = 9, 40


@dataclass
class Figures:
    """Medians at one state: µs a step by engine, contact points of what is awake, and how MuJoCo solved.

    Args:
        moved_mm: how far an awake pack has gone by the end, in PyBullet and in MuJoCo.
    """

    pybullet_us: float = 0.0
    contacts: int = 0
    mujoco_us: dict[str, float] = field(default_factory=dict)
    iterations: dict[str, float] = field(default_factory=dict)
    rows: int = 0
    mujoco_contacts: int = 0
    moved_mm: tuple[float, float] = (0.0, 0.0)


def measure(world: World) -> Figures:
    """Both engines from where the world stands, in turns; the world is left elsewhere."""
    figures = Figures()
    awake = [body for body in world.engine.free.values() if not body.held]
    start = {body.name: np.array(body.p) for body in awake}
    models = {word: ModelBuilder(world, solver=word, iterations=count).build() for word, count in SOLVERS}
    used: dict[str, list[int]] = {word: [] for word in models}
    # Whatever moves comes to a stand where it is.
    for axis in world.axes:
        for joint in axis.joints:
            if joint.command is not None:
                joint.servo(joint.q, 0.0, joint.command[2], joint.command[3])
    # In turns, because a shared machine is now fast and now slow; the fastest turn counts.
    best = dict.fromkeys(["pybullet", *models], float("inf"))
    for turn in range(_TURNS):
        for word, (model, data) in models.items():
            best[word] = min(best[word], _time_mujoco(model, data, used[word]))
        best["pybullet"] = min(best["pybullet"], _time_pybullet(world))
        if turn == 0:  # still coming to a stand
            best = dict.fromkeys(best, float("inf"))
    figures.pybullet_us = best["pybullet"]
    figures.mujoco_us = {word: best[word] for word in models}
    figures.iterations = {word: float(np.mean(counts)) for word, counts in used.items()}
    first = models[SOLVERS[0][0]][1]
    figures.rows, figures.mujoco_contacts = int(first.nefc), int(first.ncon)
    asleep = {body.body for body in world.engine.free.values() if body.held}
    points = pybullet.getContactPoints(physicsClientId=world.engine.client)
    figures.contacts = sum(point[1] not in asleep and point[2] not in asleep for point in points)
    world.engine.read()
    in_pybullet = [float(np.linalg.norm(np.array(body.p) - start[body.name])) for body in awake]
    in_mujoco = [float(np.linalg.norm(first.body(name).xpos - p)) for name, p in start.items()]
    figures.moved_mm = max(in_pybullet, default=0.0) * 1e3, max(in_mujoco, default=0.0) * 1e3
    return figures


def _time_mujoco(model: Any, data: Any, used: list[int]) -> float:
    """Median µs of a turn."""
    taken = []
    for _ in range(_STEPS):
        began = time.perf_counter()
        mujoco.mj_step(model, data)
        taken.append(time.perf_counter() - began)
        used.append(int(data.solver_niter[: max(1, data.nisland)].max()))
    return float(np.median(taken)) * 1e6


def _time_pybullet(world: World) -> float:
    """Median µs of a turn, inside the engine alone."""
    taken: list[float] = []
    step = pybullet.stepSimulation

    def timed(*arguments: object, **named: object) -> None:
        began = time.perf_counter()
        step(*arguments, **named)
        taken.append(time.perf_counter() - began)

    pybullet.stepSimulation = timed
    try:
        for _ in range(_STEPS):
            world.engine.step()
    finally:
        pybullet.stepSimulation = step
    return float(np.median(taken)) * 1e6


def _reach(run: Run, phase: str, delay_s: float) -> None:
    """Scan until so long after a phase began."""
    since: Callable[[], float | None] = lambda: next(  # noqa: E731
        (entry["start_s"] for entry in run.course.phases if entry["name"] == phase), 0.0 if phase == "none" else None
    )
    while True:
        began_s = since()
        if began_s is not None and run.t_ns >= (began_s + delay_s) * 1e9:
            return
        if not run.scan():
            raise SystemExit(f"the run ended before phase {phase}")


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "nominal_swap"
    scenario = load_scenario(name)
    solver = ", ".join(f"{word} <= {count}" for word, count in SOLVERS)
    print(f"{name}, step {scenario.step_ms} ms, {pin()}; us inside one step, fastest of {_TURNS - 1} turns of {_STEPS}")
    print(f"MuJoCo {mujoco.__version__}: implicitfast, pyramidal cones, iterations {solver}, tolerance 1e-8")
    with Run(scenario, out=None) as run:
        station = run.world.station.solver
        print(f"PyBullet: sequential impulses, iterations <= {station.iterations}, residual {station.residual:g}")
        words = [word for word, _ in SOLVERS]
        print(
            f"\n{'':10}{'contacts':>10}{'PyBullet':>10}" + "".join(f"{word:>9}{'iter.':>7}" for word in words)
            + f"{'ncon':>6}{'rows':>6}{'PyBullet / Newton':>19}{'moved, mm':>16}"
        )  # fmt: skip
        for state, (phase, delay_s, _) in STATES.items():
            _reach(run, phase, delay_s)
            here = run.checkpoint()
            figures = measure(run.world)
            run.restore(here)
            ratio = figures.pybullet_us / figures.mujoco_us[words[0]]
            print(
                f"{state:10}{figures.contacts:10d}{figures.pybullet_us:10.1f}"
                + "".join(f"{figures.mujoco_us[word]:9.1f}{figures.iterations[word]:7.1f}" for word in words)
                + f"{figures.mujoco_contacts:6d}{figures.rows:6d}{ratio:19.1f}"
                + f"{figures.moved_mm[0]:8.2f}{figures.moved_mm[1]:8.2f}",
                flush=True,
            )  # fmt: skip
    print("\nMoved: how far an awake pack has gone by the end, in PyBullet and in MuJoCo.")
    for state, (_, _, what) in STATES.items():
        print(f"  {state:10}{what}")
    print(DIFFERENCES)


if __name__ == "__main__":
    main()
