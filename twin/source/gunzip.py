"""gzip that gives every byte before the damage: the standard library's keeps back what it unpacked in the same step."""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO

_PIECE_BYTES = 1 << 16
_MOST_OUT = 1 << 20
_GZIP = 31


class Gunzipped(io.RawIOBase):
    """A stream of gzip members as what they hold.

    Args:
        bare: it is one stream of deflate alone, as in an archive; what follows is not looked at.

    Raises:
        zlib.error: on reading what is damaged, once all that stands before it was read. EOFError: on reading on where
            the stream ends within a member.
    """

    def __init__(self, source: BinaryIO, *, bare: bool = False) -> None:
        self._source, self._bare = source, bare
        self._unpack = zlib.decompressobj(-zlib.MAX_WBITS if bare else _GZIP)
        self._ready, self._rest = memoryview(b""), b""
        self._failed: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            if self._failed is not None:
                raise self._failed
            if not self._step():
                return 0
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _step(self) -> bool:
        """Unpack some more; False at the end."""
        if self._bare and self._unpack.eof:
            return False
        packed = self._rest or self._source.read(_PIECE_BYTES)
        if self._unpack.eof:
            if not packed.strip(b"\0"):
                # Zeros that fill up a block.
                self._rest = b""
                return bool(packed)
            # Another member: what was written later to the same file.
            self._unpack = zlib.decompressobj(_GZIP)
        if not packed:
            self._failed = EOFError("the compressed file is cut off")
            return True
        before = self._unpack.copy()
        try:
            self._ready = memoryview(self._unpack.decompress(packed, _MOST_OUT))
        except zlib.error as error:
            self._failed = error
            self._ready = memoryview(_until_damage(before, packed))
            return True
        self._rest = self._unpack.unconsumed_tail or self._unpack.unused_data
        return True


def _until_damage(unpack: zlib._Decompress, packed: bytes) -> bytes:
    """What the bytes before the damaged one give."""
    parts: list[bytes] = []
    try:
        for byte in packed:
            parts.append(unpack.decompress(bytes([byte])))
    except zlib.error:
        # The damaged byte: what came before it is all there is.
        pass
    return b"".join(parts)
