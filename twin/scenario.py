"""Scenarios: what stands where, which trucks come, what happens on the way, and what is expected of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, PrivateAttr, model_validator

from twin.aim import check_aim
from twin.constraint import Like
from twin.document import Document, load_document, parse_document, reject
from twin.errors import did_you_mean
from twin.event import AfterCondition, Condition, ScenarioEvent, TimeCondition
from twin.panel import state_labels
from twin.shipped import find_scenario, shipped

Position = Literal["p1", "p2", "p3"]
#: What a pack or a truck may be called, and where at the station a pack may stand.
IDENTITY = r"^[A-Z0-9][A-Z0-9-]{1,31}$"
PLACE = r"^(rack\.(slot[1-9][0-9]*|isolation)|transfer\.(full|empty))$"
Serial = Annotated[str, Field(pattern=IDENTITY), Like("QJ75-0001")]
Place = Annotated[
    str,
    Field(pattern=PLACE),
    Like("rack.slot1, rack.isolation, transfer.full or transfer.empty"),
]
AlarmTag = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.alm_[a-z0-9_]+$"),
    Like("bay.pose.alm_out_of_range"),
]
AssetName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$"), Like("tractor_6x4")]


class Pack(Document):
    """A pack at the start of the run: its serial, and its state of charge as a fraction."""

    serial: Serial
    soc_frac: Annotated[float, Field(ge=0, le=1)] = 1.0


class Parking(Document):
    """How far from its mark the truck stops: along the lane, across it (left is positive), yaw to the left,
    roll to the right, and the frame's height above nominal."""

    offset_x_mm: Annotated[float, Field(ge=-300, le=300)] = 0.0
    offset_y_mm: Annotated[float, Field(ge=-300, le=300)] = 0.0
    yaw_deg: Annotated[float, Field(ge=-5, le=5)] = 0.0
    roll_deg: Annotated[float, Field(ge=-3, le=3)] = 0.0
    ride_height_mm: Annotated[float, Field(ge=-80, le=80)] = 0.0


class Truck(Document):
    """A truck that comes to swap.

    ``arrive_s`` is the earliest time at which it drives in; it waits for a free bay and a green light.
    ``packs`` is what it carries by position, ``swap`` the positions to be swapped: all that carry a pack by default.
    """

    asset: AssetName = "tractor_6x4"
    id: Annotated[str, Field(pattern=IDENTITY), Like("TRK-0001")] = "TRK-0001"
    arrive_s: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    packs: dict[Position, Pack] = {}
    swap: list[Position] | None = None
    parking: Parking = Parking()

    @property
    def positions(self) -> list[Position]:
        """The positions to be swapped, in the order they are asked for."""
        return sorted(self.packs) if self.swap is None else list(self.swap)

    @model_validator(mode="after")
    def _swap_what_is_there(self) -> Truck:
        for position in self.swap or []:
            if position not in self.packs:
                there = ", ".join(sorted(self.packs)) or "no position"
                reject(expected=f"positions that carry a pack ({there})", got=position, at=("swap",))
        if len(set(self.positions)) != len(self.positions):
            reject(expected="each position once", got=", ".join(self.positions), at=("swap",))
        return self


class Expectation(Document):
    """What the tests check of a run; what is left out is not checked.

    ``alarms`` are the tags raised, each at least once and no other; ``visited`` are states that must have been
    passed; ``packs`` says where a serial must have ended.
    """

    completed: bool | None = None
    final_state: str | None = None
    visited: list[str] = []
    alarms: list[AlarmTag] | None = None
    packs: dict[Serial, str] = {}

    @model_validator(mode="after")
    def _known_states(self) -> Expectation:
        known = state_labels()
        states: list[tuple[tuple[str | int, ...], str]] = [
            (("visited", n), word) for n, word in enumerate(self.visited)
        ]
        if self.final_state is not None:
            states.append((("final_state",), self.final_state))
        for at, word in states:
            if word not in known:
                hint = did_you_mean(word, known)
                reject(expected="a PackML state, one of " + ", ".join(known), got=repr(word), hint=hint, at=at)
        return self


