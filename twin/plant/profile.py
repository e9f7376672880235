"""Jerk-limited motion of one freedom, by ruckig."""

from __future__ import annotations

from typing import Any

import ruckig


class Profile:
    """A motion from a state to a target, sampled at the physics step.

    Args:
        acceleration, jerk: limits, in the freedom's unit per s² and s³. step_s: sampling step.
    """

    def __init__(self, acceleration: float, jerk: float, step_s: float) -> None:
        self._step_s = step_s
        self.q = self.v = self.a = 0.0
        self._elapsed_s = 0.0
        self._plan: tuple[float, float, float, float | None, float] | None = None
        self._otg, self._trajectory = ruckig.Ruckig(1), ruckig.Trajectory(1)
        parameters = self._parameters = ruckig.InputParameter(1)
        parameters.max_acceleration, parameters.max_jerk = [acceleration], [jerk]
        parameters.target_velocity, parameters.target_acceleration = [0.0], [0.0]

    @property
    def moving(self) -> bool:
        return self._plan is not None

    def rest(self, q: float) -> None:
        """Stand still at ``q``."""
        self.q, self.v, self.a, self._plan = q, 0.0, 0.0, None

    def move(self, target: float, speed: float) -> None:
        """Go on from the present state to ``target``, no faster than ``speed``."""
        self._start((self.q, self.v, self.a, target, speed))

    def stop(self) -> None:
        """Come to rest as soon as the limits allow."""
        self._start((self.q, self.v, self.a, None, 0.0))

    def step(self) -> None:
        """Advance ``q``, ``v`` and ``a`` by one step."""
        self._elapsed_s += self._step_s
        position, velocity, acceleration = self._trajectory.at_time(self._elapsed_s)
        if self._elapsed_s >= self._trajectory.duration:
            self.rest(position[0])
        else:
            self.q, self.v, self.a = position[0], velocity[0], acceleration[0]

    def _start(self, plan: tuple[float, float, float, float | None, float]) -> None:
        self._plan, self._elapsed_s = plan, 0.0
        q, v, a, target, speed = plan
        parameters = self._parameters
        parameters.current_position, parameters.current_velocity, parameters.current_acceleration = [q], [v], [a]
        if target is None:
            parameters.control_interface = ruckig.ControlInterface.Velocity
        else:
            parameters.control_interface = ruckig.ControlInterface.Position
            parameters.target_position, parameters.max_velocity = [target], [speed]
        self._otg.calculate(parameters, self._trajectory)

    def state(self) -> tuple[Any, ...]:
        return self.q, self.v, self.a, self._elapsed_s, self._plan

    def restore(self, state: tuple[Any, ...]) -> None:
        q, v, a, elapsed_s, plan = state
        if plan is not None:
            self._start(plan)
        self.q, self.v, self.a, self._elapsed_s, self._plan = q, v, a, elapsed_s, plan
