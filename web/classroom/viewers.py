"""A viewer for each session that is looked at: the trainee's own, and one without a panel for the instructor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from twin.classroom import Seat
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
        """The viewer of a session: with its panel, or only to look on.

        Raises:
            InputError: nothing is recorded yet that could be looked at.
        """
        key = (seat.session.trainee.number, operates)
        async with self._making:
            kept = self._made.get(key)
            if kept is not None and kept[0] is seat:
                return kept[1]
            if kept is not None:
                await kept[1].stop()
                del self._made[key]
            live = replace(self._live(seat.process), pace=seat.pace) if operates else None
            viewer = ViewerServer([] if operates else [seat.record], live=live)
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


def page_of(viewer: ViewerServer) -> str:
    """The address of a viewer's page, on the class's own server."""
    return f"/index.html?{urlsplit(viewer.url).query}"
