"""Settings are strict."""

from __future__ import annotations

import dataclasses

import pytest

from tests.control.fake_plant import settings
from twin.control import Settings
from twin.errors import InputError

NEEDED = {
    "transfer_full": {"device": "transfer.full", "x_m": 0.8, "y_m": 4.8, "support_m": 0.36},
    "transfer_empty": {"device": "transfer.empty", "x_m": -0.8, "y_m": 4.8, "support_m": 0.36},
    "slots": {"rack.slot1": {"x_m": 0.5, "support_m": 0.56}},
}


def test_places_are_needed_and_everything_else_has_a_default():
    made = Settings.from_mapping(NEEDED)
    assert made.slots["rack.slot1"].isolation is False
    for key in NEEDED:
        with pytest.raises(InputError, match=key):
            Settings.from_mapping({name: value for name, value in NEEDED.items() if name != key})


def test_round_trip():
    made = settings()
    assert Settings.from_mapping(dataclasses.asdict(made)) == made


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"shuttle": {"lift": {"fast_mm_s": 50}}}, "shuttle.lift.fast_mm_s"),
        ({"shuttle": {"home_y_m": "far"}}, "shuttle.home_y_m"),
        ({"shuttle": {"home_y_m": True}}, "shuttle.home_y_m"),
        ({"shuttle": {"home_y_m": float("nan")}}, "shuttle.home_y_m"),
        ({"shuttle": {"overload_n": -1.0}}, "shuttle.overload_n"),
        ({"timeouts": {"lock_s": -1}}, "timeouts.lock_s"),
        ({"slots": {"rack.slot1": {"x_m": 0.5}}}, "slots.rack.slot1.support_m"),
        ({"slots": 3}, "slots"),
        ({"truck": {"bracket_x_m": 0.8}}, "truck.bracket_x_m"),
        ({"shuttle": {"travel": {"low_m": 3.0, "high_m": 2.0, "fast_m_s": 1, "loaded_m_s": 1, "slow_m_s": 1,
                                 "jog_m_s": 1}}}, "shuttle.travel.low_m"),
    ],
)  # fmt: skip
def test_wrong_settings_are_refused_with_their_key(change: dict[str, object], key: str):
    with pytest.raises(InputError) as error:
        Settings.from_mapping(NEEDED | change)
    assert error.value.key.startswith(key)


def test_overridden_takes_paths_and_nested_data():
    made = settings().overridden({"shuttle.lift.fast_m_s": 0.04, "bay": {"creep_m": 0.02}, "slots.rack.slot1.x_m": 9.0})
    assert made.shuttle.lift.fast_m_s == 0.04 and made.bay.creep_m == 0.02 and made.slots["rack.slot1"].x_m == 9.0
    assert made.shuttle.lift.slow_m_s == settings().shuttle.lift.slow_m_s
    with pytest.raises(InputError, match=r"shuttle\.lft"):
        settings().overridden({"shuttle.lft": 1.0})
