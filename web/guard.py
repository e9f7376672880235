"""Who may talk to the server: pages of its own origin, under its own names, that know this start's secret.

A page of any site can open a WebSocket to loopback, and a site can point its own name at 127.0.0.1. So the
``Host`` must be a name of this server and ``Origin``, when a browser sends one, must be the very same place.
"""

from __future__ import annotations

import hmac
import html
import ipaddress
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
#: Wrong access codes accepted in a minute, from everybody together.
TRIES_PER_MINUTE = 10


def is_loopback(host: str) -> bool:
    """Whether a server bound to `host` can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def host_name(authority: str) -> str:
    """The name in ``name:port`` or ``[v6]:port``, lower case; empty when it is neither."""
    try:
        return (urlsplit(f"//{authority}").hostname or "").lower()
    except ValueError:
        return ""


class Guard:
    """Checks every request before anything else sees it.

    Args:
        host: what the server is bound to.
        names: further names it is reached by, for a host other than loopback.
        tls: whether it is served with a certificate.
    """

    def __init__(self, host: str, *, names: Sequence[str] = (), tls: bool = False) -> None:
        self.scheme = "https" if tls else "http"
        self.open = not is_loopback(host)
        self.names = {host.lower(), *(name.lower() for name in names)} | LOOPBACK_NAMES

    def knows(self, authority: str) -> bool:
        """Whether ``Host: authority`` is this server. An address is fine when bound beyond loopback: no site
        can make a browser send an address of its choice as a name."""
        name = host_name(authority)
        if name in self.names:
            return True
        try:
            return ipaddress.ip_address(name).is_loopback or self.open
        except ValueError:
            return False

    def refusal(self, host: str | None, origin: str | None) -> str:
        """Why a request with these headers is refused, or empty when it is not."""
        if not host or not self.knows(host):
            return "unknown host"
        if origin is not None and origin.lower() != f"{self.scheme}://{host.lower()}":
            return "foreign origin"
        return ""

    @property
    def middleware(self) -> Middleware:
        """The check as aiohttp wants it."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            reason = self.refusal(request.headers.get("Host"), request.headers.get("Origin"))
            if reason:
                raise web.HTTPForbidden(text=f"refused: {reason}\n")
            response = await handler(request)
            if not response.prepared:
                response.headers.update(self._headers(request.host))
            return response

        return check

    def _headers(self, host: str) -> dict[str, str]:
        # trame's client compiles its template in the browser, which needs 'unsafe-eval'.
        socket = "wss" if self.scheme == "https" else "ws"
        policy = (
            "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: blob:; connect-src 'self' {socket}://{host}; frame-ancestors 'none'; "
            "base-uri 'self'; form-action 'self'; object-src 'none'"
        )
        return {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-cache",
        }


class Door:
    """The page that asks for the access code, for a server that others can reach.

    Args:
        code: what a person must type.
        secret: what the WebSocket asks for; handed out for the code.
        clock: seconds, monotonic.
    """

    def __init__(self, code: str, secret: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._code, self._secret, self._clock = code, secret, clock
        self._failures: list[float] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self._ask), web.post("/enter", self._enter)]

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        return _form("")

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        now = self._clock()
        self._failures = [at for at in self._failures if now - at < 60]
        if len(self._failures) >= TRIES_PER_MINUTE:
            return _form("Too many tries, wait a minute. 尝试次数过多，请稍候。", status=429)
        given = str((await request.post()).get("code", ""))
        if not hmac.compare_digest(given.encode(), self._code.encode()):
            self._failures.append(now)
            return _form("That is not the access code. 访问码不正确。", status=403)
        raise web.HTTPSeeOther(f"/index.html?secret={self._secret}")


def _form(message: str, status: int = 200) -> web.Response:
    page = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>SwapTwin</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<style>body{{font:16px system-ui,sans-serif;display:grid;place-items:center;height:90vh;background:#f3f5f7}}
form{{background:#fff;padding:32px;border-radius:12px;box-shadow:0 8px 32px #0002;display:grid;gap:12px}}
input,button{{font:inherit;padding:8px 12px}}p{{color:#b3261e;margin:0}}</style>
<form method="post" action="/enter"><b>SwapTwin</b>
<label>Access code · 访问码<br><input name="code" type="password" autofocus autocomplete="off"></label>
<p>{html.escape(message)}</p><button>Open · 打开</button></form></html>"""
    return web.Response(text=page, content_type="text/html", status=status)
