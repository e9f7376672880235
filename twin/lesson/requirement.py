"""Shipped requirements by name, for lessons that refer to them."""

from __future__ import annotations

from functools import cache

from twin.errors import InputError
from twin.requirement import RequirementSet, load_all_requirements, shipped_requirements


def requirement_names() -> list[str]:
    """All shipped requirements."""
    return [name for one in _sets() for name in one.requirements]


def requirement_set(name: str) -> RequirementSet:
    """The set that holds a shipped requirement.

    Raises:
        InputError: there is none of this name.
    """
    for one in _sets():
        if name in one.requirements:
            return one
    raise InputError(key=name, expected="a shipped requirement", got="an unknown name")


@cache
def _sets() -> list[RequirementSet]:
    return load_all_requirements(shipped_requirements())
