"""What outcomes are measured by, as data: ``assets/outcome.yaml``, typed and strict."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from twin.document import Document, Quantity, load_document
from twin.finding import Severity
from twin.formula.document import FormulaText, Name, Sentence
from twin.shipped import shipped


class Tolerance(Document):
    """By how much a number may change: what passes ``absolute`` and ``relative`` (of the old value) is a change."""

    severity: Severity
    absolute: Quantity
    relative: Quantity

    def passed(self, old: float, new: float) -> bool:
        """Whether the two differ by more."""
        return abs(new - old) > max(self.absolute.value, self.relative.value * abs(old))


class PeakRule(Tolerance):
    """A number of a whole swap: the ``highest`` or ``lowest`` of ``value`` over all devices and instants.

    ``while_`` (in the file ``while``) says at which instants it counts. ``worse`` is the direction in which it is.
    """

    text: Sentence
    value: FormulaText
    while_: Annotated[FormulaText, Field(alias="while")] = "true"
    take: Literal["highest", "lowest"]
    worse: Literal["higher", "lower"]


class MarginRule(Document):
    """When the margin of a requirement is worse: less than ``kept`` of the old, and by more than ``of_limit``."""

    kept: Quantity
    of_limit: Quantity


class OutcomeTable(Document):
    """What the outcome of a swap is measured by, and from when on it is worse."""

    quantities: dict[Name, PeakRule]
    phase_time: Tolerance
    swap_time: Tolerance
    margin: MarginRule


@cache
def load_outcome_table() -> OutcomeTable:
    """The shipped table.

    Raises:
        InputError: the file is damaged.
    """
    return load_document(shipped("assets", "outcome.yaml"), OutcomeTable)
