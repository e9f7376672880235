"""Phases that were found beside what they really were; the whole table is `python -m benchmarks phases`."""

from __future__ import annotations

import pytest

from benchmarks.phase_labels import labels
from benchmarks.phases import judge, logs
from twin.analysis.phase_table import load_phase_table
from twin.record import Record
from twin.shipped import shipped


@pytest.mark.slow
def test_one_swap_logged_in_every_way() -> None:
    record = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    table = load_phase_table(shipped("assets", "stations", "chassis_swap", "phases.yaml"))
    truth = labels(record)
    assert [label.phase for label in truth] == [*table.phases, "end"]
    for kind, log in logs(record, 7):
        score = judge(log, truth, table)
        assert score.f1 >= 0.97, f"{kind}: {score.wrong}"
