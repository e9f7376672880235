"""Poses: the laws of a group, and agreement with plain rotation matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from twin import frames as f

lengths = st.floats(-100, 100)
angles = st.floats(-3.1, 3.1)
positions = hnp.arrays(float, 3, elements=lengths)
quaternions = (
    hnp.arrays(float, 4, elements=st.floats(-1, 1)).filter(lambda q: np.linalg.norm(q) > 1e-3).map(f.normalise)
)
poses = st.builds(f.join, positions, quaternions)
fractions = st.floats(0, 1)


def same_pose(a: np.ndarray, b: np.ndarray, tolerance: float = 1e-9) -> bool:
    scale = 1.0 + np.abs(a[..., :3]).max()
    return bool(
        np.allclose(a[..., :3], b[..., :3], atol=tolerance * scale) and np.all(f.angle(a[..., 3:], b[..., 3:]) < 1e-7)
    )


@given(poses, poses, poses)
def test_compose_is_associative(X_AB: np.ndarray, X_BC: np.ndarray, X_CD: np.ndarray) -> None:
    assert same_pose(f.compose(f.compose(X_AB, X_BC), X_CD), f.compose(X_AB, f.compose(X_BC, X_CD)))


@given(poses)
def test_inverse_and_identity(X_AB: np.ndarray) -> None:
    assert same_pose(f.compose(X_AB, f.inverse(X_AB)), f.IDENTITY)
    assert same_pose(f.compose(X_AB, f.IDENTITY), X_AB)


@given(poses, poses, positions)
def test_transform_follows_compose_and_matrices(X_AB: np.ndarray, X_BC: np.ndarray, p_C: np.ndarray) -> None:
    p_A = f.transform(f.compose(X_AB, X_BC), p_C)
    assert np.allclose(p_A, f.transform(X_AB, f.transform(X_BC, p_C)), atol=1e-9)
    M = f.to_matrix(X_AB) @ f.to_matrix(X_BC)
    assert np.allclose(p_A, (M @ np.append(p_C, 1.0))[:3], atol=1e-9)
    assert same_pose(f.from_matrix(M), f.compose(X_AB, X_BC))


@given(quaternions, positions)
def test_rotation_keeps_length(q_AB: np.ndarray, v_B: np.ndarray) -> None:
    assert np.isclose(np.linalg.norm(f.rotate(q_AB, v_B)), np.linalg.norm(v_B), atol=1e-9)


@given(angles, st.floats(-1.5, 1.5), angles)
def test_rpy_there_and_back(roll: float, pitch: float, yaw: float) -> None:
    q = f.from_rpy([roll, pitch, yaw])
    assert f.angle(q, f.from_rpy(f.to_rpy(q))) < 1e-6


def test_rpy_is_about_fixed_axes_as_in_urdf() -> None:
    q = f.from_rpy([0.1, 0.2, 0.3])
    each = [f.from_rpy([0.1, 0, 0]), f.from_rpy([0, 0.2, 0]), f.from_rpy([0, 0, 0.3])]
    assert np.allclose(q, f.multiply(each[2], f.multiply(each[1], each[0])))
    assert np.allclose(f.rotate(f.from_rpy([0, 0, np.pi / 2]), [1, 0, 0]), [0, 1, 0])


@given(quaternions, quaternions, fractions)
def test_slerp_divides_the_angle(q_AB: np.ndarray, q_AC: np.ndarray, fraction: float) -> None:
    whole = f.angle(q_AB, q_AC)
    q = f.slerp(q_AB, q_AC, fraction)
    assert np.isclose(np.linalg.norm(q), 1.0)
    if whole < 3.1:  # at half a turn either way round is the shorter one
        assert np.isclose(f.angle(q_AB, q), fraction * whole, atol=1e-6)


@given(poses, poses)
def test_interpolation_ends_where_it_should(X_AB: np.ndarray, X_AC: np.ndarray) -> None:
    assert same_pose(f.interpolate(X_AB, X_AC, 0.0), X_AB)
    assert same_pose(f.interpolate(X_AB, X_AC, 1.0), X_AC)


@given(st.lists(poses, min_size=1, max_size=5), poses)
def test_many_at_once_is_each_alone(many: list[np.ndarray], one: np.ndarray) -> None:
    stacked = np.stack(many)
    assert np.allclose(f.compose(stacked, one), [f.compose(X, one) for X in many])
    assert np.allclose(f.inverse(stacked), [f.inverse(X) for X in many])
    assert np.allclose(f.to_matrix(stacked), [f.to_matrix(X) for X in many])
    assert np.allclose(f.from_matrix(f.to_matrix(stacked)), [f.from_matrix(f.to_matrix(X)) for X in many])
    steps = np.linspace(0, 1, len(many))
    assert np.allclose(
        f.interpolate(stacked, one, steps), [f.interpolate(X, one, s) for X, s in zip(many, steps, strict=True)]
    )


def test_identity_cannot_be_changed() -> None:
    with pytest.raises(ValueError):
        f.IDENTITY[0] = 1.0
