"""Poses of frames, over any number of frames at once.

A pose ``X_WB`` is an array ``(…, 7)``: position of B's origin in W (m), then the rotation as a quaternion
``x y z w``. Products read by matching letters: ``X_WB = compose(X_WA, X_AB)``. Every function takes and returns
float64 arrays, broadcasts over the leading axes, and returns unit quaternions for unit quaternions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

#: The pose of a frame in itself.
IDENTITY: Array = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])
IDENTITY.setflags(write=False)


def pose(position: ArrayLike = (0.0, 0.0, 0.0), rpy: ArrayLike = (0.0, 0.0, 0.0)) -> Array:
    """Pose (…, 7) from positions (…, 3) in m and roll, pitch, yaw (…, 3) in rad."""
    return join(np.asarray(position, dtype=float), from_rpy(rpy))


def join(position: ArrayLike, quaternion_xyzw: ArrayLike) -> Array:
    """Pose (…, 7) from positions (…, 3) and quaternions (…, 4), broadcast against each other."""
    p, q = np.asarray(position, dtype=float), np.asarray(quaternion_xyzw, dtype=float)
    shape = np.broadcast_shapes(p.shape[:-1], q.shape[:-1])
    return np.concatenate([np.broadcast_to(p, (*shape, 3)), np.broadcast_to(q, (*shape, 4))], axis=-1)


def multiply(q_AB: ArrayLike, q_BC: ArrayLike) -> Array:
    """Product of quaternions (…, 4) xyzw: the rotation of C in A."""
    a, b = np.asarray(q_AB, dtype=float), np.asarray(q_BC, dtype=float)
    ax, ay, az, aw = a[..., 0], a[..., 1], a[..., 2], a[..., 3]
    bx, by, bz, bw = b[..., 0], b[..., 1], b[..., 2], b[..., 3]
    return np.stack(
        [
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        ],
        axis=-1,
    )


def conjugate(q_AB: ArrayLike) -> Array:
    """The inverse rotation of unit quaternions (…, 4)."""
    q_BA: Array = np.asarray(q_AB, dtype=float) * np.array([-1.0, -1.0, -1.0, 1.0])
    return q_BA


def rotate(q_AB: ArrayLike, v_B: ArrayLike) -> Array:
    """Vectors (…, 3) given in B, told in A."""
    q, v = np.asarray(q_AB, dtype=float), np.asarray(v_B, dtype=float)
    u, w = q[..., :3], q[..., 3:4]
    twice = 2.0 * np.cross(u, v)
    result: Array = v + w * twice + np.cross(u, twice)
    return result


def compose(X_AB: ArrayLike, X_BC: ArrayLike) -> Array:
    """``X_AC``: the pose of C in A."""
    a, b = np.asarray(X_AB, dtype=float), np.asarray(X_BC, dtype=float)
    return join(a[..., :3] + rotate(a[..., 3:], b[..., :3]), multiply(a[..., 3:], b[..., 3:]))


def inverse(X_AB: ArrayLike) -> Array:
    """``X_BA``."""
    X = np.asarray(X_AB, dtype=float)
    q_BA = conjugate(X[..., 3:])
    return join(-rotate(q_BA, X[..., :3]), q_BA)


def transform(X_AB: ArrayLike, p_B: ArrayLike) -> Array:
    """Points (…, 3) given in B, told in A."""
    X = np.asarray(X_AB, dtype=float)
    result: Array = X[..., :3] + rotate(X[..., 3:], p_B)
    return result


def normalise(X: ArrayLike) -> Array:
    """Poses (…, 7) or quaternions (…, 4) with the quaternion scaled to length 1."""
    result = np.array(X, dtype=float)
    q = result[..., -4:]
    q /= np.linalg.norm(q, axis=-1, keepdims=True)
    return result


def from_rpy(rpy: ArrayLike) -> Array:
    """Quaternions (…, 4) from roll, pitch, yaw (…, 3) in rad, about fixed x, then y, then z (as in URDF)."""
    half = np.asarray(rpy, dtype=float) / 2.0
    (sr, sp, sy), (cr, cp, cy) = np.moveaxis(np.sin(half), -1, 0), np.moveaxis(np.cos(half), -1, 0)
    return np.stack(
        [
            sr * cp * cy - cr * sp * sy,
            cr * sp * cy + sr * cp * sy,
            cr * cp * sy - sr * sp * cy,
            cr * cp * cy + sr * sp * sy,
        ],
        axis=-1,
    )


def to_rpy(q_AB: ArrayLike) -> Array:
    """Roll, pitch, yaw (…, 3) in rad of quaternions (…, 4); pitch within ±π/2. The inverse of :func:`from_rpy`."""
    q = np.asarray(q_AB, dtype=float)
    x, y, z, w = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    roll = np.arctan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y))
    pitch = np.arcsin(np.clip(2.0 * (w * y - z * x), -1.0, 1.0))
    yaw = np.arctan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
    return np.stack([roll, pitch, yaw], axis=-1)


def to_matrix(X_AB: ArrayLike) -> Array:
    """Homogeneous matrices (…, 4, 4) of poses (…, 7)."""
    X = np.asarray(X_AB, dtype=float)
    matrix = np.zeros((*X.shape[:-1], 4, 4))
    for column in range(3):
        axis = np.zeros(3)
        axis[column] = 1.0
        matrix[..., :3, column] = rotate(X[..., 3:], axis)
    matrix[..., :3, 3] = X[..., :3]
    matrix[..., 3, 3] = 1.0
    return matrix


def from_matrix(matrix: ArrayLike) -> Array:
    """Poses (…, 7) of homogeneous matrices (…, 4, 4) with a proper rotation."""
    M = np.asarray(matrix, dtype=float)
    R = M[..., :3, :3]
    xx, yy, zz = R[..., 0, 0], R[..., 1, 1], R[..., 2, 2]
    # Row i is 4·q_i·q: exact where q_i is the largest component, and the largest is taken (Shepperd 1978).
    xy, xz, yz = R[..., 0, 1] + R[..., 1, 0], R[..., 0, 2] + R[..., 2, 0], R[..., 1, 2] + R[..., 2, 1]
    wx, wy, wz = R[..., 2, 1] - R[..., 1, 2], R[..., 0, 2] - R[..., 2, 0], R[..., 1, 0] - R[..., 0, 1]
    rows = [
        [1 + xx - yy - zz, xy, xz, wx],
        [xy, 1 - xx + yy - zz, yz, wy],
        [xz, yz, 1 - xx - yy + zz, wz],
        [wx, wy, wz, 1 + xx + yy + zz],
    ]
    candidates = np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
    best = np.argmax(np.stack([candidates[..., i, i] for i in range(4)], -1), axis=-1)
    q = np.take_along_axis(candidates, best[..., None, None], axis=-2)[..., 0, :]
    return join(M[..., :3, 3], normalise(q))


def angle(q_AB: ArrayLike, q_AC: ArrayLike) -> Array:
    """Smallest angle (…) in rad between two rotations."""
    d = multiply(conjugate(q_AB), q_AC)
    return np.asarray(2.0 * np.arctan2(np.linalg.norm(d[..., :3], axis=-1), np.abs(d[..., 3])))


def slerp(q_AB: ArrayLike, q_AC: ArrayLike, fraction: ArrayLike) -> Array:
    """Quaternions (…, 4) on the shorter arc from B (fraction 0) to C (fraction 1); fraction has shape (…)."""
    a, b = np.asarray(q_AB, dtype=float), np.asarray(q_AC, dtype=float)
    f = np.asarray(fraction, dtype=float)[..., None]
    dot = np.sum(a * b, axis=-1, keepdims=True)
    b = np.where(dot < 0.0, -b, b)
    theta = np.arccos(np.clip(np.abs(dot), 0.0, 1.0))
    sine = np.sin(theta)
    # Nearly equal rotations: the chord is the arc, and dividing by the sine would lose digits.
    close = sine < 1e-6
    safe = np.where(close, 1.0, sine)
    weight_a = np.where(close, 1.0 - f, np.sin((1.0 - f) * theta) / safe)
    weight_b = np.where(close, f, np.sin(f * theta) / safe)
    return normalise(weight_a * a + weight_b * b)


def interpolate(X_AB: ArrayLike, X_AC: ArrayLike, fraction: ArrayLike) -> Array:
    """Poses (…, 7) between two poses: position on the line, rotation on the arc; fraction has shape (…)."""
    a, b = np.asarray(X_AB, dtype=float), np.asarray(X_AC, dtype=float)
    f = np.asarray(fraction, dtype=float)[..., None]
    return join((1.0 - f) * a[..., :3] + f * b[..., :3], slerp(a[..., 3:], b[..., 3:], f[..., 0]))
