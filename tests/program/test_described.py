"""What is told of a controller that writes what is no number."""

from __future__ import annotations

import math

import numpy as np
import pytest

from twin.program import no_number

NAMES = ["a.b.cmd_go", "a.b.seq_n", "a.b.sp_m", "a.b.sp_s"]


@pytest.mark.parametrize(
    "row", [[True, 3, 0.5, -0.0], [5, False, 1, 1e308], [0, 0, 1e308, 1e308], [True, np.int64(3), np.float32(1), 0]]
)
def test_numbers(row: list[float]) -> None:
    assert no_number(NAMES, row) == ""


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([True, 3, math.nan, 0.0], "wrote nan to a.b.sp_m, not a number"),
        ([True, 3, math.inf, -math.inf], "wrote inf to a.b.sp_m, not a number"),
        ([None, 3, 0.5, 0.0], "wrote None to a.b.cmd_go, not a number"),
        ([True, 3, 0.5, "fast"], "wrote 'fast' to a.b.sp_s, not a number"),
        ([True, 1j, 0.5, 0.0], "wrote 1j to a.b.seq_n, not a number"),
        ([True, np.int64(3), math.nan, 0.0], "wrote nan to a.b.sp_m, not a number"),
        ([np.True_, 3, 0.5, 0.0], f"wrote {np.True_!r} to a.b.cmd_go, not a number"),
    ],
)
def test_the_first_that_is_none_is_named(row: list[float], told: str) -> None:
    assert no_number(NAMES, row) == told
