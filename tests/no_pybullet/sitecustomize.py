"""Put on the path of a child process, this makes PyBullet absent: finding and importing it both fail."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any


class Absent:
    """Refuses to find the engine, as on a machine without a wheel for it."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        if name.split(".")[0] in ("pybullet", "pybullet_data"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


_find_spec = importlib.util.find_spec


def _find(name: str, package: str | None = None) -> Any:
    try:
        return _find_spec(name, package)
    except ModuleNotFoundError:
        return None


sys.meta_path.insert(0, Absent)  # type: ignore[arg-type]
importlib.util.find_spec = _find
