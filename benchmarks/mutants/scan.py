"""Where a mutant first writes anything else than the reference did, open loop on the reference's own Record.

A run is deterministic: until that scan it is the same in closed loop, and where there is none nothing need be run.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin.program import Program
from twin.record import Record
from twin.replay.feed import Feed, Filler, recorded_feed
from twin.replay.site import Site, site_of
from twin.signals import Image, SignalTable

_FOREVER_NS = 2**63 - 1


@dataclass
class Reference:
    """A run of the reference: what its controller read and wrote, scan by scan.

    Args:
        outputs: (n, k), in the order of the output image's row.
    """

    name: str
    path: Path
    end_s: float
    site: Site
    feed: Feed
    outputs: npt.NDArray[np.float64]

    @classmethod
    def of(cls, path: Path) -> Reference:
        """Read a Record of the reference controller."""
        record = Record.open(path)
        site = site_of(record)
        controller = Program().make(site.table, site.settings, site.scan_ns)
        inputs, outputs = controller.images()
        feed = recorded_feed(record, inputs.table, _FOREVER_NS)
        written = _rows(record, outputs.table, outputs.order, len(feed.t_ns))
        return cls(path.stem, path, record.end_ns / 1e9, site, feed, written)

    def first_difference(self, program: Program) -> tuple[float, str] | None:
        """Time (s) and signal of the first output that differs; the signal is ``raised`` where it raised.

        Raises:
            ControllerError: the controller cannot be made.
        """
        controller = program.make(self.site.table, self.site.settings, self.site.scan_ns)
        inputs, outputs = controller.images()
        return _first(self, controller, inputs, outputs)


def _rows(record: Record, table: SignalTable, order: list[str], count: int) -> npt.NDArray[np.float64]:
    """What the Record holds of outputs, in the order of the image's row."""
    found = np.full((count, len(order)), np.nan)
    for name, signals in record.tables.items():
        wanted = [signal.name for signal in signals if signal.name in table]
        if wanted:
            _, rows = record.rows(name, 0, _FOREVER_NS, names=wanted)
            found[:, [order.index(one) for one in wanted]] = rows[:count]
    return found


def _first(reference: Reference, controller: object, inputs: Image, outputs: Image) -> tuple[float, str] | None:
    fill, scan, row = Filler(reference.feed, inputs).fill, controller.scan, outputs.row  # type: ignore[attr-defined]
    expected = memoryview(reference.outputs).cast("B")
    width = reference.outputs.shape[1] * 8
    try:
        for number, t_ns in enumerate(reference.feed.t_ns.tolist()):
            fill(number)
            scan(t_ns, inputs, outputs)
            written = array("d", row())
            if written.tobytes() != expected[number * width : (number + 1) * width]:
                off = np.flatnonzero(np.asarray(written) != reference.outputs[number])
                if len(off):
                    return t_ns / 1e9, outputs.order[int(off[0])]
    except Exception:
        return t_ns / 1e9, "raised"
    return None
