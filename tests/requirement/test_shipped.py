"""The shipped requirements on the shipped recording."""

from __future__ import annotations

import pytest

from twin.analysis.samples import RecordSamples
from twin.record import Record
from twin.requirement import judge, load_requirements
from twin.shipped import shipped

SETS = sorted(shipped("assets", "requirements").glob("*.yaml"))


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_the_shipped_swap_breaks_none(path) -> None:  # type: ignore[no-untyped-def]
    record = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    found = {j.name: j for j in judge(load_requirements(path), RecordSamples(record), record.start_ns)}
    assert not [name for name, judgement in found.items() if judgement.status in ("violated", "not_known")]
    assert sum(judgement.status == "held" for judgement in found.values()) >= 30
    # What a station without smoke detectors cannot tell is not passed in silence.
    assert found["smoke_stops_charge"].missing == ["rack.slot*.st_smoke"]
