"""Damaged logs of every kind: nothing but an InputError, what is intact comes back, what is lost is told."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_case import check, in_unit, sound_of
from benchmarks.mutation import damage
from benchmarks.sound_logs import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_file_is_read_without_damage(kind: str) -> None:
    sound, by_row = sound_of(kind)
    assert sum(counts.total() for counts in by_row.values()) >= 60
    for number in range(len(sound.units)):
        assert in_unit(sound, by_row, number)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=5000, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), whole_import=st.integers(0, 9))
def test_a_damaged_file_keeps_what_is_intact_and_tells_what_is_not(kind: str, seed: int, whole_import: int) -> None:
    sound, _ = sound_of(kind)
    case = damage(sound, random.Random(seed))
    with tempfile.TemporaryDirectory() as folder:
        wrong = check(kind, case, Path(folder), whole_import=whole_import == 0)
    assert not wrong, f"{case.how}: {wrong}"
