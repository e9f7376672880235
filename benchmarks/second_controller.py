"""A second controller of the same station: other speeds and times, and small steps in another order.

What reads logs is tried on it and never tuned with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.control import swap
from twin.control.output import OutputWriter
from twin.control.sequence import Row, Sequence
from twin.control.settings import Settings
from twin.control.station import StationController
from twin.signals import SignalTable

#: Settings of a scenario's ``controller`` that go with it.
SETTINGS = (
    "controller.shuttle.travel.fast_m_s=0.35", "controller.shuttle.travel.loaded_m_s=0.28",
    "controller.shuttle.cross.fast_m_s=0.12", "controller.shuttle.cross.loaded_m_s=0.10",
    "controller.shuttle.lift.fast_m_s=0.04", "controller.shuttle.lift.loaded_m_s=0.035",
    "controller.shuttle.lift.slow_m_s=0.013", "controller.shuttle.take_gap_m=0.03",
    "controller.shuttle.seat_gap_m=0.04", "controller.bay.standstill_s=2.0", "controller.bay.measure_s=1.5",
    "controller.timeouts.lock_s=8", "controller.timeouts.contact_s=30",
)  # fmt: skip


def _other_order(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The same table: raised before the empty place is claimed, high voltage on before connectors are looked at."""
    after = {
        ("deliver.square", "deliver.claim"): "deliver.raise",
        ("deliver.raise", "deliver.in"): "deliver.claim",
        ("deliver.claim", "deliver.raise"): "deliver.in",
        ("clear.home", "verify.mated"): "verify.hv",
        ("verify.hv", "release.clamp"): "verify.mated",
        ("verify.mated", "verify.hv"): "release.clamp",
    }
    return tuple(
        Row(row.step, row.action, row.guard, after.get((row.step, row.next), row.next), row.timeout, row.alarm,
            row.then, row.retry)
        for row in rows
    )  # fmt: skip


class SecondController(StationController):
    """See :data:`SETTINGS` for its speeds."""

    def __init__(self, table: SignalTable, settings: Settings | Mapping[str, Any], scan_ns: int) -> None:
        super().__init__(table, settings, scan_ns)
        rows = _other_order(swap.SWAP)
        self.swap_sequence = Sequence(rows, swap.GUARDS, self.facts, self.shuttle, self.settings.timeouts)
        self.output = OutputWriter(self)
