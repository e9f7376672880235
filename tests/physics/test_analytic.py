"""The engine against answers that can be worked out by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

pytest.importorskip("pybullet")

import itertools

import pybullet

from tests.physics import scene
from twin import assets
from twin.physics import GRAVITY_M_S2 as G
from twin.physics import Articulated, Engine, Group, Obstacle
from twin.plant.axis import Axis, RotaryAxis
from twin.plant.profile import Profile

pytestmark = pytest.mark.sim


@pytest.mark.parametrize("step_s", [0.001, 0.005, 0.01])
def test_free_fall(step_s: float) -> None:
    engine = scene.make_engine(step_s)
    pack = scene.add_pack(engine, (0.0, 0.0, 30.0))
    scene.run_for(engine, 2.0)
    fallen = 30.0 - pack.p[2]
    # Speed first, then position: one step is half a step's fall ahead, and nothing else is.
    assert fallen == pytest.approx(G / 2 * 2.0 * (2.0 + step_s), rel=1e-9)
    assert abs(fallen - G / 2 * 2.0**2) < G * 2.0 * step_s / 2 * 1.001
    assert pack.v[2] == pytest.approx(-2.0 * G, rel=1e-9)
    engine.close()


def test_a_truck_sinks_by_the_weight_of_its_pack() -> None:
    engine = scene.make_engine(0.005)
    truck, _ = scene.add_truck(engine)
    body = scene.add_pack(engine, (0.0, 0.0, 0.53))
    engine.read()
    bracket = scene.make_bracket(engine, truck)
    bracket.look(engine.pose_of_link(truck, "chassis"), [scene.make_pack(body)])
    for latch in bracket.latches:
        bracket.engage(latch)
    scene.run_for(engine, 5.0)
    stiffness = assets.load_truck(scene.TRUCK).suspension.heave_n_m.value
    assert truck.joints["heave"].q == pytest.approx(-body.mass_kg * G / stiffness, rel=0.02)
    assert bracket.lock_force_n() == pytest.approx(body.mass_kg * G, rel=0.01)
    engine.close()


@pytest.mark.parametrize("step_s", [0.002, 0.01])
def test_pads_give_by_the_weight_that_lies_on_them(step_s: float) -> None:
    engine = scene.make_engine(step_s)
    crane = scene.add_robot(engine, scene.CRANE)
    for joint in crane.joints.values():
        joint.servo(0.0, 0.0, 0.1, 1e6)
    x, y, z = engine.pose_of_link(crane, "fork")[0]
    body = scene.add_pack(engine, (x, y, z + 0.2))
    scene.run_for(engine, 2.0)
    sunk = engine.pose_of_link(crane, "fork")[0][2] - (body.p[2] - 0.2)
    stiffness = assets.load_robot(scene.CRANE).pads.stiffness_n_m.value
    assert sunk == pytest.approx(body.mass_kg * G / (4 * stiffness), rel=0.02)
    engine.close()


@pytest.mark.parametrize(("step_s", "within"), [(0.001, 0.01), (0.01, 0.06)])
def test_bounce_and_decay_of_a_truck(step_s: float, within: float) -> None:
    engine = scene.make_engine(step_s)
    truck, _ = scene.add_truck(engine)
    spring, mass = assets.load_truck(scene.TRUCK).suspension, engine.mass_above_kg(truck, "heave")
    heave = truck.joints["heave"]
    engine.place_joint(heave, 0.03)
    crossings, peaks, before = [], [], (heave.q, 0.0)
    for n in range(1, round(3.0 / step_s)):
        engine.step()
        engine.read()
        q, v = heave.q, heave.v
        if before[0] * q < 0:
            crossings.append((n - q / (q - before[0])) * step_s)
        if before[1] * v < 0:
            peaks.append(abs(q))
        before = (q, v)
    k, c = spring.heave_n_m.value, spring.heave_damping_n_s_m.value
    ratio = c / (2 * math.sqrt(k * mass))
    half_period = math.pi / (math.sqrt(k / mass) * math.sqrt(1 - ratio**2))
    assert crossings[2] - crossings[0] == pytest.approx(2 * half_period, rel=within)
    decay = math.exp(-math.pi * ratio / math.sqrt(1 - ratio**2))
    assert peaks[1] / peaks[0] == pytest.approx(decay, rel=2 * within)
    engine.close()


@pytest.mark.parametrize("group", [Group.STRUCTURE, Group.SUPPORT])
@pytest.mark.parametrize("share", [0.9, 1.15])
def test_a_pack_slides_beyond_friction_and_not_below(group: Group, share: float) -> None:
    engine = scene.make_engine(0.005)
    engine.add_obstacles([Obstacle("slab", (4.0, 4.0, 0.2), (0.0, 0.0, -0.1), group)], friction=0.5)
    pack = scene.add_pack(engine, (0.0, 0.0, 0.2))
    scene.run_for(engine, 0.5)
    start = pack.p[0]
    # The engine multiplies the two coefficients.
    weight, friction = pack.mass_kg * G, 0.5 * assets.load_pack(scene.PACK).friction.value
    for _ in range(200):
        where = pybullet.getBasePositionAndOrientation(pack.body, engine.client)[0]
        pybullet.applyExternalForce(
            pack.body, -1, (share * friction * weight, 0, 0), (where[0], where[1], 0.0), pybullet.WORLD_FRAME,
            physicsClientId=engine.client,
        )  # fmt: skip
        engine.step()
    engine.read()
    if share < 1:
        assert abs(pack.p[0] - start) < 0.001
    else:
        assert pack.p[0] - start == pytest.approx((share - 1) * friction * G / 2, rel=0.15)
    engine.close()


def test_work_of_the_lift_is_the_energy_gained() -> None:
    engine = scene.make_engine(0.005)
    shuttle = scene.add_robot(engine, scene.SHUTTLE)
    pack = scene.add_pack(engine, (0.0, 0.0, 0.39))
    for name, joint in shuttle.joints.items():
        joint.servo(0.0, 0.0, 0.1, 22000.0 if name == "lift" else 20000.0)
    scene.run_for(engine, 1.0)
    lift, moved = shuttle.joints["lift"], engine.mass_above_kg(shuttle, "lift")
    start, profile, work = lift.q, Profile(0.1, 1.0, engine.step_s), 0.0
    profile.rest(start)
    profile.move(start + 0.3, 0.05)
    height = pack.p[2]
    while profile.moving:
        profile.step()
        lift.servo(profile.q, profile.v, 0.1, 22000.0)
        engine.step()
        engine.read()
        work += lift.effort * lift.v * engine.step_s
    scene.run_for(engine, 1.0)
    assert pack.p[2] - height == pytest.approx(0.3, abs=0.002)
    assert work == pytest.approx((moved + pack.mass_kg) * G * 0.3, rel=0.02)
    engine.close()


def _axis(engine: Engine, machine: Articulated, robot: str, name: str) -> tuple[Axis, SimpleNamespace, SimpleNamespace]:
    drive = assets.load_robot(robot).axes[name]
    out = SimpleNamespace(
        cmd_enable=True, cmd_move=False, sp_position_m=0.0, sp_speed_m_s=0.0, sp_position_rad=0.0, sp_speed_rad_s=0.0
    )
    power = SimpleNamespace(on=True)
    joints = [machine.joints[joint] for joint in drive.joints]
    kind = RotaryAxis if drive.unit == "rad" else Axis
    axis = kind(
        name, drive, joints, SimpleNamespace(), out, power,  # type: ignore[arg-type]
        step_s=engine.step_s, scan_s=2 * engine.step_s,
    )  # fmt: skip
    return axis, out, power


def _scan(engine: Engine, axis: Axis, t_ns: int) -> None:
    axis.sense(t_ns)
    axis.act(t_ns)
    for _ in range(2):
        if axis.moving:
            axis.substep()
        engine.step()
        engine.read()


AXES = [(scene.SHUTTLE, axis) for axis in ("travel", "cross", "lift", "yaw")] + [
    (scene.CRANE, axis) for axis in ("travel", "hoist", "fork")
]


@pytest.mark.parametrize(("robot", "name"), AXES)
def test_axes_keep_their_limits(robot: str, name: str) -> None:
    engine = scene.make_engine(0.01)
    machine = scene.add_robot(engine, robot)
    for joint in machine.joints.values():
        joint.servo(0.0, 0.0, 0.1, 30000.0)
    axis, out, _ = _axis(engine, machine, robot, name)
    start = 0.4 if name == "hoist" else 0.0  # the fork's lowest place is above the floor
    engine.place_joint(axis.joints[0], start)
    axis.reference.rest(start)
    drive = assets.load_robot(robot).axes[name]
    out.cmd_move = True
    out.sp_position_m = out.sp_position_rad = start + (0.05 if drive.unit == "rad" else 0.35)
    out.sp_speed_m_s = out.sp_speed_rad_s = 99.0
    course, true_speed, effort = [(0.0, 0.0)], 0.0, 0.0
    for n in range(1500):
        axis.sense(n)
        axis.act(n)
        for _ in range(2):
            if axis.moving:
                axis.substep()
            engine.step()
            engine.read()
            course.append((axis.reference.v, axis.reference.a))
            true_speed = max(true_speed, abs(axis.v))
            effort = max(effort, abs(axis.joints[0].effort))
        if n > 10 and not axis.moving:
            break
    jerks = [abs(b[1] - a[1]) / engine.step_s for a, b in itertools.pairwise(course)]
    assert max(abs(v) for v, _ in course) <= drive.max_speed.value * 1.000001
    assert max(abs(a) for _, a in course) <= drive.acceleration.value * 1.000001
    assert max(jerks) <= drive.jerk.value * 1.001
    assert true_speed <= drive.max_speed.value * 1.05
    assert effort <= drive.force.value * 1.000001
    assert axis.q == pytest.approx(out.sp_position_m, abs=drive.in_position.value)
    engine.close()


def test_stopping_distance_without_power() -> None:
    engine = scene.make_engine(0.001)
    machine = scene.add_robot(engine, scene.SHUTTLE)
    for joint in machine.joints.values():
        joint.servo(0.0, 0.0, 0.1, 30000.0)
    axis, out, power = _axis(engine, machine, scene.SHUTTLE, "travel")
    out.cmd_move, out.sp_position_m, out.sp_speed_m_s = True, 4.0, 0.5
    n = 0
    while axis.v < 0.4999:
        _scan(engine, axis, n)
        n += 1
    power.on = False
    # The brake is closed by act; from there to standstill.
    q, v = axis.q, axis.v
    for k in range(500):
        _scan(engine, axis, n + k)
    deceleration = axis._brake_force / engine.mass_above_kg(machine, "travel")
    assert axis.q - q == pytest.approx(v * v / (2 * deceleration), rel=0.03)
    assert abs(axis.v) < 1e-4
    engine.close()
