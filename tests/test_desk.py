"""The operator's panel as data: what it says is complete, true of the station, and travels in the Record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from twin.assets import asset_folder, load_station
from twin.clock import ms_to_ns
from twin.control import Refusal
from twin.desk import FILE, load_panel, panel_of_record, read_panel
from twin.errors import InputError
from twin.layout import io_list
from twin.lesson import lesson_paths, load_lesson
from twin.panel import operator_signals
from twin.playback import Playback
from twin.program import Program
from twin.program.settings import settings_of
from twin.record import Record
from twin.scenario import load_scenario

STATION = "chassis_swap"


@pytest.fixture(scope="module")
def alarms() -> list[str]:
    """Every alarm of the reference controller."""
    scenario, station = load_scenario("nominal_swap"), load_station(STATION)
    settings = settings_of(scenario.truck.asset, station)
    controller = Program().make(io_list(scenario, station), settings, ms_to_ns(scenario.scan_ms))
    return [name for name in controller.signals.names if ".alm_" in name]


def _texts(data: Any) -> Iterator[dict[str, str]]:
    if isinstance(data, dict):
        if set(data) & {"en", "zh"}:
            yield data
        else:
            for value in data.values():
                yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)


def test_every_alarm_has_a_code_of_its_own_and_a_procedure(alarms: list[str]) -> None:
    said = panel_of_record(load_panel(STATION), alarms)["alarms"]
    assert sorted(said) == sorted(alarms)
    codes = [alarm["code"] for alarm in said.values()]
    assert len(set(codes)) == len(codes)
    assert said["bracket2.lock3.alm_not_released"]["code"] == "362-3"
    taught = {load_lesson(path).procedure for path in lesson_paths().values()}
    assert {alarm["procedure"] for alarm in said.values()} | taught == set(load_panel(STATION).procedures)


def test_every_reason_to_refuse_is_said_in_words() -> None:
    assert set(load_panel(STATION).refusals) == {reason.name for reason in Refusal} - {"none"}


def test_everything_is_said_in_both_languages() -> None:
    texts = list(_texts(load_panel(STATION).model_dump(mode="json", exclude_none=True)))
    assert len(texts) > 100
    assert all(set(text) == {"en", "zh"} and all(text.values()) for text in texts)


def test_nothing_that_an_operator_may_ask_is_missing() -> None:
    panel = load_panel(STATION)
    shown = {button.signal for group in panel.groups for button in group.buttons}
    shown |= {panel.modes.signal, panel.jog.axis, panel.jog.speed}
    shown |= {panel.estop.signal, panel.acknowledge.signal}
    lockout = panel.lockout
    shown |= {f"{one.device}.{field}" for one in lockout.isolators for field in ("op_off", *lockout.locks)}
    assert shown == {signal.address for signal in operator_signals().values()}
    assert set(panel.modes.labels) == set(operator_signals()["op_mode"].labels.values())
    jogged = {axis.axis for axis in panel.jog.axes}
    assert jogged == set(operator_signals()["op_jog_axis"].labels.values()) - {"none"}


@pytest.mark.parametrize(
    ("was", "made", "key"),
    [
        ("operator.panel.op_start,", "operator.panel.op_strat,", "groups.0.buttons.0.signal"),
        ("axis: shuttle.lift,", "axis: shuttle.elevator,", "jog.axes.2.axis"),
        ("rack.slot7, rack.isolation]", "rack.slot7, rack.slot77]", "board.rows"),
        ("procedure: water}", "procedure: flood}", "alarms.station.safety.alm_water.procedure"),
        ('code: "42{1}"', 'code: "42{2}"', "alarms.rack.slot*.alm_not_latched"),
        ('code: "42{1}"', 'code: "42{name}"', "alarms.rack.slot*.alm_not_latched"),
        ('code: "42{1}"', 'code: "42{}"', "alarms.rack.slot*.alm_not_latched"),
        ('code: "42{1}"', 'code: "42{1:d}"', "alarms.rack.slot*.alm_not_latched"),
        ('code: "42{1}"', 'code: "42{1"', "alarms.rack.slot*.alm_not_latched"),
        ("- device: isolator.hoist", "- device: isolator.host", "lockout.isolators.3.device"),
        ("op_lock3: {en", "op_lock4: {en", "lockout.locks.op_lock4"),
        ("semi_automatic: {en", "half_automatic: {en", "modes.labels.half_automatic"),
    ],
)
def test_a_panel_that_speaks_of_what_is_not_there_is_refused(tmp_path: Path, was: str, made: str, key: str) -> None:
    text = (asset_folder("stations", STATION) / FILE).read_text(encoding="utf-8")
    assert text.count(was) == 1
    file = tmp_path / FILE
    file.write_text(text.replace(was, made), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_panel(file, load_station(STATION))
    assert caught.value.key == key
    assert str(file) in str(caught.value)


@pytest.mark.sim
def test_it_travels_in_the_record(tmp_path: Path) -> None:
    pytest.importorskip("pybullet")
    from twin.run import Run

    with Run(load_scenario("nominal_swap"), out=tmp_path / "run.mcap") as run:
        run.scan()
        run.finish()
    panel = Playback(Record.open(tmp_path / "run.mcap")).manifest()["panel"]
    assert panel["alarms"]["bracket1.lock1.alm_not_locked"]["text"]["zh"] == "1 号位 1 号锁未锁紧"
    assert panel["procedures"]["lock_not_locked"]["steps"]
