"""The class's server: one address for everybody; which session a browser sees follows from its cookie alone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import ssl
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias, get_args

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from twin.classroom import Classroom, standing
from twin.classroom.qr import qr_svg
from twin.errors import InputError, SwapTwinError
from twin.fault import FAULTS
from twin.lesson import Person
from twin.lesson.session import Mode
from twin.teaching import Role, Teacher
from web.app import ViewerServer
from web.classroom.forward import forward, forward_socket
from web.classroom.signin import SignIn, Visitor
from web.classroom.viewers import Viewers, page_of
from web.guard import Guard, is_loopback
from web.page import static_routes
from web.teaching import Teaching

_logger = logging.getLogger(__name__)
_PAGES = Path(__file__).parent / "pages"
#: What trame's page asks for that says nothing of anybody.
_OPEN = ("/paraview/", "/favicon.ico", "/logo.png")
_MODES: tuple[Mode, ...] = get_args(Mode)
#: The longest request, bytes.
_LONGEST = 100_000

Answer: TypeAlias = Callable[[web.Request, Visitor], Awaitable[web.StreamResponse]]


class ClassServer:
    """Serves a class.

    Args:
        room: the class. teaching: a session as somebody in a role may ask about it.
        host, port: where to listen; port 0 takes a free one. name: of this machine, as browsers reach it.
        certificate: PEM files (certificate, key), needed for a host other than loopback.

    Raises:
        InputError: a host other than loopback without a certificate.
    """

    def __init__(
        self,
        room: Classroom,
        *,
        teaching: Callable[[Teacher, Role], Teaching],
        host: str = "127.0.0.1",
        port: int = 0,
        name: str = "",
        certificate: tuple[Path, Path] | None = None,
    ) -> None:
        if not is_loopback(host) and certificate is None:
            raise InputError(key="host", expected="a loopback address, or a certificate", got=host)
        self._name = name or host
        self._room, self._host, self._asked_port, self._certificate = room, host, port, certificate
        self._guard = Guard(host, names=[socket.gethostname()], tls=certificate is not None)
        self._sign_in = SignIn(room.roster, tls=certificate is not None)
        self._viewers = Viewers(teaching)
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def port(self) -> int:
        assert self._runner is not None
        return int(self._runner.addresses[0][1])

    @property
    def address(self) -> str:
        """The class's address for browsers."""
        return f"{self.scheme}://{self._name}:{self.port}/"

    @property
    def scheme(self) -> str:
        return self._guard.scheme

    async def start(self) -> None:
        """Listen; the port is known when this returns."""
        app = web.Application(middlewares=[self._guard.middleware], client_max_size=_LONGEST)
        app.add_routes(
            [
                web.get("/", self._front),
                web.get("/card", self._card),
                web.post("/enter", self._enter),
                web.post("/leave", self._leave),
                web.get("/desk", self._trainee(_page("desk.html"))),
                web.get("/desk/standing", self._trainee(self._standing)),
                web.post("/desk/begin", self._trainee(self._begin)),
                web.post("/desk/take_up", self._trainee(self._take_up)),
                web.get("/desk/view", self._trainee(self._view)),
                web.get("/class", self._instructor(_page("class.html"))),
                web.get("/class/address.svg", self._instructor(self._picture)),
                web.get("/class/standing", self._instructor(self._class_standing)),
                web.post("/class/{number}/{act}", self._instructor(self._act)),
                web.get("/class/{number}/view", self._instructor(self._watch)),
                web.get("/ws", self._socket),
                *[route for route in static_routes() if route.path in _OPEN],
                web.get("/{path:.*}", self._file),
            ]
        )
        self._session = aiohttp.ClientSession()
        self._runner = web.AppRunner(app, handle_signals=False)
        await self._runner.setup()
        context = None
        if self._certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._certificate)
        await web.TCPSite(self._runner, self._host, self._asked_port, ssl_context=context).start()

    async def stop(self) -> None:
        """Close every connection and the port; the sessions are the class's to end."""
        await self._viewers.stop()
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # -- who asks ------------------------------------------------------------------------------------------------

    def _trainee(self, answer: Answer) -> Handler:
        return self._for(answer, instructor=False)

    def _instructor(self, answer: Answer) -> Handler:
        return self._for(answer, instructor=True)

    def _for(self, answer: Answer, *, instructor: bool) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            visitor = self._sign_in.visitor(request)
            if visitor is None or visitor.instructor != instructor:
                raise web.HTTPForbidden(text="sign in first\n")
            try:
                return await answer(request, visitor)
            except InputError as error:
                return self._refused(f"{error.key}: expected {error.expected}, got {error.got}")
            except (SwapTwinError, OSError) as error:
                _logger.warning("%s %s", request.path, error)
                return self._refused(f"the session: {error}")

        return handle

    def _refused(self, said: str) -> web.Response:
        """What went wrong, in words; where things lie on this machine is nobody's business."""
        for folder in (self._room.folder, self._room.folder.resolve(), Path(tempfile.gettempdir())):
            said = said.replace(f"{folder}{os.sep}", "").replace(str(folder), "…")
        return web.json_response({"error": said}, status=400)

    def _seat(self, number: str) -> Teacher:
        seat = self._room.seats.get(number)
        if seat is None:
            raise web.HTTPNotFound(text="no session\n")
        return seat

    def _place(self, visitor: Visitor) -> tuple[Teacher, Role]:
        """The session that is somebody's to see, and as whom."""
        if visitor.instructor:
            return self._seat(visitor.watching), "onlooker"
        place = self._room.seat(visitor.number)
        if place is None:
            raise web.HTTPNotFound(text="no session\n")
        return place[0], "guardian" if place[1] else "operator"

    async def _front(self, request: web.Request) -> web.StreamResponse:
        visitor = self._sign_in.visitor(request)
        if visitor is not None:
            raise web.HTTPSeeOther("/class" if visitor.instructor else "/desk")
        return _html("signin.html")

    async def _card(self, request: web.Request) -> web.StreamResponse:
        """Where a card leads: signing in, whoever sat at this browser before."""
        return _html("signin.html")

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        given = await _json(request)
        status, token = await self._sign_in.enter(str(given.get("number", "")), str(given.get("code", "")))
        response = web.json_response({}, status=status)
        if token:
            self._sign_in.keep(response, token)
        return response

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        self._sign_in.leave(request)
        return web.json_response({})

    # -- a trainee -----------------------------------------------------------------------------------------------

    async def _standing(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        room = self._room
        place, left = room.seat(visitor.number), room.left(visitor.number)
        lessons = {
            name: {
                "text": one.text.model_dump(), "goal": one.goal.model_dump(), "briefing": one.briefing.model_dump(),
                "guardian": one.has_guardian,
            }
            for name, one in room.lessons.items()
        }  # fmt: skip
        others = {
            number: one.name
            for number, one in room.roster.people.items()
            if one.role == "trainee" and number != visitor.number
        }
        told = {"class": room.roster.name, "name": room.roster.people[visitor.number].name, "lessons": lessons}
        return web.json_response(
            {
                **told, "others": others, "left": left.stem if left else None, "guards": bool(place and place[1]),
                "session": standing(place[0], for_trainee=True) if place else None,
            }
        )  # fmt: skip

    async def _begin(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        given = await _json(request)
        mode = given.get("mode")
        if mode not in _MODES:
            raise InputError(key="mode", expected="one of " + ", ".join(_MODES), got=mode)
        lesson, guardian = str(given.get("lesson")), str(given.get("guardian", ""))
        await asyncio.to_thread(
            self._room.begin, visitor.number, lesson, mode, guardian=guardian, instructor=self._instructing()
        )
        return web.json_response({})

    def _instructing(self) -> Person:
        """Who teaches: the class's only instructor; of several nobody knows which until he confirms."""
        roster = self._room.roster
        numbers = [number for number, one in roster.people.items() if one.role == "instructor"]
        return roster.person(numbers[0]) if len(numbers) == 1 else Person()

    async def _take_up(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        await asyncio.to_thread(self._room.take_up, visitor.number)
        return web.json_response({})

    async def _view(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        raise web.HTTPSeeOther(page_of(await self._viewers.of(*self._place(visitor))))

    # -- the instructor ------------------------------------------------------------------------------------------

    async def _class_standing(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        people = []
        for number, member in self._room.roster.people.items():
            if member.role == "trainee":
                seat = self._room.seats.get(number)
                people.append({"number": number, "name": member.name, "session": standing(seat) if seat else None})
        faults = {
            name: {"text": {"en": kind.about.title.en, "zh": kind.about.title.zh}, "example": kind.about.example}
            for name, kind in FAULTS.items()
        }
        about = {"class": self._room.roster.name, "address": self.address, "others_reach": self.scheme == "https"}
        return web.json_response({**about, "people": people, "faults": faults})

    async def _picture(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        return web.Response(text=qr_svg(self.address), content_type="image/svg+xml")

    async def _act(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        seat, given = self._seat(request.match_info["number"]), await _json(request)
        by, text = self._room.roster.person(visitor.number), str(given.get("text", ""))[:2000]
        acts: dict[str, Callable[[], object]] = {
            "freeze": lambda: seat.freeze(by),
            "resume": lambda: seat.resume(by),
            "say": lambda: seat.say(text, by),
            "observe": lambda: seat.observe(text, by),
            "confirm": lambda: seat.confirm(text, by),
        }
        act = request.match_info["act"]
        if act == "cause":
            return web.json_response(await _caused(seat, given.get("do")))
        if act not in acts:
            raise web.HTTPNotFound(text="no such act\n")
        if not seat.running:
            raise InputError(key=act, expected="a session that runs", got="one that has ended")
        # It may have to wait for a score.
        await asyncio.to_thread(acts[act])
        return web.json_response({})

    async def _watch(self, request: web.Request, visitor: Visitor) -> web.StreamResponse:
        number = request.match_info["number"]
        viewer = await self._viewers.of(self._seat(number), "onlooker")
        visitor.watching = number
        raise web.HTTPSeeOther(page_of(viewer))

    # -- the viewer of who asks ----------------------------------------------------------------------------------

    def _own(self, request: web.Request) -> ViewerServer:
        visitor = self._sign_in.visitor(request)
        if visitor is None:
            raise web.HTTPForbidden(text="sign in first\n")
        viewer = self._viewers.made(*self._place(visitor))
        if viewer is None:
            raise web.HTTPNotFound(text="no session is shown\n")
        return viewer

    async def _file(self, request: web.Request) -> web.StreamResponse:
        assert self._session is not None
        return await forward(self._session, request, self._own(request))

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        assert self._session is not None
        return await forward_socket(self._session, request, self._own(request))


async def _caused(seat: Teacher, action: object) -> dict[str, Any]:
    """Let something happen; a session that is held comes to it when it goes on, and nobody waits for that."""
    if not isinstance(action, Mapping) or set(action) - {"fault", "clear"} or len(action) != 1:
        raise InputError(key="do", expected="fault or clear", got=action)
    answer = asyncio.wrap_future(seat.cause(action))
    done, _ = await asyncio.wait([answer], timeout=1.0)
    if not done:
        return {"t_ns": None}
    return {"t_ns": answer.result()}


async def _json(request: web.Request) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        given = await request.json()
        if isinstance(given, dict):
            return given
    raise web.HTTPBadRequest(text="expected a JSON object\n")


def _page(name: str) -> Answer:
    async def answer(request: web.Request, visitor: Visitor) -> web.StreamResponse:
        return _html(name)

    return answer


def _html(name: str) -> web.Response:
    common = (_PAGES / "common.html").read_text(encoding="utf-8")
    return web.Response(
        text=common.replace("<!-- page -->", (_PAGES / name).read_text(encoding="utf-8")), content_type="text/html"
    )
