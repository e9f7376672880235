"""The page trame serves: one component, the player; everything a person sees or chooses is inside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from aiohttp import web
from trame.ui.html import DivLayout
from trame_client.module.vue3 import www
from trame_client.widgets.core import AbstractElement

DIST = Path(__file__).parent / "player" / "dist"

_LOADING = """<div style="position:fixed;inset:0;display:grid;place-items:center;background:#eef1f4;
font:600 15px system-ui,sans-serif;color:#5b6770;letter-spacing:.08em">SwapTwin</div>"""


class SwapTwinPlayer(AbstractElement):
    """The Vue component that the player's bundle registers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("swaptwin-player", **kwargs)


def build_page(server: Any) -> None:
    """Let a trame server deliver the player."""
    if not (DIST / "player.js").is_file():
        raise FileNotFoundError(f"{DIST / 'player.js'} is missing; `make bundle` builds it")
    server.enable_module(
        {
            "serve": {"swaptwin": str(DIST)},
            "scripts": ["swaptwin/player.js"],
            "styles": ["swaptwin/player.css"],
            "vue_use": ["swaptwin"],
        }
    )
    server.state.trame__title = "SwapTwin"
    with DivLayout(server):
        SwapTwinPlayer()


def static_routes() -> list[web.RouteDef]:
    """Replacements of the files with which trame's client greets."""

    index = _index()

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=index, content_type="text/html")

    async def loading(_: web.Request) -> web.Response:
        return web.Response(text=_LOADING, content_type="text/html")

    async def icon(_: web.Request) -> web.FileResponse:
        return web.FileResponse(DIST / "icon.svg", headers={"Content-Type": "image/svg+xml"})

    async def session(request: web.Request) -> web.Response:
        # trame's client first asks a launcher where its session is. There is no launcher: it is here.
        socket = "wss" if request.secure else "ws"
        return web.json_response({"sessionURL": f"{socket}://{request.host}/ws"})

    return [
        web.get("/index.html", page),
        web.post("/paraview/", session),
        web.get("/loading.tpl", loading),
        web.get("/logo.png", icon),
        web.get("/favicon.ico", icon),
    ]


def _index() -> str:
    """The page of trame's client, with our title and the script that keeps the secret over a reload."""
    text = Path(www, "index.html").read_text(encoding="utf-8")
    if "<head>" not in text:
        raise RuntimeError("trame's index.html has no <head> any more: see web/page.py")
    text = re.sub(r"<title>.*?</title>", "<title>SwapTwin</title>", text, count=1)
    return text.replace("<head>", '<head><script src="swaptwin/session.js"></script>', 1)
