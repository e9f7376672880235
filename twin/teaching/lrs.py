"""Sending what was learnt to a learning record store, by xAPI 1.0.3 over HTTP.

What waits to be sent has a file beside its session, which goes when the store has accepted it: what was not accepted is
sent at the next start. The ids of statements follow from the Record, so that what is sent twice is stored once.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from twin.errors import InputError, SwapTwinError

KEY, SECRET = "SWAPTWIN_LRS_KEY", "SWAPTWIN_LRS_SECRET"
#: Beside a session whose statements the store has not accepted.
UNSENT = ".xapi.unsent"
_VERSION = "1.0.3"
#: How long an answer may take, s.
_ANSWER_S = 20.0
#: How long it waits before it tries again, s: at first, and at most. How long the end of a class waits for what is due.
FIRST_WAIT_S, LONGEST_WAIT_S, CLOSING_S = 5.0, 300.0, 5.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class NotSentError(SwapTwinError):
    """A store did not take statements. ``later``: it may do so another time."""

    def __init__(self, why: str, *, later: bool) -> None:
        super().__init__(why)
        self.later = later


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would turn a POST into a GET, and may lead anywhere with the credentials."""

    def redirect_request(self, req: Any, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str) -> None:
        return None


@dataclass(frozen=True)
class RecordStore:
    """A learning record store: the address of its xAPI, and the credentials of a client of it."""

    url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)

    @classmethod
    def of(cls, url: str, environment: Mapping[str, str] = os.environ) -> RecordStore:
        """A store by its address, with the credentials that the environment has.

        Raises:
            InputError: the address is none, would show the credentials to others, or there are none.
        """
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if not safe or not parts.hostname or parts.query or parts.fragment or parts.username:
            expected = "https://HOST/PATH of the store's xAPI (http on this machine alone), without credentials"
            raise InputError(key="--lrs", expected=expected, got=parts._replace(netloc=parts.hostname or "").geturl())
        missing = [name for name in (KEY, SECRET) if not environment.get(name)]
        if missing:
            raise InputError(key="--lrs", expected=f"{KEY} and {SECRET} in the environment", got="no " + missing[0])
        return cls(url.rstrip("/"), environment[KEY], environment[SECRET])

    def send(self, statements: list[dict[str, Any]]) -> int:
        """Have statements stored.

        Returns:
            How many it has already, with another content; it keeps what it has.

        Raises:
            NotSentError: not all are stored.
        """
        if self._post(statements):
            return 0
        # One that is there makes a store refuse all that come with it.
        return sum(not self._post([one]) for one in statements)

    def _post(self, statements: list[dict[str, Any]]) -> bool:
        """Whether they are stored; False where one of them is there already, with another content."""
        basic = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        request = urllib.request.Request(
            f"{self.url}/statements", json.dumps(statements).encode(), method="POST",
            headers={"Content-Type": "application/json", "Authorization": f"Basic {basic}",
                     "X-Experience-API-Version": _VERSION},
        )  # fmt: skip
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=_ANSWER_S):
                return True
        except urllib.error.HTTPError as error:
            with error:
                if error.code == http.client.CONFLICT:
                    return False
                later = error.code >= 500 or error.code in (408, 429)
                raise NotSentError(f"answers {error.code} {error.reason} {_said(error)}".strip(), later=later) from None
        except (OSError, http.client.HTTPException) as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            raise NotSentError(f"cannot be reached: {reason}", later=True) from None


def _said(error: urllib.error.HTTPError) -> str:
    """The first line of an answer, as far as it came."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        return error.read(200).decode(errors="replace").split("\n")[0].strip()
    return ""


def send_session(session: Path, store: RecordStore) -> str:
    """Send the statements beside a session, and take its mark of waiting away.

    Returns:
        A word for it.

    Raises:
        NotSentError: it has none, or the store did not take them.
    """
    path = session.with_suffix(".xapi.json")
    try:
        statements = json.loads(path.read_bytes())
    except (OSError, ValueError):
        why = f"{path.name} is missing or cannot be read; `swaptwin score SESSION --xapi` writes it"
        raise NotSentError(why, later=False) from None
    there = store.send(statements)
    session.with_suffix(UNSENT).unlink(missing_ok=True)
    return f"{len(statements)} statements" + (f", {there} of them there already with other content" if there else "")


def waiting(files: Iterable[Path]) -> list[Path]:
    """The sessions that wait to be sent, of files beside sessions; the oldest first."""
    marks = [path for path in files if path.name.endswith(UNSENT)]
    return [mark.with_name(mark.name.removesuffix(UNSENT) + ".mcap") for mark in sorted(marks, key=_age)]


def _age(mark: Path) -> tuple[float, str]:
    return mark.stat().st_mtime, mark.name


class Outbox:
    """Sends sessions in a thread of its own, again and again where the store is away; it holds nobody up.

    Args:
        sessions: that wait from before. tell: is given a line when something is not well, and when it is well again.
    """

    def __init__(self, store: RecordStore, sessions: Iterable[Path], tell: Callable[[str], None]) -> None:
        self._store, self._tell, self._told = store, tell, ""
        self._queue: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        for session in sessions:
            self._queue.put(session)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def add(self, session: Path) -> None:
        """Send a session whose statements are written."""
        session.with_suffix(UNSENT).touch()
        self._queue.put(session)

    def close(self) -> None:
        """Send what is due, for a little while; what is not accepted by then waits for the next start."""
        self._closing.set()
        self._queue.put(None)
        self._thread.join(CLOSING_S)

    def _work(self) -> None:
        wait_s = FIRST_WAIT_S
        while (session := self._queue.get()) is not None:
            if self._sent(session):
                wait_s = FIRST_WAIT_S
                continue
            self._queue.put(session)
            if self._closing.wait(wait_s):
                return
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def _sent(self, session: Path) -> bool:
        """Whether there is no more to do about a session."""
        try:
            word = send_session(session, self._store)
        except NotSentError as error:
            self._say(f"the learning record store {error}; {session.name} waits to be sent")
            return not error.later
        except OSError as error:
            self._say(f"{session.name} waits to be sent: {error}")
            return True
        if self._told or "already" in word:
            self._tell(f"sent to the learning record store: {session.name}, {word}")
            self._told = ""
        return True

    def _say(self, line: str) -> None:
        """Tell what is wrong, once as long as it is the same."""
        why = line.split(";")[0]
        if why != self._told:
            self._tell(line)
            self._told = why
