"""Conditions over signals as text: one language for search, phases, causes and requirements (docs/condition.md)."""

from twin.formula.evaluate import Evaluation, Samples, find_signal
from twin.formula.interval import Intervals
from twin.formula.syntax import Formula, parse, resolve
from twin.formula.truth import Truth

__all__ = ["Evaluation", "Formula", "Intervals", "Samples", "Truth", "find_signal", "parse", "resolve"]
