"""The long CSV of an OPC UA data logger, with the ``tagconfig.txt`` that says which node each key stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from twin.source.csv_file import CsvFile
from twin.source.sample import Batch

COLUMNS = ("PrimaryKey", "DataType", "Value", "StatusCode", "SourceTimeStamp", "ServerTimeStamp")
_ROLES = {
    "time": "SourceTimeStamp", "tag": "PrimaryKey", "value": "Value", "quality": "StatusCode",
    "server": "ServerTimeStamp",
}  # fmt: skip
_NODE = re.compile(r"^(?P<key>\d+)\s+\d+\s.*\s(?P<node>ns=\S+)\s*$")


class OpcUaLogger:
    """One logger's file. A tag's name is its node (``ns=4;i=527``), or its key where the configuration has none.

    Args:
        source: the open CSV. config: lines of ``tagconfig.txt``.
        stream: name of the stream.
    """

    def __init__(self, source: BinaryIO, stream: str, config: Iterable[str]) -> None:
        nodes = {}
        for line in config:
            found = _NODE.match(line)
            if found:
                nodes[found["key"]] = found["node"]
        self._file = CsvFile(source, stream, delimiter=",", decimal=".", columns=_ROLES, names=nodes)

    def batches(self) -> Iterator[Batch]:
        """Samples and damage, in the order of the file."""
        return self._file.batches()
