"""A window of time as bytes: what is sent once, what is sent each time, and how exactly it comes back."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.playback.chunk import pack, pose_arrays, thin, unpack

ROOT = Path(__file__).parents[2]


def _poses(samples: int, frames: int) -> np.ndarray:
    X = np.zeros((samples, frames, 7))
    X[:, :, 6] = 1.0
    return X


def test_arrays_come_back() -> None:
    header, arrays = unpack(pack({"t0_ns": 5}, {"a": np.arange(3.0), "b": np.array([[1, 2], [3, -4]], np.int16)}))
    assert header["t0_ns"] == 5
    assert arrays["a"].tolist() == [0.0, 1.0, 2.0]
    assert arrays["b"].tolist() == [1, 2, 3, -4]


@given(st.text(max_size=30), st.lists(st.integers(0, 255), max_size=20), st.lists(st.floats(-9, 9), max_size=5))
def test_every_array_is_aligned(text: str, small: list[int], large: list[float]) -> None:
    data = pack({"text": text}, {"small": np.array(small, np.uint8), "large": np.array(large)})
    header, arrays = unpack(data)
    start = 8 + int.from_bytes(data[4:8], "little")
    assert header["text"] == text
    assert all((start + item["offset"]) % 8 == 0 for item in header["arrays"])
    assert arrays["large"].tolist() == large


def test_a_frame_at_rest_is_sent_once() -> None:
    X = _poses(100, 40)
    X[:, 0, 0] = np.linspace(0, 1, 100)
    angle = np.linspace(0, 1, 100)
    X[:, 1, 5], X[:, 1, 6] = np.sin(angle / 2), np.cos(angle / 2)
    arrays = pose_arrays(np.arange(100) * 20_000_000, X, 0)
    assert arrays["slides"].tolist() == [0]
    assert arrays["turns"].tolist() == [1]
    assert arrays["base"].shape == (40, 7)
    assert arrays["p"].shape == (100, 1, 3)


def test_forty_moving_frames_cost_less_than_1500_bytes_a_sample() -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(300, 40, 7))
    X[:, :, 3:] /= np.linalg.norm(X[:, :, 3:], axis=2, keepdims=True)
    data = pack({"t0_ns": 0}, pose_arrays(np.arange(300) * 33_333_333, X, 0))
    assert len(data) / 300 <= 1500


def test_neighbouring_quaternions_have_one_sign() -> None:
    X = _poses(4, 1)
    X[:, 0, 3:] = [[0, 0, 0.6, 0.8], [0, 0, -0.601, -0.799], [0, 0, 0.602, 0.798], [0, 0, -0.603, -0.797]]
    q = pose_arrays(np.arange(4) * 20_000_000, X, 0)["q"].reshape(4, 4)
    assert (q[:, 3] > 0).all()


def test_a_pose_that_is_missing_for_a_while_is_sent_as_missing() -> None:
    X = _poses(3, 1)
    X[1] = np.nan
    arrays = pose_arrays(np.arange(3) * 20_000_000, X, 0)
    assert np.isnan(arrays["p"].reshape(3, 3)[1]).all()


def test_nothing_recorded_is_an_empty_window() -> None:
    arrays = pose_arrays(np.zeros(0, np.int64), np.zeros((0, 5, 7)), 0)
    assert arrays["pose_t"].size == 0


def test_thinning_keeps_both_ends() -> None:
    t_ns = np.arange(101) * 20_000_000
    keep = thin(t_ns, 100_000_000)
    assert keep[0] == 0 and keep[-1] == 100
    assert np.diff(t_ns[keep]).max() <= 100_000_000
    assert thin(t_ns, 0).size == 101


def test_the_player_reads_what_the_server_packs(node: str, tmp_path: Path) -> None:
    t_ns = np.arange(51) * 20_000_000
    X = _poses(51, 2)
    X[:, 0, 0] = t_ns / 1e9
    angle = t_ns / 1e9
    X[:, 1, 5], X[:, 1, 6] = np.sin(angle / 2), np.cos(angle / 2)
    X[::2, 1, 3:] *= -1
    header = {"t0_ns": 7, "t1_ns": 10**9 + 7, "end_ns": 2 * 10**9, "finished": True, "frames": 2}
    (tmp_path / "chunk").write_bytes(pack(header, pose_arrays(t_ns + 7, X, 7)))
    script = f"""
import {{ readFileSync }} from "node:fs";
import {{ Window }} from "{(ROOT / "web/player/src/chunk.js").as_uri()}";
const window = new Window(new Uint8Array(readFileSync({json.dumps(str(tmp_path / "chunk"))})));
const out = new Float32Array(14);
window.poses(7 + 0.531e9, out);
console.log(JSON.stringify([...out]));
"""
    (tmp_path / "read.mjs").write_text(script)
    done = subprocess.run([node, tmp_path / "read.mjs"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    pose = json.loads(done.stdout)
    assert pose[0] == pytest.approx(0.531, abs=1e-5)
    assert abs(pose[12]) == pytest.approx(np.sin(0.531 / 2), abs=1e-4)
    assert abs(pose[13]) == pytest.approx(np.cos(0.531 / 2), abs=1e-4)
