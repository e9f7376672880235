"""Margins: by how much a limit could be tightened before its rule would be broken."""

from __future__ import annotations

import pytest

from tests.requirement.test_traces import Trace
from twin.formula import Evaluation, Formula, parse
from twin.requirement import margins

S = 1_000_000_000
LOG = {
    "shuttle.plate.pv_load_n": {0: 0, 5: 12_000, 9: 14_000, 12: 0},
    "shuttle.lift.pv_speed_m_s": {0: 0, 5: -0.03, 9: 0.02, 12: 0},
    "shuttle.lock_driver.cmd_unlock": {0: 0, 5: 1, 20: 0},
    "bracket1.lock1.st_released": {0: 0, 8: 1},
}


def left(when: str, then: str) -> list[tuple[float, float, str]]:
    rule = Formula("implies", (parse(when), parse(then)))
    found = margins(rule, Evaluation(Trace(LOG)), 0, 30 * S)
    return [(round(m.limit, 6), round(m.left, 4), m.unit) for m in found]


@pytest.mark.parametrize(
    ("when", "then", "expected"),
    [
        ("true", "shuttle.plate.pv_load_n <= 20 kN", [(20, 6, "kN")]),
        # Only while it matters.
        ("shuttle.lift.pv_speed_m_s < -10 mm/s", "shuttle.plate.pv_load_n <= 20 kN", [(20, 8, "kN")]),
        ("true", "20 kN >= shuttle.plate.pv_load_n", [(20, 6, "kN")]),
        ("true", "not shuttle.plate.pv_load_n > 20 kN", [(20, 6, "kN")]),
        ("true", "abs(shuttle.lift.pv_speed_m_s) < 50 mm/s", [(50, 20, "mm/s")]),
        ("true", "shuttle.lift.pv_speed_m_s between -40 mm/s and 90 mm/s", [(-40, 10, "mm/s"), (90, 70, "mm/s")]),
        ("rises(shuttle.lock_driver.cmd_unlock)", "bracket1.lock1.st_released within 8 s", [(8, 5, "s")]),
        ("shuttle.lock_driver.cmd_unlock for 8 s", "bracket1.lock1.st_released", []),
    ],
)
def test_margin(when: str, then: str, expected: list[tuple[float, float, str]]) -> None:
    assert left(when, then) == expected


def test_a_limit_that_cannot_matter_has_no_margin() -> None:
    assert left("shuttle.plate.pv_load_n > 50 kN", "shuttle.lift.pv_speed_m_s < 1 mm/s") == []
