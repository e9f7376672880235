"""The command as people type it: real processes, their words and their exit codes; what is refused, in this one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.record.example import FRAMES, TABLES
from twin import __version__, worker
from twin.cli import app, view
from twin.record import RecordWriter
from twin.shipped import scenario_paths, shipped

HERE = Path(__file__).parent
ROOT = HERE.parent
RECORDING = str(shipped("assets", "recordings", "nominal_swap.mcap"))


def environment(*path: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [*path, ROOT])), "PYTHONIOENCODING": "utf-8"}


def swaptwin(*words: object, cwd: Path, path: Path = HERE / "stub") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "twin.cli", *map(str, words)],
        cwd=cwd,
        env=environment(path),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_version_help_and_scenarios(tmp_path: Path) -> None:
    assert swaptwin("--version", cwd=tmp_path).stdout == f"swaptwin {__version__}\n"
    listed = swaptwin("scenarios", cwd=tmp_path)
    assert listed.returncode == 0
    lines = listed.stdout.splitlines()
    assert [line.split()[0] for line in lines] == sorted(scenario_paths())
    assert "更换一块电池" in listed.stdout
    words = swaptwin("--help", cwd=tmp_path).stdout
    assert all(command in words for command in ("run", "view", "info", "scenarios", "recover"))


def test_a_run_writes_record_and_summary(tmp_path: Path) -> None:
    done = swaptwin("run", "nominal_swap", "--out", "a.mcap", "--summary", "a.json", "--seed", 5, cwd=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "nominal_swap: completed, controller Idle")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["seed"] == 5
    told = swaptwin("info", "a.mcap", cwd=tmp_path)
    assert told.returncode == 0
    assert "nominal_swap" in told.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_a_record_has_a_place_without_being_told(tmp_path: Path) -> None:
    assert swaptwin("run", "nominal_swap", cwd=tmp_path).returncode == 0
    assert re.fullmatch(r"nominal_swap-\d{8}-\d{6}\.mcap", next((tmp_path / "runs").iterdir()).name)


def test_a_scenario_of_ones_own(tmp_path: Path) -> None:
    text = scenario_paths()["nominal_swap"].read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    assert swaptwin("run", "mine.yaml", "--out", "a.mcap", cwd=tmp_path).returncode == 0
    (tmp_path / "mine.yaml").write_text(text.replace("seed: 1", "seed: -1"), encoding="utf-8")
    refused = swaptwin("run", "mine.yaml", "--out", "b.mcap", cwd=tmp_path)
    assert refused.returncode == 2
    assert "seed: expected a whole number from 0 to" in refused.stderr
    assert "(mine.yaml:3)" in refused.stderr
    assert not (tmp_path / "b.mcap").exists()


def test_a_controller_of_ones_own_and_one_that_fails(tmp_path: Path) -> None:
    code = "from twin.control import Controller\nclass Mine(Controller):\n    def scan(self, t_ns, i, o): {}\n"
    (tmp_path / "good.py").write_text(code.format("pass"), encoding="utf-8")
    (tmp_path / "bad.py").write_text(code.format("1 / 0"), encoding="utf-8")
    assert swaptwin("run", "nominal_swap", "--controller", "good:Mine", cwd=tmp_path).returncode == 0
    failed = swaptwin("run", "nominal_swap", "--controller", "bad:Mine", "--out", "a.mcap", cwd=tmp_path)
    assert failed.returncode == 1
    assert "did not complete" in failed.stdout
    assert "ZeroDivisionError" in failed.stdout
    assert (tmp_path / "a.mcap").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "nominal_swop"], "did you mean nominal_swap?"),
        (["run", "nowhere.yaml"], "no such file"),
        (["run", "nominal_swap", "--set", "truck.parking.offset_y_mm=9000"], "from -300 to 300 mm, got 9000 (--set"),
        (["run", "nominal_swap", "--set", "truck.parking.offset_y_m=1"], "did you mean offset_y_mm?"),
        (["run", "nominal_swap", "--seed", "-4"], "seed: expected a whole number from 0"),
        (["run", "nominal_swap", "--out", "no/such/folder.mcap"], "--out: expected a file in a folder that exists"),
        (["run", "nominal_swap", "--summary", "no/such/folder.json"], "--summary: expected a file in a folder"),
        (["run", "nominal_swap", "--controller", "nowhere:Thing"], "controller: expected a module"),
        (["run"], "Missing argument"),
        (["run", "nominal_swap", "--sed", "1"], "No such option"),
        (["drive"], "No such command"),
        (["info", "nothing.mcap"], "no such file"),
        (["info", __file__], "expected an MCAP file"),
        (["recover", "nothing.mcap"], "no such file"),
        (["view", "nothing.mcap"], "no such file"),
        (["incident", "nothing.mcap", "--out", "a.html"], "no such file"),
        (["incident", RECORDING, "--out", "no/such/a.html"], "--out: expected a file in a folder that exists"),
        (["incident", RECORDING, "--from", "500", "--out", "a.html"], "from: expected a time of this log, 0 to 18"),
        (["incident", RECORDING, "--from", "2:00", "--to", "80s", "--out", "a.html"], "range: expected a stretch"),
        (["incident", RECORDING, "--from", "1:75", "--out", "a.html"], "--from: expected a time since the log's start"),
        (["incident", RECORDING, "--signals", "none.*", "--out", "a.html"], "signals: expected a pattern"),
        (["view", "nominal_swop"], "did you mean nominal_swap?"),
        (["view", "a.mcap", "--at", "soon"], "a time since the log's start"),
        (["view", "nominal_swap", "--host", "0.0.0.0"], "certificate"),
        (["view", "nominal_swap", "--certificate", "a.pem"], "both --certificate and --key"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for module in (worker, view):  # what is refused here is refused wherever it could be simulated
        monkeypatch.setattr(module, "simulation_available", lambda: True)
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 2, refused.output
    assert isinstance(refused.exception, SystemExit), "no traceback"
    assert told in refused.stderr
    assert refused.stdout == ""
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_incident_is_one_file(tmp_path: Path) -> None:
    done = swaptwin("incident", RECORDING, "--from", "1:20", "--to", "82.5s", "--out", "a.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("a.html: 2.5 s of nominal_swap.mcap, ")
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_without_an_engine_one_plain_line(tmp_path: Path) -> None:
    refused = swaptwin("run", "nominal_swap", cwd=tmp_path, path=HERE / "no_pybullet")
    assert refused.returncode == 2
    assert refused.stderr.startswith("swaptwin: simulating needs PyBullet")
    assert len(refused.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_recover_closes_what_a_killed_writer_left(tmp_path: Path) -> None:
    log = tmp_path / "open.mcap"
    writer = RecordWriter(log, metadata={"scenario": "x"}, tables=TABLES, frames=FRAMES)
    for n in range(10):
        for name, table in TABLES.items():
            writer.row(name, n * 20_000_000, [float(n)] * len(table))
    writer.flush()
    (tmp_path / "killed.mcap").write_bytes(log.read_bytes())
    closed = swaptwin("recover", "killed.mcap", "--out", "whole.mcap", cwd=tmp_path)
    assert (closed.returncode, closed.stderr) == (0, "")
    assert "whole.mcap: closed; " in closed.stdout
    assert "finished" in swaptwin("info", "whole.mcap", cwd=tmp_path).stdout


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="an interrupt as from the keyboard")
@pytest.mark.parametrize(
    "words", [["view", "a.mcap"], ["view", "a.mcap", "--at", "1:02.5"], ["view", "nominal_swap", "--out", "b.mcap"]]
)
def test_the_viewer_says_its_address_and_ends(tmp_path: Path, words: list[str]) -> None:
    swaptwin("run", "nominal_swap", "--out", "a.mcap", cwd=tmp_path)
    viewer = subprocess.Popen(
        [sys.executable, "-m", "twin.cli", *words],
        cwd=tmp_path,
        env=environment(HERE / "stub"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert viewer.stdout is not None
        address = viewer.stdout.readline()
        assert "http://127.0.0.1:" in address
        assert address.rstrip().endswith("#t=62.5") == ("--at" in words)
        viewer.send_signal(signal.SIGINT)
        rest, errors = viewer.communicate(timeout=60)
    finally:
        viewer.kill()
    assert viewer.returncode == 0, rest + errors
    assert "Traceback" not in errors
    if "nominal_swap" in words:
        assert "stopped by a person" in rest
        assert "closed" not in swaptwin("recover", "b.mcap", cwd=tmp_path).stdout


@pytest.mark.slow
def test_a_log_that_is_no_record_is_viewed_in_one_step(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "EXPORT.zip", "w") as archive:
        archive.writestr("plc.csv", "time,tag,value\n2026-01-01T00:00:00Z,液压,1\n2026-01-01T00:00:01Z,液压,2\n")
    said = []
    for _ in range(2):
        viewer = subprocess.Popen(
            [sys.executable, "-m", "twin.cli", "view", "EXPORT.zip"],
            cwd=tmp_path,
            env={**environment(), "SWAPTWIN_CACHE": str(tmp_path / "cache")},
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        try:
            assert viewer.stdout is not None
            lines: list[str] = []
            while not lines or "http://127.0.0.1:" not in lines[-1]:
                lines.append(viewer.stdout.readline())
                assert lines[-1], "the viewer ended"
            said.append("".join(lines))
        finally:
            viewer.terminate()
            viewer.wait(20)
            assert viewer.stdout is not None
            viewer.stdout.close()
    assert "2 samples of 1 tags" in said[0] and "No map knows these tags" in said[0]
    assert "EXPORT.mcap: imported before" in said[1]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".mcap"] == []
