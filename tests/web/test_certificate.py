"""The certificate that a class makes for itself: a client that is given it trusts the server; the QR code."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Literal

import aiohttp
import pytest

from tests.web.test_server import run
from twin.classroom import Classroom, Roster, enrol, load_roster
from twin.classroom.qr import qr_svg, qr_text
from twin.errors import InputError
from twin.lesson import load_lesson
from twin.viewing import teaching_of
from web.classroom import ClassServer
from web.classroom.certificate import lan_address, own_certificate

ROLES: dict[str, Literal["trainee", "instructor"]] = {"1": "trainee", "9": "instructor"}


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
    assert len(qr_text("https://192.168.1.20:8470/").splitlines()) > 10


def test_the_instructor_is_shown_the_way_in(tmp_path: Path) -> None:
    pytest.importorskip("segno")
    codes = {number: enrol(tmp_path / "class.yaml", number, number, role) for number, role in ROLES.items()}
    roster = load_roster(tmp_path / "class.yaml")

    async def main() -> None:
        with Classroom(roster, tmp_path / "kept", lessons={"first_swap": load_lesson("first_swap")}) as room:
            server = ClassServer(room, teaching=teaching_of, name="localhost")
            await server.start()
            base = f"http://127.0.0.1:{server.port}"
            assert server.address == f"http://localhost:{server.port}/"
            try:
                for number, status in (("1", 403), ("9", 200)):
                    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
                        async with session.post(f"{base}/enter", json={"number": number, "code": codes[number]}) as to:
                            assert to.status == 200
                        async with session.get(f"{base}/class/address.svg") as answer:
                            assert answer.status == status
                            shown = await answer.text()
                assert shown == qr_svg(server.address)
            finally:
                await server.stop()

    run(main())
