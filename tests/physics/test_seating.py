"""A pack finds its seat by cone, socket and the floating plate alone, or jams when it is parked too far off."""

from __future__ import annotations

import math

import pytest

pytest.importorskip("pybullet")

from tests.physics import scene
from twin import assets
from twin.plant.profile import Profile

pytestmark = [pytest.mark.sim, pytest.mark.slow]


def _lift(step_s: float, x_m: float, y_m: float) -> tuple[float, tuple[float, float, float]]:
    """Lift a pack into a truck parked off by so much; largest gap at the pads and the pack's place on the truck."""
    engine = scene.make_engine(step_s)
    truck, _ = scene.add_truck(engine, x_m=x_m, y_m=y_m)
    shuttle = scene.add_robot(engine, scene.SHUTTLE)
    body = scene.add_pack(engine, (0.0, 0.0, 0.39))
    data = assets.load_robot(scene.SHUTTLE)
    weak = data.float_plate
    assert weak is not None
    for name, joint in shuttle.joints.items():
        drive = next((drive for drive in data.axes.values() if name in drive.joints), None)
        if drive is not None:
            joint.servo(0.0, 0.0, min(1.0, drive.gain_1_s.value * step_s), drive.force.value)
        elif name in weak.joints:
            limit = weak.centring_torque_n_m if name.endswith("yaw") else weak.centring_force_n
            joint.servo(0.0, 0.0, min(1.0, weak.gain_1_s.value * step_s), limit.value)
        else:
            joint.servo(0.0, 0.0, 0.1, 2000.0)
    scene.run_for(engine, 0.5)
    drive, profile = data.axes["lift"], Profile(0.1, 1.0, step_s)
    lift, gain = shuttle.joints["lift"], min(1.0, data.axes["lift"].gain_1_s.value * step_s)
    profile.rest(lift.q)
    profile.move(0.144, drive.max_speed.value)
    while profile.moving:
        profile.step()
        lift.servo(profile.q, profile.v, gain, drive.force.value)
        engine.step()
    scene.run_for(engine, 2.0)
    bracket = scene.make_bracket(engine, truck)
    bracket.look(engine.pose_of_link(truck, "chassis"), [scene.make_pack(body)])
    engine.close()
    x, y, z = bracket.X_SB[0]
    return max(bracket.gap_m), (x, y, z)


@pytest.mark.parametrize(("x_m", "y_m"), [(0.008, 0.0), (0.0, 0.008), (0.006, -0.006)])
def test_parked_eight_millimetres_off_it_slides_to_its_seat(x_m: float, y_m: float) -> None:
    gap, (x, y, _) = _lift(0.005, x_m, y_m)
    assert gap < 0.002
    assert math.hypot(x, y) < 0.005


def test_parked_forty_millimetres_off_it_jams() -> None:
    gap, _ = _lift(0.005, 0.04, 0.0)
    assert gap == math.inf or gap > 0.02


def test_the_step_does_not_decide_where_it_seats() -> None:
    seats = {step_s: _lift(step_s, 0.008, 0.0) for step_s in (0.001, 0.002, 0.005, 0.01)}
    for step_s, (gap, place) in seats.items():
        assert gap < 0.002, step_s
        assert math.dist(place, seats[0.001][1]) < 0.0005, (step_s, seats)
