"""The certificate that a class makes for itself: a client that is given it trusts the server; the QR code."""

from __future__ import annotations

import ssl
from pathlib import Path

import aiohttp
import pytest

from tests.web.test_server import run
from twin.classroom import Classroom, Roster
from twin.errors import InputError
from twin.lesson import load_lesson
from twin.viewing import teaching_of
from web.classroom import ClassServer
from web.classroom.certificate import lan_address, own_certificate, qr_code


def test_beyond_loopback_needs_a_certificate(tmp_path: Path) -> None:
    with Classroom(Roster(name="x"), tmp_path) as room, pytest.raises(InputError, match="certificate"):
        ClassServer(room, teaching=teaching_of, host="0.0.0.0")


def test_a_client_that_has_it_trusts_the_server(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    certificate, key = own_certificate(tmp_path, lan_address())
    assert key.stat().st_mode & 0o077 == 0
    trust = ssl.create_default_context(cafile=str(certificate))
    lessons = {"first_swap": load_lesson("first_swap")}

    async def main() -> None:
        with Classroom(Roster(name="x"), tmp_path, lessons=lessons) as room:
            server = ClassServer(room, teaching=teaching_of, host="127.0.0.1", certificate=(certificate, key))
            await server.start()
            try:
                connector = aiohttp.TCPConnector(ssl=trust)
                async with (
                    aiohttp.ClientSession(connector=connector) as session,
                    session.get(f"https://127.0.0.1:{server.port}/") as answer,
                ):
                    assert answer.status == 200
            finally:
                await server.stop()

    run(main())


def test_an_address_as_a_picture() -> None:
    pytest.importorskip("segno")
    assert len(qr_code("https://192.168.1.20:8470/").splitlines()) > 10
