"""How often each thing of a controller was exercised; what two logs exercised is added up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from twin.document import Document

Kind = Literal[
    "transition", "step", "blocked", "forbidden", "permitted", "alarm", "state", "mode", "request", "rule", "jump"
]
#: What a person is told each kind is, in English and Chinese.
KINDS: Mapping[Kind, tuple[str, str]] = {
    "transition": ("transitions", "转移"),
    "step": ("steps", "步骤"),
    "blocked": ("interlocks that stopped something", "起过阻止作用的联锁"),
    "forbidden": ("interlocks, false", "联锁：不允许"),
    "permitted": ("interlocks, true", "联锁：允许"),
    "alarm": ("alarms raised", "触发过的报警"),
    "state": ("states", "状态"),
    "mode": ("operating modes", "运行模式"),
    "request": ("operator's requests", "操作请求"),
    "rule": ("rules", "规则"),
    "jump": ("steps that followed by no row of a table", "表外跳步"),
}
Counts = dict[str, int]


@dataclass(frozen=True)
class Never:
    """Something that nothing exercised. ``ways``: scenarios that are known to; ``blind``: no log could tell of it."""

    kind: Kind
    name: str
    ways: tuple[str, ...] = ()
    blind: bool = False


class Coverage(Document):
    """What was exercised, and how often.

    Args:
        counts: of each kind every name there is, and how often it came: stretches of time for what lasts, instants
            for what happens. A jump is no part of a table, so it stands there only if it came.
        blind: names, sorted, that no log of these could tell of, for it lacks their signals.
        cases: logs and runs. time_s: looked at in all.
    """

    counts: dict[Kind, Counts] = {}
    blind: dict[Kind, tuple[str, ...]] = {}
    cases: int = 0
    time_s: float = 0.0

    def __add__(self, other: Coverage) -> Coverage:
        counts: dict[Kind, Counts] = {}
        blind: dict[Kind, tuple[str, ...]] = {}
        for kind in KINDS:
            mine, theirs = self.counts.get(kind, {}), other.counts.get(kind, {})
            if names := dict.fromkeys((*mine, *theirs)):
                counts[kind] = {name: mine.get(name, 0) + theirs.get(name, 0) for name in names}
            if lacking := sorted(n for n in names if self._lacks(kind, n) and other._lacks(kind, n)):
                blind[kind] = tuple(lacking)
        return Coverage(counts=counts, blind=blind, cases=self.cases + other.cases, time_s=self.time_s + other.time_s)

    @classmethod
    def total(cls, many: Iterable[Coverage]) -> Coverage:
        """Of several together."""
        return sum(many, cls())

    def _lacks(self, kind: Kind, name: str) -> bool:
        return name not in self.counts.get(kind, {}) or name in self.blind.get(kind, ())

    def exercised(self, kind: Kind) -> tuple[int, int]:
        """How many of a kind came at least once, and how many there are."""
        found = self.counts.get(kind, {})
        return sum(count > 0 for count in found.values()), len(found)

    def never(self, ways: Mapping[str, Sequence[str]] | None = None, kinds: Collection[Kind] = ()) -> list[Never]:
        """What nothing exercised, kind by kind in the order of :data:`KINDS`.

        Args:
            ways: of :func:`twin.coverage.known_ways`. kinds: only these.
        """
        return [
            Never(kind, name, tuple((ways or {}).get(name, ())), name in self.blind.get(kind, ()))
            for kind in KINDS
            if not kinds or kind in kinds
            for name, count in self.counts.get(kind, {}).items()
            if not count
        ]


def rules_exercised(exercised: Mapping[str, int | None]) -> Coverage:
    """Rules by name and how often what they speak of came; None: the log lacks signals of the rule."""
    blind = tuple(sorted(name for name, count in exercised.items() if count is None))
    counts = {name: count or 0 for name, count in exercised.items()}
    return Coverage(counts={"rule": counts} if counts else {}, blind={"rule": blind} if blind else {})
