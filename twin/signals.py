"""Signals: every value that crosses a border of the station, declared once.

A signal is named ``area.device.kind_quantity[_unit]`` (``shuttle.lift.pv_position_m``). The kind says who
writes it; the table built here is the station's I/O list and travels inside every Record.

Values are numbers: bool, int, enum (an int with labels) and real (float64). Text that a plant reads, such as a
pack's serial, is an enum whose labels are in the table, so that an image is one row of float64.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal

from twin.errors import InputError

SignalType = Literal["bool", "int", "enum", "real"]

WRITER_BY_KIND: Mapping[str, str] = {
    "pv": "plant",
    "st": "plant",
    "cmd": "controller",
    "sp": "controller",
    "seq": "controller",
    "ilk": "controller",
    "alm": "controller",
    "op": "operator",
    "par": "scenario",
    "gt": "world",
    # Of an imported log: a value as its source wrote it, and the source's quality code.
    "raw": "source",
    "qc": "source",
}


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal of the I/O list.

    Args:
        name: ``area.device.kind_quantity[_unit]``, lower case.
        type: how the number is to be read.
        unit: SI symbol as shown to a person, empty for a pure number.
        labels: value to label, for an enum.
        low, high: smallest and largest credible value, inclusive.
        safe: the value an output takes when its writer is gone.
        text: language code to a short description.
        source: what the log it was imported from calls it.
        period_s: how often its log writes it; 0 when it is written as it changes, and its silence says nothing.
        private: it tells who somebody is (a plate, a person): it is left out of what is handed on.
    """

    name: str
    type: SignalType = "real"
    unit: str = ""
    labels: Mapping[int, str] = field(default_factory=dict)
    low: float = -math.inf
    high: float = math.inf
    safe: float = 0.0
    text: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    period_s: float = 0.0
    private: bool = False

    def __post_init__(self) -> None:
        parts = self.name.split(".")
        if len(parts) != 3 or self.kind not in WRITER_BY_KIND or self.name != self.name.lower():
            raise InputError(
                key=self.name,
                expected="area.device.kind_quantity in lower case, kind one of " + ", ".join(WRITER_BY_KIND),
                got=self.name,
            )

    @property
    def area(self) -> str:
        return self.name.split(".")[0]

    @property
    def device(self) -> str:
        """``area.device``, the part's name in the station."""
        return self.name.rsplit(".", 1)[0]

    @property
    def field(self) -> str:
        """``kind_quantity[_unit]``, the name within its device."""
        return self.name.rsplit(".", 1)[1]

    @property
    def kind(self) -> str:
        return self.field.split("_")[0]

    @property
    def steps(self) -> bool:
        """Whether a value holds until the next; a parameter holds from the row that says it, other reals flow."""
        return self.type != "real" or self.kind == "par"

    @property
    def writer(self) -> str:
        return WRITER_BY_KIND[self.kind]

    def to_dict(self) -> dict[str, Any]:
        """The signal as JSON-ready data; infinite bounds are left out."""
        data: dict[str, Any] = {"name": self.name, "type": self.type, "unit": self.unit, "safe": self.safe}
        if self.labels:
            data["labels"] = {str(value): label for value, label in self.labels.items()}
        if math.isfinite(self.low):
            data["low"] = self.low
        if math.isfinite(self.high):
            data["high"] = self.high
        if self.text:
            data["text"] = dict(self.text)
        if self.source:
            data["source"] = self.source
        if self.period_s:
            data["period_s"] = self.period_s
        if self.private:
            data["private"] = True
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Signal:
        """The inverse of :meth:`to_dict`."""
        return cls(
            name=data["name"],
            type=data.get("type", "real"),
            unit=data.get("unit", ""),
            labels={int(value): label for value, label in data.get("labels", {}).items()},
            low=data.get("low", -math.inf),
            high=data.get("high", math.inf),
            safe=data.get("safe", 0.0),
            text=data.get("text", {}),
            source=data.get("source", ""),
            period_s=data.get("period_s", 0.0),
            private=data.get("private", False),
        )


class SignalTable:
    """An ordered set of signals, found by name.

    Raises:
        InputError: a name is declared twice.
    """

    def __init__(self, signals: Iterable[Signal] = ()) -> None:
        self._by_name: dict[str, Signal] = {}
        for signal in signals:
            if signal.name in self._by_name:
                raise InputError(key=signal.name, expected="one declaration of each signal", got="a second one")
            self._by_name[signal.name] = signal

    def __iter__(self) -> Iterator[Signal]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Signal:
        try:
            return self._by_name[name]
        except KeyError:
            raise InputError(key=name, expected="a signal of this table", got="an unknown name") from None

    def __add__(self, other: SignalTable) -> SignalTable:
        return SignalTable([*self, *other])

    @property
    def names(self) -> list[str]:
        return list(self._by_name)

    def select(self, *kinds: str) -> SignalTable:
        """The signals of the given kinds, in table order."""
        return SignalTable(signal for signal in self if signal.kind in kinds)

    def to_list(self) -> list[dict[str, Any]]:
        return [signal.to_dict() for signal in self]

    @classmethod
    def from_list(cls, data: Iterable[Mapping[str, Any]]) -> SignalTable:
        return cls(Signal.from_dict(item) for item in data)


