"""What came of a controller on a log's inputs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from twin.formula import Intervals
from twin.replay.rule import InputRule
from twin.signals import SignalTable

FROM_START, TAKEN_UP, WARMED_UP = "from the start", "seq_ values", "warm-up from Idle"


def _nowhere() -> Intervals:
    return Intervals.of([], [])


@dataclass
class Replay:
    """One stretch of a log, a whole log or one swap of it, through one controller.

    Args:
        t_ns: (n,) times of the scans, on the log's time axis.
        outputs: the controller's outputs. values: (n, k), what it wrote, a column a signal in the table's order.
        inputs: how each input was filled.
        engaged: where the controller may be judged: from where it first agreed with the log, on inputs that are known.
        how: how it was brought to agree: ``from the start``, ``seq_ values`` or ``warm-up from Idle``; empty: not at
            all, and nothing was driven.
        verdict: what ended it early (it raised, it wrote no number), with the instant; the outputs end there. Empty:
            it went through.
        agreed: where it was in the log's state and step, within ``tolerance_ns``; a controller that is to differ
            does not always.
        taken_up_ns: when it was brought to the log's step; what it remembered before is gone. Empty: it went on from
            power on, or from the stretch before.
        tolerance_ns: how far two instants of this replay and its log may be apart and still be the same.
        given: inputs that hung on the controller's own set points, (n,) each, as it got them.
        agrees_by: the outputs by which agreement was told. site: where settings and scan period come from.
    """

    t_ns: npt.NDArray[np.int64]
    outputs: SignalTable
    values: npt.NDArray[np.float64]
    inputs: list[InputRule]
    engaged: Intervals
    how: str
    verdict: str = ""
    agreed: Intervals = field(default_factory=_nowhere)
    taken_up_ns: list[int] = field(default_factory=list)
    tolerance_ns: int = 0
    agrees_by: list[str] = field(default_factory=list)
    given: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    site: str = ""

    def since(self, t0_ns: int) -> Replay:
        """Its end, from an instant on."""
        kept = int(np.searchsorted(self.t_ns, t0_ns))
        last_ns = int(self.t_ns[-1]) + 1 if len(self.t_ns) else t0_ns
        engaged, agreed = (spans.clipped(t0_ns, max(last_ns, t0_ns)) for spans in (self.engaged, self.agreed))
        return replace(
            self, t_ns=self.t_ns[kept:], values=self.values[kept:], engaged=engaged, agreed=agreed,
            given={name: values[kept:] for name, values in self.given.items()},
        )  # fmt: skip

    def until(self, t1_ns: int) -> Replay:
        """Its begin, up to an instant, inclusive."""
        kept = int(np.searchsorted(self.t_ns, t1_ns, side="right"))
        first_ns = int(self.t_ns[0]) if len(self.t_ns) else t1_ns
        engaged, agreed = (spans.clipped(first_ns, max(t1_ns + 1, first_ns)) for spans in (self.engaged, self.agreed))
        return replace(
            self, t_ns=self.t_ns[:kept], values=self.values[:kept], engaged=engaged, agreed=agreed,
            taken_up_ns=[t_ns for t_ns in self.taken_up_ns if t_ns <= t1_ns],
            given={name: values[:kept] for name, values in self.given.items()},
        )  # fmt: skip
