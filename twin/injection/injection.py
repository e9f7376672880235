"""The faults that stand in a world."""

from __future__ import annotations

from dataclasses import dataclass

from twin.clock import s_to_ns
from twin.fault import FAULTS, Fault
from twin.injection.effect import Effect
from twin.injection.site import Site
from twin.injection.table import EFFECTS
from twin.world import World


@dataclass(frozen=True)
class Standing:
    """A fault, the truck it concerns, and when it ends by itself."""

    fault: Fault
    truck: int
    ends_ns: int | None


class Injection:
    """Puts faults into a world and takes them back; a fault of a truck stays with its truck."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.standing: list[Standing] = []

    @property
    def ending(self) -> bool:
        """Whether one of them ends by itself."""
        return any(one.ends_ns is not None for one in self.standing)

    def begin(self, t_ns: int, fault: Fault) -> None:
        """A fault begins; it replaces one of its name at its target. One that is refused changes nothing.

        Raises:
            InputError: there is no such target here, or it cannot have this fault.
        """
        effect, site = EFFECTS[type(fault)], Site.now(self._world)
        effect.check(site, fault)
        self.clear(fault.tag, fault.target)
        effect.begin(site, fault)
        ends_ns = None if fault.duration_s is None else t_ns + s_to_ns(fault.duration_s)
        self.standing.append(Standing(fault, site.truck.index, ends_ns))

    def clear(self, name: str, target: str = "") -> None:
        """A person removes the cause; nothing happens where it does not stand any more."""
        target = target or str(FAULTS[name].model_fields["target"].default or "")
        for one in [one for one in self.standing if (one.fault.tag, one.fault.target) == (name, target)]:
            self._end(one)

    def play(self, t_ns: int) -> list[Fault]:
        """End what is over at ``t_ns``."""
        over = [one for one in self.standing if one.ends_ns is not None and t_ns >= one.ends_ns]
        for one in over:
            self._end(one)
        return [one.fault for one in over]

    def _end(self, ended: Standing) -> None:
        self.standing.remove(ended)
        effect, site = self._effect(ended)
        touched = effect.touches(site, ended.fault)
        effect.end(site, ended.fault)
        # What changed the same thing still does.
        for one in self.standing:
            other, there = self._effect(one)
            if touched & other.touches(there, one.fault):
                other.begin(there, one.fault)

    def _effect(self, one: Standing) -> tuple[Effect, Site]:
        return EFFECTS[type(one.fault)], Site(self._world, self._world.trucks[one.truck])

    # -- checkpoints ---------------------------------------------------------------------------------------------

    def state(self) -> list[Standing]:
        """What stands, for a checkpoint; what it does is in the devices' own state."""
        return list(self.standing)

    def restore(self, state: list[Standing]) -> None:
        self.standing = list(state)
