"""Who is who: a staff number and a code give a cookie, and the cookie is all that says who asks."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from twin.classroom import Roster

COOKIE = "swaptwin_class"
#: A day in class.
LASTS_S = 12 * 3600.0
#: Wrong codes in a minute: for one staff number, and from everybody together.
TRIES_ONE, TRIES_ALL = 8, 60


@dataclass
class Visitor:
    """A browser that signed in.

    Args:
        watching: whose session the instructor's viewer shows.
    """

    number: str
    instructor: bool
    since_s: float
    watching: str = ""


class SignIn:
    """Gives out cookies for codes.

    Args:
        clock: s, monotonic.
    """

    def __init__(self, roster: Roster, *, tls: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._roster, self._tls, self._clock = roster, tls, clock
        self._visitors: dict[str, Visitor] = {}
        self._wrong: dict[str, list[float]] = defaultdict(list)
        self._one_at_a_time = asyncio.Lock()

    def visitor(self, request: web.Request) -> Visitor | None:
        """Who asks, or None where nobody signed in, or too long ago."""
        token = request.cookies.get(COOKIE, "")
        visitor = self._visitors.get(token)
        if visitor is not None and self._clock() - visitor.since_s > LASTS_S:
            del self._visitors[token]
            return None
        return visitor

    async def enter(self, number: str, code: str) -> tuple[int, str]:
        """Try a code: 200 with a new token, 403 where it is wrong, 429 after too many wrong ones."""
        # One at a time: a hash takes 16 MB and a core.
        async with self._one_at_a_time:
            if self._too_many(number):
                return 429, ""
            if not await asyncio.to_thread(self._roster.lets_in, number, code):
                self._wrong[number[:40]].append(self._clock())
                return 403, ""
        token = secrets.token_urlsafe(32)
        instructor = self._roster.people[number].role == "instructor"
        self._visitors[token] = Visitor(number, instructor, self._clock())
        return 200, token

    def keep(self, response: web.StreamResponse, token: str) -> None:
        """Give a browser its cookie."""
        response.set_cookie(
            COOKIE, token, max_age=int(LASTS_S), httponly=True, samesite="Strict", secure=self._tls, path="/"
        )

    def leave(self, request: web.Request) -> None:
        """Forget a browser."""
        self._visitors.pop(request.cookies.get(COOKIE, ""), None)

    def _too_many(self, number: str) -> bool:
        now = self._clock()
        for tried, times in list(self._wrong.items()):
            self._wrong[tried] = [at for at in times if now - at < 60]
            if not self._wrong[tried]:
                del self._wrong[tried]
        all_of_them = sum(map(len, self._wrong.values()))
        return len(self._wrong.get(number[:40], ())) >= TRIES_ONE or all_of_them >= TRIES_ALL
