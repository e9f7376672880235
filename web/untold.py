"""What a page is not told while a lesson goes on that is to be found out: what is really so, and what will go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_truth(name: str) -> bool:
    """Whether a signal is of the truth, which nobody at a station has."""
    return name.rsplit(".", 1)[-1].startswith("gt_")


def event(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event of which the instant alone is told: events are asked for by their number."""
    return {**event, "kind": "untold", "name": "", "message": "", "data": {}}


def manifest(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """A log's manifest without the signals of the truth, and without the seed, by which faults are drawn."""
    tables = {
        name: [signal for signal in signals if not is_truth(signal["name"])]
        for name, signals in manifest["tables"].items()
    }
    metadata = {key: value for key, value in manifest["metadata"].items() if key != "seed"}
    bindings = manifest["bindings"]
    if bindings is not None:
        packs = [{**pack, "charge": [*filter(_is_told, pack["charge"])]} for pack in bindings.get("packs", ())]
        bindings = {**bindings, "packs": packs}
    return {**manifest, "tables": tables, "metadata": metadata, "bindings": bindings}


def _is_told(line: Mapping[str, Any]) -> bool:
    """Whether a line of what a pack's charge follows from may be looked at."""
    return not any(map(is_truth, [*line["is"], *line["above"], line["signal"]]))
