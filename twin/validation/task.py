"""One case's work: picklable, so that any process of any machine can do it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from twin import __version__
from twin.finding import Mode
from twin.program import Program
from twin.requirement import RequirementSet, load_requirements
from twin.validation.case import Case
from twin.validation.digest import program_digest


@dataclass(frozen=True)
class Task:
    """A case, and what it is validated with.

    Args:
        program, baseline: NEW and OLD; baseline None: there is none.
        digests: of controllers by name, where they were taken.
        requirements: files of rules.
        version: of SwapTwin where the task was made; a worker of another is of no use.
    """

    case: Case
    program: Program
    baseline: Program | None
    modes: tuple[Mode, ...] = ("open", "closed")
    requirements: tuple[Path, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    version: str = __version__

    def digest(self, program: Program) -> str:
        """Of NEW or OLD."""
        return self.digests.get(program.name) or program_digest(program)

    def rules(self) -> tuple[RequirementSet, ...]:
        """The requirements."""
        return load_rules(self.requirements)


def load_rules(paths: Iterable[Path]) -> tuple[RequirementSet, ...]:
    """Files of requirements, each read once a process."""
    return tuple(_load(path, path.stat().st_mtime_ns) for path in paths)


@lru_cache(maxsize=32)
def _load(path: Path, _changed_ns: int) -> RequirementSet:
    return load_requirements(path)
