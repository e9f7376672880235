"""A plant's log without an old controller: what it leaves open is not held against the new one, what is wrong is."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.plant_log import Run
from tests.replay.said_again import SHIPPED
from tests.replay.test_plant_log import imported
from twin.control.station import StationController
from twin.program import Program
from twin.record import Record
from twin.requirement import shipped_requirements
from twin.signals import Image
from twin.validation.case import Case
from twin.validation.open_case import open_case
from twin.validation.result import CaseResult
from twin.validation.task import Task

pytestmark = pytest.mark.slow


class AlwaysLetsGo(StationController):
    """The interlock of the truck's release is left out."""

    def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
        super().scan(t_ns, inputs, outputs)
        outputs.set("truck.interface.ilk_release", True)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Locks are looked at later than the pack that they hold: as they stand in it, it is there and not locked."""
    folder = tmp_path_factory.mktemp("plant")
    imported(Run.of(Record.open(SHIPPED)), folder, 39, mid_swap=False)
    return folder / "log.mcap"


def broken(log: Path, new: Program) -> tuple[set[str], CaseResult]:
    found = open_case(Task(Case("plant", "log", log), new, None, ("open",), shipped_requirements()), log)
    return {one.key for one in found.findings if one.wrong and one.counts}, found


def test_the_unchanged_controller_is_not_called_wrong(log: Path) -> None:
    wrong, found = broken(log, Program())
    assert wrong == set()
    status = {rule.name: rule.status for rule in found.requirements}
    assert status["release_permitted"] == "not_known"
    assert sum(one == "held" for one in status.values()) > 70


def test_a_missing_interlock_is(log: Path) -> None:
    wrong, _ = broken(log, Program("tests.validation.test_plant_log:AlwaysLetsGo"))
    assert "rule:release_permitted" in wrong
