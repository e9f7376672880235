"""The server as the network sees it: who gets in, what a call may ask, with a real WebSocket client."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import msgpack
import pytest
from wslink.chunking import UnChunker, generate_chunks

from twin.errors import InputError
from web.app import ViewerServer
from web.guard import Guard, is_loopback
from web.live import LiveRun
from web.teaching import Teaching

Start = Callable[..., ViewerServer]


def _secret(viewer: ViewerServer) -> str:
    return parse_qs(urlsplit(viewer.url).query)["secret"][0]


class Client:
    """A scripted client that speaks wslink."""

    def __init__(self, viewer: ViewerServer, *, secret: str | None = None, headers: dict[str, str] | None = None):
        self.viewer, self.secret, self.headers = viewer, secret or _secret(viewer), headers
        self.pieces = UnChunker()
        self.pieces.set_max_message_size(1 << 30)

    async def __aenter__(self) -> Client:
        self.session = aiohttp.ClientSession()
        try:
            self.socket = await self.session.ws_connect(
                f"ws://127.0.0.1:{self.viewer.port}/ws", headers=self.headers, max_msg_size=0
            )
        except BaseException:
            await self.session.close()
            raise
        self.hello = await self.call("wslink.hello", {"secret": self.secret}, id="system:c0:0")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()
        await self.session.close()

    async def call(self, method: str, *args: Any, id: str = "rpc:1:0") -> dict[str, Any]:
        body = msgpack.packb({"wslink": "1.0", "id": id, "method": method, "args": list(args), "kwargs": {}})
        for piece in generate_chunks(body, 0):
            await self.socket.send_bytes(piece)
        while True:
            message = await asyncio.wait_for(self.socket.receive(), 20)
            assert message.type == aiohttp.WSMsgType.BINARY, message
            answer = self.pieces.process_chunk(message.data)
            if answer is not None and answer.get("id") == id:
                return dict(answer)

    async def refusal(self, method: str, *args: Any) -> str:
        """What a call answers when it is refused, or nothing when it is carried out."""
        result = (await self.call(method, *args))["result"]
        return str(result.get("error", "")) if isinstance(result, dict) else ""


def run(main: Any) -> Any:
    """Run a client's coroutine to its end, in a thread: a browser's test may have left a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asyncio.wait_for(main, 60)).result()


def test_an_error_is_a_sentence_without_paths(start_viewer: Start, record: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mcap"
    broken.write_text("not a record")
    viewer = start_viewer([record, broken])

    async def main() -> None:
        async with Client(viewer) as client:
            said = await client.refusal("swaptwin.open", "r1")
            assert said.startswith("broken") and str(tmp_path) not in said
            assert "Traceback" not in await client.refusal("swaptwin.window", "r0", "x", 1, 0)
            assert (await client.call("swaptwin.open", "r0"))["result"]["finished"], "the others are not harmed"

    run(main())


async def _status(viewer: ViewerServer, path: str = "/index.html", **headers: str) -> int:
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{viewer.port}{path}"
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            return response.status


def test_the_calls_of_a_page(start_viewer: Start, record: Path) -> None:
    viewer = start_viewer([record])

    async def main() -> None:
        async with Client(viewer) as client:
            assert "result" in client.hello
            logs = (await client.call("swaptwin.logs"))["result"]
            assert [log["id"] for log in logs] == ["r0"]
            manifest = (await client.call("swaptwin.open", "r0"))["result"]
            assert manifest["end_ns"] == 8_000_000_000
            chunk = (await client.call("swaptwin.window", "r0", 0, 4e9, 0))["result"]
            assert chunk[:4] == b"STC1"
            chunk = (await client.call("swaptwin.signals", "r0", 0, 4e9, 100, ["station.unit.seq_state"]))["result"]
            assert chunk[:4] == b"STC1"
            assert await client.refusal("swaptwin.signals", "r0", 5, 4, 100, [])
            assert await client.refusal("swaptwin.signals", "r0", 0, 4, 0, [])
            assert (await client.call("swaptwin.scene", "r0", 0))["result"][:4] == b"STC1"
            page = (await client.call("swaptwin.page", "r0", 1e9, 2e9))["result"]
            assert page.startswith(b"<!doctype html>") and page.rstrip().endswith(b"</html>")
            refused = (await client.call("swaptwin.page", "r0", 3e9, 2e9))["result"]["error"]
            assert refused.startswith("range: expected a stretch of time") and "/" not in refused
            tail = (await client.call("swaptwin.tail", "r0", 3))["result"]
            assert len(tail["events"]) == tail["event_count"] - 3

    run(main())


def test_a_path_is_no_id(start_viewer: Start, record: Path) -> None:
    viewer = start_viewer([record])

    async def main() -> None:
        async with Client(viewer) as client:
            for name in [str(record), "../../etc/passwd", "r7", 0, None]:
                assert await client.refusal("swaptwin.open", name)

    run(main())


def test_the_secret_is_new_each_start_and_asked_for(start_viewer: Start, record: Path) -> None:
    first, second = start_viewer([record]), start_viewer([record])
    assert _secret(first) != _secret(second)
    assert len(_secret(first)) >= 32

    async def main() -> None:
        for secret in ["wslink-secret", "", _secret(first)]:
            async with Client(second, secret=secret or "x") as client:
                assert "error" in client.hello
                assert "error" in await client.call("swaptwin.logs")

    run(main())


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1"])
def test_a_page_of_another_origin_is_refused(start_viewer: Start, record: Path, origin: str) -> None:
    viewer = start_viewer([record])
    headers = {"Origin": origin.format(port=viewer.port)}

    async def main() -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with Client(viewer, headers=headers):
                pass
        assert refused.value.status == 403
        assert await _status(viewer, **headers) == 403

    run(main())


def test_its_own_origin_is_let_in(start_viewer: Start, record: Path) -> None:
    viewer = start_viewer([record])

    async def main() -> None:
        async with Client(viewer, headers={"Origin": f"http://127.0.0.1:{viewer.port}"}) as client:
            assert "result" in client.hello

    run(main())


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "[::", "192.168.1.2"])
def test_another_name_for_this_machine_is_refused(start_viewer: Start, record: Path, host: str) -> None:
    viewer = start_viewer([record])

    async def main() -> None:
        assert await _status(viewer, Host=host) == 403
        assert await _status(viewer, Host=f"localhost:{viewer.port}") == 200
        with pytest.raises(aiohttp.WSServerHandshakeError):
            async with Client(viewer, headers={"Host": host}):
                pass

    run(main())


