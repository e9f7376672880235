"""Single poses, in the hot path; ``twin.frames`` does many at once."""

from __future__ import annotations

import pybullet

from twin.physics.body import Pose, Vector


def compose(X_AB: Pose, X_BC: Pose) -> Pose:
    """``X_AC``."""
    return pybullet.multiplyTransforms(X_AB[0], X_AB[1], X_BC[0], X_BC[1])  # type: ignore[no-any-return]


def relative(X_WA: Pose, X_WB: Pose) -> Pose:
    """``X_AB``."""
    inverse = pybullet.invertTransform(X_WA[0], X_WA[1])
    return pybullet.multiplyTransforms(inverse[0], inverse[1], X_WB[0], X_WB[1])  # type: ignore[no-any-return]


def rotate(q_AB_xyzw: Vector, v_B: Vector) -> Vector:
    """A vector turned into A."""
    return pybullet.multiplyTransforms((0.0, 0.0, 0.0), q_AB_xyzw, v_B, (0.0, 0.0, 0.0, 1.0))[0]  # type: ignore[no-any-return]
