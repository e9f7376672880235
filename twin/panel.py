"""What a scenario may say to the operator panel and ask of the controller's phases, from the shipped I/O list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from twin.assets import DeviceSignal, load_device_types, load_station
from twin.clock import ms_to_ns
from twin.shipped import shipped

#: The device whose signals are told by their short names.
PANEL = "operator.panel"


@dataclass(frozen=True)
class PanelSignal:
    """An operator signal: its type, what it may be set to, and when a request must be renewed (0: never)."""

    name: str
    type: str
    labels: dict[int, str]
    low: float | None
    high: float | None
    renewed_within_ns: int = 0

    @property
    def address(self) -> str:
        """Its full name."""
        return self.name if "." in self.name else f"{PANEL}.{self.name}"

    def refuses(self, value: bool | float | str) -> str:
        """What is expected instead of a value, or an empty string when the value will do."""
        if self.type == "bool":
            return "" if isinstance(value, bool) else "true or false"
        if self.type == "enum":
            words = list(self.labels.values())
            return "" if value in words else "one of " + ", ".join(words)
        if isinstance(value, bool | str):
            return "a number"
        low, high = self.low, self.high
        if (low is not None and value < low) or (high is not None and value > high):
            ends = [f"{word} {end:g}" for word, end in (("from", low), ("to", high)) if end is not None]
            return " ".join(["a number", *ends])
        return ""

    def number(self, value: bool | float | str) -> float:
        """The value as the number of the signal; a label becomes its value."""
        if isinstance(value, str):
            return next(number for number, label in self.labels.items() if label == value)
        return float(value)


@cache
def operator_signals() -> dict[str, PanelSignal]:
    """What people may set, by name: of ``operator.panel`` the short one (``op_mode``), of other devices the full one
    (``operator.estop.op_pressed``)."""
    types = load_device_types()
    devices = {PANEL: "operator_panel"}
    for folder in sorted(path for path in shipped("assets", "stations").iterdir() if path.is_dir()):
        devices |= load_station(folder.name).devices
    named = {
        field if device == PANEL else f"{device}.{field}": signal
        for device, kind in devices.items()
        for field, signal in types[kind].signals.items()
        if field.startswith("op_")
    }
    return {
        name: PanelSignal(
            name=name,
            type=signal.type,
            labels=signal.number_labels,
            low=signal.low,
            high=signal.high,
            renewed_within_ns=ms_to_ns(signal.renewed_within_ms),
        )
        for name, signal in named.items()
    }


def phase_labels() -> list[str]:
    """The phases of a swap that an event can wait for, in order."""
    return [label for label in _unit("seq_phase").labels.values() if label != "none"]


def state_labels() -> list[str]:
    """The PackML words of the controller's states."""
    return list(_unit("seq_state").labels.values())


def _unit(name: str) -> DeviceSignal:
    return load_device_types()["packml_unit"].signals[name]
