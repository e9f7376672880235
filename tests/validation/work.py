"""Tasks for pools that other processes can import."""

from __future__ import annotations

import os
import signal
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def die_once(place: str) -> str:
    """Ends its process the first time it is asked for a place."""
    path = Path(place)
    if path.suffix == ".dies" and not path.exists():
        path.write_text("", encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return path.name


def die(place: str) -> str:
    """Ends its process each time."""
    if place == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    return place
