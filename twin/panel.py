"""What a scenario may say to the operator panel and ask of the controller's phases, from the shipped I/O list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from twin.shipped import shipped
from twin.yaml_node import read_yaml


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
            return f"a number from {low} to {high}"
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
            type=item.get("type", "real"),
            labels={int(value): label for value, label in item.get("labels", {}).items()},
            low=item.get("low"),
            high=item.get("high"),
        )
        for name, item in _devices()["operator_panel"]["signals"].items()
    }


def phase_labels() -> list[str]:
    """The phases of a swap that an event can wait for, in order."""
    labels: dict[str, str] = _devices()["packml_unit"]["signals"]["seq_phase"]["labels"]
    return [label for label in labels.values() if label != "none"]


def state_labels() -> list[str]:
    """The PackML words of the controller's states."""
    return list(_devices()["packml_unit"]["signals"]["seq_state"]["labels"].values())


@cache
def _devices() -> dict[str, Any]:
    data, _lines = read_yaml(shipped("assets", "devices.yaml").read_text(encoding="utf-8"))
    assert isinstance(data, dict), "assets/devices.yaml holds the device types"
    types: dict[str, Any] = data["types"]
    return types
