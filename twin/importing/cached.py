"""Logs that are only to be looked at: imported into the user's cache, and found there the next time.

A Record there stands under the digest of all it was made from: the sources, the map, what is shipped, the version. What
changes is imported anew. It is never the only copy of anything, and may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from twin import __version__
from twin.errors import InputError
from twin.importing.importer import import_files
from twin.importing.outcome import Imported
from twin.importing.recognition import own_map
from twin.shipped import shipped
from twin.tag_map import map_beside

#: Records that were not looked at for the longest time go when all together are larger than this.
MOST_BYTES = 20 << 30
_BLOCK_BYTES = 1 << 20


def cache_folder() -> Path:
    """Where imported logs are kept: ``SWAPTWIN_CACHE``, else the user's cache folder."""
    chosen = os.environ.get("SWAPTWIN_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Caches"
    else:
        root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "swaptwin"


def import_cached(
    sources: Sequence[Path], map_path: Path | None = None, *, progress: Callable[[int], None] | None = None
) -> tuple[Path, Imported | None]:
    """The Record of some logs, imported unless the cache has it; what the import found, None where it was there.

    Args:
        sources, map_path, progress: as of :func:`~twin.importing.import_files`.

    Raises:
        InputError: as of :func:`~twin.importing.import_files`, or a cache that cannot be written.
    """
    map_path = map_path or own_map(sources)
    folder = cache_folder() / "imported" / _digest(sources, map_path)
    record = folder / f"{_title(sources)}.mcap"
    if record.is_file():
        with contextlib.suppress(OSError):
            record.touch()
        return record, None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            key="cache", expected="a folder that can be written", got=error, file=folder,
            hint="say where the record goes with --out, or set SWAPTWIN_CACHE",
        ) from None  # fmt: skip
    # Beside it under a name of its own: two commands may import the same log at once.
    beside = folder / f"{os.getpid()}.part"
    try:
        found = import_files(sources, beside, map_path, progress=progress)
        beside.replace(record)
    finally:
        beside.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            folder.rmdir()
    tidy(folder)
    return record, found


def _title(sources: Sequence[Path]) -> str:
    """What the page calls the log: the name of its first source."""
    path = sources[0].absolute()
    return path.name if path.is_dir() else path.name.split(".")[0] or path.name


def _digest(sources: Sequence[Path], map_path: Path | None) -> str:
    digest = hashlib.sha256(__version__.encode())
    beside = [path for path in map(map_beside, sources) if path.is_file()]
    chosen = [map_path] if map_path is not None else beside
    for path in (*sources, *chosen):
        if not path.exists():
            raise InputError(key="source", expected="a file or a folder", got="no such file", file=path)
    shipped_files = [path for path in _files(shipped("assets")) if path.suffix != ".mcap"]
    for path in [*(file for source in sources for file in _files(source)), *chosen, *shipped_files]:
        digest.update(f"\0{path.name}\0{path.stat().st_size}\0".encode("utf-8", "surrogateescape"))
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    return digest.hexdigest()[:32]


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file())
    else:
        yield path


def tidy(kept: Path) -> None:
    """Delete the folders beside this one that were not looked at for the longest time, until the rest is small."""
    folders = [folder for folder in kept.parent.iterdir() if folder.is_dir() and folder != kept]
    sizes = {folder: [file.stat() for file in folder.iterdir()] for folder in folders}
    total = sum(stat.st_size for stats in sizes.values() for stat in stats)
    for folder in sorted(folders, key=lambda folder: max((stat.st_mtime for stat in sizes[folder]), default=0.0)):
        if total <= MOST_BYTES:
            return
        total -= sum(stat.st_size for stat in sizes[folder])
        shutil.rmtree(folder, ignore_errors=True)
