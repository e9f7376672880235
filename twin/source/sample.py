"""What every reader of a foreign log yields: batches of samples, entries of a journal, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa


@dataclass(frozen=True)
class Samples:
    """Some samples of one stream, in the order of the file, as the source wrote them.

    Args:
        stream: name of the stream: the file or folder it came from.
        row: line (text) or row (tables) of each sample in its file, from 1.
        time: stamps: text, numbers or timestamps.
        tag: source name of what was sampled.
        value: text, numbers or booleans.
        quality: quality codes, or None when the source has none.
        decimal: decimal sign of numbers that are text.
        server: stamps of the server that took the samples from their source, or None when there are none.
    """

    stream: str
    row: npt.NDArray[np.int64]
    time: pa.Array
    tag: pa.DictionaryArray
    value: pa.Array
    quality: pa.Array | None = None
    decimal: str = "."
    server: pa.Array | None = None

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True)
class JournalEntry:
    """A line of an alarm or event journal.

    Args:
        raised, cleared, acknowledged: stamps as the source wrote them, empty when there is none.
        code, text, alarm_class: as the source has them; text in any language.
        kind: an alarm, which stands until it is cleared, or an event that happened at ``raised``.
    """

    stream: str
    row: int
    raised: str
    code: str
    text: str = ""
    alarm_class: str = ""
    cleared: str = ""
    acknowledged: str = ""
    kind: Literal["alarm", "event"] = "alarm"


@dataclass(frozen=True)
class Damage:
    """Something that could not be read, and where it stands.

    Args:
        row: line or row of the first, 0 when it is the file as a whole. count: how many in a row.
        text: the beginning of what stands there.
    """

    stream: str
    row: int
    what: str
    count: int = 1
    text: str = ""


@dataclass(frozen=True)
class Lines:
    """Stamps of all lines of a file whose lines are not samples alone, in the order of the file.

    Args:
        time: stamps as the source wrote them.
    """

    stream: str
    time: pa.Array


Batch = Samples | Lines | JournalEntry | Damage
