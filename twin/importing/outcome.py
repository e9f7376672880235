"""What an import found: its streams, tags, findings, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from twin.analysis.finding import Findings
from twin.analysis.quality import TagFacts
from twin.analysis.skew import Skew
from twin.importing.account import Account
from twin.importing.correction import Correction
from twin.importing.layout import Column
from twin.source.sample import Damage, JournalEntry

#: Parts that a log's time is divided into, to show when each stream has samples.
COVERAGE_PARTS = 1000


@dataclass
class StreamFacts:
    """What was seen of a stream.

    Args:
        first_ns, last_ns: of its samples, by its own clock, ns since 1970.
        correction: what was done to its clock.
        coverage: samples in each of :data:`COVERAGE_PARTS` equal parts of the log's time.
    """

    name: str
    samples: int = 0
    first_ns: int = 0
    last_ns: int = 0
    correction: Correction = field(default_factory=Correction)
    coverage: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(COVERAGE_PARTS, dtype=np.int64))

    def clock(self, t_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Stamps of this stream in the Record's time, ns since 1970."""
        return self.correction.apply(t_ns, self.first_ns)


@dataclass
class Imported:
    """What an import found.

    Args:
        first_ns: the earliest sample or journal entry, last_ns: the last sample, ns since 1970, clocks corrected.
        facts: of each column's tag.
        skews: what is known of each stream's clock against another's.
        map_name: file name of the map, empty without one.
        account: all of it as data, once the Record is written.
    """

    samples: int = 0
    first_ns: int = 0
    last_ns: int = 0
    streams: dict[str, StreamFacts] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    facts: list[TagFacts] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    journal: list[JournalEntry] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    skews: list[Skew] = field(default_factory=list)
    map_name: str = ""
    account: Account | None = None
