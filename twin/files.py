"""Files that are written whole or not at all: what stood there before stays until the new one is complete."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twin.errors import InputError


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Write a text as UTF-8.

    Args:
        private: its owner alone may read it.

    Raises:
        InputError: it cannot be written.
    """
    beside = path.with_name(path.name + ".writing")
    try:
        try:
            if private:
                # One that was left by somebody who was killed may be for all to read.
                beside.unlink(missing_ok=True)
                beside.touch(mode=0o600)
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(key="file", expected="one that can be written", got=error.strerror, file=path) from None


def write_json(path: Path, data: Any) -> None:
    """Write data as JSON; a number that is none (infinity, NaN) becomes null.

    Raises:
        InputError: it cannot be written.
    """
    write_text(path, json.dumps(_finite(data), ensure_ascii=False, indent=1) + "\n")


def _finite(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
