"""A condition is looked for in a log: stretches, instants, values, events; what is wrong with it is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin.analysis.search import search
from twin.cli import app
from twin.errors import InputError
from twin.record import Event, Record, RecordWriter
from twin.signals import Signal, SignalTable

S = 1_000_000_000
FORCE = Signal("lift.x.pv_force_n", unit="N", source="提升力", period_s=1.0)
LOCKED = Signal("lift.lock1.st_locked", "bool", period_s=1.0)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.mcap"
    with RecordWriter(path, metadata={}, tables={"t": SignalTable([FORCE, LOCKED])}) as writer:
        for t_s, force, locked in ((0, 1e3, 0), (1, 13e3, 1), (2, 14e3, 1), (3, 2e3, 1), (10, 15e3, 0), (11, 1e3, 0)):
            writer.row("t", t_s * S, [force, float(locked)])
        writer.event(Event(4 * S, "alarm", "alm_jam", "卡滞 at lock 1", data={"code": 4711}))
    return path


def test_stretches_with_their_values(log: Path) -> None:
    found = search(Record.open(log), "lift.x.pv_force_n > 12 kN while lift.lock1.st_locked")
    assert [(hit.start_ns, hit.end_ns) for hit in found.hits] == [(1 * S, 3 * S)]
    assert found.hits[0].values[FORCE.name] == (13e3, 13e3, 14e3)
    # The log is silent from 4 s to 10 s.
    assert found.unknown_s == pytest.approx(6.0)
    both = search(Record.open(log), "`提升力` > 12 kN")
    assert [hit.duration_s for hit in both.hits] == [2.0, 1.0]
    assert [signal.name for signal in both.signals] == [FORCE.name]


@pytest.mark.parametrize("asked", ["alm_jam", "alarm", "'4711'", "`*卡滞*`", "ALM_JAM"])
def test_events_by_name_kind_code_or_text(log: Path, asked: str) -> None:
    found = search(Record.open(log), f"event({asked})")
    assert [(hit.start_ns, hit.is_instant) for hit in found.hits] == [(4 * S, True)]


def test_events_among_signals(log: Path) -> None:
    found = search(Record.open(log), "rises(lift.lock1.st_locked) and (event(alm_jam) within 5 s)")
    assert [hit.start_ns for hit in found.hits] == [1 * S]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("event(alm_jan)", "did you mean alm_jam"),
        ("event(3)", "the name, code or text of an event"),
        ("lift.x.pv_forse_n > 1", "did you mean lift.x.pv_force_n"),
        ("lift.x.pv_force_n >", "another word at character"),
    ],
)
def test_what_is_wrong_is_said(log: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match="expected") as error:
        search(Record.open(log), text)
    assert said in str(error.value)


def test_the_command(log: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    done = runner.invoke(app, ["search", str(log), "lift.x.pv_force_n > 12 kN", "--json", str(tmp_path / "hits.json")])
    assert done.exit_code == 0
    assert "2 hits" in done.output
    data = json.loads((tmp_path / "hits.json").read_text(encoding="utf-8"))
    assert [hit["start_ns"] for hit in data["hits"]] == [1 * S, 10 * S]
    done = runner.invoke(app, ["search", str(log), "lift.x.pv_force_n > 99 kN"])
    assert done.exit_code == 1
    assert "it never surely holds" in done.output
    done = runner.invoke(app, ["search", str(log), "lift.x.pv_force_n >"])
    assert done.exit_code == 2
