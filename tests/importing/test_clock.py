"""Clocks of streams that differ: found, offered, corrected when that is wanted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from twin.cli import app
from twin.importing import import_files
from twin.record import Record

NS = 1_000_000_000
BASE = np.datetime64("2026-03-01T08:00:00", "ns")


def _two_streams(folder: Path, *, behind_s: float, drift_ppm: float = 0.0, related: bool = True) -> list[Path]:
    """Two loggers that watch the same gate for two hours, one with a clock that is behind."""
    rng = np.random.default_rng(11)
    edges = np.sort(rng.uniform(0, 7200, 160))
    others = edges if related else np.sort(rng.uniform(0, 7200, 160))
    paths = []
    for name, phase, seen, late, ppm in (("plc", 0.0, edges, 0.0, 0.0), ("cam", 0.07, others, behind_s, drift_ppm)):
        t = np.arange(phase, 7200, 0.5)
        gate = np.searchsorted(seen, t) % 2
        stamps = BASE + np.round((t - late - t * ppm * 1e-6) * 1e9).astype("timedelta64[ns]")
        rows = [f"{stamp},gate,{value}" for stamp, value in zip(stamps, gate, strict=True)]
        (folder / f"{name}.csv").write_text("time,tag,value\n" + "\n".join(rows) + "\n")
        paths.append(folder / f"{name}.csv")
    return paths


def test_a_skew_is_offered_and_nothing_is_changed(tmp_path: Path) -> None:
    paths = _two_streams(tmp_path, behind_s=4.2)
    found = import_files(paths, tmp_path / "log.mcap")
    (skew,) = found.skews
    assert skew.known and skew.matters
    sign = 1 if skew.stream == "cam" else -1
    assert sign * skew.offset_s == pytest.approx(4.2, abs=0.1)
    assert [finding.kind for finding in found.findings if finding.kind == "skew"] == ["skew"]
    assert "clocks" not in Record.open(tmp_path / "log.mcap").metadata
    assert found.account is not None and found.account.skews[0].matters


@pytest.mark.parametrize("drift_ppm", [0.0, 150.0])
def test_an_accepted_skew_changes_the_records_time_and_not_the_sources(tmp_path: Path, drift_ppm: float) -> None:
    paths = _two_streams(tmp_path, behind_s=4.2, drift_ppm=drift_ppm)
    found = import_files(paths, tmp_path / "log.mcap", accept_skew=True)
    record = Record.open(tmp_path / "log.mcap")
    stream = next(stream for stream in found.streams.values() if stream.correction.changes)
    assert stream.correction.by == "estimate" and json.loads(record.metadata["clocks"])[stream.name]
    assert not any(skew.matters for skew in found.skews)
    assert not [finding for finding in found.findings if finding.kind == "skew"]
    # Both tell of the same change at the same instant now, up to a sample; the source's own stamps still differ.
    changes, sources = {}, {}
    for name in ("plc", "cam"):
        t_ns, values = record.signal(f"log.{name}.pv_gate")
        at = np.flatnonzero(np.diff(values)) + 1
        changes[name], sources[name] = t_ns[at], record.stamps(f"{name}/gate")[0][at]
    nearest = np.abs(changes["plc"][None, :] - changes["cam"][:, None]).argmin(axis=1)
    off_s = (changes["plc"][nearest] - changes["cam"]) / NS
    assert np.percentile(np.abs(off_s), 95) < 0.6 and abs(np.mean(off_s)) < 0.05
    late_s = (sources["plc"][nearest] - sources["cam"]) / NS
    assert np.median(late_s) == pytest.approx(4.2 + 3600 * drift_ppm * 1e-6, abs=0.3)


def test_streams_that_have_nothing_in_common_cannot_tell(tmp_path: Path) -> None:
    paths = _two_streams(tmp_path, behind_s=4.2, related=False)
    found = import_files(paths, tmp_path / "log.mcap", accept_skew=True)
    assert not found.skews[0].known and found.skews[0].reason
    assert not any(stream.correction.changes for stream in found.streams.values())


def test_the_command_takes_a_clock_by_hand_and_says_what_it_did(tmp_path: Path) -> None:
    paths = [str(path) for path in _two_streams(tmp_path, behind_s=4.2)]
    out = ["--out", str(tmp_path / "log.mcap")]
    told = CliRunner().invoke(app, ["import", *paths, *out, "--clock", "cam=4.2"]).output
    assert "cam: +4.200 s, by the command" in told and "clock skew" not in told
    told = CliRunner().invoke(app, ["import", *paths, *out]).output
    assert "clock skew" in told and "--accept-skew" in told
    for wrong in ("cam", "cam=x", "nobody=1"):
        assert CliRunner().invoke(app, ["import", *paths, *out, "--clock", wrong]).exit_code == 2
