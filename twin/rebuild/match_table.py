"""How well a rebuilt situation must reproduce its log, as data: ``assets/match.yaml``, typed and strict."""

from __future__ import annotations

from functools import cache
from typing import Literal

from twin.document import Document, Quantity, load_document
from twin.shipped import shipped


class PhaseTolerance(Document):
    """By how much a phase's time may be off."""

    absolute_s: Quantity
    relative_frac: Quantity


class MatchTable(Document):
    """``assets/match.yaml``."""

    enough: Quantity
    least_rows: Quantity
    phase_time: PhaseTolerance
    people: list[str]
    rest: dict[Literal["m", "rad"], Quantity]
    course_frac: Quantity
    load_frac: Quantity
    lost_frac: Quantity
    loads: list[str]


@cache
def load_match_table() -> MatchTable:
    """The shipped table.

    Raises:
        InputError: the file is damaged.
    """
    return load_document(shipped("assets", "match.yaml"), MatchTable)
