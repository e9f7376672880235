"""Single samples collected into batches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from twin.source.sample import Samples

_MOST = 50_000


class SampleBatch:
    """Samples of one stream, one at a time, with everything as text.

    Args:
        in_ns: stamps are ns since 1970, and no text.
    """

    def __init__(self, stream: str, *, in_ns: bool = False) -> None:
        self._stream, self._in_ns = stream, in_ns
        self._clear()

    def add(self, row: int, time: str | int, tag: str, value: str, quality: str | None = None) -> None:
        """One more."""
        self._row.append(row)
        self._time.append(time)
        self._tag.append(tag)
        self._value.append(value)
        self._quality.append(quality)

    def take(self, *, all: bool = False) -> Iterator[Samples]:
        """What was collected when it is enough for a batch, or ``all`` of it."""
        if not self._row or (len(self._row) < _MOST and not all):
            return
        times: pa.Array = pa.array(self._time, pa.uint64() if self._in_ns else pa.string())
        if self._in_ns:
            held = pc.less(times, pa.scalar(2**63, pa.uint64()))
            times = pc.if_else(held, times, None).cast(pa.int64()).cast(pa.timestamp("ns", "UTC"))
        quality = pa.array(self._quality, pa.string()) if any(code is not None for code in self._quality) else None
        yield Samples(
            self._stream, np.array(self._row, dtype=np.int64), times,
            pa.array(self._tag, pa.string()).dictionary_encode(), pa.array(self._value, pa.string()), quality,
        )  # fmt: skip
        self._clear()

    def _clear(self) -> None:
        self._row: list[int] = []
        self._time: list[str | int] = []
        self._tag: list[str] = []
        self._value: list[str] = []
        self._quality: list[str | None] = []
