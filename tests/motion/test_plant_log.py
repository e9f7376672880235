"""Synthetic logs as plants export them: the same bytes again, and a station that moves when they are imported."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.plant_log import SHAPES, Run, export, plant_log
from twin.importing import import_files
from twin.motion import Motion
from twin.playback import Playback, unpack
from twin.record import Record
from twin.shipped import shipped

NS = 1_000_000_000


@pytest.fixture(scope="module")
def run() -> Run:
    return Run.of(Record.open(shipped("assets", "recordings", "nominal_swap.mcap")))


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".mcap")
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes_and_another_another_log(run: Run, tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        export(plant_log(run, seed), tmp_path / name, "csv_long")
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b") != _digests(tmp_path / "c")
    assert json.loads((tmp_path / "a" / "truth.json").read_text())["synthetic"] is True


@pytest.mark.slow
@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_an_imported_log_shows_the_station_moving_with_its_packs(run: Run, shape: str, tmp_path: Path) -> None:
    log = plant_log(run, 11)
    found = import_files([export(log, tmp_path, shape)], tmp_path / "log.mcap", tmp_path / "map.yaml")
    assert not found.damage and len(found.journal) == len(log.alarms)
    record = Record.open(tmp_path / "log.mcap")
    motion = Motion.of(record)
    assert motion is not None
    t_ns, X = motion.poses(record, 0, record.end_ns)
    moved = {name: float(np.ptp(np.nan_to_num(X[:, n, :3]), axis=0).max()) for name, n in motion.scene.index.items()}
    assert min(moved[name] for name in ("shuttle.carriage", "shuttle.lift", "crane.mast", "crane.fork")) > 0.1
    courses = {
        hold.serial: [other.place for other in held.holds if other.serial == hold.serial]
        for held in motion.holds.values()
        for hold in held.holds
    }
    # The log began while the empty pack was under way: it ends in its slot, and the full one on the truck.
    assert courses["QJ75-0101"][-2:] == ["crane.load", "rack.slot6"]
    assert [place for place in courses["QJ75-0001"] if place][-1] == "truck.p2"
    assert {model.frame for model in record.scene} >= {"station", "crane.mast", "truck.chassis", "pack.1"}
    assert len(t_ns) > 200
    _tells_the_window_where_packs_stand(record, motion)


def _tells_the_window_where_packs_stand(record: Record, motion: Motion) -> None:
    """Row by row as the holds of the whole log say it, and the charge of a slot's pack is looked up by its place."""
    packs = json.loads(record.attachment("bindings.json"))["packs"]
    assert [pack["frame"] for pack in packs] == motion.setup.bodies
    assert {line["signal"] for line in packs[0]["charge"]} <= {signal.name for signal in record.signals}
    places = {place.name for place in motion.setup.places}
    assert {line["place"] for pack in packs for line in pack["charge"]} <= places
    t0_ns, t1_ns = record.end_ns // 3, 2 * record.end_ns // 3
    header, _ = unpack(Playback(record).window(t0_ns, t1_ns, 0))
    for name, rows in header["stands"].items():
        times = [row["t_ns"] for row in rows]
        assert times[0] == t0_ns and times == sorted(times) and times[-1] <= t1_ns
        for row in rows:
            held = [hold for hold in motion.holds[name].holds if hold.t_ns <= row["t_ns"]][-1]
            assert (row["place"], row["serial"], row["doubt"]) == (held.place, held.serial, held.doubt)


def test_a_swap_goes_on_when_a_log_begins_and_clocks_are_off(run: Run) -> None:
    log = plant_log(run, 5)
    phase = next(tag for tag in log.tags if tag.signal.name == "station.unit.seq_phase")
    assert phase.values[0] != 0
    assert len(set(log.truth["clock_offset_s"].values())) == 3
    real = next(tag for tag in log.tags if tag.signal.name == "crane.travel.pv_position_m")
    assert 10 < len(real.t_ns) < 400 and (np.diff(real.t_ns) >= 0.2 * NS).all()
