"""What a log can answer, and what it lacks."""

from __future__ import annotations

import csv
import io
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from tests.logs import LOGS, needs_logs
from twin import assets
from twin.answer import Answer, answers, load_needs
from twin.cli import app
from twin.importing import import_files
from twin.record import Record

RECORDING = Path(__file__).resolve().parents[1] / "assets" / "recordings" / "nominal_swap.mcap"


def _ask(path: Path) -> dict[str, Answer]:
    return {answer.question: answer for answer in answers(Record.open(path))}


def _axes_log(folder: Path, period_s: float) -> Path:
    """A log that has the station's axes under PLC names, and nothing else."""
    axes = ["shuttle.travel", "shuttle.cross", "shuttle.lift", "crane.travel", "crane.hoist", "crane.fork"]
    lines, entries = ["time,tag,value"], ["tags:"]
    for n in range(100):
        stamp = np.datetime64("2026-03-01") + np.timedelta64(round(n * period_s * 1000), "ms")
        lines += [f"{stamp},AX{k},{n * 0.01}" for k in range(len(axes))]
    for k, axis in enumerate(axes):
        entries.append(f"  AX{k}: {{signal: {axis}.pv_position_m, unit: m, logged: periodic, period_s: {period_s}}}")
    (folder / "plc.csv").write_text("\n".join(lines) + "\n")
    (folder / "map.yaml").write_text("\n".join(entries) + "\n")
    import_files([folder / "plc.csv"], folder / "log.mcap", folder / "map.yaml")
    return folder / "log.mcap"


def test_every_pattern_of_the_needs_is_of_a_signal_of_the_station() -> None:
    needs = load_needs()
    names = assets.signal_table(assets.load_station(needs.station), {}).names
    for question in needs.questions.values():
        for need in question.needs:
            for pattern in need.signals:
                assert any(fnmatchcase(name, pattern) for name in names), pattern


def test_a_simulated_record_answers_everything() -> None:
    assert {name: answer.state for name, answer in _ask(RECORDING).items() if name in load_needs().questions} == {
        "picture": "yes", "phases": "yes", "open_loop": "yes", "closed_loop": "yes",
    }  # fmt: skip


def test_a_log_of_axes_alone_answers_in_part_and_says_what_it_lacks(tmp_path: Path) -> None:
    found = _ask(_axes_log(tmp_path, 0.25))
    assert found["picture"].state == found["phases"].state == "partly"
    lacks = {wish.signal for wish in found["phases"].missing}
    assert "bracket1.lock1.st_locked" in lacks and "shuttle.travel.pv_position_m" not in lacks
    # Every scan is needed to run a controller open loop: these are there, and too seldom.
    slow = {wish.signal: wish.has_s for wish in found["open_loop"].missing}
    assert slow["shuttle.travel.pv_position_m"] == 0.25 and slow["shuttle.travel.pv_speed_m_s"] is None
    assert found["closed_loop"].state == "no"


def test_rules_say_how_often_their_signals_must_be_logged(tmp_path: Path) -> None:
    found = _ask(_axes_log(tmp_path, 0.25))["chassis_swap"]
    slow = {wish.signal: wish.period_s for wish in found.missing if wish.has_s == 0.25}
    assert slow["shuttle.travel.pv_position_m"] == slow["crane.fork.pv_position_m"] == 0.1


def test_axes_that_are_logged_too_seldom_are_missing(tmp_path: Path) -> None:
    found = _ask(_axes_log(tmp_path, 2.0))
    assert found["picture"].state == "no"


def test_info_ends_with_the_table_and_a_wish_is_a_list_of_tags(tmp_path: Path) -> None:
    log = str(_axes_log(tmp_path, 0.25))
    told = CliRunner().invoke(app, ["info", log]).output
    assert "what it can answer" in told and "partly" in told.split("what it can answer")[1]
    rows = list(csv.DictReader(io.StringIO(CliRunner().invoke(app, ["info", log, "--wish", "closed"]).output)))
    wanted = {row["signal"]: row for row in rows}
    assert wanted["bay.pose.pv_y_m"]["period_s"] == "0.5" and wanted["bay.pose.pv_y_m"]["what_zh"]
    assert CliRunner().invoke(app, ["info", log, "--wish", "weather"]).exit_code == 2


@needs_logs
def test_the_demo_cells_own_machine_moves_and_it_is_no_swap_station(tmp_path: Path) -> None:
    import_files([LOGS / "demo_cell"], tmp_path / "cell.mcap")
    found = _ask(tmp_path / "cell.mcap")
    assert found["picture"].state == "yes" and "3 joints" in found["picture"].note.en
    assert found["closed_loop"].state == "no"
