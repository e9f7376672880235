"""zstd that gives every block before the damage: the library's reader keeps back what it unpacked in the same step."""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

import zstandard

_MAGIC = b"\x28\xb5\x2f\xfd"
#: Frames that hold something else are passed over: sixteen of these, which differ in their first byte.
_SKIPPED = 0x184D2A50
_LONGEST_HEADER, _CHECKSUM_BYTES, _BLOCK_HEADER_BYTES = 18, 4, 3
#: The type of a block of one byte, many times over.
_REPEATED = 1


class Unzstd(io.RawIOBase):
    """A stream of zstd frames as what they hold, a block (at most 128 KiB) at a time.

    Raises:
        zstandard.ZstdError: on reading what is damaged, once all blocks before it were read. EOFError: on reading on
            where the stream ends within a frame.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._checked = self._ended = False
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            if self._frame is None:
                if not self._begin():
                    return 0
            else:
                self._ready = memoryview(self._block(self._frame))
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _begin(self) -> bool:
        """Read a frame's header; False at the end."""
        magic = self._read(len(_MAGIC), end=True)
        if not magic:
            return False
        if magic != _MAGIC:
            number = struct.unpack("<I", magic)[0]
            if number & ~0xF != _SKIPPED:
                raise zstandard.ZstdError("what follows is no frame of zstd")
            self._pass_over(struct.unpack("<I", self._read(4))[0])
            return True
        header = magic + self._read(1)
        size = zstandard.frame_header_size(header.ljust(_LONGEST_HEADER, b"\0"))
        header += self._read(size - len(header))
        self._checked = zstandard.get_frame_parameters(header).has_checksum
        self._ended = False
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._frame.decompress(header)
        return True

    def _block(self, frame: zstandard.ZstdDecompressionObj) -> bytes:
        """Unpack the next block of a frame; behind the last one its checksum, which gives nothing."""
        if self._ended:
            # It speaks of what was given already.
            self._frame = None
            return frame.decompress(self._read(_CHECKSUM_BYTES)) if self._checked else b""
        header = self._read(_BLOCK_HEADER_BYTES)
        told = int.from_bytes(header, "little")
        last, kind, size = told & 1, told >> 1 & 3, told >> 3
        data = frame.decompress(header + self._read(1 if kind == _REPEATED else size))
        self._ended = bool(last)
        return data

    def _pass_over(self, count: int) -> None:
        while count > 0:
            count -= len(self._read(min(count, 1 << 20)))

    def _read(self, count: int, *, end: bool = False) -> bytes:
        """So many bytes; at the ``end`` of the stream none.

        Raises:
            EOFError: there are fewer.
        """
        parts: list[bytes] = []
        while count > 0 and (part := self._source.read(count)):
            parts.append(part)
            count -= len(part)
        if count > 0 and not (end and not parts):
            raise EOFError("the compressed file is cut off")
        return b"".join(parts)
