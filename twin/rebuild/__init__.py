"""Closed loop: what came of a swap, and whether it came out worse with another controller (docs/closed-loop.md)."""

from twin.rebuild.measure import OutcomeTable, load_outcome_table
from twin.rebuild.outcome import Outcome, Peak, RuleOutcome, SwapOutcome, outcome
from twin.rebuild.worse import changed, worse

__all__ = [
    "Outcome",
    "OutcomeTable",
    "Peak",
    "RuleOutcome",
    "SwapOutcome",
    "changed",
    "load_outcome_table",
    "outcome",
    "worse",
]
