"""The clock of a stream against the others': what is added to its stamps to get the Record's time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Correction:
    """t + ``offset_s`` + ``drift_ppm`` · 1e-6 · (t − origin), where the origin is the stream's first sample.

    Args:
        by: who says so: the map, the command, or an estimate that was accepted.
    """

    offset_s: float = 0.0
    drift_ppm: float = 0.0
    by: Literal["map", "command", "estimate"] = "map"

    @property
    def changes(self) -> bool:
        """Whether it does anything."""
        return self.offset_s != 0.0 or self.drift_ppm != 0.0

    def apply(self, t_ns: Times, origin_ns: int) -> Times:
        """The Record's time of stamps; their order stays."""
        if not self.changes:
            return t_ns
        shifted: Times = t_ns + round(self.offset_s * 1e9)
        if self.drift_ppm:
            shifted += np.rint((t_ns - origin_ns) * (self.drift_ppm * 1e-6)).astype(np.int64)
        return shifted
