"""The shipped requirements on the shipped recording."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from twin.analysis.samples import RecordSamples
from twin.record import Record
from twin.requirement import judge, load_requirements
from twin.shipped import shipped
from twin.signals import Signal

#: Of each set, how many rules speak of what comes in a swap that goes well.
HELD = {"alarms": 1, "chassis_swap": 33, "interlocks": 47, "modes": 5}
SETS = sorted(shipped("assets", "requirements").glob("*.yaml"))


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_the_shipped_swap_breaks_none(path) -> None:  # type: ignore[no-untyped-def]
    record = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    found = {j.name: j for j in judge(load_requirements(path), RecordSamples(record), record.start_ns)}
    assert not [name for name, judgement in found.items() if judgement.status in ("violated", "not_known")]
    # What came in a swap that goes well was judged; what did not is not passed in silence.
    assert sum(judgement.status == "held" for judgement in found.values()) >= HELD[path.stem]


class WithoutSmoke(RecordSamples):
    """A station whose slots have no smoke detectors."""

    @property
    def signals(self) -> Mapping[str, Signal]:
        return {name: signal for name, signal in super().signals.items() if not name.endswith(".st_smoke")}


def test_what_a_station_without_smoke_detectors_cannot_tell_is_said() -> None:
    record = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    rules = load_requirements(shipped("assets", "requirements", "chassis_swap.yaml"))
    found = {j.name: j for j in judge(rules, WithoutSmoke(record), record.start_ns)}
    assert found["smoke_stops_charge"].missing == ["rack.slot*.st_smoke"]
