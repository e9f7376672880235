"""Conditions over Records: where the log is silent nothing is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from twin.analysis.samples import RecordSamples, with_silence
from twin.formula import Evaluation, parse
from twin.record import Record, RecordWriter
from twin.shipped import shipped
from twin.signals import Signal, SignalTable

S = 1_000_000_000


def test_the_shipped_swap() -> None:
    record = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    evaluation = Evaluation(RecordSamples(record))
    locked = evaluation.truth(parse("all(bracket2.lock*.st_locked)")).sure
    unlocking, locking = (
        next(e.t_ns for e in record.events() if e.kind == "phase" and e.name == name) for name in ("unlock", "lock")
    )
    # Locked until they are unlocked, and again from the locking on.
    assert len(locked) == 2
    assert unlocking < locked.end[0] < locking < locked.start[1]
    # The plate carries a pack, but for the moments at which it is put down and another is fetched.
    carrying = evaluation.truth(parse("shuttle.plate.pv_load_n > 10 kN for 1 s")).sure
    assert not (carrying & evaluation.truth(parse("not shuttle.plate.st_pack_present")).sure).start.size


def test_silence_of_what_speaks_on_change_is_no_gap(tmp_path: Path) -> None:
    periodic = Signal("a.b.pv_x_m", unit="m", period_s=0.5)
    on_change = Signal("a.b.pv_y_m", unit="m")
    tables = {"x": SignalTable([periodic]), "y": SignalTable([on_change])}
    with RecordWriter(tmp_path / "log.mcap", metadata={}, tables=tables) as writer:
        for t_s in (0.0, 0.5, 1.0, 8.0, 8.5):
            writer.row("x", round(t_s * S), [1.0])
        for t_s in (0.0, 9.0):
            writer.row("y", round(t_s * S), [1.0])
    evaluation = Evaluation(RecordSamples(Record.open(tmp_path / "log.mcap"), 0, 9 * S))
    at = np.array([1.2, 1.6, 7.9, 8.2, 9.0]) * S
    assert evaluation.truth(parse("a.b.pv_x_m > 0")).at(at).tolist() == [1, -1, -1, 1, 1]
    assert evaluation.truth(parse("a.b.pv_y_m > 0")).at(at).tolist() == [1, 1, 1, 1, 1]


def test_silence_at_the_end() -> None:
    t_ns, values = with_silence(np.array([0, S]), np.array([1.0, 2.0]), S, 9 * S)
    assert t_ns.tolist() == [0, S, 2 * S]
    assert np.isnan(values[-1])
