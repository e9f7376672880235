"""One person's page, for the screen and for A4."""

from __future__ import annotations

from pathlib import Path

from twin import __version__
from twin.classroom.report.transcript import Class, Transcript
from twin.classroom.report.words import LIMITS, MODES, SOURCES
from twin.files import write_text
from twin.report.page import render


def write_page(of: Class, person: Transcript, out: Path) -> None:
    """Write a person's page, whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    page = render(
        "transcript.html", of=of, person=person, day=of.made.date(), modes=MODES, limits=LIMITS, sources=SOURCES,
        version=__version__,
    )  # fmt: skip
    write_text(out, page)
