"""Text files of any encoding as UTF-8, in pieces; what is damaged is replaced and counted."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable
from typing import BinaryIO

_SAMPLE_BYTES = 1 << 20
_BLOCK_BYTES = 256
#: Zero bytes on one side of each pair, as a share of all bytes, that make a text UTF-16.
_MANY_ZEROS = 0.15
#: Chinese in GB18030 is nearly all pairs of high bytes; single ones are Latin letters, or damage.
_GB_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_MOST_PAIRED = 0.8
#: Pairs of GB18030 often look like characters of two bytes in UTF-8, and never for long like those of three.
_TWO_BYTES, _THREE_BYTES = re.compile("[\x80-\u07ff]"), re.compile("[\u0800-\ufffc]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(head: bytes) -> str:
    """Encoding of a text by its beginning: a byte order mark, else UTF-8, UTF-16 without a mark, GB18030, Latin-1.

    Stretches and lines vote, so that what is damaged in some of them does not decide for all.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    blocks = [head[at : at + _BLOCK_BYTES] for at in range(0, len(head), _BLOCK_BYTES)]
    little = sum(_is_utf16(block, 1) for block in blocks)
    big = sum(_is_utf16(block, 0) for block in blocks)
    if 2 * max(little, big) > sum(any(block) for block in blocks):
        return "utf-16-le" if little >= big else "utf-16-be"
    # The last line may be cut off within a character.
    lines = [line for line in head.split(b"\n") if not line.isascii()]
    if len(lines) > 1 and not head.endswith(b"\n"):
        lines = lines[:-1]
    # Behind damage in a packed file all may be garbage: the sooner a line comes, the more it counts.
    utf8 = gb18030 = everything = 0.0
    for number, line in enumerate(lines, 1):
        everything += 1 / number
        if _is_utf8(line):
            utf8 += 1 / number
        elif _is_gb18030(line):
            gb18030 += 1 / number
    # Hardly any line of another encoding is sound UTF-8 by chance.
    if 3 * utf8 >= everything and utf8 >= gb18030:
        return "utf-8"
    return "gb18030" if 2 * gb18030 >= everything else "latin-1"


def _is_utf16(block: bytes, side: int) -> bool:
    """Whether many bytes on one side of each pair are zero, and few on the other."""
    zeros, others = block[side::2].count(0), block[1 - side :: 2].count(0)
    return zeros > _MANY_ZEROS * len(block) and 4 * others < zeros


def _is_utf8(line: bytes) -> bool:
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(line)
    broken = text.count("\ufffd")
    return not broken or len(_THREE_BYTES.findall(text)) > broken or len(_TWO_BYTES.findall(text)) > 10 * broken


def _is_gb18030(line: bytes) -> bool:
    high = sum(byte >= 0x80 for byte in line)
    return 2 * len(_GB_PAIR.findall(line)) > _MOST_PAIRED * high


class Utf8Stream(io.RawIOBase):
    """A binary stream of any encoding, read as UTF-8 without a byte order mark.

    Args:
        source: an open binary file. encoding: its encoding, or None to detect it.
    """

    def __init__(self, source: BinaryIO, encoding: str | None = None) -> None:
        self._source = source
        head = source.read(_SAMPLE_BYTES)
        self.encoding = encoding or detect_encoding(head)
        #: Places that are not of the encoding; each became U+FFFD.
        self.replaced = 0
        self._decode: Callable[[bytes, bool], str] = codecs.getincrementaldecoder(self.encoding)("replace").decode
        # What is UTF-8 already goes through as it is; the CSV reader finds what is damaged.
        self._plain = self.encoding in ("utf-8", "utf-8-sig")
        self._ready = head[3:] if self.encoding == "utf-8-sig" else head if self._plain else self._convert(head)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; none at the end."""
        if size < 0:
            return self.readall()
        while not self._ready:
            piece = self._source.read(size if self._plain else min(size, _SAMPLE_BYTES))
            if self._plain:
                return piece
            self._ready = self._convert(piece)
            if not piece and not self._ready:
                return b""
        ready = self._ready
        self._ready = ready[size:]
        return ready[:size]

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def _convert(self, piece: bytes) -> bytes:
        text = self._decode(piece, not piece)
        self.replaced += text.count("\ufffd")
        return text.encode()
