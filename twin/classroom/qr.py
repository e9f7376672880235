"""QR codes, for a terminal, a page and paper."""

from __future__ import annotations

import io
from typing import Any

from twin.errors import needing_extra


def check_qr() -> Any:
    """The library that makes them.

    Raises:
        MissingExtraError: the extra `train` is not installed.
    """
    with needing_extra("train", "a QR code"):
        import segno
    return segno


def qr_text(content: str) -> str:
    """A QR code as a picture of characters; errors as of :func:`check_qr`."""
    drawn = io.StringIO()
    check_qr().make(content, micro=False).terminal(drawn, compact=True)
    return drawn.getvalue()


def qr_svg(content: str) -> str:
    """A QR code as an SVG element without a size of its own, on white; errors as of :func:`check_qr`."""
    drawn = io.BytesIO()
    check_qr().make(content, micro=False).save(drawn, kind="svg", xmldecl=False, omitsize=True, light="#fff")
    return drawn.getvalue().decode()
