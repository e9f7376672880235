"""A viewer for each session that is looked at: the trainee's own, and one for the instructor that only looks on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn
from urllib.parse import urlsplit

from twin.classroom import Seat
from twin.errors import InputError
from twin.process import RunProcess
from web.app import ViewerServer
from web.live import LiveRun

#: So long a browser may be away before its session is held: a reload takes less.
AWAY_S = 2.0


class Viewers:
    """The viewers of a class, made when first asked for. A viewer knows one Record and nothing of the class.

    Args:
        live: a run as a viewer sees it.
    """

    def __init__(self, live: Callable[[RunProcess], LiveRun]) -> None:
        self._live = live
        self._made: dict[tuple[str, bool], tuple[Seat, ViewerServer]] = {}
        self._making = asyncio.Lock()
        self._looking: dict[Seat, int] = {}

    async def of(self, seat: Seat, *, operates: bool) -> ViewerServer:
        """The viewer of a session: one that operates it, or one that only looks on."""
        key = (seat.session.trainee.number, operates)
        async with self._making:
            kept = self._made.get(key)
            if kept is not None and kept[0] is seat:
                return kept[1]
            if kept is not None:
                await kept[1].stop()
                del self._made[key]
            live = self._live(seat.process)
            live = replace(live, pace=seat.pace) if operates else replace(live, request=_looks_on, pace=_looks_on)
            viewer = ViewerServer([], live=live)
            await viewer.start()
            self._made[key] = seat, viewer
            return viewer

    def made(self, seat: Seat, *, operates: bool) -> ViewerServer | None:
        """The viewer of a session, if somebody has asked for it."""
        kept = self._made.get((seat.session.trainee.number, operates))
        return kept[1] if kept is not None and kept[0] is seat else None

    def looks(self, seat: Seat) -> None:
        """A browser of the trainee opened his session: it goes on."""
        self._looking[seat] = self._looking.get(seat, 0) + 1
        seat.resume("away")

    def looks_away(self, seat: Seat) -> None:
        """One of them is gone; where it was the last, and stays away, the session is held and kept."""
        self._looking[seat] -= 1

        def hold() -> None:
            if not self._looking[seat]:
                seat.freeze("away")

        asyncio.get_running_loop().call_later(AWAY_S, hold)

    async def stop(self) -> None:
        """Stop all of them."""
        for _, viewer in self._made.values():
            await viewer.stop()
        self._made.clear()


def _looks_on(asked: object) -> NoReturn:
    raise InputError(key="request", expected="the trainee's own page", got="one that looks on")


def page_of(viewer: ViewerServer) -> str:
    """The address of a viewer's page, on the class's own server."""
    return f"/index.html?{urlsplit(viewer.url).query}"
