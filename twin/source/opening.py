"""From paths to readers: folders, archives, compressed files; each file's kind is found by its content."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol

import zstandard

from twin.errors import InputError
from twin.source import opcua_logger
from twin.source.csv_file import CsvFile
from twin.source.opcua_logger import OpcUaLogger
from twin.source.sample import Batch
from twin.source.shdr import Shdr

_HEAD_BYTES = 1 << 16
#: An archive that unpacks to more than this, or to this many times its size, is taken for a bomb.
_MOST_BYTES = 200 << 30
_MOST_RATIO = 500
_MOST_FILES = 10_000
_SHDR = re.compile(rb"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?\|")


class Reader(Protocol):
    """What reads one file."""

    def batches(self) -> Iterator[Batch]: ...


@dataclass(frozen=True)
class SourceFile:
    """One file of a source, uncompressed.

    Args:
        name: where it stands in its folder or archive, with ``/``.
        open: opens it from its beginning.
        size: in bytes, uncompressed where that is known.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int

    def head(self) -> bytes:
        with self.open() as file:
            return file.read(_HEAD_BYTES)


def source_files(paths: Sequence[Path]) -> list[SourceFile]:
    """The files of paths, folders and archives, in the order of their names.

    Raises:
        InputError: a path that is not there, an archive that is damaged or that unpacks to more than a log can be.
    """
    found: list[SourceFile] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.is_file())
            found += [_plain(file, file.relative_to(path).as_posix()) for file in inside[:_MOST_FILES]]
        elif path.is_file():
            found += _archive(path) if zipfile.is_zipfile(path) else [_plain(path, path.name)]
        else:
            raise InputError(key="source", expected="a file or a folder", got="no such file", file=path)
    return found


def readers(files: Sequence[SourceFile]) -> list[tuple[str, Reader]]:
    """A reader for each file that holds samples, with the name of its stream.

    Raises:
        InputError: a file that is no log of a known kind.
    """
    configs = {str(PurePosixPath(f.name).parent): f for f in files if PurePosixPath(f.name).name == "tagconfig.txt"}
    logs = [file for file in files if not _beside(file)]
    names = _stream_names([file.name for file in logs])
    return [(name, _reader(file, name, configs)) for file, name in zip(logs, names, strict=True)]


def _reader(file: SourceFile, stream: str, configs: dict[str, SourceFile]) -> Reader:
    head = file.head()
    first_line = head.split(b"\n", 1)[0].strip()
    if first_line == ",".join(opcua_logger.COLUMNS).encode():
        config = configs.get(str(PurePosixPath(file.name).parent))
        lines = config.head().decode("utf-8", "replace").splitlines() if config else []
        return OpcUaLogger(file.open(), stream, lines)
    if any(_SHDR.match(line) for line in head.split(b"\n")[:20]):
        return Shdr(file.open(), stream)
    return CsvFile(file.open(), stream)


def _beside(file: SourceFile) -> bool:
    """Whether a file only tells something about the logs beside it."""
    name = PurePosixPath(file.name).name.lower()
    return name in ("tagconfig.txt", "license", "readme.md", "readme.txt") or name.startswith(".")


def _stream_names(names: Sequence[str]) -> list[str]:
    """Each file's stem; where two have the same, their folder as well."""
    stems = [PurePosixPath(name).name.split(".")[0] for name in names]
    parents = [PurePosixPath(name).parent.name for name in names]
    if len(set(stems)) == len(stems):
        return stems
    if len(set(parents)) == len(parents):
        return parents
    return [re.sub(r"\.[^/]*$", "", name) for name in names]


def _plain(path: Path, name: str) -> SourceFile:
    with path.open("rb") as file:
        magic = file.read(4)
    if magic[:2] == b"\x1f\x8b":
        return SourceFile(_without_suffix(name), lambda: _buffered(gzip.open(path)), path.stat().st_size)
    if magic == b"\x28\xb5\x2f\xfd":
        return SourceFile(_without_suffix(name), lambda: _unzstd(path), path.stat().st_size)
    return SourceFile(name, lambda: path.open("rb"), path.stat().st_size)


def _archive(path: Path) -> list[SourceFile]:
    try:
        archive = zipfile.ZipFile(path)
        members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InputError(key=path.name, expected="a zip archive", got=error, file=path) from None
    unpacked, packed = sum(info.file_size for info in members), path.stat().st_size
    if len(members) > _MOST_FILES or unpacked > min(_MOST_BYTES, max(packed * _MOST_RATIO, 1 << 24)):
        raise InputError(
            key=path.name, expected=f"at most {_MOST_FILES} files that unpack to at most {_MOST_RATIO} times its size",
            got=f"{len(members)} files of {unpacked} bytes in {packed}", file=path,
        )  # fmt: skip
    members.sort(key=lambda info: info.filename)
    return [
        SourceFile(info.filename, lambda info=info: _buffered(archive.open(info)), info.file_size)  # type: ignore[misc]
        for info in members
    ]


def _unzstd(path: Path) -> BinaryIO:
    return _buffered(zstandard.ZstdDecompressor().stream_reader(path.open("rb"), read_across_frames=True))


def _buffered(raw: Any) -> BinaryIO:
    return io.BufferedReader(raw)


def _without_suffix(name: str) -> str:
    return re.sub(r"\.(gz|zst|zstd)$", "", name, flags=re.IGNORECASE)
