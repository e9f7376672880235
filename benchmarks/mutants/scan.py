"""Where a mutant first writes anything else than the reference did, open loop on the reference's own Record.

A run is deterministic: until that scan it is the same in closed loop, and where there is none nothing need be run.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin.program import Program
from twin.record import Record
from twin.replay.feed import Feed, Filler
from twin.replay.site import Site, site_of
from twin.signals import Image

_FOREVER_NS = 2**63 - 1


@dataclass
class Reference:
    """A run of the reference: what its controller read and wrote, scan by scan.

    Args:
        outputs: (n, k), in the order of the output image's row.
        labels: words of its numbers, of the outputs that have some.
    """

    name: str
    path: Path
    end_s: float
    site: Site
    feed: Feed
    outputs: npt.NDArray[np.float64]
    labels: Mapping[str, Mapping[int, str]]

    @classmethod
    def of(cls, path: Path) -> Reference:
        """Read a Record of the reference controller; its rows are laid beside it, for all processes that read them."""
        record = Record.open(path)
        site = site_of(record)
        controller = Program().make(site.table, site.settings, site.scan_ns)
        inputs, outputs = controller.images()
        t_ns, read = _kept(path, record, inputs.order, "in")
        _, written = _kept(path, record, outputs.order, "out")
        feed = Feed(t_ns, inputs.order, read, [])
        return cls(path.stem, path, record.end_ns / 1e9, site, feed, written, _labels(outputs))

    def first_difference(self, program: Program) -> tuple[float, str] | None:
        """Time (s) and signal of the first output that differs; the signal is ``raised`` where it raised.

        Raises:
            ControllerError: the controller cannot be made.
        """
        controller = program.make(self.site.table, self.site.settings, self.site.scan_ns)
        inputs, outputs = controller.images()
        return _first(self, controller, inputs, outputs, _renumbered(self.labels, outputs))


def _labels(outputs: Image) -> dict[str, Mapping[int, str]]:
    return {name: outputs.table[name].labels for name in outputs.order if outputs.table[name].labels}


def _renumbered(labels: Mapping[str, Mapping[int, str]], outputs: Image) -> dict[int, dict[float, float]]:
    """Columns whose words have other numbers than the reference's, and what each number is there.

    A mutant may know a condition less; what is written is told by its word.
    """
    found = {}
    for name, own in _labels(outputs).items():
        numbers = {word: float(number) for number, word in labels.get(name, {}).items()}
        moved = {float(number): numbers.get(word, -1.0) for number, word in own.items()}
        if any(one != other for one, other in moved.items()):
            found[outputs.order.index(name)] = moved
    return found


def _kept(
    path: Path, record: Record, order: list[str], what: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Times and values as :func:`_rows` gives them, the values in a file."""
    rows, times = path.with_suffix(f".{what}.npy"), path.with_suffix(".t.npy")
    if not rows.is_file():
        t_ns, values = _rows(record, order)
        # Several processes may do this at once; the values come last, for they say that both are there.
        for place, array in ((times, t_ns), (rows, values)):
            unfinished = place.with_suffix(f".{os.getpid()}.part.npy")
            np.save(unfinished, array)
            unfinished.replace(place)
    return np.load(times), np.load(rows, mmap_mode="r")


def _rows(record: Record, order: list[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Times and values (n, k) of a Record that has a row for each scan."""
    found: list[npt.NDArray[np.float64]] = []
    names: list[str] = []
    for name, signals in record.tables.items():
        wanted = [signal.name for signal in signals if signal.name in order]
        if wanted:
            t_ns, rows = record.rows(name, 0, _FOREVER_NS, names=wanted)
            names += wanted
            found.append(rows)
    count = min(map(len, found))
    values = np.concatenate([rows[:count] for rows in found], axis=1)
    return t_ns[:count], np.ascontiguousarray(values[:, [names.index(name) for name in order]])


def _first(
    reference: Reference, controller: object, inputs: Image, outputs: Image, renumbered: dict[int, dict[float, float]]
) -> tuple[float, str] | None:
    fill, scan, row = Filler(reference.feed, inputs, outputs).fill, controller.scan, outputs.row  # type: ignore[attr-defined]
    expected = memoryview(reference.outputs).cast("B")
    width = reference.outputs.shape[1] * 8
    t_ns = 0
    try:
        for number, t_ns in enumerate(reference.feed.t_ns.tolist()):
            fill(number)
            scan(t_ns, inputs, outputs)
            written = array("d", row())
            for column, numbers in renumbered.items():
                written[column] = numbers.get(written[column], written[column])
            if written.tobytes() != expected[number * width : (number + 1) * width]:
                off = np.flatnonzero(np.asarray(written) != reference.outputs[number])
                if len(off):
                    return t_ns / 1e9, outputs.order[int(off[0])]
    except Exception:
        return t_ns / 1e9, "raised"
    return None