class Scenario(Document):
    """A run's input, as a file in ``scenarios/`` says it. Times are seconds since the start of the run."""

    text: Annotated[dict[Literal["en", "zh"], str], Field(min_length=1)]
    station: AssetName = "chassis_swap"
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1
    scan_ms: Literal[10, 20] = 20
    step_ms: Literal[1, 2, 4, 5, 10] = 10
    time_limit_s: Annotated[float, Field(gt=0, le=86_400)] = 900.0
    inventory: dict[Place, Pack] = {}
    truck: Truck
    trucks: list[Truck] = []
    controller: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]*$"), Like("take_load_n")], bool | float] = {}
    events: list[ScenarioEvent] = []
    expect: Expectation = Expectation()

    _name: str = PrivateAttr(default="scenario")

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self._name

    @property
    def fleet(self) -> list[Truck]:
        """All trucks, in the order they come."""
        return [self.truck, *self.trucks]

    @property
    def packs(self) -> dict[str, tuple[str, Pack]]:
        """Serial to where a pack stands at the start (``rack.slot1``, or ``truck0.p2``) and the pack."""
        return {pack.serial: (place, pack) for _, place, pack in _standing(self)}

    @model_validator(mode="before")
    @classmethod
    def _merge_trucks(cls, data: Any) -> Any:
        """Each further truck over the first one; its packs, when given, replace the first one's."""
        if not isinstance(data, Mapping):
            return data
        first, further = data.get("truck"), data.get("trucks")
        if not isinstance(first, Mapping) or not isinstance(further, list):
            return data
        return {**data, "trucks": [_merge(first, t) if isinstance(t, Mapping) else t for t in further]}

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        root = shipped("assets", "stations")
        stations = sorted(path.stem for path in root.iterdir()) if root.is_dir() else []
        if self.station not in stations:
            expected = "a station, one of " + ", ".join(stations)
            reject(expected=expected, got=self.station, hint=did_you_mean(self.station, stations), at=("station",))
        if self.scan_ms % self.step_ms:
            divisors = f"a step that divides the scan of {self.scan_ms} ms"
            reject(expected=divisors, got=f"{self.step_ms} ms", at=("step_ms",))
        _check_once("pack serial", [((*path, "serial"), pack.serial) for path, _, pack in _standing(self)])
        _check_once("truck id", [((*_truck_path(k), "id"), truck.id) for k, truck in enumerate(self.fleet)])
        _check_once("event id", [(("events", n, "id"), name) for n, (name, _, _) in enumerate(self.script())])
        self._check_references()
        brackets = sorted({f"bracket{position[1]}" for truck in self.fleet for position in truck.packs})
        for n, event in enumerate(self.events):
            check_aim(event.do, self.station, packs=list(self.packs), brackets=brackets, at=("events", n, "do"))
        return self

    def _check_references(self) -> None:
        known: list[str] = []
        for n, event in enumerate(self.events):
            after = event.at.after if event.at else None
            if after is not None and after not in known:
                expected = "the id of an event above" + (
                    ", one of " + ", ".join(known) if known else "; none has an id"
                )
                reject(
                    expected=expected, got=repr(after), hint=did_you_mean(after, known), at=("events", n, "at", "after")
                )
            known += [event.id] if event.id else []

    def script(self) -> list[tuple[str, Condition, ScenarioEvent]]:
        """Every event with its id and its condition, also where the file leaves them out.

        An event without an id is called ``event<n>``, n from 1. One without ``at`` fires together with the event
        above it.
        """
        script: list[tuple[str, Condition, ScenarioEvent]] = []
        for n, event in enumerate(self.events):
            condition = event.at
            if condition is None:
                condition = AfterCondition(after=script[-1][0]) if script else TimeCondition(time_s=0.0)
            script.append((event.id or f"event{n + 1}", condition, event))
        return script

    def with_events(self, events: Iterable[ScenarioEvent]) -> Scenario:
        """This scenario with more events at its end, checked as a file is.

        Raises:
            InputError: an event that does not fit the others.
        """
        more = self.model_copy(update={"events": [*self.events, *events]})
        return parse_scenario(more.to_yaml(), name=self.name)

    def laid_over(self, settings: Mapping[str, bool | float]) -> Scenario:
        """This scenario with some of the controller's settings changed, by their dotted keys."""
        numbers = {key: value if isinstance(value, bool) else float(value) for key, value in settings.items()}
        return self.model_copy(update={"controller": {**self.controller, **numbers}}) if settings else self

    def write(self, folder: Path) -> Path:
        """Write it to a folder, under its own name."""
        path = folder / f"{self.name}.yaml"
        path.write_text(self.to_yaml(), encoding="utf-8")
        return path

    def to_yaml(self) -> str:
        """The scenario as a file that loads to the same scenario, overrides put in."""
        data = self.model_dump(mode="json", exclude_none=True)
        return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def load_scenario(name_or_path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """A scenario by its shipped name or by its file.

    Args:
        name_or_path: ``nominal_swap`` or ``my/own.yaml``.
        overrides: ``key.path=value`` each, checked like the file.

    Raises:
        InputError: with file, line and key, of the first thing that is wrong.
    """
    path = find_scenario(name_or_path)
    scenario = load_document(path, Scenario, overrides)
    scenario._name = path.stem
    return scenario


def parse_scenario(text: str, *, name: str = "scenario") -> Scenario:
    """A scenario of a text at hand, as a Record carries it.

    Raises:
        InputError: as :func:`load_scenario`.
    """
    scenario = parse_document(text, Scenario, file=f"{name}.yaml")
    scenario._name = name
    return scenario


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    if "packs" in over:
        merged.pop("swap", None)
    for key, value in over.items():
        both_mappings = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merge(merged[key], value) if both_mappings and key != "packs" else value
    return merged


def _truck_path(k: int) -> tuple[str | int, ...]:
    """Where the file describes the k-th truck of the fleet."""
    return ("truck",) if k == 0 else ("trucks", k - 1)


def _standing(scenario: Scenario) -> Iterator[tuple[tuple[str | int, ...], str, Pack]]:
    """Path in the file, place and pack, of all packs at the start."""
    for place, pack in scenario.inventory.items():
        yield ("inventory", place), place, pack
    for k, truck in enumerate(scenario.fleet):
        for position, pack in truck.packs.items():
            yield (*_truck_path(k), "packs", position), f"truck{k}.{position}", pack


def _check_once(what: str, words: list[tuple[tuple[str | int, ...], str]]) -> None:
    seen: dict[str, tuple[str | int, ...]] = {}
    for path, word in words:
        if word in seen:
            there = ".".join(map(str, seen[word]))
            reject(expected=f"each {what} once", got=f"{word}, which also stands at {there}", at=path)
        seen[word] = path
