"""A viewer for each session that is looked at: its trainee's, its guardian's, and one that only looks on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from twin.teaching import Role, Teacher
from web.app import ViewerServer
from web.teaching import Teaching


class Viewers:
    """The viewers of a class, made when first asked for. A viewer knows one session and nothing of the class.

    Args:
        teaching: a session as somebody in a role may ask about it.
    """

    def __init__(self, teaching: Callable[[Teacher, Role], Teaching]) -> None:
        self._teaching = teaching
        #: By its trainee's number and the role: there is one for the last session of each.
        self._made: dict[tuple[str, Role], tuple[Teacher, ViewerServer]] = {}
        self._making = asyncio.Lock()

    async def of(self, seat: Teacher, role: Role) -> ViewerServer:
        """The viewer of a session for somebody in a role."""
        async with self._making:
            viewer = self.made(seat, role)
            if viewer is not None:
                return viewer
            key = (seat.session.trainee.number, role)
            if key in self._made:
                await self._made.pop(key)[1].stop()
            viewer = ViewerServer([], teaching=self._teaching(seat, role))
            await viewer.start()
            self._made[key] = seat, viewer
            return viewer

    def made(self, seat: Teacher, role: Role) -> ViewerServer | None:
        """The viewer of a session, if somebody has asked for it."""
        kept = self._made.get((seat.session.trainee.number, role))
        return kept[1] if kept is not None and kept[0] is seat else None

    async def stop(self) -> None:
        """Stop all of them."""
        for _, viewer in self._made.values():
            await viewer.stop()
        self._made.clear()


def page_of(viewer: ViewerServer) -> str:
    """The address of a viewer's page, on the class's own server."""
    return f"/index.html?{urlsplit(viewer.url).query}"
