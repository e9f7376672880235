"""A situation: what stood where, what happened, and how that is known, as a scenario that runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from twin.rebuild.known import Known
from twin.scenario import Scenario


@dataclass
class Situation:
    """One swap's situation, or a simulated Record's as a whole.

    Args:
        start_ns, end_ns: the stretch of the log that it is of; None: all of it.
        exact: it is the run's own: with the same controller the same comes of it.
    """

    scenario: Scenario
    known: list[Known] = field(default_factory=list)
    start_ns: int | None = None
    end_ns: int | None = None

    @property
    def exact(self) -> bool:
        return any(fact.how == "exact" for fact in self.known)
