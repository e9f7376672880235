"""A replay beside a coarse log: every output that both have, what it may be off by, and until when they agree."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from twin.analysis.compared import shipped_rules
from twin.analysis.samples import RecordSamples
from twin.formula import Intervals
from twin.record import Record
from twin.replay.coarse import Course, Said, off_where, sampled_differences
from twin.replay.difference import STATES, Difference
from twin.replay.horizon import Horizon, told_horizon
from twin.replay.looks import look_periods
from twin.replay.model import Replay
from twin.replay.motion import contradicted

BY_SAMPLES, BY_MOTION = "the recorded commands as they were sampled", "the recorded motion"


class BesideSamples:
    """Compares one replay with the samples of its log."""

    def __init__(self, record: Record, replay: Replay) -> None:
        self.record, self.replay = record, replay
        self.rules = shipped_rules()
        self.end_ns = int(replay.t_ns[-1]) + 1 if len(replay.t_ns) else 0
        recorded = {signal.name: signal for signal in record.signals}
        # What a controller only shows of its insides is no sign of what it does, and a coarse log may not have it.
        names = [
            signal.name for signal in replay.outputs
            if signal.name in recorded and (signal.kind != "seq" or signal.field in STATES)
        ]  # fmt: skip
        self.not_compared = [name for name in replay.outputs.names if name not in recorded]
        self._samples = RecordSamples(record, int(replay.t_ns[0]) if len(replay.t_ns) else 0, self.end_ns)
        self._samples.load(names)
        self._looks = look_periods(record, [recorded[name] for name in names])
        self._columns = {name: column for column, name in enumerate(replay.outputs.names)}
        self.said = {name: self._said(name) for name in names}

    def _said(self, name: str) -> Said:
        signal = self.replay.outputs[name]
        t_ns, values = self._samples.series(name)
        theirs = self.record.signals[name].labels
        if signal.labels and theirs and theirs != signal.labels:
            numbers = {label: float(number) for number, label in signal.labels.items()}
            values = np.array([numbers.get(theirs.get(int(v), ""), -1.0 - v) if v == v else v for v in values.tolist()])
        return Said(signal, t_ns, values, self._looks[name], self.end_ns)

    def course(self, name: str) -> Course:
        return Course(self.replay.t_ns, self.replay.values[:, self._columns[name]], self.end_ns)

    @cached_property
    def off(self) -> dict[str, Intervals]:
        """Where each output surely differs, while the controller is judged."""
        engaged = self.replay.engaged
        found = {}
        for name, said in self.said.items():
            # It acts when the log has looked at an input, which is a while after the input changed.
            off = off_where(said, self.course(name), self.replay.tolerance_ns, self.rules) & engaged
            move = f"{said.signal.device}.cmd_move"
            if said.signal.kind == "sp" and move in self._columns:
                # A set point reaches the plant while its axis is told to move.
                off = off & self.course(move).where(1.0)
            if len(off):
                found[name] = off
        return found

    def _begun(self, name: str, seen_ns: int) -> int:
        """Since when a difference may reach the plant: a move that does not end as recorded, or a step that is not
        left as recorded, may have had another aim from its begin."""
        field = self.replay.outputs[name].field
        course = self.course(name)
        if field == "seq_step" or (field == "cmd_move" and course.at(seen_ns)):
            begun = course.last_change(seen_ns)
            return seen_ns if begun is None else begun
        return seen_ns

    def differences(self, name: str) -> list[Difference]:
        """Of one output."""
        off = self.off.get(name)
        return [] if off is None else sampled_differences(self.said[name], self.course(name), off)

    def horizon(self) -> Horizon:
        """When a command first surely differs, or the plant moves as it was not told to; as early as that may be."""
        start_ns = int(self.replay.t_ns[0]) if len(self.replay.t_ns) else 0
        found = told_horizon(None, "", BY_SAMPLES)
        for name, off in self.off.items():
            signal = self.replay.outputs[name]
            if signal.kind not in ("cmd", "sp") and signal.field != "seq_step":
                continue
            # A coarse log may lack a short command: a step that has it is as good.
            seen_ns = int(off.start[0])
            at_ns = max(self._begun(name, seen_ns) - self._looks[name] - self.replay.tolerance_ns, start_ns)
            if found.t_ns is None or at_ns < found.t_ns:
                found = told_horizon(at_ns, name, BY_SAMPLES, seen_ns)
        for name, seen_ns in contradicted(self.record, self.replay):
            at_ns = max(seen_ns - self.replay.tolerance_ns, start_ns)
            if found.t_ns is None or at_ns < found.t_ns:
                found = told_horizon(at_ns, name, BY_MOTION, seen_ns)
        return found
