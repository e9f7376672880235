"""A card that is handed out: who somebody is in a class, his code, and the way in as a QR code."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup

from twin.classroom.qr import qr_svg
from twin.errors import InputError
from twin.files import write_text
from twin.lesson import Person
from twin.report.page import render


def check_address(address: str) -> str:
    """A class's address, with the slash at its end.

    Raises:
        InputError: it is none.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise InputError(key="--address", expected="a class's address, as https://192.168.1.20:8470/", got=address)
    return f"{parts.scheme}://{parts.netloc}/"


def way_in(address: str, number: str, code: str) -> str:
    """Where the sign-in page has somebody's number and code filled in.

    They stand in the fragment, which browsers do not send: no server's log has them.
    """
    return f"{address}card#{urlencode({'number': number, 'code': code})}"


def write_card(out: Path, name: str, person: Person, code: str, address: str) -> None:
    """Write a card as a page to print, readable by its owner alone, for it has the code.

    Args:
        name: the class's. address: as of :func:`check_address`.

    Raises:
        InputError: it cannot be written. MissingExtraError: the extra `train` is not installed.
    """
    picture = Markup(qr_svg(way_in(address, person.number, code)))
    page = render("card.html", name=name, person=person, code=code, address=address, picture=picture)
    write_text(out, page, private=True)
