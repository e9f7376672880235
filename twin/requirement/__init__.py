"""Requirements: rules over signals that say what is wrong, judged on Records (docs/requirement.md)."""

from twin.requirement.document import (
    Requirement,
    RequirementSet,
    load_all_requirements,
    load_requirements,
    shipped_requirements,
)
from twin.requirement.judge import Judgement, Status, judge
from twin.requirement.margin import Margin, margins
from twin.requirement.monitor import Alert, Monitor
from twin.requirement.tally import Violation

__all__ = [
    "Alert",
    "Judgement",
    "Margin",
    "Monitor",
    "Requirement",
    "RequirementSet",
    "Status",
    "Violation",
    "judge",
    "load_all_requirements",
    "load_requirements",
    "margins",
    "shipped_requirements",
]
