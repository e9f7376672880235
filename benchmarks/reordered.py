"""The station's own controller with small steps in another order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from twin.control import swap
from twin.control.output import OutputWriter
from twin.control.sequence import Sequence
from twin.control.settings import Settings
from twin.control.station import StationController
from twin.signals import SignalTable


class Reordered(StationController):
    """The same table with other ways from step to step: (step, its next) to the next that it has here."""

    AFTER: Mapping[tuple[str, str], str] = {}

    def __init__(self, table: SignalTable, settings: Settings, scan_ns: int) -> None:
        super().__init__(table, settings, scan_ns)
        rows = [replace(row, next=self.AFTER.get((row.step, row.next), row.next)) for row in swap.SWAP]
        self.swap_sequence = Sequence(rows, swap.GUARDS, self.facts, self.shuttle, self.settings.timeouts)
        self.output = OutputWriter(self)


class ClaimsLater(Reordered):
    """Raised before the empty place is claimed."""

    AFTER = {
        ("deliver.square", "deliver.claim"): "deliver.raise", ("deliver.raise", "deliver.in"): "deliver.claim",
        ("deliver.claim", "deliver.raise"): "deliver.in",
    }  # fmt: skip


class LooksAfterVoltage(Reordered):
    """High voltage on before connectors are looked at."""

    AFTER = {
        ("clear.home", "verify.mated"): "verify.hv", ("verify.hv", "release.clamp"): "verify.mated",
        ("verify.mated", "verify.hv"): "release.clamp",
    }  # fmt: skip
