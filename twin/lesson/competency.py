"""What is trained: competencies by name, which lessons refer to."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from twin.document import Document, load_document
from twin.formula.document import Name, Sentence
from twin.shipped import shipped


class _Competencies(Document):
    competencies: Annotated[dict[Name, Sentence], Field(min_length=1)]


@cache
def competencies() -> dict[str, Sentence]:
    """Name to what somebody can do, as ``assets/competencies.yaml`` has it."""
    return load_document(shipped("assets", "competencies.yaml"), _Competencies).competencies
