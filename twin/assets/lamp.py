"""Lamps: a material of a part, whose colour follows a device."""

from __future__ import annotations

from typing import Literal

from twin.document import Document

LampColour = Literal["red", "amber", "green", "blue", "white", "dark"]


class LampLine(Document):
    """A colour, and what must hold for it: fields of the device that have one of the values (numbers, or labels of
    an enum), and fields that stand above a number."""

    when: dict[str, list[str | float]] = {}
    above: dict[str, float] = {}
    colour: LampColour


class LampKind(Document):
    """How a lamp follows a device: the first line that holds gives its colour, else ``otherwise``, else its own."""

    lines: list[LampLine]
    otherwise: LampColour | None = None


class Lamp(Document):
    """A material of a part in a frame, whose colour follows a device; of a truck the frame is its link's name."""

    frame: str
    part: str
    material: str
    device: str
    kind: str
