"""A swap of a plant that the rebuild does not know, as one log of it: what broke is found, and the log reproduced."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.rebuild import case, log_of, measure
from twin.rebuild import match, situations
from twin.record import Record
from twin.shipped import shipped

#: A lock that does not open: the shortest of the cases.
SEED = 106


@pytest.mark.sim
@pytest.mark.slow
def test_a_stuck_lock_is_rebuilt_and_its_log_reproduced(tmp_path: Path) -> None:
    assert case(SEED)[0] == "lock stuck"
    log = Record.open(log_of(SEED, tmp_path))
    signals = {signal.kind for signal in log.signals}
    assert "gt" not in signals and "par" not in signals and "scenario.yaml" not in log.attachments
    found = measure(SEED, tmp_path, shipped("assets", "recordings", "nominal_swap.mcap"))
    assert found.happened == "1/1" and found.packs == "5/5"
    # The sensor's bias may be 3 mm, its noise as much again; the truck gives on springs that nobody knows.
    assert found.mm < 8.0 and found.deg < 0.2
    assert found.enough, found.text
    assert found.other_enough is False, "a swap that goes through is no match for one that does not"
    (situation,) = situations(log)
    early = match(log, Record.open(tmp_path / f"{SEED}" / "again.mcap"), situation.start_ns, end_ns=situation.end_ns)
    assert not early.enough
