"""Files of a source as they stand in folders, archives and compressed files; what cannot be unpacked is told."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

import zstandard

from twin.errors import InputError
from twin.source.gunzip import Gunzipped
from twin.source.unzstd import Unzstd
from twin.source.zip_walk import HEADER, Packed, listed, open_packed, walk

HEAD_BYTES = 1 << 16
MOST_FILES = 10_000
#: What unpacks to more than this, or to this many times its size, is taken for a bomb.
_MOST_BYTES = 200 << 30
_MOST_RATIO, _SMALL = 500, 1 << 24
#: An archive's end, and the longest comment that can stand behind it.
_ZIP_END_BYTES = 22 + (1 << 16)
#: What the libraries raise for packed data that is damaged, encrypted, or packed in a way that they do not know.
_BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, zstandard.ZstdError, RuntimeError, NotImplementedError)


@dataclass(frozen=True)
class SourceFile:
    """One file of a source, uncompressed.

    Args:
        name: where it stands in its folder or archive, with ``/``.
        size: in bytes, uncompressed where that is known.
        troubles: why the rest of it could not be unpacked, once it was read.
    """

    name: str
    size: int
    _open: Callable[[], BinaryIO]
    _path: Path | None = None
    troubles: list[str] = field(default_factory=list)

    def open(self) -> BinaryIO:
        """The file from its beginning. Where it cannot be unpacked it ends, and says so in its troubles."""
        return self._open() if self._path is not None else io.BufferedReader(_Unpacked(self))

    def head(self) -> bytes:
        """Its beginning."""
        with self.open() as file:
            return file.read(HEAD_BYTES)

    @contextlib.contextmanager
    def local(self) -> Iterator[Path]:
        """The file as one on this disk, a copy where it stands packed."""
        if self._path is not None:
            yield self._path
            return
        with tempfile.NamedTemporaryFile(prefix="swaptwin-") as copy:
            with self.open() as packed:
                shutil.copyfileobj(packed, copy)
            copy.flush()
            yield Path(copy.name)


class _Unpacked(io.RawIOBase):
    """A stream that ends where it cannot be unpacked, or where it unpacks to more than a log can be."""

    def __init__(self, file: SourceFile) -> None:
        self._file, self._count = file, 0
        self._most = min(_MOST_BYTES, max(file.size * _MOST_RATIO, _SMALL))
        self._source: BinaryIO | None = None
        with self._told():
            self._source = file._open()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = 0
        if self._source is not None:
            with self._told():
                # One step of the unpacking at a time: an error costs no more than that.
                data = self._source.read1(len(buffer))  # type: ignore[attr-defined]
                count = len(data)
                buffer[:count] = data
        self._count += count
        if self._count > self._most:
            self._tell(f"it unpacks to more than {self._most} bytes: the rest is not read")
            return 0
        return count

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except _BROKEN as error:
            self._tell(f"it cannot be unpacked beyond byte {self._count}: {str(error) or type(error).__name__}"[:200])

    def _tell(self, trouble: str) -> None:
        self._source = None
        if trouble not in self._file.troubles:
            self._file.troubles.append(trouble)


def plain_file(path: Path, name: str) -> SourceFile:
    """A file on this disk, perhaps compressed."""
    with path.open("rb") as file:
        magic = file.read(4)
    size = path.stat().st_size
    if _packing(magic):
        return SourceFile(_without_suffix(name), size, lambda: _unpack(path.open("rb"), magic))
    return SourceFile(name, size, lambda: path.open("rb"), path)


def is_archive(path: Path) -> bool:
    """Whether a file is a zip archive, or was one before its end was cut off."""
    with path.open("rb") as file:
        return file.read(len(HEADER)) == HEADER or zipfile.is_zipfile(path)


def archived_files(path: Path) -> list[SourceFile]:
    """The files of a zip archive, by name; where its directory is damaged or gone, by what stands before each.

    Raises:
        InputError: there are none, or it unpacks to more than a log can be.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
        members = [info for info in infos if not info.filename.endswith("/")]
    except (*_BROKEN, ValueError) as error:
        # What is told of a size nobody checked: it unpacks to no more than a file of its packed size may.
        found = [
            _file(path, packed.name, packed.end - packed.start, partial(replace, packed))
            for packed in walk(path, MOST_FILES)
        ]
        if not found:
            raise InputError(key=path.name, expected="a zip archive", got=error, file=path) from None
        found[0].troubles.append(f"{path.name} has no directory that can be read: is it cut off?")
        return sorted(found, key=lambda file: file.name)
    unpacked, packed = sum(info.file_size for info in members), path.stat().st_size
    if len(members) > MOST_FILES or unpacked > min(_MOST_BYTES, max(packed * _MOST_RATIO, _SMALL)):
        raise InputError(
            key=path.name, expected=f"at most {MOST_FILES} files that unpack to at most {_MOST_RATIO} times its size",
            got=f"{len(members)} files of {unpacked} bytes in {packed}", file=path,
        )  # fmt: skip
    members.sort(key=lambda info: info.filename)
    files = [_file(path, info.filename, info.file_size, partial(listed, path, info)) for info in members]
    told = _told_members(path)
    if files and told is not None and told != len(infos) % (1 << 16):
        files[0].troubles.append(f"{path.name} tells of {told} files, and lists {len(infos)}")
    return files


def _told_members(path: Path) -> int | None:
    """How many files an archive's end says that it has."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _ZIP_END_BYTES))
        end = file.read()
    at = end.rfind(b"PK\x05\x06")
    return None if at < 0 or at + 12 > len(end) else int.from_bytes(end[at + 10 : at + 12], "little")


def _file(path: Path, name: str, size: int, packed: Callable[[], Packed]) -> SourceFile:
    """A file of an archive, which may be packed once more."""

    def opened() -> BinaryIO:
        file = open_packed(path, packed())
        magic = file.peek(4)[:4]
        return _unpack(file, magic) if _packing(magic) else file

    return SourceFile(_without_suffix(name.replace("\\", "/")), size, opened)


def _packing(magic: bytes) -> bool:
    return magic[:2] == b"\x1f\x8b" or magic == b"\x28\xb5\x2f\xfd"


def _unpack(file: BinaryIO, magic: bytes) -> BinaryIO:
    if magic[:2] == b"\x1f\x8b":
        return io.BufferedReader(Gunzipped(file))
    return io.BufferedReader(Unzstd(file))


def _without_suffix(name: str) -> str:
    return re.sub(r"\.(gz|zst|zstd)$", "", name, flags=re.IGNORECASE)
