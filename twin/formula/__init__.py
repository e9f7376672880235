"""Conditions over signals as text: one language for search, phases, causes and requirements (docs/condition.md)."""

from twin.formula.evaluate import Evaluation, Samples
from twin.formula.interval import Intervals
from twin.formula.naming import find_signal
from twin.formula.reach import Reach, reach
from twin.formula.reason import Reason, conditions, reasons
from twin.formula.syntax import Formula, parse, resolve
from twin.formula.truth import Truth

__all__ = [
    "Evaluation",
    "Formula",
    "Intervals",
    "Reach",
    "Reason",
    "Samples",
    "Truth",
    "conditions",
    "find_signal",
    "parse",
    "reach",
    "reasons",
    "resolve",
]
