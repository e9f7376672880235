"""Samples of any order come back by tag and time, however many runs they are in."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.importing import runs
from twin.importing.runs import Runs

SAMPLES = st.lists(st.tuples(st.integers(0, 3), st.integers(-50, 50)), min_size=1, max_size=120)


@given(samples=SAMPLES, run=st.integers(1, 40), piece=st.integers(1, 40), step=st.integers(1, 7))
@settings(max_examples=150, deadline=None)
def test_samples_come_back_by_tag_and_time_and_as_they_came(
    samples: list[tuple[int, int]], run: int, piece: int, step: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "_RUN", run)
        patch.setattr(runs, "_STRETCH", 0)
        patch.setattr(runs, "_PIECE", piece)
        patch.setattr(runs, "_SMALL_PIECE", max(1, piece // 4))
        spool = Runs(Path(folder) / "runs")
        tags = np.array([tag for tag, _ in samples], np.int32)
        t_ns = np.array([t for _, t in samples], np.int64)
        row = np.arange(len(samples))
        for start in range(0, len(samples), step):
            part = slice(start, start + step)
            value = row[part] / 4.0
            spool.add(tags[part], [t_ns[part], row[part], value, row[part].astype(np.int32), -tags[part]])
        found = [
            (series.tag, int(t), int(row))
            for series in spool.series()
            for t, row, value, text, quality in zip(
                series.t_ns, series.row, series.value, series.text, series.quality, strict=True
            )
            if (value, text, quality) == (row / 4.0, row, -series.tag)
        ]
    assert found == sorted((tag, t, n) for n, (tag, t) in enumerate(samples))
