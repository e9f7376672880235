"""Taking bodies out of the solver and putting them back, as the plant decides.

PyBullet's own sleeping stays off. What is put to rest is still stepped once, and what is woken moves from its second
step on.
"""

from __future__ import annotations

from collections.abc import Sequence

import pybullet

from twin.physics.body import Articulated, FreeBody
from twin.physics.constraint import Constraints

#: Steps after which a body that was put to rest no longer moves, and one that was woken does.
STEPS_TO_REST = 2

#: Of a body: whether it is held, and for how many steps when it is not yet at rest or awake, else None.
SavedHold = tuple[bool, int | None]


class Holds:
    """Which bodies are held, and those whose hold changed so lately that the engine has not followed yet."""

    def __init__(self, client: int, constraints: Constraints) -> None:
        self._client, self._constraints = client, constraints
        self._turning: list[FreeBody | Articulated] = []

    def hold(self, body: FreeBody | Articulated, held: bool) -> None:
        """Take a body out of the solver, or put it back."""
        if body.held == held:
            return
        self._send(body, held)
        body._resting, body._steps = False, 0
        self._turning = [*(other for other in self._turning if other is not body), body]
        self._constraints.untie(body)

    def after_step(self) -> None:
        """Count the step; what has been woken is tied again once it moves."""
        for body in self._turning:
            body._steps += 1
            # Tied before that it would move without its springs.
            if body._steps == 1 and not body.held and isinstance(body, Articulated) and body.joints:
                self._constraints.tie(body)

    def after_read(self) -> None:
        """What has come to rest need not be read any more."""
        if not self._turning:
            return
        for body in self._turning:
            if body._steps >= STEPS_TO_REST:
                body._resting = body.held
        self._turning = [body for body in self._turning if body._steps < STEPS_TO_REST]

    # -- checkpoints ---------------------------------------------------------------------------------------------

    def save(self, bodies: Sequence[FreeBody | Articulated]) -> list[SavedHold]:
        return [(body.held, body._steps if any(other is body for other in self._turning) else None) for body in bodies]

    def release_all(self, bodies: Sequence[FreeBody | Articulated]) -> None:
        """Wake everything: contacts come back only for bodies that are awake."""
        for body in bodies:
            self._send(body, False)
        _step(self._client, STEPS_TO_REST)

    def restore(self, bodies: Sequence[FreeBody | Articulated], saved: Sequence[SavedHold]) -> None:
        """Hold and wake bodies as many steps before the saved instant as it was. This steps the world."""
        pairs = list(zip(bodies, saved, strict=True))
        for body, (held, steps) in pairs:
            self._send(body, held if steps is None else not held)
        for ago in range(2 * STEPS_TO_REST, -1, -1):
            for body, (held, steps) in pairs:
                if steps == ago:
                    self._send(body, held)
            _step(self._client, 1 if ago else 0)
        self._turning = []
        for body, (held, steps) in pairs:
            body.held, body._steps, body._resting = held, steps or 0, held and steps is None
            if steps is not None:
                self._turning.append(body)

    def _send(self, body: FreeBody | Articulated, held: bool) -> None:
        states = (
            (pybullet.ACTIVATION_STATE_ENABLE_SLEEPING, pybullet.ACTIVATION_STATE_SLEEP)
            if held
            else (pybullet.ACTIVATION_STATE_WAKE_UP, pybullet.ACTIVATION_STATE_DISABLE_SLEEPING)
        )
        for state in states:
            pybullet.changeDynamics(body.body, -1, activationState=state, physicsClientId=self._client)
        body.held = held


def _step(client: int, steps: int) -> None:
    for _ in range(steps):
        pybullet.stepSimulation(client)
