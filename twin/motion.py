"""From the signals of a log to moving machines: joint positions by what drives them, poses by forward kinematics.

A log says where an axis was at some instants. Between two that follow each other as the axis is logged, the joint is
taken to have moved evenly; over a gap it is not known, and stands where it was last seen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin import frames
from twin.errors import RecordError
from twin.kinematics import Chain
from twin.record import Record
from twin.scene import Machine, Scene

ATTACHMENT = "motion.json"
NS = 1_000_000_000
#: Samples farther apart than this many periods have a gap between them.
GAP_PERIODS = 3.0

Times = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class JointSource:
    """What moves a joint: it stands at ``scale`` · signal + ``offset``.

    ``period_s`` is how often the signal is logged; None when it is logged on change, and then stands until the next.
    """

    joint: str
    signal: str
    scale: float = 1.0
    offset: float = 0.0
    period_s: float | None = None


@dataclass(frozen=True)
class MachineSource:
    """A machine: its URDF as text, where its root stands in W, and where its file was, for its meshes."""

    name: str
    urdf: str
    X_WR: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    path: str = ""


class Motion:
    """The machines of a Record without poses, and what moves them.

    Raises:
        RecordError: a joint is of no machine.
    """

    def __init__(self, machines: Sequence[MachineSource], joints: Sequence[JointSource]) -> None:
        self.machines, self.joints = list(machines), list(joints)
        chains = {
            machine.name: Chain(Path(machine.path or f"{machine.name}.urdf"), machine.urdf) for machine in machines
        }
        offsets = {
            f"{name}.{link.driver}": -1
            for name, chain in chains.items()
            for link in chain.links.values()
            if link.movable
        }
        for index, joint in enumerate(joints):
            if joint.joint not in offsets:
                raise RecordError(f"{joint.joint}: expected a joint of {', '.join(offsets) or 'a machine'}")
            offsets[joint.joint] = index
        # Joints that nothing moves stand at zero: the last place of a row.
        places = {name: index if index >= 0 else len(joints) for name, index in offsets.items()}
        drawn = [Machine(m.name, chains[m.name], frames.join(m.X_WR[:3], m.X_WR[3:])) for m in machines]
        self.scene = Scene(drawn, [], {}, places)
        self._firsts: dict[str, float] = {}

    @property
    def reach_ns(self) -> int:
        """As far after an instant the next sample may be without a gap."""
        return max((round(GAP_PERIODS * joint.period_s * 1e9) for joint in self.joints if joint.period_s), default=0)

    def to_json(self) -> bytes:
        """As it travels in a Record; where files were is of no use to others."""
        machines = [{**asdict(machine), "path": ""} for machine in self.machines]
        joints = [asdict(joint) for joint in self.joints]
        return json.dumps({"machines": machines, "joints": joints}, ensure_ascii=False).encode()

    @classmethod
    def of(cls, record: Record) -> Motion | None:
        """The motion that a Record carries, or None when it carries poses or nothing."""
        if ATTACHMENT not in record.attachments:
            return None
        data = json.loads(record.attachment(ATTACHMENT))
        return cls([MachineSource(**m) for m in data["machines"]], [JointSource(**j) for j in data["joints"]])

    def poses(self, record: Record, t0_ns: int, t1_ns: int, *, before: bool = False) -> tuple[Times, Array]:
        """Poses at the window's start and where a joint was logged: times (n,), poses (n, F, 7) as ``Record.poses``.

        Before its first sample a joint is shown where that sample has it.
        """
        series = [self._series(record, joint, t0_ns, t1_ns) for joint in self.joints]
        if not series:
            return np.empty(0, dtype=np.int64), np.empty((0, len(self.scene.frames), 7))
        seen = np.unique(np.concatenate([[t0_ns], *(t for t, _ in series)]))
        inside = seen[(seen >= t0_ns) & (seen <= t1_ns)]
        earlier = seen[seen < t0_ns]
        t_ns = np.concatenate([earlier[-1:], inside]) if before else inside
        rows = np.zeros((len(t_ns), len(self.joints) + 1))
        for index, (joint, (t, q)) in enumerate(zip(self.joints, series, strict=True)):
            positions, state = positions_at(t_ns, t, q, joint.period_s)
            rows[:, index] = (
                np.where(state == 2, self._first(record, joint), positions) if (state == 2).any() else positions
            )
        return t_ns, self.scene.poses(rows)

    def certainty(self, record: Record, t0_ns: int, t1_ns: int) -> dict[str, tuple[Times, npt.NDArray[np.int8]]]:
        """By joint, from when on it is measured (0), held over a gap (1) or not known (2)."""
        found = {}
        for joint in self.joints:
            t, q = self._series(record, joint, t0_ns, t1_ns)
            edges = np.unique(np.clip(np.concatenate([[t0_ns], t, t + 1]), t0_ns, t1_ns))
            state = positions_at(edges, t, q, joint.period_s)[1]
            keep = np.concatenate([[True], state[1:] != state[:-1]])
            found[joint.joint] = (edges[keep], state[keep])
        return found

    def _first(self, record: Record, joint: JointSource) -> float:
        """The joint's first known position, 0 when there is none."""
        if joint.joint not in self._firsts:
            end_ns, reach_ns = record.end_ns, 10 * NS
            values = np.empty(0)
            while not len(values) and reach_ns < 8 * max(end_ns, NS):
                values = self._series(record, joint, 0, min(reach_ns, end_ns))[1]
                reach_ns *= 8
            self._firsts[joint.joint] = float(values[0]) if len(values) else 0.0
        return self._firsts[joint.joint]

    def _series(self, record: Record, joint: JointSource, t0_ns: int, t1_ns: int) -> tuple[Times, Array]:
        """The samples in a window and one on either side."""
        reach_ns = 0 if joint.period_s is None else round(GAP_PERIODS * joint.period_s * 1e9)
        t, v = record.signal(joint.signal, t0_ns, t1_ns + reach_ns, before=True)
        known = ~np.isnan(v)
        return t[known], v[known] * joint.scale + joint.offset


def positions_at(t_ns: Times, t: Times, q: Array, period_s: float | None) -> tuple[Array, npt.NDArray[np.int8]]:
    """Positions at instants from samples (t, q), and how certain: 0 measured, 1 held over a gap, 2 not known."""
    if not len(t):
        return np.zeros(len(t_ns)), np.full(len(t_ns), 2, dtype=np.int8)
    after = np.searchsorted(t, t_ns, side="left")
    exact = (after < len(t)) & (t[np.minimum(after, len(t) - 1)] == t_ns)
    i = np.where(exact, after, after - 1)
    known = i >= 0
    i, j = np.clip(i, 0, len(t) - 1), np.clip(after, 0, len(t) - 1)
    state = np.where(known, 0, 2).astype(np.int8)
    if period_s is None:
        return q[i], state
    dt = t[j] - t[i]
    close = (dt > 0) & (dt <= GAP_PERIODS * period_s * 1e9)
    share = np.where(close, (t_ns - t[i]) / np.where(dt > 0, dt, 1), 0.0)
    state[known & ~exact & ~close] = 1
    return q[i] + share * (q[j] - q[i]), state
