"""What the picture shows of signals: every binding of the shipped assets names something that is there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from twin import assets
from twin.binding import bindings
from twin.errors import InputError
from twin.gltf import read_glb
from twin.layout import io_list, pack_charge_signal
from twin.record import Record, SceneModel
from twin.run import Run
from twin.scenario import load_scenario
from twin.signals import SignalTable


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The first seconds of a swap."""
    path = tmp_path_factory.mktemp("binding") / "short.mcap"
    with Run(load_scenario("nominal_swap"), out=path) as run:
        for _ in range(100):
            run.scan()
        run.finish("enough")
    return Record.open(path)


@pytest.fixture(scope="module")
def bound(record: Record) -> dict[str, Any]:
    return dict(json.loads(record.attachment("bindings.json")))


def test_every_lamp_is_a_material_of_a_part_that_is_drawn(record: Record, bound: dict[str, Any]) -> None:
    drawn = {(model.frame, model.name): {p.material for p in read_glb(model.glb)} for model in record.scene}
    for lamp in [*bound["lamps"], *bound["packs"]]:
        assert lamp["material"] in drawn[lamp["frame"], lamp["part"]], lamp
    assert {lamp["part"] for lamp in bound["lamps"]} >= {"entry_light", "exit_light", "slot1", "isolation", "chassis"}


def test_every_condition_asks_for_signals_that_are_recorded(record: Record, bound: dict[str, Any]) -> None:
    lines = [line for lamp in bound["lamps"] for line in lamp["lines"]]
    lines += [line for pack in bound["packs"] for line in pack["charge"]]
    asked = {name for line in lines for name in (*line["is"], *line["above"])}
    asked |= {line["signal"] for pack in bound["packs"] for line in pack["charge"]}
    assert asked <= set(record.signals.names)
    assert {"bay.entry_light.cmd_red", "rack.slot1.pv_charge_w", pack_charge_signal(1)} <= asked


def test_the_true_charge_of_every_pack_is_recorded(record: Record, bound: dict[str, Any]) -> None:
    scenario = load_scenario("nominal_swap")
    for number, (serial, (_, pack)) in enumerate(scenario.packs.items(), 1):
        assert bound["packs"][number - 1]["serial"] == serial
        _, values = record.signal(pack_charge_signal(number))
        assert values[0] == pytest.approx(pack.soc_frac, abs=1e-3)


def test_labels_are_told_in_both_languages(bound: dict[str, Any]) -> None:
    names = [label["text"] for label in bound["labels"] if label["kind"] == "name" and "zh" in label["text"]]
    assert {"en": "Stacker crane", "zh": "堆垛机"} in names
    assert [label["text"]["en"] for label in bound["labels"] if label["kind"] == "number"] == list("1234567")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"part": "exit_lamp"}, "a part that is drawn in station"),
        ({"kind": "disco"}, "one of lamp_kinds"),
        ({"device": "bay.no_light"}, "a signal of this table"),
    ],
)
def test_a_lamp_of_nothing_is_refused(change: dict[str, str], expected: str) -> None:
    scenario = load_scenario("nominal_swap")
    station = assets.load_station(scenario.station)
    lamp = station.lamps[0].model_copy(update=change)
    table: SignalTable = io_list(scenario, station)
    models = [SceneModel("station", b"", "entry_light")]
    with pytest.raises(InputError, match=expected):
        bindings(station.model_copy(update={"lamps": [lamp]}), table, models, packs=[], trucks=[])
