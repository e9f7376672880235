"""Closed loop: what came of a swap, and whether it came out worse with another controller (docs/closed-loop.md)."""

from twin.rebuild.known import Known
from twin.rebuild.match import Match, Row, match
from twin.rebuild.measure import OutcomeTable, load_outcome_table
from twin.rebuild.outcome import Outcome, Peak, RuleOutcome, SwapOutcome, outcome
from twin.rebuild.situation import Situation
from twin.rebuild.situations import situations
from twin.rebuild.worse import changed, worse

__all__ = [
    "Known",
    "Match",
    "Outcome",
    "OutcomeTable",
    "Peak",
    "Row",
    "RuleOutcome",
    "Situation",
    "SwapOutcome",
    "changed",
    "load_outcome_table",
    "match",
    "outcome",
    "situations",
    "worse",
]
