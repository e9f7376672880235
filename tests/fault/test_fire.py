"""What the controller does about heat, gas and smoke in the rack."""

from __future__ import annotations

import pytest

pytest.importorskip("pybullet")

from tests.fault.station import IDLE, Stage

pytestmark = [pytest.mark.sim, pytest.mark.slow]

#: GB/T 51077-2024 12.4.7 asks for isolation on smoke; how soon is an engineering estimate.
_ISOLATED_WITHIN_S = 120.0


def test_gas_stops_the_charging_starts_the_exhaust_and_sends_the_pack_to_isolation(stage: Stage) -> None:
    station = stage.at(IDLE)
    station.breaks("cell_runaway", target="QJ75-0004", heating_k_s=2.0)
    assert station.value("rack.slot3.pv_charge_w") > 0.0
    station.until("rack.slot3.alm_pack_hot", within_s=25)
    station.goes_on(0.04)
    assert station.value("rack.slot3.pv_charge_w") == 0.0 and not station.value("rack.exhaust.cmd_run")
    gas_s = station.until("rack.slot3.alm_gas", within_s=80)
    assert station.value("rack.exhaust.cmd_run"), "in the scan of the alarm"
    smoke_s = gas_s + station.until("rack.slot3.st_smoke", within_s=30)
    assert gas_s < smoke_s
    station.until("rack.isolation.st_latched", within_s=_ISOLATED_WITHIN_S)
    assert station.world.whereabouts()["QJ75-0004"] == "rack.isolation"
    flames = station.goes_on(60.0, "rack.isolation.st_flame", "rack.slot3.st_flame", "rack.slot3.pv_gas_lel_frac")
    assert not flames[:, :2].any() and flames[-1, 2] < 0.2


def test_where_the_exhaust_fails_gas_burns_and_the_flame_opens_the_chain(stage: Stage) -> None:
    station = stage.at(IDLE)
    station.breaks("bus_lost", target="rack.exhaust")
    station.breaks("slot_latch_stuck", target="rack.slot3")
    station.breaks("cell_runaway", target="QJ75-0004", heating_k_s=5.0)
    station.until("rack.slot3.alm_flame", within_s=90)
    station.goes_on(0.1)
    assert "station.safety.alm_estop" in station.alarms()
    assert not station.value("station.safety.st_drives_on")


@pytest.mark.parametrize(
    ("name", "fields", "alarm"),
    [
        ("connector_worn", {"added_mohm": 10.0}, "rack.slot3.alm_pin_hot"),
        ("coolant_leak", {"rate_1_s": 0.05}, "rack.slot3.alm_coolant"),
    ],
)
def test_a_slot_that_is_not_well_stops_charging_until_it_is_mended_and_acknowledged(
    name: str, fields: dict[str, float], alarm: str, stage: Stage
) -> None:
    station = stage.at(IDLE)
    station.breaks(name, target="rack.slot3", **fields)
    station.until(alarm, within_s=60)
    charging = ("rack.slot2.pv_charge_w", "rack.slot3.pv_charge_w")
    assert list(station.goes_on(0.1, *charging)[-1]) == [171_000.0, 0.0]
    station.mended(name, "rack.slot3")
    assert station.goes_on(1.0, *charging)[-1, 1] == 0.0, "nobody has acknowledged it"
    assert not station.value("rack.exhaust.cmd_run")
