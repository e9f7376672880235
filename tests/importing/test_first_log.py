"""The walk-through of docs/first-log.md, step by step."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from tools.strange_export import write
from twin.cli import app
from twin.importing import import_files
from twin.motion import Motion
from twin.record import Record

DOCS = Path(__file__).resolve().parents[2] / "docs" / "first-log.md"
#: What a person finds out in steps 4 and 5.
AXES = {"X": ("x", 0.001, -0.45), "Y": ("y", -0.001, 0.3), "Z": ("z", 0.001, 0.0)}


def test_a_strange_export_moves_a_machine_after_the_steps_of_its_page(tmp_path: Path) -> None:
    log, first = write(tmp_path / "strange"), tmp_path / "first.yaml"
    told = CliRunner().invoke(app, ["import", "--guess", str(log), "--map", str(first)])
    assert told.exit_code == 0 and "60 tags" in told.output
    text = first.read_text(encoding="utf-8")
    text = text.replace("zone: UTC", "zone: Asia/Shanghai")
    text = text.replace("# ? machines:", "machines:").replace("# ?   cell:", "  cell:")
    for axis, (joint, scale, offset) in AXES.items():
        start = text.index(f"{axis}轴_实际位置")
        end = text.index("logged:", start)
        entry = text[start:end].replace("# ? joint", "joint")
        entry = re.sub(r"joint_scale: \S+", f"joint_scale: {scale}", entry)
        entry = re.sub(r"joint_offset: \S+", f"joint_offset: {offset}", entry)
        assert f"joint: cell.{joint} " in entry
        text = text[:start] + entry + text[end:]
    first.write_text(text, encoding="utf-8")
    found = import_files([log], tmp_path / "day.mcap", first)
    assert (found.samples, len(found.columns)) == (144_000, 60)
    record = Record.open(tmp_path / "day.mcap")
    assert record.metadata["started_at"] == "2026-03-01T00:00:00Z"
    motion = Motion.of(record)
    assert motion is not None and set(motion.movable) == {"cell.x", "cell.y", "cell.z"}
    _, X = motion.poses(record, 0, 300_000_000_000)
    travel = np.ptp(X[:, motion.scene.index["cell.bridge"], 0])
    assert 0.3 < travel < 0.9


def test_the_page_says_what_the_first_map_says(tmp_path: Path) -> None:
    log = write(tmp_path)
    text = CliRunner().invoke(app, ["import", "--guess", str(log)]).output
    page = DOCS.read_text(encoding="utf-8")
    for line in ("signal: log.x20260301.pv_x_mm", 'unit: "mm"', "joint: cell.x", "joint_scale: 0.001", "period_s: 0.5"):
        assert line in page and line in text
    assert "missing: [-999.0]" in page and "missing: [-999.0]" in text
    assert "a few bits change at a time" in text


def test_the_export_is_the_same_again(tmp_path: Path) -> None:
    assert write(tmp_path / "a").read_bytes() == write(tmp_path / "b").read_bytes()
