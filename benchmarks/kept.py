"""What a long bench has found so far, a JSON line each, so that it can be broken off and gone on with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class Kept:
    """Rows by their ``name``, in a file that grows; a last line that was broken off is taken out.

    Args:
        path: the file; it is made where there is none.
    """

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            path.write_text(whole, encoding="utf-8")
        self._path = path
        self.rows: dict[str, Row] = {row["name"]: row for row in map(json.loads, whole.split("\n")[:-1])}

    def add(self, row: Row) -> None:
        """Keep a row, at once on disk."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.rows[row["name"]] = row
