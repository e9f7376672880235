"""By which rule an input got its values from the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

How = Literal["recorded", "held", "interpolated", "missing"]


@dataclass(frozen=True)
class InputRule:
    """How one input of the controller was filled.

    Args:
        name: the signal.
        how: ``recorded``: the log has a value for each scan; ``held``: a value stands until the next; ``interpolated``:
            between two samples; ``missing``: the log does not have it.
        why: in a sentence; of a missing one what the controller got instead.
    """

    name: str
    how: How
    why: str = ""
