"""What a page may call. Every call names a log by id; nothing is remembered between calls."""

from __future__ import annotations

import asyncio
import functools
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar, cast

import wslink
from wslink.websocket import LinkProtocol

from twin.errors import InputError, SwapTwinError
from web.branching import Branching
from web.live import LiveRun
from web.log import Library
from web.question import Questions
from web.teaching import Teaching

#: Topic on which every page hears that a log has grown.
GROWTH_TOPIC = "swaptwin.growth"
#: The speeds a live run may be set to, simulated seconds per second, beside 0: it stands.
SPEED_RANGE = (0.1, 20.0)
#: How long a page waits to hear that its request is in the input image.
TAKEN_WITHIN_S = 1.0
#: What takes longer is answered by ``{"working": true}``; the page asks again.
ANSWERED_WITHIN_S = 2.0
#: So long an answer is kept for who does not come for it.
KEPT_S = 60.0

Method = TypeVar("Method", bound=Callable[..., Any])

_logger = logging.getLogger(__name__)


def call(name: str, *, slow: bool = False) -> Callable[[Method], Method]:
    """Make a method callable from a page.

    One that may take long is answered by a thread, so that other pages need not wait for it; what a run has to take
    first is waited for by none, for there are few.

    What goes wrong is answered as ``{"error": sentence}``: wslink's own answer would show the page a traceback
    and the paths of this machine.
    """

    def mark(method: Method) -> Method:
        @functools.wraps(method)
        def answered(self: LogProtocol, *args: Any) -> Any:
            try:
                return method(self, *args)
            except Exception as error:
                return _wrong(self, name, error)

        async def answered_late(self: LogProtocol, *args: Any) -> Any:
            answer = await asyncio.to_thread(answered, self, *args)
            try:
                return await _taken(answer) if isinstance(answer, Future) else answer
            except Exception as error:
                return _wrong(self, name, error)

        @functools.wraps(method)
        async def in_thread(self: LogProtocol, *args: Any) -> Any:
            # wslink hears a page's next call only when this one is answered; a long one must not hide its question
            # whether the server is still there. The page asks again, and is given what has come of it.
            asked = f"{name}{args!r}"
            task = self.under_way.get(asked) or asyncio.ensure_future(answered_late(self, *args))
            done, _ = await asyncio.wait([task], timeout=ANSWERED_WITHIN_S)
            if not done:
                if asked not in self.under_way:
                    self.under_way[asked] = task
                    loop = asyncio.get_running_loop()
                    # A page that is gone does not ask again.
                    task.add_done_callback(lambda _: loop.call_later(KEPT_S, self.under_way.pop, asked, None))
                return {"working": True}
            self.under_way.pop(asked, None)
            return task.result()

        answer = in_thread if slow else answered
        wslink.register(name)(answer)
        return cast(Method, answer)

    return mark


