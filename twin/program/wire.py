"""The words of the line protocol between the twin and a controller in another process (docs/controller-protocol.md).

One message a line, words separated by one space. An image is told as its changes: pairs of a signal's number and its
value. Numbers are written with the fewest digits that read back as the very same number.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import ne
from typing import Any

from twin.errors import SwapTwinError
from twin.program.described import no_number
from twin.signals import Image, Signal, SignalTable

VERSION = 1
#: The first line of either side.
HELLO = f"swaptwin {VERSION}"
_READ = 16_384
_LONGEST = 16 * 2**20


class WireError(SwapTwinError):
    """A line that the protocol does not have."""


class Levels:
    """One image at one end of the pipe: tells what has changed since it was last told, takes what the other end says.

    Args:
        image: what is told and written; what else it holds is left alone.
        names: the signals in the order of their numbers.
    """

    def __init__(self, image: Image, names: Sequence[str]) -> None:
        number_of = {name: str(number) for number, name in enumerate(names)}
        self._image = image
        self._names = names
        reals = [name for name in names if image.table[name].type == "real"]
        others = [name for name in names if image.table[name].type != "real"]
        self._reals, self._others = [number_of[name] for name in reals], [number_of[name] for name in others]
        self._read_reals, self._read_others = image.reader(reals), image.reader(others)
        # Reals are compared by their bits: 0.0 equals -0.0, and is another number all the same.
        self._pack, self._unpack = (
            struct.Struct(f"{len(self._reals)}d").pack,
            struct.Struct(f"{len(self._reals)}q").unpack,
        )
        self._slots: dict[str, tuple[Any, str, Callable[[str], float]]] = {
            number: (image.device(image.table[name].device), image.table[name].field, _READERS[image.table[name].type])
            for name, number in number_of.items()
        }
        self._told_reals = b""
        self._told_others: list[float] = []

    def all(self) -> str:
        """Every signal's number and value."""
        self.hold()
        return self._pairs([*self._others, *self._reals], [*self._read_others(), *self._read_reals()])

    def changes(self) -> str:
        """Number and value of what differs from what was told last, to the last bit."""
        reals, others = self._read_reals(), self._read_others()
        said = ""
        if others != self._told_others:
            changed = list(map(ne, others, self._told_others))
            said = self._pairs(compress(self._others, changed), compress(others, changed))
            self._told_others = others
        try:
            bits = self._pack(*reals)
        except struct.error:
            return self._pairs(self._reals, reals)
        if bits != self._told_reals:
            changed = list(map(ne, self._unpack(bits), self._unpack(self._told_reals)))
            more = self._pairs(compress(self._reals, changed), compress(reals, changed))
            said = f"{said} {more}" if said else more
            self._told_reals = bits
        return said

    def hold(self) -> None:
        """What the image holds now counts as told."""
        self._told_reals, self._told_others = self._pack(*self._read_reals()), self._read_others()

    def _pairs(self, numbers: Iterable[str], values: Iterable[float]) -> str:
        try:
            return " ".join([f"{number} {+value}" for number, value in zip(numbers, values, strict=True)])
        except TypeError:
            raise WireError(no_number(self._image.order, self._image.row())) from None

    def take(self, words: Sequence[str]) -> None:
        """Write pairs of number and value into the image.

        Raises:
            WireError: an odd word, an unknown number, or a value that its signal cannot have.
        """
        slots = self._slots
        pairs = iter(words)
        try:
            for number, text in zip(pairs, pairs, strict=True):
                node, field, read = slots[number]
                setattr(node, field, read(text))
        except (KeyError, ValueError):
            raise WireError(self._fault(words)) from None

    def _fault(self, words: Sequence[str]) -> str:
        for number, text in zip(words[::2], words[1::2], strict=False):
            if number not in self._slots:
                return f"told signal number {number!r}; there are 0 to {len(self._slots) - 1}"
            try:
                self._slots[number][2](text)
            except ValueError:
                signal = self._image.table[self._names[int(number)]]
                return f"wrote {text} to {signal.name}, not a {'number' if signal.type == 'real' else signal.type}"
        return "told a signal's number without a value"


class Lines:
    """Lines from a pipe, one at a time, without reading ahead more than what stands in it."""

    def __init__(self, fd: int) -> None:
        self._fd, self._buffer = fd, b""

    def read(self) -> str | None:
        """The next line; None at the end.

        Raises:
            WireError: more than 16 MB without an end of line.
        """
        while b"\n" not in self._buffer:
            if len(self._buffer) > _LONGEST:
                raise WireError(f"said {_LONGEST >> 20} MB without an end of line")
            part = os.read(self._fd, _READ)
            if not part:
                return None
            self._buffer += part
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode("utf-8", "replace").rstrip("\r")

    def __iter__(self) -> Iterator[str]:
        while (line := self.read()) is not None:
            yield line


def write_all(fd: int, text: str) -> None:
    """Write a text to a pipe, in parts if it must be."""
    data = text.encode()
    while data:
        data = data[os.write(fd, data) :]


def _real(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _whole(text: str) -> int:
    value = float(text)
    if not value.is_integer():
        raise ValueError(text)
    return int(value)


def _bool(text: str) -> bool:
    value = float(text)
    if value not in (0.0, 1.0):
        raise ValueError(text)
    return value == 1.0


_READERS: Mapping[str, Callable[[str], float]] = {"bool": _bool, "int": _whole, "enum": _whole, "real": _real}


# ------------------------------------------------------------------------------------------------- getting acquainted


def declared(word: str, signal: Signal) -> str:
    """The line that declares a signal: its name, type and safe value for a simple reader, and all of it as JSON."""
    whole = json.dumps(signal.to_dict(), ensure_ascii=False, separators=(",", ":"))
    return f"{word} {signal.name} {signal.type} {+signal.safe} {whole}"


def declaration(rest: str) -> Signal:
    """The inverse of :func:`declared`, without its first word; the JSON may be left out.

    Raises:
        WireError: not a declaration.
        InputError: the signal has a name that no signal can have.
    """
    words = rest.split(" ", 3)
    if len(words) < 3 or words[1] not in _READERS:
        raise WireError(f"expected NAME TYPE SAFE with a type of {', '.join(_READERS)}, got {rest[:200]!r}")
    try:
        whole = json.loads(words[3]) if len(words) == 4 else {}
        return Signal.from_dict({**whole, "name": words[0], "type": words[1], "safe": float(words[2])})
    except (ValueError, TypeError, AttributeError):
        raise WireError(f"the declaration of {words[0]} cannot be read: {rest[:200]!r}") from None


def setting(key: str, value: Any) -> str:
    """The line that tells a setting."""
    return f"setting {key} {json.dumps(value, ensure_ascii=False)}"


def output_names(table: SignalTable, own: SignalTable, kinds: Sequence[str]) -> list[str]:
    """The outputs in the order of their numbers: those of the I/O list, then those that the controller brings."""
    return [*table.select(*kinds).names, *own.select(*kinds).names]
