"""The stacker crane: its sequence as a table, its actions, and which pack it moves next.

It runs beside the shuttle: it keeps a full pack waiting at one transfer place and stores what comes at the other.
With a single transfer place it brings a full pack only when the shuttle waits for one, so that neither blocks the
other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.control.facts import Facts
from twin.control.inventory import UNREAD, Inventory
from twin.control.sequence import Row
from twin.control.settings import Settings
from twin.control.slot_watch import SlotWatch
from twin.control.wiring import Place, Wiring

GUARDS: Mapping[str, tuple[str, ...]] = {
    "at_source": ("mast_there", "hoist_there", "source_ready", "fork_home"),
    "lifted": ("hoist_there", "fork_carries"),
    "retracted": ("fork_there", "fork_home"),
    "at_target": ("mast_there", "hoist_there", "target_ready", "fork_home"),
    "set_down": ("hoist_there", "fork_empty", "target_seated"),
}

_TRAVEL, _HOIST, _FORK = "crane.travel.alm_timeout", "crane.hoist.alm_timeout", "crane.fork.alm_timeout"

# step, action, guard, next, timeout, alarm, then, retry
CRANE: tuple[Row, ...] = (
    Row("idle.wait", "choose", "job_given", "get.go"),
    Row("get.go", "to_source", "at_source", "get.reach", "wait_s", _TRAVEL),
    Row("get.reach", "reach_source", "fork_there", "get.lift", "move_s", _FORK),
    Row("get.lift", "lift_source", "lifted", "get.retract", "lift_s", "crane.load.alm_no_load", "note_lifted"),
    Row("get.retract", "retract", "retracted", "put.go", "move_s", _FORK, "note_taken"),
    Row("put.go", "to_target", "at_target", "put.reach", "wait_s", _TRAVEL),
    Row("put.reach", "reach_target", "fork_there", "put.lower", "move_s", _FORK, "note_lowering"),
    Row("put.lower", "lower_target", "set_down", "put.retract", "lift_s", _HOIST, "note_set_down"),
    Row("put.retract", "retract", "retracted", "put.secure", "move_s", _FORK, "note_left"),
    Row("put.secure", "", "target_secured", "idle.wait", "slot_s", "rack.*.alm_not_latched", "finish_job"),
)  # fmt: skip

_MEMORY = ("source", "target", "serial", "carrying", "_here_x")


class CraneUnit:
    """Actions of the crane's table. A job is a source and a target place, by index into the wiring's places."""

    def __init__(
        self, wiring: Wiring, facts: Facts, inventory: Inventory, watch: SlotWatch, settings: Settings
    ) -> None:
        self._watch = watch
        self._w, self._f, self._inventory, self._settings = wiring, facts, inventory, settings
        self._s = settings.crane
        #: Places of the job by index, -1: none.
        self.source = self.target = -1
        #: Serial of the pack on the fork.
        self.serial = UNREAD
        self.carrying = False
        #: Who asks: the shuttle waits for a vacant place, or for a full pack.
        self.wants_empty = self.wants_full = False
        self._here: list[Place] = []
        self._here_x = 1e9

    @property
    def source_place(self) -> Place | None:
        return self._w.places[self.source] if self.source >= 0 else None

    @property
    def target_place(self) -> Place | None:
        return self._w.places[self.target] if self.target >= 0 else None

    def look(self, facts: Facts) -> None:
        """The conditions that depend on the job and on where the mast stands."""
        x = self._w.mast.position
        if not facts.mast_still:
            here: list[Place] = []
        else:
            if abs(x - self._here_x) > 0.002:
                self._here_x = x
                self._here = [place for place in self._w.places if abs(place.x_m - x) < self._s.place_tolerance_m]
            here = self._here
        facts.fork_freedom(here)
        if self.source >= 0:
            place = self._w.places[self.source]
            node = place.inp
            facts.source_ready = (
                (not node.st_latched and not node.st_connected)
                if place.slot
                else self._inventory.claims[place.device] == "crane"
            )
        if self.target >= 0:
            place = self._w.places[self.target]
            node = place.inp
            facts.target_ready = not node.st_pack_present and (
                place.slot or self._inventory.claims[place.device] == "crane"
            )
            facts.target_seated = node.st_pack_present and node.st_seated
            facts.target_secured = not place.slot or node.st_latched

    # -- choosing ---------------------------------------------------------------------------------

    def choose(self) -> None:
        """Pick the next job: isolate a suspect pack, store a returned one, or stage the fullest one."""
        store, stage = self.store_job(), self._stage_job()
        job = (stage or store) if self.wants_full and not self.wants_empty else (store or stage)
        job = self._isolate_job() or job
        if job is not None:
            self.source, self.target = (self._w.places.index(place) for place in job)
        self._f.job_given = job is not None

    def _isolate_job(self) -> tuple[Place, Place] | None:
        slots = self._w.slots
        free = next((slot for slot in slots if slot.isolation and not slot.inp.st_pack_present), None)
        suspect = next((slot for slot in slots if slot.device in self._watch.suspect), None)
        return None if free is None or suspect is None else (suspect, free)

    def store_job(self) -> tuple[Place, Place] | None:
        w, inventory = self._w, self._inventory
        place = w.empty
        if w.one_place and place.device not in inventory.returned:
            return None
        if not (place.inp.st_pack_present and place.inp.st_seated) or inventory.claims[place.device]:
            return None
        flagged = place.inp.pv_pack_serial in self._settings.pack.isolate_serial
        free = [slot for slot in w.slots if slot.isolation == flagged and not slot.inp.st_pack_present]
        if not free:
            return None
        return place, min(free, key=lambda slot: abs(slot.x_m - place.x_m))

    def _stage_job(self) -> tuple[Place, Place] | None:
        w = self._w
        place = w.full
        if place.inp.st_pack_present or self._inventory.claims[place.device]:
            return None
        if w.one_place and not self.wants_full:
            return None
        full = self.full_slots()
        return (max(full, key=lambda slot: slot.inp.pv_soc_frac), place) if full else None

    def full_slots(self) -> list[Place]:
        """Slots whose pack may go to a truck: full enough, latched, not for isolation."""
        limit = self._settings.pack.full_soc_frac
        return [
            slot
            for slot in self._w.slots
            if not slot.isolation
            and slot.inp.st_pack_present
            and slot.inp.st_latched
            and slot.inp.pv_soc_frac >= limit
            and slot.inp.pv_pack_serial not in self._settings.pack.isolate_serial
            and slot.device not in self._watch.suspect
        ]

    def stock(self) -> int:
        """Number of packs ready for a truck: in slots, on the way and at the transfer place."""
        w = self._w
        count = len(self.full_slots())
        place = w.full
        staging = self.target >= 0 and w.places[self.target] is place
        if place.inp.st_pack_present and place.device not in self._inventory.returned and not staging:
            count += 1
        if staging:
            source = self.source_place
            # Still in its slot it is counted there, unless its latch is open already.
            count += 1 if source is None or self.carrying or source not in self.full_slots() else 0
        return count

    # -- actions ----------------------------------------------------------------------------------

    def _go(self, place: Place, z_m: float, *, loaded: bool) -> None:
        w, s = self._w, self._s
        if not self._f.fork_home:
            w.fork.go(0.0, s.fork.loaded_m_s if loaded else s.fork.fast_m_s)
            return
        w.mast.go(place.x_m, s.travel.loaded_m_s if loaded else s.travel.fast_m_s)
        w.hoist.go(z_m, s.hoist.loaded_m_s if loaded else s.hoist.fast_m_s)

    def _place(self, index: int) -> Place:
        return self._w.places[index]

    def to_source(self) -> None:
        place = self._place(self.source)
        self._go(place, place.under_m, loaded=False)
        if self._f.mast_there and self._f.hoist_there:
            self._inventory.claim(place, "crane")

    def reach_source(self) -> None:
        place = self._place(self.source)
        self._w.fork.go(place.side * self._s.fork_reach_m, self._s.fork.fast_m_s)

    def lift_source(self) -> None:
        self._w.hoist.go(self._place(self.source).over_m, self._s.hoist.slow_m_s)

    def retract(self) -> None:
        speed = self._s.fork.loaded_m_s if self.carrying else self._s.fork.fast_m_s
        self._w.fork.go(0.0, speed)

    def to_target(self) -> None:
        place = self._place(self.target)
        self._go(place, place.over_m, loaded=True)
        if self._f.mast_there and self._f.hoist_there and not place.inp.st_pack_present:
            self._inventory.claim(place, "crane")

    def reach_target(self) -> None:
        place = self._place(self.target)
        self._w.fork.go(place.side * self._s.fork_reach_m, self._s.fork.loaded_m_s)

    def lower_target(self) -> None:
        self._w.hoist.go(self._place(self.target).under_m, self._s.hoist.slow_m_s)

    # -- bookkeeping ------------------------------------------------------------------------------

    def note_lifted(self) -> None:
        self.serial = self._inventory.leave(self._place(self.source))
        self.carrying = True

    def note_taken(self) -> None:
        self._inventory.release("crane")

    def note_lowering(self) -> None:
        self.carrying = False

    def note_set_down(self) -> None:
        self._inventory.arrive(self._place(self.target))
        self.serial = UNREAD

    def note_left(self) -> None:
        self._inventory.release("crane")

    def finish_job(self) -> None:
        self.source = self.target = -1
        f = self._f
        f.job_given = f.source_ready = f.target_ready = f.target_seated = f.target_secured = False

    def resume_step(self) -> str:
        """Where to go on after a person has moved the crane; empty: the fork has to be retracted first."""
        f = self._f
        if not f.fork_home:
            return ""
        self._inventory.release("crane")
        if f.fork_empty:
            self.carrying = False
            self.serial = UNREAD
            self.finish_job()
            return "idle.wait"
        self.carrying = True
        return "put.go" if self.target >= 0 else ""

    def state(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _MEMORY} | {"here": [place.device for place in self._here]}

    def restore(self, state: Mapping[str, Any]) -> None:
        for name in _MEMORY:
            setattr(self, name, state[name])
        self._here = [place for place in self._w.places if place.device in state["here"]]
