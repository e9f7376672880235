"""I/O lists: what each type of device says to the controller and is told by it."""

from __future__ import annotations

import math
from functools import cache
from typing import Annotated

from pydantic import Field

from twin.assets.asset import Text, load
from twin.assets.station import Station
from twin.document import Document
from twin.errors import InputError
from twin.signals import Signal, SignalTable, SignalType


class DeviceSignal(Document):
    """One line of the I/O list of a device type.

    ``private``: it tells who somebody is. ``renewed_within_ms``: a person's request for it is taken back when it is not
    renewed so often: a dead-man's switch.
    """

    type: SignalType = "real"
    unit: str = ""
    labels: dict[str, str] = {}
    low: float | None = None
    high: float | None = None
    safe: float = 0.0
    private: bool = False
    renewed_within_ms: Annotated[int, Field(ge=0, le=10_000)] = 0
    text: Text

    @property
    def number_labels(self) -> dict[int, str]:
        """Value of an enum to its label."""
        return {int(value): label for value, label in self.labels.items()}


class DeviceType(Document):
    """What one device of a type says to the controller and is told by it.

    ``described_by``: patterns of the keys of its machine's, truck's or station's file that say what it is.
    """

    text: Text
    described_by: list[str] = []
    signals: dict[str, DeviceSignal]


class DeviceTypes(Document):
    """The I/O lists of all device types."""

    types: dict[str, DeviceType]


@cache
def load_device_types() -> dict[str, DeviceType]:
    """The I/O lists of all device types, by type; read once."""
    return load(DeviceTypes, "devices.yaml").types


def signal_table(station: Station, labels: dict[str, dict[int, str]]) -> SignalTable:
    """The station's I/O list: its devices' signals.

    Args:
        labels: field of a signal (``pv_pack_serial``) to the labels of its values, where a scenario decides them.

    Raises:
        InputError: a device has a type that is not in ``assets/devices.yaml``.
    """
    types = load_device_types()
    signals = []
    for device, type_name in station.devices.items():
        if type_name not in types:
            raise InputError(key=device, expected="one of " + ", ".join(types), got=type_name)
        for name, signal in types[type_name].signals.items():
            signals.append(
                Signal(
                    name=f"{device}.{name}",
                    type=signal.type,
                    unit=signal.unit,
                    labels=signal.number_labels or labels.get(name, {}),
                    low=-math.inf if signal.low is None else signal.low,
                    high=math.inf if signal.high is None else signal.high,
                    safe=signal.safe,
                    text={str(language): words for language, words in signal.text.items()},
                    private=signal.private,
                )
            )
    return SignalTable(signals)