def test_only_the_players_files_are_served(start_viewer: Start, record: Path) -> None:
    viewer = start_viewer([record])

    async def main() -> None:
        assert await _status(viewer, "/swaptwin/player.js") == 200
        for path in ["/swaptwin/../page.py", "/swaptwin/%2e%2e/%2e%2e/page.py", f"/{record.name}", "/swaptwin/"]:
            assert await _status(viewer, path) in (403, 404)

    run(main())


def test_no_client_can_end_the_server(start_viewer: Start, record: Path) -> None:
    viewer = start_viewer([record])

    async def main() -> None:
        async with Client(viewer) as client:
            await client.call("application.exit")
        await asyncio.sleep(0.3)
        assert await _status(viewer) == 200

    run(main())


def test_requests_of_an_operator_reach_the_run(start_viewer: Start, record: Path) -> None:
    heard: list[Any] = []
    answers: list[Future[int]] = [Future(), Future(), Future()]
    answers[0].set_result(20_000_000)
    answers[1].set_exception(InputError(key="op_start", expected="true or false", got=3))

    def request(signals: Any) -> Future[int]:
        heard.append(signals)
        return answers.pop(0)

    live = LiveRun(record=record, request=request, pace=heard.append, running=lambda: True)
    viewer = start_viewer([], live=live)

    async def main() -> None:
        async with Client(viewer) as client:
            taken = await client.call("swaptwin.operate", "r0", {"operator.panel.op_start": True})
            assert taken["result"] == {"t_ns": 20_000_000}
            assert "true or false" in await client.refusal("swaptwin.operate", "r0", {"operator.panel.op_start": 3})
            standing = await client.call("swaptwin.operate", "r0", {"operator.panel.op_stop": True})
            assert standing["result"] == {"t_ns": None}
            assert not await client.refusal("swaptwin.pace", "r0", 2)
            assert await client.refusal("swaptwin.operate", "r0", {"station.unit.seq_state": 4})
            assert await client.refusal("swaptwin.pace", "r0", 1e9)

    run(main())
    assert heard[0] == {"operator.panel.op_start": True} and heard[3:] == [2.0]


