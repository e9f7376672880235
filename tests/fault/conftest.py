"""One swap, run once, to whose instants all tests of this room go back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fault.station import INSTANTS, Stage
from twin.scenario import load_scenario

#: The truck is built with its debris, so the scenario must name it; it falls long after the end of these tests.
_DEBRIS = "events=[{at: {time_s: 800}, do: {fault: {name: seat_debris, target: bracket2.cone1}}}]"


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    pytest.importorskip("pybullet")
    stage = Stage(load_scenario("nominal_swap", ["inventory.rack.slot4.serial=QJ75-0009", _DEBRIS]), INSTANTS)
    yield stage
    stage.run.close()
