"""What a scenario may say to the operator panel and ask of the controller's phases, from the shipped I/O list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from twin.assets import DeviceSignal, load_device_types


@dataclass(frozen=True)
class PanelSignal:
    """An operator signal: its type and what it may be set to."""

    name: str
    type: str
    labels: dict[int, str]
    low: float | None
    high: float | None

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
    """The signals of ``operator.panel`` by name (``op_mode``)."""
    return {
        name: PanelSignal(
            name=name,
            type=signal.type,
            labels=signal.number_labels,
            low=signal.low,
            high=signal.high,
        )
        for name, signal in load_device_types()["operator_panel"].signals.items()
    }


def phase_labels() -> list[str]:
    """The phases of a swap that an event can wait for, in order."""
    return [label for label in _unit("seq_phase").labels.values() if label != "none"]


def state_labels() -> list[str]:
    """The PackML words of the controller's states."""
    return list(_unit("seq_state").labels.values())


def _unit(name: str) -> DeviceSignal:
    return load_device_types()["packml_unit"].signals[name]