def test_what_is_new_of_a_lesson_is_offered_once_to_however_many_pages(
    start_viewer: Start, record: Path, tmp_path: Path
) -> None:
    best = tmp_path / "best.mcap"
    shutil.copy(record, best)
    lives = [LiveRun(record=record, request=lambda _: Future(), pace=lambda _: None, running=lambda: False)]

    def slowly() -> Path:
        time.sleep(0.2)
        return best

    nothing: Any = None
    teaching = Teaching(lambda: lives, dict, nothing, nothing, nothing, nothing, slowly)
    viewer = start_viewer([], teaching=teaching)
    lives.append(replace(lives[0]))

    async def main() -> None:
        async with Client(viewer) as one, Client(viewer) as other:
            told = await asyncio.gather(*(client.call("swaptwin.lesson") for client in (one, other)))
            assert [lesson["result"] for lesson in told] == [{"logs": ["r0", "r1"], "best_log": "r2"}] * 2
            assert len((await one.call("swaptwin.logs"))["result"]) == 3

    run(main())


def test_a_finished_record_takes_no_requests(start_viewer: Start, record: Path) -> None:
    viewer = start_viewer([record])

    async def main() -> None:
        async with Client(viewer) as client:
            assert await client.refusal("swaptwin.operate", "r0", {"operator.panel.op_start": True})

    run(main())


def test_beyond_loopback_needs_certificate_and_access_code(record: Path, tmp_path: Path) -> None:
    pem = (tmp_path / "cert.pem", tmp_path / "key.pem")
    for path in pem:
        path.write_text("")
    for host in ["0.0.0.0", "192.168.1.2", "::", "example.org"]:
        with pytest.raises(InputError, match="certificate"):
            ViewerServer([record], host=host, access_code="long enough")
        with pytest.raises(InputError, match="8 characters"):
            ViewerServer([record], host=host, certificate=pem, access_code="short")
        ViewerServer([record], host=host, certificate=pem, access_code="long enough")
    with pytest.raises(InputError, match="exists"):
        ViewerServer([tmp_path / "none.mcap"])


def test_the_access_code_opens_the_door(start_viewer: Start, record: Path) -> None:
    viewer = start_viewer([record], access_code="a code of many letters")
    assert "secret" not in viewer.url

    async def main() -> None:
        async with aiohttp.ClientSession() as session:
            async with session.get(viewer.url) as response:
                assert "access" in (await response.text()).lower()
            for wrong in range(11):
                async with session.post(f"{viewer.url}enter", data={"code": str(wrong)}) as response:
                    assert response.status == (403 if wrong < 10 else 429)

    run(main())


def test_the_right_code_leads_to_the_page(start_viewer: Start, record: Path) -> None:
    viewer = start_viewer([record], access_code="a code of many letters")

    async def main() -> None:
        data = {"code": "a code of many letters"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{viewer.url}enter", data=data, allow_redirects=False) as response,
        ):
            assert response.status == 303
            assert response.headers["Location"].startswith("/index.html?secret=")

    run(main())


def test_names_and_addresses() -> None:
    assert is_loopback("127.0.0.1") and is_loopback("::1") and is_loopback("localhost")
    assert not is_loopback("0.0.0.0") and not is_loopback("example.org")
    guard = Guard("0.0.0.0", names=["station7.example.org"], tls=True)
    assert not guard.refusal("station7.example.org:8443", "https://station7.example.org:8443")
    assert not guard.refusal("10.0.0.7:8443", None)
    assert guard.refusal("evil.example", None)
    assert guard.refusal(None, None)


def test_the_viewer_needs_no_pybullet() -> None:
    script = "import sys; sys.modules['pybullet'] = None; import web; web.ViewerServer"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_with_a_certificate_everything_is_encrypted(start_viewer: Start, record: Path, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is missing")
    pem = (tmp_path / "cert.pem", tmp_path / "key.pem")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*command, "-out", str(pem[0]), "-keyout", str(pem[1])], check=True, capture_output=True, timeout=60)
    viewer = start_viewer([record], host="0.0.0.0", certificate=pem, access_code="a code of many letters")
    trust = ssl.create_default_context(cafile=str(pem[0]))

    async def main() -> None:
        base = f"https://127.0.0.1:{viewer.port}"
        connector = aiohttp.TCPConnector(ssl=trust)
        async with aiohttp.ClientSession(connector=connector) as session:
            async with session.get(base) as response:
                assert response.status == 200 and "secret" not in str(response.url)
            async with session.ws_connect(f"{base}/ws", headers={"Origin": base}) as socket:
                assert not socket.closed
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(f"{base}/ws", headers={"Origin": base.replace("https", "http")})

    run(main())
