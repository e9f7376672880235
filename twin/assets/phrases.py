"""What English words of the asset files are called in other languages."""

from __future__ import annotations

from functools import cache

from twin.assets.asset import load
from twin.document import Document


class Phrases(Document):
    """What English words of the asset files are called in other languages."""

    zh: dict[str, str]


@cache
def load_phrases() -> Phrases:
    """The translations of sources and notes; read once."""
    return load(Phrases, "phrases.yaml")
