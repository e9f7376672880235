"""Which shipped map is a log's: the one whose tags the log has."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from twin.shipped import shipped
from twin.source.sample import Batch, Samples
from twin.tag_map import load_map, map_beside

#: So many batches of a stream are looked at for its first samples: a stream may begin with what is no sample.
_MOST_BATCHES = 10_000


def look_ahead(stream: Iterator[Batch]) -> tuple[set[str], Iterator[Batch]]:
    """The tags of a stream's first samples, as ``tag`` and ``stream/tag``, and the stream from its beginning."""
    seen: list[Batch] = []
    names: set[str] = set()
    for batch in itertools.islice(stream, _MOST_BATCHES):
        seen.append(batch)
        if isinstance(batch, Samples):
            tags = batch.tag.dictionary.to_pylist()
            names.update(tags, (f"{batch.stream}/{tag}" for tag in tags))
            break
    return names, itertools.chain(seen, stream)


def own_map(paths: Sequence[Path]) -> Path | None:
    """The map that stands beside a log of one file, as an export writes it."""
    beside = map_beside(paths[0])
    return beside if len(paths) == 1 and paths[0].is_file() and beside.is_file() else None


def known_map(names: set[str], maps: Sequence[Path] | None = None) -> Path | None:
    """The shipped map all of whose ``tag_names`` a log has; of several the one that names most of them."""
    known = {
        path: load_map(path).tag_names for path in maps or sorted(shipped("assets", "maps").glob("*.yaml"))
    }  # fmt: skip
    met = [path for path, wanted in known.items() if wanted and names.issuperset(wanted)]
    return max(met, key=lambda path: len(known[path]), default=None)
