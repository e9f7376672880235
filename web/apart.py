"""Long work in a process of its own: in the server's it would keep every page waiting for seconds."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from twin.analysis.side_by_side import as_data, choose, side_by_side
from twin.errors import SwapTwinError
from twin.record import Record


def compare_files(a: Path, b: Path) -> dict[str, Any]:
    """Two Records side by side, as ``swaptwin compare --json`` tells it.

    Raises:
        SwapTwinError: they cannot be compared; the sentence says why.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        told, refused = pool.submit(_compare, a, b).result()
    if refused:
        raise SwapTwinError(refused)
    return told


def _compare(a: Path, b: Path) -> tuple[dict[str, Any], str]:
    """What is told of two files, or why it cannot be: an error of ours does not travel between processes."""
    try:
        return as_data(side_by_side(choose(Record.open(a)), choose(Record.open(b)))), ""
    except SwapTwinError as error:
        return {}, str(error)
