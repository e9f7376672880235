"""Requirements: rules over signals that say what is wrong, judged on Records (docs/requirement.md)."""

from twin.requirement.document import Requirement, RequirementSet, load_requirements
from twin.requirement.judge import Judgement, Status, Violation, judge
from twin.requirement.margin import Margin, margins

__all__ = [
    "Judgement",
    "Margin",
    "Requirement",
    "RequirementSet",
    "Status",
    "Violation",
    "judge",
    "load_requirements",
    "margins",
]
