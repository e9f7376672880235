"""Scans that a log lost, has twice or late: each is a difference of its own, and nothing else is one because of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twin.program import Program
from twin.record import Record, RecordWriter
from twin.replay import open_loop, replay
from twin.shipped import shipped

Rows = list[tuple[int, list[float], list[float], list[float]]]
SCAN_NS = 20_000_000
AT = 600


def altered(path: Path, change: Callable[[Rows], Rows], scans: int = 1500) -> Record:
    """The first scans of the shipped swap with some rows changed; the truth left out."""
    record = Record.open(Path(shipped("assets", "recordings", "nominal_swap.mcap")))
    names = ("plant", "operator", "controller")
    parts = [record.rows(name, 0, scans * SCAN_NS) for name in names]
    rows: Rows = [
        (t, *(part[1][k].tolist() for part in parts))  # type: ignore[misc]
        for k, t in enumerate(parts[0][0].tolist())
    ]
    kept = {name: record.tables[name] for name in names}
    attachments = {name: record.attachment(name) for name in ("scenario.yaml", "station.json")}
    with RecordWriter(path, metadata=record.metadata, tables=kept, attachments=attachments) as writer:
        for t_ns, *values in change(rows):
            for name, row in zip(names, values, strict=True):
                writer.row(name, t_ns, row)
    return Record.open(path)


def dropped(rows: Rows) -> Rows:
    return rows[:AT] + rows[AT + 1 :]


def twice(rows: Rows) -> Rows:
    t_ns, *values = rows[AT]
    return [*rows[: AT + 1], (t_ns + 1_000_000, *values), *rows[AT + 1 :]]  # type: ignore[list-item]


def late(rows: Rows) -> Rows:
    t_ns, *values = rows[AT]
    return [*rows[:AT], (t_ns + 7_000_000, *values), *rows[AT + 1 :]]  # type: ignore[list-item]


@pytest.mark.parametrize(("change", "kind"), [(dropped, "sample gap"), (twice, "sample extra"), (late, "sample late")])
def test_a_scan_that_is_not_in_its_place_is_a_difference_and_the_only_one(
    tmp_path: Path, change: Callable[[Rows], Rows], kind: str
) -> None:
    record = altered(tmp_path / "log.mcap", change)
    (new,) = replay(record, Program())
    found = open_loop(record, new)
    assert [one.kind for one in found.differences] == [kind]
    assert abs(found.differences[0].t_ns - AT * SCAN_NS) <= SCAN_NS


def test_a_change_is_found_beside_a_lost_scan(tmp_path: Path) -> None:
    record = altered(tmp_path / "log.mcap", dropped)
    (new,) = replay(record, Program(settings={"bay.standstill_s": 1.4}))
    found = open_loop(record, new)
    kinds = [one.kind for one in found.differences]
    assert kinds[0] == "sample gap" and len(kinds) > 1
    assert np.all(np.diff([one.t_ns for one in found.differences]) >= 0)
