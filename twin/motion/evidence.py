"""What the signals of places say over time: is a pack there, locked, hanging on it, and with what serial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.motion.known import Array, Times
from twin.motion.source import PlaceSource
from twin.record import Record

#: A weight that has hung on a place has left it below this share of what says that it hangs.
_LET_GO = 0.6
#: After something has happened at a carrier it is looked at again: has it gone off with what it took?
_LOOK_AGAIN_NS = (5_000_000_000, 20_000_000_000)

Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Steps:
    """A signal that holds from each instant on until the next; NaN is not known."""

    t_ns: Times
    v: Array

    def at(self, t_ns: Times) -> Array:
        """The values at instants, NaN before the first."""
        row = np.searchsorted(self.t_ns, t_ns, side="right") - 1
        if not len(self.v):
            return np.full(len(t_ns), np.nan)
        found: Array = np.where(row >= 0, self.v[np.maximum(row, 0)], np.nan)
        return found


@dataclass(frozen=True)
class Evidence:
    """What is said of each place at the instants at which something changes: shapes (n,) and (n, places).

    ``seen`` and ``loaded`` are 1, 0 or NaN (not said); ``serial`` is a number in ``serials``, 0 for none, and
    ``read_ns`` when it was read first.
    """

    t_ns: Times
    seen: Array
    locked: Bits
    loaded: Array
    serial: npt.NDArray[np.intp]
    read_ns: npt.NDArray[np.int64]
    serials: list[str]


def steps(record: Record, name: str) -> Steps:
    """A signal of the whole record where it changes."""
    t_ns, v = record.signal(name)
    new = np.ones(len(v), dtype=bool)
    new[1:] = (v[1:] != v[:-1]) & ~(np.isnan(v[1:]) & np.isnan(v[:-1]))
    return Steps(t_ns[new], v[new])


def gather(record: Record, places: Sequence[PlaceSource], further: Sequence[Times] = ()) -> Evidence:
    """What a record says of places.

    Args:
        further: instants to look at besides those at which a place's signals change.
    """
    serials = [""]
    bits = {
        name: steps(record, name)
        for place in places
        for name in (*place.seen, *place.locked, place.valid)
        if name
    }  # fmt: skip
    loads = {place.load: _loaded(record, place) for place in places if place.load}
    reads = {place.serial: _serials(record, place.serial, serials) for place in places if place.serial}
    of_carriers = [
        part.t_ns
        for place in places
        if place.carries
        for part in (*(bits[name] for name in place.seen), *([loads[place.load]] if place.load else []))
    ]
    every = [part.t_ns for part in (*bits.values(), *loads.values(), *reads.values())]
    again = [t + later for t in of_carriers for later in _LOOK_AGAIN_NS]
    t_ns = np.unique(np.concatenate([np.zeros(0, np.int64), *every, *again, *further]))
    t_ns = t_ns[t_ns <= record.end_ns]
    n, count = len(t_ns), len(places)
    seen, loaded = np.full((n, count), np.nan), np.full((n, count), np.nan)
    locked, serial = np.zeros((n, count), dtype=bool), np.zeros((n, count), dtype=np.intp)
    read_ns = np.zeros((n, count), dtype=np.int64)
    for column, place in enumerate(places):
        if place.load:
            loaded[:, column] = loads[place.load].at(t_ns)
        said = [bits[name].at(t_ns) for name in place.seen] or ([loaded[:, column]] if place.load else [])
        if said:
            # Bits that contradict each other are outvoted; half of them are enough.
            known = ~np.isnan(said)
            votes, voters = np.nansum(said, axis=0), known.sum(axis=0)
            seen[:, column] = np.where(voters > 0, 2 * votes >= np.maximum(voters, 1), np.nan)
        if place.locked:
            locked[:, column] = np.all([bits[name].at(t_ns) == 1.0 for name in place.locked], axis=0)
        if place.serial:
            read = reads[place.serial]
            serial[:, column] = np.nan_to_num(read.at(t_ns)).astype(np.intp)
            read_ns[:, column] = np.nan_to_num(Steps(read.t_ns, read.t_ns.astype(float)).at(t_ns)).astype(np.int64)
        if place.valid:
            silent = bits[place.valid].at(t_ns) != 1.0
            seen[silent, column] = np.nan
            locked[silent, column] = False
    return Evidence(t_ns, seen, locked, loaded, serial, read_ns, serials)


def _loaded(record: Record, place: PlaceSource) -> Steps:
    """Whether something hangs on a place, with hysteresis."""
    t_ns, v = record.signal(place.load)
    said = np.where(v > place.load_above, 1.0, np.where(v < _LET_GO * place.load_above, 0.0, np.nan))
    sure = ~np.isnan(said) | np.isnan(v)
    t_ns, said = t_ns[sure], said[sure]
    new = np.ones(len(said), dtype=bool)
    new[1:] = (said[1:] != said[:-1]) & ~(np.isnan(said[1:]) & np.isnan(said[:-1]))
    return Steps(t_ns[new], said[new])


def _serials(record: Record, name: str, serials: list[str]) -> Steps:
    """A serial as a number in ``serials``, to which new ones are added."""
    read, labels = steps(record, name), record.signals[name].labels
    numbers = np.zeros(len(read.v))
    for value in np.unique(read.v[~np.isnan(read.v)]).tolist():
        word = labels.get(int(value), str(int(value))).strip()
        if value == 0 or word.lower() in ("", "none", "0"):
            continue
        if word not in serials:
            serials.append(word)
        numbers[read.v == value] = serials.index(word)
    return Steps(read.t_ns, numbers)
