"""From the command to the viewer: records, or a run in its own process that is watched while it goes."""

from __future__ import annotations

import _thread
import asyncio
import socket
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.errors import InputError
from twin.process import RunProcess
from twin.record import Record
from web import Branching, LiveRun, Teaching, serve

if TYPE_CHECKING:
    from twin.classroom import Classroom
    from twin.teaching import Attempt, Role, Teacher

USUAL_PORT = 8470
#: The device whose signals a person at the page may set.
PANEL = "operator.panel"


def free_port(host: str) -> int:
    """The usual port, or 0 (any) when something else listens there."""
    try:
        with socket.create_server((host, USUAL_PORT)):
            return USUAL_PORT
    except OSError:
        return 0


def view_records(
    records: Sequence[Path], *, controllers: Sequence[str] = (), runs: Callable[[str], Path] | None = None, **place: Any
) -> None:
    """Serve finished records until interrupted; ``place`` as for :func:`web.serve`.

    Args:
        controllers: those that a page may let take over in a branch, beside each log's own.
        runs: where the record of a branch goes, by a name; None: pages are offered no branches.
    """
    serve(records, branching=None if runs is None else branching_of(controllers, runs), **place)


def branching_of(controllers: Sequence[str], runs: Callable[[str], Path]) -> Branching:
    """Branches and lessons are run in processes of their own. What they need is imported when one is asked for."""

    def run(path: Path, at_ns: int, change: Mapping[str, Any]) -> tuple[Path, Mapping[str, Any]]:
        from twin.branch import branch_of_page

        return branch_of_page(Record.open(path), at_ns, change, controllers, runs(f"{path.stem}-branch"))

    def offered(path: Path) -> Mapping[str, Any] | None:
        from twin.branch import offers
        from twin.fault.catalogue import catalogue

        found = offers(Record.open(path), controllers)
        shown = ("name", "title", "target", "example")
        return None if found is None else {**found, "faults": [{k: one[k] for k in shown} for one in catalogue()]}

    def cut(path: Path, t0_ns: int, t1_ns: int, fault: Mapping[str, Any]) -> Mapping[str, Any]:
        from twin.training import cut_of_page

        return cut_of_page(Record.open(path), t0_ns, t1_ns, fault, runs(f"{path.stem}-lesson").with_suffix(".yaml"))

    return Branching(offered, run, cut)


def live_run(process: RunProcess) -> LiveRun:
    """A run's process as the viewer sees it."""

    def request(signals: Mapping[str, Any]) -> Future[int]:
        return process.request({name.removeprefix(f"{PANEL}."): value for name, value in signals.items()})

    return LiveRun(
        record=process.job.out,
        request=request,
        pace=process.set_speed,
        running=lambda: process.running,
        progress=lambda: process.progress,
        begun=lambda: bool(process.progress) or not process.running,
        speed=process.job.speed,
    )


def teaching_of(teacher: Teacher, role: Role = "operator") -> Teaching:
    """A lesson as the viewer of somebody who sits at it, or looks on, may ask about it."""
    from twin.teaching.told import is_kept_back

    def other(*asked: object) -> Any:
        raise InputError(key="request", expected="the trainee's own page", got=f"that of the {role}")

    def run_of(attempt: Attempt) -> LiveRun:
        live = live_run(attempt.process)

        def request(signals: Mapping[str, Any]) -> Future[int]:
            teacher.refuse_other(signals, guardian=role == "guardian")
            return live.request(signals)

        pace = attempt.pace if role == "operator" else other
        return replace(live, request=other if role == "onlooker" else request, pace=pace, hides=hides, keeps=keeps)

    def hides() -> bool:
        # The attempts before tell of the present one: it is the same scenario. One that broke off can be gone on with.
        now = teacher.now
        return role != "onlooker" and teacher.session.mode != "guided" and not (now.ended and now.over)

    def keeps(event: Mapping[str, Any]) -> bool:
        return role != "onlooker" and is_kept_back(event, to_be_found_out=hides())

    runs: list[LiveRun] = []
    one_at_a_time = threading.Lock()

    def attempts() -> Sequence[LiveRun]:
        with one_at_a_time:
            runs.extend(map(run_of, teacher.attempts[len(runs) :]))
            return tuple(runs)

    def told() -> Mapping[str, Any]:
        if role == "operator":
            teacher.seen()
        return {**teacher.told(), "role": role}

    def back(t_ns: int) -> None:
        teacher.back(t_ns)

    def debrief(number: int) -> bytes:
        if hides():
            raise InputError(key="debrief", expected="a lesson that has ended", got="one that goes on")
        return teacher.debrief(number)

    def best() -> Path | None:
        return None if hides() else teacher.best()

    if role != "operator":
        return Teaching(attempts, told, other, other, other, debrief, best)
    return Teaching(attempts, told, teacher.ask, back, teacher.finish, debrief, best)


def view_run(process: RunProcess, *, announce: Callable[[str], None], **place: Any) -> None:
    """Serve a run's growing record until interrupted, then close it. The run starts once the address answers.

    A run that could not begin ends the serving; ``process.error`` says why.
    """

    live = live_run(process)

    def begin(address: str) -> None:
        process.start()
        threading.Thread(target=give_up_without_a_run, daemon=True).start()
        announce(address)

    def give_up_without_a_run() -> None:
        process.wait()
        if process.error is not None and process.summary is None:
            _thread.interrupt_main()

    try:
        serve([], live=live, announce=begin, **place)
    finally:
        if process.started and process.running:
            process.stop()
            process.wait()


def serve_class(room: Classroom, *, host: str, port: int, announce: Callable[[str, str], None]) -> None:
    """Serve a class until interrupted.

    Args:
        host: beyond loopback, a certificate is made for this start.
        announce: told the address, and for a host beyond loopback its QR code as text.

    Raises:
        MissingExtraError: what a host beyond loopback needs is not installed.
    """
    from twin.classroom.qr import qr_text
    from web.app import until_interrupted
    from web.classroom import ClassServer
    from web.classroom.certificate import lan_address, own_certificate
    from web.guard import is_loopback

    with tempfile.TemporaryDirectory(prefix="swaptwin-tls-") as folder:
        open_ = not is_loopback(host)
        name = lan_address() if open_ else host
        certificate = own_certificate(Path(folder), name) if open_ else None
        server = ClassServer(room, teaching=teaching_of, host=host, port=port, name=name, certificate=certificate)

        def told() -> None:
            announce(server.address, qr_text(server.address) if open_ else "")

        asyncio.run(until_interrupted(server, told))
