"""Interlocks: what may happen now, as named conditions; true means permitted. They hold in every mode.

Each becomes a signal ``<device>.ilk_<what>``. A condition of ``keyed`` may be overridden by the key of the
maintenance mode; one of ``always`` never.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

from twin.control.sequence import Predicate
from twin.signals import Image, Signal, SignalTable


@dataclass(frozen=True)
class Interlock:
    """One interlock: its signal and the conditions that permit."""

    name: str
    always: tuple[str, ...]
    keyed: tuple[str, ...] = ()


_SHUTTLE = ("drives_on", "shuttle_ready")
_CRANE = ("drives_on", "crane_ready")

#: Axis interlocks: ``plus`` permits motion towards larger positions, ``minus`` towards smaller ones.
INTERLOCKS: tuple[Interlock, ...] = (
    Interlock("shuttle.travel.ilk_plus", _SHUTTLE, ("keys_down", "way_out_free", "fork_clear_of_shuttle_way")),
    Interlock("shuttle.travel.ilk_minus", (*_SHUTTLE, "lane_safe"), ("keys_down", "way_in_free")),
    Interlock("shuttle.cross.ilk_plus", _SHUTTLE, ("keys_down", "lift_low", "cross_free")),
    Interlock("shuttle.cross.ilk_minus", _SHUTTLE, ("keys_down", "lift_low", "cross_free")),
    Interlock("shuttle.yaw.ilk_plus", _SHUTTLE, ("keys_down", "lift_low")),
    Interlock("shuttle.yaw.ilk_minus", _SHUTTLE, ("keys_down", "lift_low")),
    Interlock(
        "shuttle.lift.ilk_plus",
        (*_SHUTTLE, "load_in_limit"),
        ("keys_down", "shuttle_still", "lift_site_free", "fork_clear_of_shuttle"),
    ),
    Interlock(
        "shuttle.lift.ilk_minus",
        (*_SHUTTLE, "locks_settled", "lowering_confirmed"),
        ("keys_down", "shuttle_still", "lower_site_free", "fork_clear_of_shuttle"),
    ),
    Interlock("shuttle.lock_driver.ilk_engage", ("drives_on", "over_bracket", "shuttle_still", "lift_still")),
    Interlock(
        "shuttle.lock_driver.ilk_lock", ("drives_on", "keys_up", "lift_still", "pads_all_touch", "truck_secured")
    ),
    Interlock(
        "shuttle.lock_driver.ilk_unlock", ("drives_on", "keys_up", "lift_still", "plate_carries", "truck_secured")
    ),
    Interlock("crane.travel.ilk_plus", _CRANE, ("fork_home", "fork_still")),
    Interlock("crane.travel.ilk_minus", _CRANE, ("fork_home", "fork_still")),
    Interlock("crane.hoist.ilk_plus", (*_CRANE, "fork_load_in_limit"), ("fork_still", "hoist_up_free")),
    Interlock("crane.hoist.ilk_minus", _CRANE, ("fork_still", "hoist_down_free")),
    Interlock("crane.fork.ilk_plus", _CRANE, ("mast_still", "hoist_still", "fork_plus_free")),
    Interlock("crane.fork.ilk_minus", _CRANE, ("mast_still", "hoist_still", "fork_minus_free")),
    Interlock("bay.clamp.ilk_close", ("chain_closed", "mains_on", "truck_at_mark", "truck_still")),
    Interlock("bay.clamp.ilk_open", ("chain_closed", "mains_on", "shuttle_out_of_lane", "lift_low")),
    Interlock(
        "truck.interface.ilk_release", ("shuttle_out_of_lane", "lift_low", "clamp_open", "packs_secured", "hv_is_on")
    ),
    Interlock("bay.entry_light.ilk_green", ("shuttle_out_of_lane", "lift_low", "clamp_open", "bay_clear")),
    Interlock("station.charge.ilk_permitted", ("chain_closed", "mains_on", "floor_dry")),
)


class Interlocks:
    """Evaluates all interlocks once a scan and writes their signals; then asked by index."""

    def __init__(self, facts: object, interlocks: Sequence[Interlock] = INTERLOCKS) -> None:
        self._facts = facts
        self._full = [Predicate(item.name, item.always + item.keyed, facts) for item in interlocks]
        self._keyed = [Predicate(item.name, item.always, facts) for item in interlocks]
        #: Result of the last evaluation, in the order of the interlocks.
        self.permitted: list[bool] = [False] * len(interlocks)
        self.index = {item.name: i for i, item in enumerate(interlocks)}
        self._nodes: list[tuple[object, str]] = []
        # Conditions seldom change: one fetch of all of them tells whether there is anything to evaluate.
        every = dict.fromkeys(name for item in interlocks for name in item.always + item.keyed)
        self._fetch_every = operator.attrgetter(*every)
        self._seen: tuple[object, ...] = ()

    @property
    def signals(self) -> SignalTable:
        return SignalTable(
            Signal(
                test.name,
                "bool",
                text={
                    "en": "permitted: " + ", ".join(test.conditions).replace("_", " "),
                    "zh": f"联锁允许（{len(test.conditions)} 项条件）",
                },
            )
            for test in self._full
        )

    def bind(self, outputs: Image) -> None:
        """Take the output image."""
        self._nodes = [
            (outputs.device(test.name.rsplit(".", 1)[0]), test.name.rsplit(".", 1)[1]) for test in self._full
        ]
        for node, field in self._nodes:
            setattr(node, field, False)
        self._seen = ()

    def forget(self) -> None:
        """Evaluate and write everything in the next scan, whatever was seen before."""
        self._seen = ()

    def evaluate(self, *, key: bool) -> list[bool]:
        """All interlocks of this scan; ``key``: the maintenance key overrides the keyed conditions."""
        facts = self._facts
        seen = (key, self._fetch_every(facts))
        if seen == self._seen:
            return self.permitted
        self._seen = seen
        permitted = [False not in test.fetch(facts) for test in (self._keyed if key else self._full)]
        for value, (node, field) in zip(permitted, self._nodes, strict=True):
            setattr(node, field, value)
        self.permitted = permitted
        return permitted

    def false(self, name: str) -> tuple[str, ...]:
        """The conditions that forbid."""
        return self._full[self.index[name]].false(self._facts)
