"""What stands where: from an instant on, a frame stands still in another. Worked out once, from the whole log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from twin.motion.known import MEASURED, Known
from twin.motion.source import Pose

ATTACHMENT = "holds.json"


@dataclass(frozen=True)
class Hold:
    """From ``t_ns`` on, until the frame's next hold.

    Args:
        holder: the frame it stands in; empty for the one it hangs on.
        X: its pose there; None when it is not in the station: that is known, and it is not drawn.
        state, m, rad: how well that is known.
        place: what the place is called. serial: of a pack, as far as it is known at any time. doubt: what speaks
            against it.
    """

    frame: str
    t_ns: int
    holder: str = ""
    X: Pose | None = None
    state: int = MEASURED
    m: float = 0.0
    rad: float = 0.0
    place: str = ""
    serial: str = ""
    doubt: str = ""


class Holds:
    """The holds of one frame in the order of time; it is nowhere before the first."""

    def __init__(self, holds: Sequence[Hold]) -> None:
        self.holds = sorted(holds, key=lambda hold: hold.t_ns)
        self.t_ns = np.array([hold.t_ns for hold in self.holds], dtype=np.int64)
        self.X = np.array([hold.X or (np.nan,) * 7 for hold in self.holds]).reshape(-1, 7)
        self.known = Known.of([(hold.t_ns, hold.state, hold.m, hold.rad) for hold in self.holds])
        #: 1 while the frame is in the station, 0 while it is not.
        self.there = Known.of([(hold.t_ns, int(hold.X is not None), 0.0, 0.0) for hold in self.holds])


def to_json(holds: Sequence[Hold]) -> bytes:
    """As they travel in a Record: rows, without what is as it is by default."""
    default = asdict(Hold("", 0))
    rows = [{k: v for k, v in asdict(hold).items() if v != default[k]} for hold in holds]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes) -> list[Hold]:
    """The inverse of :func:`to_json`."""
    return [Hold(**{"t_ns": 0, **row, "X": tuple(row["X"]) if row.get("X") else None}) for row in json.loads(data)]
