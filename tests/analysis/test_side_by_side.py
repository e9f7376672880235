"""Two swaps by command: which are chosen, what is said of them, and what cannot be compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from twin.cli import app
from twin.record import Record, RecordWriter
from twin.shipped import shipped
from twin.signals import Signal, SignalTable

GOOD = shipped("assets", "recordings", "nominal_swap.mcap")
STUCK = "bracket2.lock3.st_locked"
OPENS_NS = 43_420_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The good swap beside one of which a lock never opens, half as slow again, and which ends at 60 s."""
    made = tmp_path_factory.mktemp("logs")
    shutil.copy(GOOD, made / "good.mcap")
    record = Record.open(GOOD)
    tables = {name: record.tables[name] for name in ("plant", "controller")}
    with RecordWriter(made / "stuck.mcap", metadata=record.metadata, tables=tables) as writer:
        rows = {name: record.rows(name, 0, 60_000_000_000) for name in tables}
        for n, t_ns in enumerate(rows["plant"][0].tolist()):
            for name, (_, values) in rows.items():
                row = values[n].copy()
                if name == "plant" and t_ns > OPENS_NS - 1_000_000_000:
                    row[tables[name].names.index(STUCK)] = 1.0
                writer.row(name, t_ns * 3 // 2, row.tolist())
    return made


def _run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.output


def test_a_stopped_swap_beside_the_good_one_that_lies_by_it(folder: Path) -> None:
    code, said = _run("compare", folder / "stuck.mcap", "--json", folder / "c.json", "--report", folder / "c.html")
    assert code == 0, said
    assert "A  good.mcap#1" in said
    assert f"first divergence  A {OPENS_NS / 1e9:.2f} s" in said
    assert STUCK in said
    data = json.loads((folder / "c.json").read_text(encoding="utf-8"))
    assert data["first"]["signals"][0]["name"] == STUCK
    assert abs(data["first"]["b_ns"] - OPENS_NS * 1.5) <= 60_000_000
    assert [phase["name"] for phase in data["phases"]][:3] == ["park", "authorise", "secure"]
    park = data["phases"][0]
    assert park["b"]["took_s"] == pytest.approx(1.5 * park["a"]["took_s"], abs=0.1)
    assert any(one["name"] == STUCK and one["phase"] == "unlock" for one in data["differences"])
    page = (folder / "c.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http://www.w3.org", "")
    assert STUCK in page and "line other" in page


@pytest.mark.slow
def test_a_swap_is_like_itself(folder: Path) -> None:
    code, said = _run("compare", f"{folder / 'good.mcap'}#1", folder / "good.mcap")
    assert code == 0
    assert "nothing differs from start to end" in said


def test_what_cannot_be_compared_is_said(folder: Path, tmp_path: Path) -> None:
    code, said = _run("compare", f"{folder / 'good.mcap'}#7", folder / "good.mcap")
    assert code == 2 and "one of 1" in said
    code, said = _run("compare", GOOD)  # nothing lies beside it
    assert code == 2 and "expected a completed swap of the same kind" in said
    with RecordWriter(
        tmp_path / "oven.mcap", metadata={}, tables={"t": SignalTable([Signal("oven.hot.pv_temperature_c")])}
    ) as writer:
        for n in np.arange(5):
            writer.row("t", int(n) * 10**9, [float(n)])
    code, said = _run("compare", tmp_path / "oven.mcap")
    assert code == 2 and "no swap found in it" in said
    code, said = _run("compare", folder / "good.mcap", tmp_path / "oven.mcap")
    assert code == 2 and "two records with signals in common" in said
    code, said = _run("compare", folder / "good.mcap", folder / "good.mcap", "--tolerance", "5 apples")
    assert code == 2 and "a number and its unit" in said
