"""The long CSV of an OPC UA data logger, with the ``tagconfig.txt`` that says which node each key stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from twin.source.sample import Batch, Damage, Samples, SourceTag

COLUMNS = ("PrimaryKey", "DataType", "Value", "StatusCode", "SourceTimeStamp", "ServerTimeStamp")
_BLOCK_BYTES = 1 << 24
_NODE = re.compile(r"^(?P<key>\d+)\s+(?P<period_ms>\d+)\s.*\s(?P<node>ns=\S+)\s*$")


class OpcUaLogger:
    """One logger's file. A tag's name is its node (``ns=4;i=527``), or its key where the configuration has none.

    Args:
        path: the CSV. config: lines of ``tagconfig.txt``.
        stream: name of the stream.
    """

    def __init__(self, path: Path, config: list[str], stream: str) -> None:
        self.path, self.stream = path, stream
        self._nodes: dict[str, str] = {}
        self.tags: list[SourceTag] = []
        for line in config:
            found = _NODE.match(line)
            if found:
                self._nodes[found["key"]] = found["node"]
                self.tags.append(SourceTag(stream, found["node"], period_s=int(found["period_ms"]) / 1000))

    def batches(self) -> Iterator[Batch]:
        """Samples and damage, in the order of the file."""
        lost: list[Damage] = []

        def skip(row: csv.InvalidRow) -> str:
            what = f"expected {row.expected_columns} columns, got {row.actual_columns}"
            lost.append(Damage(self.stream, row.number or 0, what, text=row.text[:200]))
            return "skip"

        texts = {name: pa.string() for name in COLUMNS}
        texts["PrimaryKey"] = pa.dictionary(pa.int32(), pa.string())
        reader = csv.open_csv(
            self.path,
            read_options=csv.ReadOptions(block_size=_BLOCK_BYTES),
            parse_options=csv.ParseOptions(invalid_row_handler=skip),
            convert_options=csv.ConvertOptions(column_types=texts, strings_can_be_null=True, null_values=[""]),
        )
        row = 2
        for batch in reader:
            yield from lost
            lost.clear()
            keys = batch["PrimaryKey"]
            names = pa.array([self._nodes.get(key, key) for key in keys.dictionary.to_pylist()], pa.string())
            yield Samples(
                self.stream,
                np.arange(row, row + len(batch), dtype=np.int64),
                batch["SourceTimeStamp"],
                pa.DictionaryArray.from_arrays(keys.indices, names),
                batch["Value"],
                batch["StatusCode"],
            )
            row += len(batch)
        yield from lost
