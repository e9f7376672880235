"""A controller by name: what is named is found, made and told; what is not there is said in one line."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from tests.control.fake_plant import SCAN_NS, io_list, settings
from twin.assets import load_station
from twin.control import StationController
from twin.errors import ControllerError, InputError
from twin.program import Program
from twin.program.settings import settings_of
from twin.scenario import load_scenario


def test_the_stations_own() -> None:
    made = Program().make(io_list(2), settings(), SCAN_NS)
    assert type(made) is StationController
    assert made.settings == settings()
    assert Program().name == "station's own"


def test_settings_are_laid_over_the_stations() -> None:
    program = Program.from_words(None, ["controller.shuttle.take_load_n=9000", "controller.bay.standstill_s=2.5"])
    made = program.make(io_list(2), settings(), SCAN_NS)
    assert (made.settings.shuttle.take_load_n, made.settings.bay.standstill_s) == (9000.0, 2.5)
    assert program.name == "station's own, shuttle.take_load_n=9000, bay.standstill_s=2.5"
    assert pickle.loads(pickle.dumps(program)) == program


def test_a_station_settings_are_its_files_with_the_scenarios_over_them() -> None:
    scenario = load_scenario("nominal_swap")
    station = load_station(scenario.station)
    own = settings_of(scenario.truck.asset, station)
    assert len(own.slots) == 8 and own.truck.bracket_x_m
    changed = settings_of(scenario.truck.asset, station, {"timeouts.clamp_s": 6.5})
    assert changed.timeouts.clamp_s == 6.5 and changed.bay == own.bay
    with pytest.raises(InputError, match=r"controller\.timeouts\.clmp_s"):
        settings_of(scenario.truck.asset, station, {"timeouts.clmp_s": 6.5})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("controller.take_load_n=9000", "controller.take_load_n: expected one of"),
        ("controller.shuttle.take_load_n=-1", "controller.shuttle.take_load_n: expected a number >= 0"),
    ],
)
def test_a_setting_that_cannot_be(change: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Program.from_words(None, [change]).make(io_list(2), settings(), SCAN_NS)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("truck.parking.offset_y_mm=3", "a program has no other keys"),
        ("controller.shuttle.take_load_n", "expected controller.key.path=value"),
        ("controller.shuttle.take_load_n=fast", "expected a number, true or false"),
        ("controller.shuttle.take_load_n=[", "controller.shuttle.take_load_n: expected"),
    ],
)
def test_a_change_that_is_none(change: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Program.from_words(None, [change])


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("nowhere:Thing", "a module on the path"),
        ("tests.stub.controllers", "my_package.my_module:MyController"),
        ("tests.stub.controllers:NotOne", "a subclass of twin.control.Controller"),
        ("opcua:opc.tcp://plc:4840", "package.module:Class or one of the schemes"),
    ],
)
def test_a_name_of_nothing(spec: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Program.from_words(spec)


def test_one_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "from twin.control import Controller\nclass Mine(Controller):\n    def __init__(self, *_):\n        1 / 0\n"
    (tmp_path / "unmakable.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ControllerError, match=r"cannot be made: ZeroDivisionError: .* \(unmakable.py:4\)"):
        Program.from_words("unmakable:Mine").make(io_list(2), settings(), SCAN_NS)


@pytest.mark.sim
def test_a_run_takes_it_and_its_record_tells_the_settings(tmp_path: Path) -> None:
    from twin.record import Record
    from twin.run import Run
    from twin.scenario import load_scenario

    program = Program("", {"shuttle.take_load_n": 9000})
    with Run(load_scenario("nominal_swap"), controller=program, out=tmp_path / "a.mcap") as run:
        run.scan()
        assert run.controller.settings.shuttle.take_load_n == 9000.0
        run.finish()
    record = Record.open(tmp_path / "a.mcap")
    assert record.metadata["controller"] == "twin.control.station:StationController"
    assert "shuttle.take_load_n: 9000" in record.attachment("scenario.yaml").decode()
