"""A run without its truth, put together again from its signals, against the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.reconstruction import DRIVEN, PACKS, TRUCK, compare, noisy
from twin.motion import UNKNOWN, Motion
from twin.motion.strip import strip
from twin.record import Record
from twin.shipped import shipped

NS = 1_000_000_000


@pytest.fixture(scope="module")
def run() -> Record:
    return Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))


@pytest.fixture(scope="module")
def stripped(run: Record, tmp_path_factory: pytest.TempPathFactory) -> Record:
    path = tmp_path_factory.mktemp("stripped") / "log.mcap"
    strip(run, path)
    return Record.open(path)


def test_nothing_of_the_truth_is_left(run: Record, stripped: Record) -> None:
    assert not [signal.name for signal in stripped.signals if signal.kind == "gt"]
    assert len(stripped.poses()[0]) == 0 and len(run.poses()[0]) > 0
    assert not {"scenario.yaml", "summary.json", "bindings.json", "assets.json"} & set(stripped.attachments)
    name = "shuttle.lift.pv_position_m"
    np.testing.assert_array_equal(stripped.signal(name)[1], run.signal(name)[1])


@pytest.mark.slow
def test_poses_come_back_to_a_tenth_of_a_millimetre_and_errors_shown_cover_what_is_not_sensed(
    run: Record, stripped: Record
) -> None:
    found = compare(run, stripped)
    _, _, most_m, _, _, shown = found[DRIVEN].row()
    assert most_m <= 1e-4 and shown == 1.0
    for kind in (TRUCK, PACKS):
        _, p95_m, _, _, covered, _ = found[kind].row()
        assert covered >= 0.95 and p95_m < 0.02, kind


@pytest.mark.slow
def test_with_noise_driven_links_stay_within_ten_millimetres(run: Record, tmp_path: Path) -> None:
    strip(run, tmp_path / "log.mcap", change=noisy(1))
    found = compare(run, Record.open(tmp_path / "log.mcap"), 0.005, 0.004)
    assert found[DRIVEN].row()[1] <= 0.010
    assert min(found[kind].row()[4] for kind in (TRUCK, PACKS)) >= 0.95


def test_each_pack_goes_where_the_run_took_it_and_is_known_by_its_serial(stripped: Record) -> None:
    motion = Motion.of(stripped)
    assert motion is not None
    courses: dict[str, list[str]] = {}
    for held in motion.holds.values():
        for hold in held.holds:
            if hold.serial and hold.place not in courses.get(hold.serial, [])[-1:]:
                courses.setdefault(hold.serial, []).append(hold.place)
    assert courses["QJ75-0001"] == ["transfer.full", "shuttle.plate", "truck.p2"]
    assert courses["QJ75-0101"] == ["truck.p2", "shuttle.plate", "transfer.empty", "crane.load", "rack.slot6"]
    assert not [hold.doubt for held in motion.holds.values() for hold in held.holds if hold.doubt]


def test_what_is_not_in_the_station_has_no_pose_and_any_window_says_how_well_it_is_known(stripped: Record) -> None:
    motion = Motion.of(stripped)
    assert motion is not None
    mark = motion.scene.index["truck.mark"]
    for t0, t1, there in ((0, 2, False), (60, 62, True), (186, 187, False)):
        _, X = motion.poses(stripped, t0 * NS, t1 * NS)
        assert np.isfinite(X[:, mark]).all() == there
        known = motion.certainty(stripped, t0 * NS, t1 * NS)
        assert list(known) == [frame.name for frame in motion.scene.frames]
        assert all(part.t_ns[0] == t0 * NS and part.t_ns[-1] <= t1 * NS for part in known.values())
        assert known["truck.chassis"].state[0] != UNKNOWN
