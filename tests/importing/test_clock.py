"""Clocks of streams that differ: found, offered, corrected when that is wanted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.logs import LOGS, needs_logs
from twin.analysis.finding import Findings, Numbers
from twin.analysis.server_clock import ServerClock
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


def _logger(folder: Path, late_s: Numbers, name: str = "DataLogger.csv") -> Path:
    """A log of an OPC UA logger whose server's stamps are so much later than the source's."""
    source = BASE + (np.arange(len(late_s)) * 250 * NS // 1000).astype("timedelta64[ns]")
    server = source + np.round(late_s * NS).astype("timedelta64[ns]")
    rows = [f"1,0x000b,{n},0x00000000,{a}Z,{b}Z" for n, (a, b) in enumerate(zip(source, server, strict=True))]
    head = "PrimaryKey,DataType,Value,StatusCode,SourceTimeStamp,ServerTimeStamp"
    (folder / name).write_text("\n".join([head, *rows]) + "\n")
    return folder / name


@pytest.mark.parametrize("offset_s", [-4.0, 7.5])
def test_a_servers_clock_that_differs_from_its_sources_is_told_with_its_spread(tmp_path: Path, offset_s: float) -> None:
    age_s = np.random.default_rng(3).uniform(0, 1.0, 3000)
    found = import_files([_logger(tmp_path, offset_s + age_s)], tmp_path / "log.mcap")
    (finding,) = [finding for finding in found.findings if finding.kind == "server_clock"]
    assert finding.subject == "DataLogger" and finding.count == 3000
    assert finding.data["median_s"] == pytest.approx(offset_s + 0.5, abs=0.05)
    assert finding.data["p05_s"] == pytest.approx(offset_s + 0.05, abs=0.03)
    assert finding.data["p95_s"] == pytest.approx(offset_s + 0.95, abs=0.03)
    # The signals stand where the source says.
    assert found.first_ns == BASE.astype(np.int64)


def test_the_age_of_samples_is_no_clock(tmp_path: Path) -> None:
    age_s = np.random.default_rng(3).exponential(2.0, 3000)
    found = import_files([_logger(tmp_path, age_s)], tmp_path / "log.mcap")
    assert not [finding for finding in found.findings if finding.kind == "server_clock"]


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=300), st.floats(-1e5, -1))
@settings(max_examples=20, deadline=None)
def test_a_servers_clock_takes_little_memory_however_it_is_handed_over(sizes: list[int], offset_s: float) -> None:
    findings = Findings()
    clock = ServerClock("s", findings)
    rng = np.random.default_rng(1)
    for size in sizes:
        source = rng.integers(0, 10**18, size)
        clock.look(source, source + round(offset_s * NS) + rng.integers(0, NS, size))
        assert sum(map(len, clock._kept)) <= 1 << 16
    clock.finish()
    if sum(sizes) >= 200:
        (finding,) = findings
        assert finding.count == sum(sizes)
        assert finding.data["median_s"] == pytest.approx(offset_s + 0.5, abs=0.25)


@needs_logs
def test_the_demo_cells_server_stamps_for_its_sources_and_tells_nothing_of_clocks(tmp_path: Path) -> None:
    found = import_files([LOGS / "demo_cell"], tmp_path / "log.mcap")
    assert not [finding for finding in found.findings if finding.kind == "server_clock"]