class Image:
    """A process image: one value per signal, read and written as ``image.shuttle.lift.pv_position_m``.

    A slot that was not declared cannot be written: a misspelt signal is an ``AttributeError`` at once.
    Values start at the signals' safe values; a bool signal holds a Python bool, an int or enum an int.
    """

    def __init__(self, table: SignalTable) -> None:
        self.table = table
        fields_by_device: dict[str, list[Signal]] = {}
        for signal in table:
            fields_by_device.setdefault(signal.device, []).append(signal)
        areas: dict[str, dict[str, Any]] = {}
        order: list[str] = []
        for device, signals in fields_by_device.items():
            area_name, device_name = device.split(".")
            fields = [signal.field for signal in signals]
            node = type(device_name, (), {"__slots__": tuple(fields)})()
            for signal in signals:
                setattr(node, signal.field, _typed(signal, signal.safe))
            areas.setdefault(area_name, {})[device_name] = node
            order.extend(signal.name for signal in signals)
        for area_name, devices in areas.items():
            area = type(area_name, (), {"__slots__": tuple(devices)})()
            for device_name, node in devices.items():
                setattr(area, device_name, node)
            setattr(self, area_name, area)
        #: Signal names in the order of :meth:`row`: grouped by device.
        self.order: list[str] = order
        self._gather = self.reader(order)

    if TYPE_CHECKING:

        def __getattr__(self, area: str) -> Any:
            """An area of the table; what it holds is known at run time only."""

    def device(self, name: str) -> Any:
        """The node of ``area.device``, whose attributes are the device's signals."""
        area, device = name.split(".")
        return getattr(getattr(self, area), device)

    def row(self) -> list[float]:
        """All values, in the order of :attr:`order`."""
        return self._gather()

    def reader(self, names: Sequence[str]) -> Callable[[], list[float]]:
        """A function that lists some signals' values, written out: five times as fast as a loop over them."""
        signals = [self.table[name] for name in names]
        place = {device: f"n{i}" for i, device in enumerate(dict.fromkeys(signal.device for signal in signals))}
        arguments = ", ".join(f"{node}={node}" for node in place.values())
        values = ", ".join(f"{place[signal.device]}.{signal.field}" for signal in signals)
        scope: dict[str, Any] = {node: self.device(device) for device, node in place.items()}
        exec(f"def gather({arguments}): return [{values}]", scope)
        return scope["gather"]  # type: ignore[no-any-return]

    def set(self, name: str, value: float) -> None:
        """Write one value by its full name, in the signal's type."""
        signal = self.table[name]
        setattr(self.device(signal.device), signal.field, _typed(signal, value))

    def get(self, name: str) -> float:
        """Read one value by its full name."""
        signal = self.table[name]
        value: float = getattr(self.device(signal.device), signal.field)
        return value

    def setter(self, name: str) -> Callable[[float], None]:
        """A function that writes one signal's value, given in the signal's type (bool, int or float)."""
        signal = self.table[name]
        return partial(setattr, self.device(signal.device), signal.field)

    def copier(self, other: Image) -> Callable[[], None]:
        """A function that copies all values of this image into another one that has all its signals."""
        by_device: dict[str, list[str]] = {}
        for signal in self.table:
            by_device.setdefault(signal.device, []).append(signal.field)
        scope = {f"a{i}": self.device(name) for i, name in enumerate(by_device)}
        scope |= {f"b{i}": other.device(name) for i, name in enumerate(by_device)}
        lines = [f"    b{i}.{f} = a{i}.{f}" for i, fields in enumerate(by_device.values()) for f in fields]
        arguments = ", ".join(f"{name}={name}" for name in scope)
        exec(f"def copy({arguments}):\n" + "\n".join(lines or ["    pass"]), scope)
        return scope["copy"]  # type: ignore[no-any-return]

    def reset(self) -> None:
        """Every value back to its safe value."""
        for signal in self.table:
            setattr(self.device(signal.device), signal.field, _typed(signal, signal.safe))


def picker(places: list[int]) -> Callable[[Sequence[float]], tuple[float, ...]]:
    """A function that takes what stands at some places of a row."""
    return itemgetter(*places) if len(places) > 1 else lambda row: tuple(row[n] for n in places)


def _typed(signal: Signal, value: float) -> float:
    if signal.type == "bool":
        return bool(value)
    if signal.type == "real":
        return float(value)
    return int(value)