class LogProtocol(LinkProtocol):
    """The calls of the player's trame source; ``docs/viewer.md`` describes them."""

    def __init__(self, library: Library, branching: Branching | None = None, teaching: Teaching | None = None) -> None:
        super().__init__()
        self.library = library
        self.under_way: dict[str, asyncio.Future[Any]] = {}
        self._questions = Questions(library, branching)
        self._teaching = teaching
        # Several pages ask for the lesson at once, in threads: what is new of it is offered once.
        self._offering = threading.Lock()
        # The log that shows how the lesson is done.
        self._best = ""

    @call("swaptwin.logs")
    def logs(self) -> list[dict[str, Any]]:
        return [log.listing() for log in self.library]

    @call("swaptwin.open")
    def open(self, id: str) -> dict[str, Any]:
        return self.library[id].manifest()

    @call("swaptwin.scene")
    def scene(self, id: str, piece: int) -> bytes:
        return self.library[id].playback.scene(int(piece))

    @call("swaptwin.window")
    def window(self, id: str, t0_ns: float, t1_ns: float, step_ns: float) -> bytes:
        return self.library[id].playback.window(int(t0_ns), int(t1_ns), int(step_ns))

    @call("swaptwin.signals", slow=True)
    def signals(self, id: str, t0_ns: float, t1_ns: float, buckets: int, names: Sequence[str]) -> bytes:
        return self.library[id].signals(int(t0_ns), int(t1_ns), int(buckets), names)

    @call("swaptwin.page", slow=True)
    def page(self, id: str, t0_ns: float, t1_ns: float) -> bytes:
        from twin.report import incident_page

        return incident_page(self.library.whole(id).playback.record, int(t0_ns), int(t1_ns)).encode()

    @call("swaptwin.search", slow=True)
    def search(self, id: str, condition: str) -> dict[str, Any]:
        return self._questions.search(id, condition)

    @call("swaptwin.compare", slow=True)
    def compare(self, id: str, other: str) -> dict[str, Any]:
        return self._questions.compare(id, other)

    @call("swaptwin.phases", slow=True)
    def phases(self, id: str) -> list[dict[str, Any]]:
        return self._questions.phases(id)

    @call("swaptwin.why", slow=True)
    def why(self, id: str, t_ns: float | None = None) -> dict[str, Any] | None:
        return self._questions.why(id, None if t_ns is None else int(t_ns))

    @call("swaptwin.branching", slow=True)
    def branching(self, id: str) -> dict[str, Any] | None:
        return self._questions.branching(id)

    @call("swaptwin.branch", slow=True)
    def branch(self, id: str, t_ns: float, change: Mapping[str, Any]) -> dict[str, Any]:
        if not isinstance(change, Mapping):
            raise InputError(key="change", expected="controller, settings and event", got=change)
        return self._questions.branch(id, int(t_ns), change)

    @call("swaptwin.cut", slow=True)
    def cut(self, id: str, t0_ns: float, t1_ns: float, fault: Mapping[str, Any]) -> dict[str, Any]:
        if not isinstance(fault, Mapping):
            raise InputError(key="fault", expected="its name and target", got=fault)
        return self._questions.cut(id, int(t0_ns), int(t1_ns), fault)

    @call("swaptwin.notes", slow=True)
    def notes(self, id: str) -> list[dict[str, Any]]:
        return self._questions.notes(id)

    @call("swaptwin.put_note", slow=True)
    def put_note(self, id: str, note: Mapping[str, Any]) -> list[dict[str, Any]]:
        return self._questions.put_note(id, dict(note))

    @call("swaptwin.remove_note", slow=True)
    def remove_note(self, id: str, note: str) -> list[dict[str, Any]]:
        return self._questions.remove_note(id, note)

    @call("swaptwin.tail")
    def tail(self, id: str, known_events: int = 0) -> dict[str, Any]:
        log = self.library[id]
        growth = log.growth()
        return growth if growth["waiting"] else {**growth, "events": log.events(int(known_events))}

    @call("swaptwin.operate", slow=True)
    def operate(self, id: str, request: Mapping[str, Any]) -> Future[int]:
        if not isinstance(request, Mapping) or not all(str(name).split(".")[-1].startswith("op_") for name in request):
            raise InputError(key="request", expected="operator signals (area.device.op_…) to values", got=request)
        return self._run(id).request(dict(request))

    @call("swaptwin.pace")
    def pace(self, id: str, speed: float | None) -> None:
        if speed is not None and float(speed) != 0 and not SPEED_RANGE[0] <= float(speed) <= SPEED_RANGE[1]:
            raise InputError(key="speed", expected=f"{SPEED_RANGE[0]} to {SPEED_RANGE[1]}, or none", got=speed)
        self._run(id).pace(None if speed is None else float(speed))

    @call("swaptwin.lesson", slow=True)
    def lesson(self) -> dict[str, Any] | None:
        if self._teaching is None:
            return None
        told = self._teaching.told()
        with self._offering:
            attempts = [self.library.of(live).id for live in self._teaching.attempts()]
            if not self._best and (best := self._teaching.best()) is not None:
                self._best = self.library.add(best).id
            return {**told, "logs": attempts, "best_log": self._best}

    @call("swaptwin.lesson_ask", slow=True)
    def lesson_ask(self, action: Mapping[str, Any]) -> Future[int]:
        if not isinstance(action, Mapping):
            raise InputError(key="action", expected="take_hint, give_answer or clear", got=action)
        return self._taught.ask(dict(action))

    @call("swaptwin.lesson_back", slow=True)
    def lesson_back(self, t_ns: float) -> None:
        self._taught.back(int(t_ns))

    @call("swaptwin.lesson_finish", slow=True)
    def lesson_finish(self) -> None:
        self._taught.finish()

    @call("swaptwin.debrief", slow=True)
    def debrief(self, attempt: int) -> bytes:
        return self._taught.debrief(int(attempt))

    @property
    def _taught(self) -> Teaching:
        if self._teaching is None:
            raise InputError(key="lesson", expected="a viewer that was opened with a lesson", got="one without")
        return self._teaching

    def publish_growth(self) -> None:
        """Refresh every log that someone has opened; say which have grown, and send what is new of a live one."""
        for log in self.library:
            try:
                growth = log.poll()
            except (SwapTwinError, OSError):
                continue  # whoever asks for this log is told what is wrong with it
            if growth is not None:
                self.publish(GROWTH_TOPIC, growth)

    def _run(self, id: str) -> LiveRun:
        log = self.library[id]
        if log.live is None or not log.running:
            raise InputError(key="id", expected="a run that is still running", got=log.title)
        return log.live


def _wrong(protocol: LogProtocol, name: str, error: Exception) -> dict[str, Any]:
    """What a page is told of what went wrong with its call."""
    if not isinstance(error, SwapTwinError | OSError):
        _logger.error("%s failed", name, exc_info=error)
        return {"error": f"{name} failed; the server's log says why"}
    reason = getattr(error, "reason", "")
    return {"error": protocol.library.without_paths(str(error)), **({"reason": reason} if reason else {})}


async def _taken(answer: Future[int]) -> dict[str, Any]:
    """When a run took what was asked; a run that stands takes it with its next scan."""
    taken = asyncio.wrap_future(answer)
    # What it comes to later, nobody waits for.
    taken.add_done_callback(lambda one: one.cancelled() or one.exception())
    done, _ = await asyncio.wait([taken], timeout=TAKEN_WITHIN_S)
    return {"t_ns": taken.result() if done else None}
