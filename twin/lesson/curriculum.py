"""What is taught: competencies and procedures by name, which lessons refer to."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from twin.document import Document, load_document
from twin.formula.document import Name, Sentence
from twin.shipped import shipped


class Procedure(Document):
    """What is done, in which order; ``source`` says where it comes from."""

    text: Sentence
    does: Annotated[list[Sentence], Field(min_length=1)]
    source: str


class Curriculum(Document):
    """The competencies that lessons train, and the procedures that they teach."""

    competencies: Annotated[dict[Name, Sentence], Field(min_length=1)]
    procedures: Annotated[dict[Name, Procedure], Field(min_length=1)]


@cache
def shipped_curriculum() -> Curriculum:
    """As ``assets/curriculum.yaml`` has it."""
    return load_document(shipped("assets", "curriculum.yaml"), Curriculum)
