"""What a fault does to a world, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Protocol

from twin.errors import InputError
from twin.fault import Fault
from twin.injection.site import Site
from twin.physics import Group
from twin.plant.device import Device
from twin.plant.fieldbus import Disturbance


class Effect(Protocol):
    """What a kind of fault does."""

    def check(self, site: Site, fault: Any) -> None:
        """Refuse what cannot begin; nothing is changed.

        Raises:
            InputError: there is no such target here, or it cannot have this fault.
        """

    def begin(self, site: Site, fault: Any) -> None:
        """Put it into the world; it was checked."""

    def end(self, site: Site, fault: Any) -> None:
        """Take it back."""

    def touches(self, site: Site, fault: Any) -> set[Hashable]:
        """What it changes: two faults that share some of it are not independent."""


class Flaw:
    """A flaw of a device.

    Args:
        name: of the flaw; ``{part}`` stands for what the fault's target names after its first dot.
        of: finds the device of a target. value: the flaw's value; what it is while the fault stands.
    """

    def __init__(self, name: str, of: Callable[[Site, str], Device], value: Callable[[Any], Any]) -> None:
        self._name, self._of, self._value = name, of, value

    def check(self, site: Site, fault: Fault) -> None:
        self._of(site, fault.target)

    def begin(self, site: Site, fault: Fault) -> None:
        self._of(site, fault.target).afflict(self._flaw(fault), self._value(fault))

    def end(self, site: Site, fault: Fault) -> None:
        self._of(site, fault.target).heal(self._flaw(fault))

    def touches(self, site: Site, fault: Fault) -> set[Hashable]:
        return {(self._of(site, fault.target).name, self._flaw(fault))}

    def _flaw(self, fault: Fault) -> str:
        return self._name.format(part=fault.target.partition(".")[2])


class Flaws:
    """Several flaws at once, in the order in which they begin."""

    def __init__(self, *flaws: Flaw) -> None:
        self._flaws = flaws

    def check(self, site: Site, fault: Fault) -> None:
        for flaw in self._flaws:
            flaw.check(site, fault)

    def begin(self, site: Site, fault: Fault) -> None:
        for flaw in self._flaws:
            flaw.begin(site, fault)

    def end(self, site: Site, fault: Fault) -> None:
        for flaw in reversed(self._flaws):
            flaw.end(site, fault)

    def touches(self, site: Site, fault: Fault) -> set[Hashable]:
        return set().union(*(flaw.touches(site, fault) for flaw in self._flaws))


class OnTheWay:
    """Something wrong between devices and controller."""

    def __init__(self, made: Callable[[Site, Any], Disturbance]) -> None:
        self._made = made

    def check(self, site: Site, fault: Fault) -> None:
        self._made(site, fault)

    def begin(self, site: Site, fault: Fault) -> None:
        site.world.fieldbus.disturb(_key(fault), self._made(site, fault))

    def end(self, site: Site, fault: Fault) -> None:
        site.world.fieldbus.free(_key(fault))

    def touches(self, site: Site, fault: Fault) -> set[Hashable]:
        return {("fieldbus", _key(fault))}


class Debris:
    """A body on a guide cone, which the truck was built with where its scenario has this fault."""

    def check(self, site: Site, fault: Fault) -> None:
        if _debris(fault) not in site.truck.machine.link_index:
            raise InputError(
                key="target", expected="a cone that the scenario names from its start, of the first truck",
                got=fault.target,
            )  # fmt: skip

    def begin(self, site: Site, fault: Fault) -> None:
        self._touch(site, fault, True)

    def end(self, site: Site, fault: Fault) -> None:
        self._touch(site, fault, False)

    def touches(self, site: Site, fault: Fault) -> set[Hashable]:
        return {("debris", fault.target)}

    @staticmethod
    def _touch(site: Site, fault: Fault, there: bool) -> None:
        site.world.engine.set_touching(site.truck.machine, _debris(fault), Group.TRUCK, there)


def _debris(fault: Fault) -> str:
    """The link that is the body on a cone."""
    bracket, cone = fault.target.split(".")
    return f"{bracket}_debris{cone[-1]}"


def _key(fault: Fault) -> str:
    return f"{fault.tag} {fault.target}"
