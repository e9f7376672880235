"""Faults as documents: what can break, how bad, how it is noticed and what is to be done; a module per family.

A fault changes the physics, a sensor, a bus or the supply, never an alarm. What each does to a world is in
:mod:`twin.injection`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from twin.document import tagged_union
from twin.fault import axis, bus, fire, lock, pack, power, seat, sensor, truck
from twin.fault.base import About, Fault, Text

FAMILIES: dict[str, tuple[type[Fault], ...]] = {
    module.__name__.rpartition(".")[2]: tuple(
        kind for kind in Fault.__subclasses__() if kind.__module__ == module.__name__
    )
    for module in (lock, seat, axis, truck, pack, fire, sensor, bus, power)
}
#: Every kind of fault by its name.
FAULTS: dict[str, type[Fault]] = {kind.tag: kind for kinds in FAMILIES.values() for kind in kinds}


def _tag(data: Any) -> str | None:
    return data.tag if isinstance(data, Fault) else data.get("name") if isinstance(data, Mapping) else None


if TYPE_CHECKING:
    AnyFault = Fault
    FaultName = str
else:
    AnyFault = tagged_union(Fault, _tag)
    FaultName = Literal[tuple(FAULTS)]

__all__ = ["FAMILIES", "FAULTS", "About", "AnyFault", "Fault", "FaultName", "Text"]
