"""Where a station says something about its logs: a file beside its asset."""

from __future__ import annotations

from pathlib import Path

from twin.errors import InputError
from twin.record import Record
from twin.shipped import shipped


def station_table(record: Record, file: str, *, about: str, option: str, page: str) -> Path:
    """The file of a Record's station.

    Args:
        file: its name. about: what it describes. option: of the command that takes another, page: that explains it.

    Raises:
        InputError: the Record names no station, or one that has no such file.
    """
    station = record.metadata.get("station", "")
    path = shipped("assets", "stations", station, file) if station else None
    if path is None or not path.is_file():
        raise InputError(
            key="station", expected=f"a log of a station whose {about} are described",
            got=f"station {station}" if station else "a log that names no station", file=record.path,
            hint=f"`{option} FILE` names a table of {about} ({page})",
        )  # fmt: skip
    return path
