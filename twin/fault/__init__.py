"""Faults as documents: what can break, how bad, how it is noticed and what is to be done; a module per family.

A fault changes the physics, a sensor, a bus or the supply, never an alarm. What each does to a world is in
:mod:`twin.injection`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Union

from pydantic import Field

from twin.fault import axis, bus, fire, lock, pack, power, seat, sensor, truck
from twin.fault.base import About, Fault, Names, Text

FAMILIES: dict[str, tuple[type[Fault], ...]] = {
    module.__name__.rpartition(".")[2]: tuple(
        kind for kind in Fault.__subclasses__() if kind.__module__ == module.__name__
    )
    for module in (lock, seat, axis, truck, pack, fire, sensor, bus, power)
}
#: Every kind of fault by its name.
FAULTS: dict[str, type[Fault]] = {kind.tag: kind for kinds in FAMILIES.values() for kind in kinds}

if TYPE_CHECKING:
    AnyFault = Fault
    FaultName = str
else:
    AnyFault = Annotated[Union[tuple(FAULTS.values())], Field(discriminator="name")]  # noqa: UP007 - made at run time
    FaultName = Literal[tuple(FAULTS)]

__all__ = ["FAMILIES", "FAULTS", "About", "AnyFault", "Fault", "FaultName", "Names", "Text"]
