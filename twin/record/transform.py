"""All frames of one scan as one ``foxglove.FrameTransforms`` message of fixed length.

Timestamps are varints padded to five bytes (the wire format allows it), so the length never changes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from twin.errors import InputError
from twin.record import wire
from twin.record.model import Frame

_NS = 1_000_000_000
_TIME_BYTES = 12  # two tags of one byte, two varints of five
_STEP = 9  # a tag and a double
_TO_ROTATION = 3 * _STEP + 2  # from the first number of a translation to the first of the rotation after it
_X_TRANSLATION, _X_ROTATION = slice(0, 3), slice(3, 7)


class TransformLayout:
    """How the poses of a Record's frames are written.

    Raises:
        InputError: a frame is declared twice, or is its own parent.
    """

    topic = "/tf"
    schema_name = "foxglove.FrameTransforms"

    def __init__(self, frames: Sequence[Frame]) -> None:
        self.frames = list(frames)
        names = [frame.name for frame in self.frames]
        for frame in self.frames:
            if names.count(frame.name) > 1 or frame.name == frame.parent:
                raise InputError(key=frame.name, expected="one frame of this name, with another parent", got=frame)
        # Where in a record each frame's time, translation and rotation stand.
        self.time_at: list[int] = []
        self.values_at: list[int] = []
        out = bytearray()
        for frame in self.frames:
            head = wire.delimited(1, b"\x08" + bytes(5) + b"\x10" + bytes(5))
            names_part = wire.delimited(2, frame.parent.encode()) + wire.delimited(3, frame.name.encode())
            translation = wire.delimited(4, b"".join(wire.tag(i, 1) + bytes(8) for i in (1, 2, 3)))
            rotation = wire.delimited(5, b"".join(wire.tag(i, 1) + bytes(8) for i in (1, 2, 3, 4)))
            body = head + names_part + translation + rotation
            entry = wire.delimited(1, body)
            start = wire.HEADER_BYTES + len(out) + len(entry) - len(body)
            self.time_at.append(start + 2)
            self.values_at.append(start + len(head) + len(names_part) + 3)
            out += entry
        self.template = bytes(out)
        steps = [*range(0, 3 * _STEP, _STEP), *range(_TO_ROTATION, _TO_ROTATION + 4 * _STEP, _STEP)]
        self._numbers = wire.Gather("<f8", [at + step for at in self.values_at for step in steps])

    @property
    def record_bytes(self) -> int:
        """Length of one message record."""
        return wire.HEADER_BYTES + len(self.template)

    def decode(self, records: wire.Bytes2D) -> npt.NDArray[np.float64]:
        """Poses (n, F, 7) of message records."""
        return self._numbers(records).reshape(len(records), len(self.frames), 7)


class TransformEncoder:
    """Makes message records of poses, at most *capacity* at once; the result is overwritten by the next call."""

    def __init__(self, layout: TransformLayout, channel_id: int, capacity: int) -> None:
        self._sheet = wire.Sheet(channel_id, layout.template, capacity)
        records = self._sheet.records
        self._times = [wire.column(records, f"V{_TIME_BYTES}", at) for at in layout.time_at]
        self._translations = [wire.column(records, "<f8", at, 3, _STEP) for at in layout.values_at]
        self._rotations = [wire.column(records, "<f8", at + _TO_ROTATION, 4, _STEP) for at in layout.values_at]

    def encode(
        self, t_ns: npt.NDArray[np.int64], sequence: npt.NDArray[np.integer], poses: npt.NDArray[np.float64]
    ) -> wire.Bytes2D:
        """Message records of *poses* (n, F, 7: x y z qx qy qz qw), as a byte matrix (n, record_bytes)."""
        count = len(t_ns)
        time = _timestamps(t_ns)
        for index, view in enumerate(self._times):
            view[:count] = time
            self._translations[index][:count] = poses[:, index, _X_TRANSLATION]
            self._rotations[index][:count] = poses[:, index, _X_ROTATION]
        return self._sheet.stamp(t_ns, t_ns, sequence)


def _timestamps(t_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.void]:
    """``google.protobuf.Timestamp`` bodies of fixed length, shape (n,), 12 bytes each."""
    out = np.empty((len(t_ns), _TIME_BYTES), dtype=np.uint8)
    for tag_at, tag, value in ((0, 0x08, t_ns // _NS), (6, 0x10, t_ns % _NS)):
        out[:, tag_at] = tag
        for position in range(5):
            more = 0x80 if position < 4 else 0
            out[:, tag_at + 1 + position] = value >> (7 * position) & 0x7F | more
    return out.view(f"V{_TIME_BYTES}")[:, 0]
