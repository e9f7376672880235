"""Files of a zip archive, each as far as it unpacks; without the directory, which stands last and goes first, too."""

from __future__ import annotations

import io
import mmap
import struct
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from twin.source.gunzip import Gunzipped

HEADER = b"PK\x03\x04"
_DIRECTORY = b"PK\x01\x02"
_FIXED = struct.Struct("<4sHHHHHIIIHH")
_ENCRYPTED, _TOLD_BEHIND, _UTF8 = 1, 8, 1 << 11
_LONG = 0xFFFFFFFF
_LONGEST_NAME, _NEWEST = 1000, 63


@dataclass(frozen=True)
class Packed:
    """A file in an archive.

    Args:
        start, end: its packed bytes; what is said of its size, else up to what follows.
        method: as the archive numbers them. encrypted: whether it is.
        cut: whether the archive ends before the file does. crc: of its unpacked bytes, None where it is not told.
    """

    name: str
    start: int
    end: int
    method: int
    encrypted: bool
    cut: bool
    crc: int | None


def walk(path: Path, most: int) -> list[Packed]:
    """The first ``most`` files of an archive, folders left out."""
    found: list[Packed] = []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(HEADER)
        while at >= 0 and len(found) < most:
            packed = _header(data, at)
            if packed is not None and not packed.name.endswith("/"):
                found.append(packed)
            # A file that says its size is stepped over whole: it may be an archive itself.
            told = packed is not None and not packed.cut and packed.crc is not None
            at = data.find(HEADER, packed.end if told and packed is not None else at + 4)
    return found


def listed(path: Path, info: zipfile.ZipInfo) -> Packed:
    """A file as an archive's directory tells of it.

    Raises:
        zipfile.BadZipFile: it does not stand where the directory says.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = _header(data, info.header_offset)
        if found is None or found.name != info.orig_filename:
            raise zipfile.BadZipFile("its header is damaged")
        end = found.start + info.compress_size
        return replace(found, end=min(end, len(data)), cut=end > len(data), crc=info.CRC)


def open_packed(path: Path, packed: Packed) -> io.BufferedReader:
    """A file of an archive, unpacked.

    Raises:
        RuntimeError, NotImplementedError: it is encrypted, or packed in a way that is not known; on reading
            zlib.error, EOFError or zipfile.BadZipFile where it is damaged, once all before that was read.
    """
    if packed.encrypted:
        raise RuntimeError("it is encrypted")
    if packed.method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError(f"packing method {packed.method}")
    part: io.BufferedReader[io.RawIOBase] = io.BufferedReader(_Part(path.open("rb"), packed))
    if packed.method == zipfile.ZIP_DEFLATED:
        part = io.BufferedReader(Gunzipped(part, bare=True))
    return io.BufferedReader(_Checked(part, packed))


def _header(data: mmap.mmap, at: int) -> Packed | None:
    """The file whose header stands there; None when it is none."""
    if data[at : at + len(HEADER)] != HEADER or at + _FIXED.size > len(data):
        return None
    _, version, flags, method, _, _, crc, packed, _, name_size, extra_size = _FIXED.unpack_from(data, at)
    start = at + _FIXED.size + name_size + extra_size
    raw = data[at + _FIXED.size : at + _FIXED.size + name_size]
    if version & 0xFF > _NEWEST or not 0 < name_size <= _LONGEST_NAME or b"\0" in raw or start > len(data):
        return None
    name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
    if packed == _LONG:
        packed = _long_size(data[start - extra_size : start])
    if flags & _TOLD_BEHIND or packed is None:
        # Deflate says itself where it ends: bytes within it may look like a header.
        signs = (HEADER, _DIRECTORY) if method == zipfile.ZIP_STORED else ()
        end = min((at for sign in signs if (at := data.find(sign, start)) >= 0), default=len(data))
        return Packed(name, start, end, method, bool(flags & _ENCRYPTED), False, None)
    end = start + packed
    return Packed(name, start, min(end, len(data)), method, bool(flags & _ENCRYPTED), end > len(data), crc)


def _long_size(extra: bytes) -> int | None:
    """The packed size of a file of 4 GiB and more."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == 1 and size >= 16 and at + 20 <= len(extra):
            return int(struct.unpack_from("<Q", extra, at + 12)[0])
        at += 4 + size
    return None


class _Part(io.RawIOBase):
    """Some bytes of a file, which is closed with them."""

    def __init__(self, file: BinaryIO, packed: Packed) -> None:
        self._file, self._left = file, packed.end - packed.start
        file.seek(packed.start)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Checked(io.RawIOBase):
    """A file that tells at its end when it is not whole."""

    def __init__(self, file: BinaryIO, packed: Packed) -> None:
        self._file, self._packed, self._crc = file, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read1(len(buffer))  # type: ignore[attr-defined]
        self._crc = zlib.crc32(data, self._crc)
        buffer[: len(data)] = data
        if not data and self._packed.cut:
            raise EOFError("the archive is cut off")
        if not data and self._packed.crc not in (None, self._crc):
            raise zipfile.BadZipFile("its checksum is another")
        return len(data)
