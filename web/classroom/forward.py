"""Passes a browser's requests on to the one viewer that is its own; the viewer listens on loopback only."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TypeAlias

import aiohttp
from aiohttp import web

from web.app import ViewerServer

_PASSED_ON = ("Content-Type", "ETag", "Last-Modified")


async def forward(session: aiohttp.ClientSession, request: web.Request, viewer: ViewerServer) -> web.Response:
    """A page's file."""
    asked = {name: request.headers[name] for name in ("If-None-Match", "If-Modified-Since") if name in request.headers}
    url = f"http://127.0.0.1:{viewer.port}{request.path_qs}"
    async with session.get(url, headers=asked, allow_redirects=False) as answer:
        headers = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
        return web.Response(status=answer.status, body=await answer.read(), headers=headers)


async def forward_socket(
    session: aiohttp.ClientSession, request: web.Request, viewer: ViewerServer
) -> web.WebSocketResponse:
    """A page's WebSocket, until either side ends it."""
    page = web.WebSocketResponse(max_msg_size=0, compress=False, heartbeat=30)
    await page.prepare(request)
    async with session.ws_connect(f"http://127.0.0.1:{viewer.port}/ws", max_msg_size=0) as server:
        ways = [asyncio.ensure_future(_pass(page, server)), asyncio.ensure_future(_pass(server, page))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
    await page.close()
    return page


Side: TypeAlias = "web.WebSocketResponse | aiohttp.ClientWebSocketResponse[bool]"


async def _pass(source: Side, sink: Side) -> None:
    with contextlib.suppress(ConnectionError):
        async for message in source:
            if message.type == aiohttp.WSMsgType.BINARY:
                await sink.send_bytes(message.data)
            elif message.type == aiohttp.WSMsgType.TEXT:
                await sink.send_str(message.data)
