"""The binary chunk: a window of time as the player receives it.

Layout, little endian: the four bytes ``STC1``, the length of the header as uint32, a JSON header padded with
spaces so that what follows starts at a multiple of 8, then the arrays, each starting at a multiple of 8. The
header's ``arrays`` say name, dtype, offset from the start of the chunk and length of each; whatever else stands
in it is small. ``docs/viewer.md`` lists the arrays of a window.

A frame that stands still in the window is sent once. One that only slides sends positions, one that only turns
sends quaternions: at 40 moving frames that is at most 800 bytes a sample.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from twin.motion import Known

MAGIC = b"STC1"
#: Quaternion components travel as int16 of this many steps: 0.06 mm at 2 m.
QUATERNION_STEPS = 32767
#: Smaller changes than these are not seen: they are sent as standing still.
STILL_M = 2e-6
STILL_QUATERNION = 2e-6

_DTYPES = {"f8": "float64", "f4": "float32", "i2": "int16", "u2": "uint16", "u1": "uint8"}

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]


def pack(header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Header and named arrays as one chunk.

    Args:
        header: JSON-ready data; the key ``arrays`` is added.
        arrays: one-dimensional or flattened on the way, of a dtype in :data:`_DTYPES`.
    """
    listing: list[dict[str, Any]] = []
    parts: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array)
        dtype = _DTYPES[data.dtype.str[1:]]
        listing.append({"name": name, "dtype": dtype, "offset": offset, "length": int(data.size)})
        raw = data.tobytes()
        padding = -len(raw) % 8
        parts += [raw, b"\0" * padding]
        offset += len(raw) + padding
    text = json.dumps({**header, "arrays": listing}, separators=(",", ":"), ensure_ascii=True).encode()
    text += b" " * (-(len(MAGIC) + 4 + len(text)) % 8)
    return b"".join([MAGIC, len(text).to_bytes(4, "little"), text, *parts])


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """The inverse of :func:`pack`, for tests and scripted clients. Arrays come back flat."""
    if data[:4] != MAGIC:
        raise ValueError(f"a chunk starts with {MAGIC!r}, this one with {data[:4]!r}")
    start = 8 + int.from_bytes(data[4:8], "little")
    header = json.loads(data[8:start])
    arrays = {
        item["name"]: np.frombuffer(data, item["dtype"], item["length"], start + item["offset"])
        for item in header["arrays"]
    }
    return header, arrays


def thin(t_ns: Times, step_ns: int) -> npt.NDArray[np.intp]:
    """Indices of the samples to send so that two neighbours are about `step_ns` apart; first and last stay."""
    if step_ns <= 0 or len(t_ns) < 3:
        return np.arange(len(t_ns))
    bins = (t_ns - t_ns[0]) // step_ns
    keep = np.flatnonzero(np.diff(bins, prepend=-1) > 0)
    if keep[-1] != len(t_ns) - 1:
        keep = np.append(keep, len(t_ns) - 1)
    return keep


def certainty_arrays(known: Sequence[Known], t0_ns: int) -> dict[str, npt.NDArray[Any]]:
    """How well each frame is known in a window, as arrays of a chunk: rows by frame, then by time.

    Args:
        known: of every frame in order, the first row as it stands at the window's start.
        t0_ns: start of the window; times are sent relative to it.
    """
    counts = [len(part.t_ns) for part in known]
    t_ns = np.concatenate([part.t_ns for part in known])
    return {
        "known_frame": np.repeat(np.arange(len(known)), counts).astype(np.uint16),
        "known_t": (t_ns - t0_ns).astype(np.float64),
        "known_state": np.concatenate([part.state for part in known]).astype(np.uint8),
        "known_m": np.concatenate([part.m for part in known]).astype(np.float32),
        "known_rad": np.concatenate([part.rad for part in known]).astype(np.float32),
    }


def pose_arrays(t_ns: Times, X: Floats, t0_ns: int) -> dict[str, npt.NDArray[Any]]:
    """Poses of a window as arrays of a chunk.

    Args:
        t_ns: times, shape (n,).
        X: parent-relative poses x y z qx qy qz qw, metres, shape (n, F, 7); NaN means the frame has none.
        t0_ns: start of the window; times are sent relative to it.
    """
    frames = X.shape[1] if X.ndim == 3 else 0
    if len(t_ns) == 0 or frames == 0:
        return {"pose_t": np.zeros(0), "base": np.zeros(0, np.float32)}
    with np.errstate(invalid="ignore"):
        # Of a frame that is nowhere in the whole window this is NaN, without a word.
        spread = np.fmax.reduce(X, axis=0) - np.fmin.reduce(X, axis=0) if len(t_ns) > 1 else np.zeros(X.shape[1:])
    lost = np.isnan(X[:, :, 0])
    gappy = lost.any(axis=0) & ~lost.all(axis=0)
    slides = (spread[:, :3] > STILL_M).any(axis=1) | gappy
    turns = (spread[:, 3:] > STILL_QUATERNION).any(axis=1)
    q = X[:, turns, 3:]
    # q and -q are one rotation; neighbours of one sign let the player interpolate without looking.
    flips = np.cumsum((q[1:] * q[:-1]).sum(axis=2) < 0, axis=0) % 2
    signed = np.nan_to_num(q.copy())
    signed[1:][flips == 1] *= -1
    return {
        "pose_t": (t_ns - t0_ns).astype(np.float64),
        "base": X[0].astype(np.float32),
        "slides": np.flatnonzero(slides).astype(np.uint16),
        "turns": np.flatnonzero(turns).astype(np.uint16),
        "p": X[:, slides, :3].astype(np.float32),
        "q": np.rint(signed * QUATERNION_STEPS).clip(-QUATERNION_STEPS, QUATERNION_STEPS).astype(np.int16),
    }
