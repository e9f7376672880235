"""Every change there is, and those that are drawn of them: some to look at while rules are written, the rest not."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.mutants.code import code_mutants
from benchmarks.mutants.mutant import CLASSES, Mutant
from benchmarks.mutants.tables import table_mutants
from benchmarks.mutants.values import value_mutants

#: ``development``: may be looked at while rules and scenarios are written. ``held_out``: those of the table; never.
Pool = Literal["development", "held_out"]
SEEDS: dict[Pool, int] = {"development": 11, "held_out": 20261123}
#: Held out once, judged, and looked at: of the development since.
_SEEN = frozenset(Path(__file__).with_name("seen.txt").read_text(encoding="utf-8").split())


@cache
def by_name() -> dict[str, Mutant]:
    """Every mutant by its name, in the order of the sources."""
    found: dict[str, Mutant] = {}
    for made in (*table_mutants(), *code_mutants(), *value_mutants()):
        mutant = made
        while mutant.name in found:
            if found[mutant.name].changes and _same(found[mutant.name], mutant):
                break
            mutant = Mutant(made.kind, made.changes, made.settings, mutant.number + 1)
        else:
            found[mutant.name] = mutant
    return found


def _same(one: Mutant, other: Mutant) -> bool:
    return one.changes == other.changes


def drawn(pool: Pool, each: int) -> list[Mutant]:
    """Mutants of a pool, at most so many of a class, in an order of which any beginning is a fair sample.

    No mutant is in both pools, whatever is drawn.
    """
    rng = np.random.default_rng(SEEDS[pool])
    chosen: list[Mutant] = []
    for kind in CLASSES:
        there = [m for m in by_name().values() if m.kind == kind and _pool(m) == pool]
        chosen += [there[i] for i in rng.permutation(len(there))[:each].tolist()]
    return [chosen[i] for i in rng.permutation(len(chosen)).tolist()]


def _pool(mutant: Mutant) -> Pool:
    return "development" if mutant.digest % 3 == 0 or mutant.name in _SEEN else "held_out"
