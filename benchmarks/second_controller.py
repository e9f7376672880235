"""A second controller of the same station: other speeds and times, and small steps in another order.

What reads logs is tried on it and never tuned with it.
"""

from __future__ import annotations

from benchmarks.reordered import ClaimsLater, LooksAfterVoltage, Reordered

#: Settings of a scenario's ``controller`` that go with it.
SETTINGS = (
    "controller.shuttle.travel.fast_m_s=0.35", "controller.shuttle.travel.loaded_m_s=0.28",
    "controller.shuttle.cross.fast_m_s=0.12", "controller.shuttle.cross.loaded_m_s=0.10",
    "controller.shuttle.lift.fast_m_s=0.04", "controller.shuttle.lift.loaded_m_s=0.035",
    "controller.shuttle.lift.slow_m_s=0.013", "controller.shuttle.take_gap_m=0.03",
    "controller.shuttle.seat_gap_m=0.04", "controller.bay.standstill_s=2.0", "controller.bay.measure_s=1.5",
    "controller.timeouts.lock_s=8", "controller.timeouts.contact_s=30",
)  # fmt: skip


class SecondController(Reordered):
    """See :data:`SETTINGS` for its speeds."""

    AFTER = {**ClaimsLater.AFTER, **LooksAfterVoltage.AFTER}
