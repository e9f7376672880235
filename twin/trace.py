"""The trace of a run: all of its numbers, as one digest."""

from __future__ import annotations

import hashlib
import struct
from array import array

import numpy as np

from twin.signals import Signal

#: Scans that are converted at once; one at a time took 17 µs each.
_MOST_SCANS = 500


class Trace:
    """SHA-256 over the float64 bytes of every scan, in order: a row of physics, then the signals.

    Args:
        physics: numbers in a row of physics.
        signals: what a row of signals holds, in its order.
    """

    def __init__(self, physics: int, signals: list[Signal]) -> None:
        self._width = physics
        # A bool packed as a bool costs a tenth of one converted to a double.
        self._packer = struct.Struct("<" + "".join("?" if signal.type == "bool" else "d" for signal in signals))
        kinds = ["?" if signal.type == "bool" else "<f8" for signal in signals]
        self._dtype = np.dtype([(f"f{n}", kind) for n, kind in enumerate(kinds)])
        self._digest = hashlib.sha256()
        self._physics = array("d")
        self._signals = bytearray()
        self._scans = 0

    def add(self, physics: array[float], signals: list[float]) -> None:
        """Add a scan."""
        self._physics += physics
        self._signals += self._packer.pack(*signals)
        self._scans += 1
        if self._scans == _MOST_SCANS:
            self._digest_waiting()

    def copy(self) -> Trace:
        """A trace that goes on from here by itself."""
        self._digest_waiting()
        other = object.__new__(Trace)
        other.__dict__.update(self.__dict__)
        other._digest = self._digest.copy()
        other._physics, other._signals = array("d"), bytearray()
        return other

    def hexdigest(self) -> str:
        """The digest of all scans so far."""
        self._digest_waiting()
        return self._digest.hexdigest()

    def _digest_waiting(self) -> None:
        fields = self._dtype.names or ()
        rows = np.empty((self._scans, self._width + len(fields)))
        rows[:, : self._width] = np.frombuffer(self._physics).reshape(self._scans, self._width)
        packed = np.frombuffer(bytes(self._signals), self._dtype)
        for column, field in enumerate(fields, self._width):
            rows[:, column] = packed[field]
        self._digest.update(rows.data)
        self._physics, self._signals, self._scans = array("d"), bytearray(), 0
