"""How the stamps of each stream read: as the map says, or as it was found out and told."""

from __future__ import annotations

import pyarrow as pa

from twin.analysis.finding import Findings
from twin.source.stamp import Times, to_ns
from twin.source.stamp_format import find_stamp_format
from twin.tag_map import TagMap, TimeFormat


class Clocks:
    """The time formats of a log's streams. What is found out, and is not ISO 8601, stands among the findings."""

    def __init__(self, tag_map: TagMap, findings: Findings) -> None:
        self._map, self._findings = tag_map, findings
        self._known: dict[str, TimeFormat] = {}

    def of(self, stream: str, stamps: pa.Array) -> TimeFormat:
        """The format of a stream, found out by the first stamps of it that are asked for."""
        known = self._known.get(stream)
        if known is not None:
            return known
        own = self._map.streams.get(stream)
        time = own.time if own is not None and own.time is not None else self._map.time
        if time.format == "auto":
            found = find_stamp_format(stamps)
            if found is None:
                return time.model_copy(update={"format": "iso"})
            time = time.model_copy(update={"format": found.format, "unit": found.unit})
            if found.format != "iso":
                finding = self._findings.of("time_format", stream)
                finding.count, finding.note = 1, (f"stamps taken as {found}", f"时间戳按 {found} 读取")
        self._known[stream] = time
        return time

    def read(self, stream: str, stamps: pa.Array) -> Times:
        """Stamps of a stream as ns since 1970, as its own clock had them."""
        time = self.of(stream, stamps)
        return to_ns(stamps, format=time.format, unit=time.unit, zone=time.zone)
