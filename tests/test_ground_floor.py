"""Units, clock and where the shipped data is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin import clock, units
from twin.errors import InputError
from twin.shipped import find_scenario, scenario_paths, shipped


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("offset_y_mm", "mm"),
        ("speed_m_s", "m/s"),
        ("limit_m_s2", "m/s²"),
        ("soc_frac", ""),
        ("serial", ""),
        ("yaw_deg", "°"),
    ],
)
def test_a_name_says_its_unit(name: str, symbol: str) -> None:
    assert units.symbol_of(name) == symbol


@given(st.floats(-1e6, 1e6))
def test_conversions_there_and_back(value: float) -> None:
    for there, back in [
        (units.mm_to_m, units.m_to_mm),
        (units.deg_to_rad, units.rad_to_deg),
        (units.kwh_to_j, units.j_to_kwh),
        (clock.s_to_ns, clock.ns_to_s),
    ]:
        assert math.isclose(back(there(value)), value, rel_tol=1e-12, abs_tol=1e-9)


def test_scans_are_whole_steps() -> None:
    scans = clock.ScanClock(scan_ns=20_000_000, step_ns=5_000_000)
    assert scans.steps_per_scan == 4
    assert [scans.advance() for _ in range(3)] == [20_000_000, 40_000_000, 60_000_000]
    assert scans.time_s == 0.06
    with pytest.raises(InputError, match="divides the scan"):
        clock.ScanClock(scan_ns=10_000_000, step_ns=4_000_000)


@given(st.floats(0, 1e4), st.sampled_from([10_000_000, 20_000_000]))
def test_a_wait_is_never_shorter_than_asked(duration_s: float, scan_ns: int) -> None:
    scans = clock.ScanClock(scan_ns=scan_ns, step_ns=5_000_000).scans_in(duration_s)
    assert 0 <= scans * scan_ns - clock.s_to_ns(duration_s) < scan_ns


def test_shipped_data_is_found() -> None:
    assert shipped("assets", "devices.yaml").is_file()
    assert find_scenario("nominal_swap") == scenario_paths()["nominal_swap"]
    with pytest.raises(InputError, match="did you mean nominal_swap"):
        find_scenario("nominal_swop")
    with pytest.raises(InputError, match="no such file"):
        find_scenario("nowhere/mine.yaml")
