"""The truck's wheels always have a floor: each tyre is rolled over the flush rails that the shuttle runs on."""

from __future__ import annotations

import numpy as np
import pytest

from twin.assets import Floor, load_station, load_truck

STATION = load_station("chassis_swap")
TRUCK = load_truck("tractor_6x4")
#: How far a tyre may sink or jolt on its way, m: less than a joint between two slabs.
LARGEST_DROP_M = 0.005
STEP_M = 0.0005


def floor_height_m(floor: Floor, x_m: np.ndarray) -> np.ndarray:
    """Height of the floor along the lane where the rails cross it; a groove has no bottom."""
    height = np.zeros_like(x_m)
    for rail in floor.rail_x_m:
        off = np.abs(x_m - rail)
        half = floor.rail_head_m.value / 2
        height[off <= half + floor.groove_m.value] = -np.inf
        height[off <= half] = -floor.rail_below_floor_m.value
    return height


def rolled_height_m(radius_m: float, height: np.ndarray) -> np.ndarray:
    """Lowest point of a rigid wheel that rolls over a floor given every ``STEP_M``: what it can touch carries it."""
    reach = int(0.2 / STEP_M)
    u = np.arange(-reach, reach + 1) * STEP_M
    circle = np.sqrt(radius_m**2 - u**2) - radius_m
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(height, reach), len(u))
    return (windows + circle).max(axis=1)


@pytest.mark.parametrize("wear_m", [0.0, 0.03])
def test_every_tyre_rolls_over_the_rails_and_never_drops_in(wear_m: float) -> None:
    floor = STATION.floor
    x = np.arange(-9.0, 9.0, STEP_M)
    height = floor_height_m(floor, x)
    path = rolled_height_m(TRUCK.tyre_diameter_m.value / 2 - wear_m, height)
    assert np.isneginf(height).any()  # the grooves were there to be rolled over
    assert -LARGEST_DROP_M < path.min() < 0.0
    assert path.max() <= 1e-9  # nothing stands up under a tyre


def test_a_groove_cannot_take_a_tyre_that_stands_along_it() -> None:
    assert STATION.floor.groove_m.value < 0.5 * TRUCK.tyre_width_m.value


def test_a_groove_as_wide_as_a_pit_would_be_noticed() -> None:
    wide = STATION.floor.model_copy(update={"groove_m": STATION.floor.groove_m.model_copy(update={"value": 0.4})})
    path = rolled_height_m(TRUCK.tyre_diameter_m.value / 2, floor_height_m(wide, np.arange(-2.0, 2.0, STEP_M)))
    assert path.min() < -LARGEST_DROP_M
