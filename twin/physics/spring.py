"""Joints that are linear spring-dampers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pybullet

from twin.physics.body import Articulated


@dataclass(slots=True)
class SpringGroup:
    """The sprung joints of one machine; stiffness and damping at zero position, preload at zero."""

    machine: Articulated
    indices: list[int]
    stiffness: Sequence[float]
    damping: Sequence[float]
    preload: list[float]
    idle: bool = False

    def push(self, client: int) -> None:
        """Command the joints' forces for the next step; a torque command lasts one step."""
        # What is put to rest is still stepped once.
        if self.idle:
            self.idle = self.machine.held
            return
        self.idle = self.machine.held
        body = self.machine.body
        states = pybullet.getJointStates(body, self.indices, physicsClientId=client)
        forces = [
            preload - stiffness * state[0] - damping * state[1]
            for preload, stiffness, damping, state in zip(
                self.preload, self.stiffness, self.damping, states, strict=True
            )
        ]
        pybullet.setJointMotorControlArray(
            body, self.indices, pybullet.TORQUE_CONTROL, forces=forces, physicsClientId=client
        )
