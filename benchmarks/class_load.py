"""A class at work: eight trainees at once over the class's own server, and whether their simulations hold real time.

    python -m benchmarks.class_load [TRAINEES] [SECONDS]

The server is `swaptwin train` in a process of its own. All sign in with their codes and begin a lesson; one of them is
a browser that draws nothing, the others are scripted and do what its page does: they ask for the lesson, hear what has
grown, fetch the signals that are shown and the events, and operate. By turns one has a swap to watch and presses a
button every few seconds, the next moves the shuttle by hand, with a dead-man's switch that is renewed every 50 ms. The
instructor's page is open; the simulations' time is read from it. All of it runs on this machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.browser import READY, WITHOUT_GL, new_context, open_browser
from benchmarks.client import Client, Person, ServerProcess, announced, person, processor_s
from twin.classroom import enrol
from twin.record import Record

TRAINEES, SECONDS = 8, 120
#: As in the page: the instructor's asks for the class, a held button is renewed, signals are looked at, s.
STANDING_S, RENEW_S, SIGNALS_S = 1.5, 0.05, 0.08
#: The tile of signals that a page fetches at the edge of a run, ns, and its samples at most.
TILE_NS, BUCKETS = 8_000_000_000, 5000
#: Somebody does something every so often, and holds a button for so long, s.
EVERY_S, HELD_S = 4.0, 1.5
WINDOW_S = 10.0
SWAP, BY_HAND = "first_swap", "call_and_confirm"

_OPERATE = """(every) => {
  const { source } = swaptwin_player;
  const operate = source.operate.bind(source);
  window.took = [];
  window.frames = 0;
  source.operate = async (...asked) => {
    const began = performance.now();
    try { return await operate(...asked); } finally { window.took.push(performance.now() - began); }
  };
  setInterval(() => document.querySelector('[data-signal="operator.panel.op_confirm"]').click(), every * 1000);
  const frame = () => { window.frames += 1; requestAnimationFrame(frame); };
  frame();
}"""


@dataclass
class Trainee:
    """A scripted one at his page.

    Args:
        number: staff number; also when he begins within the first few seconds.
    """

    number: int
    lesson: str
    log: str = "r0"
    end_ns: int = 0
    #: Events that there are, and those that are here.
    known: int = 0
    events: int = 0
    shown: list[str] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)

    async def work(self, page: Client, seconds: float) -> None:
        """Let the simulation go, and operate it."""
        await page.call("swaptwin.pace", self.log, 1.0)
        at_work = [self._follow(page), self._swap(page) if self.lesson == SWAP else self._by_hand(page)]
        tasks = [asyncio.ensure_future(one) for one in at_work]
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def open(self, page: Client) -> None:
        """Open the log as a page does."""
        manifest: dict[str, Any] = {"waiting": True}
        await page.call("swaptwin.logs")
        while manifest["waiting"]:
            manifest = await page.call("swaptwin.open", self.log)
            await asyncio.sleep(0.1)
        for piece in range(len(manifest["scene"])):
            await page.call("swaptwin.scene", self.log, piece)
        await page.call("swaptwin.notes", self.log)
        await page.call("swaptwin.branching", self.log)
        self.end_ns, self.events = manifest["end_ns"], len(manifest["events"])
        known = {entry["name"] for table in manifest["tables"].values() for entry in table}
        panel = {key: manifest["panel"][key] for key in ("modes", "groups", "estop", "jog")}
        self.shown = sorted(set(_words([manifest["bindings"], panel])) & known)
        page.on["swaptwin.growth"] = self._grow

    async def _follow(self, page: Client) -> None:
        """What a page fetches at the edge of a run."""
        had_ns = self.end_ns
        while True:
            await asyncio.sleep(SIGNALS_S)
            if self.end_ns > had_ns:
                end_ns = (had_ns // TILE_NS + 1) * TILE_NS - 1
                buckets = max(1, BUCKETS * (end_ns + 1 - had_ns) // TILE_NS)
                upto_ns = min(self.end_ns, end_ns)
                await page.call("swaptwin.signals", self.log, had_ns, end_ns, buckets, self.shown)
                had_ns = upto_ns + 1
            if self.known > self.events:
                self.events += len((await page.call("swaptwin.tail", self.log, self.events))["events"])

    def _grow(self, growth: Mapping[str, Any]) -> None:
        if growth["id"] == self.log and not growth["waiting"]:
            self.end_ns, self.known = growth["end_ns"], growth["event_count"]

    async def _swap(self, page: Client) -> None:
        await asyncio.sleep(EVERY_S * (self.number % TRAINEES) / TRAINEES)
        while True:
            await self._ask(page, {"operator.panel.op_confirm": True})
            await asyncio.sleep(0.1)
            await self._ask(page, {"operator.panel.op_confirm": False})
            await asyncio.sleep(EVERY_S)

    async def _by_hand(self, page: Client) -> None:
        await self._ask(page, {"operator.crew.op_called": True})
        await self._ask(page, {"operator.panel.op_mode": "manual"})
        await asyncio.sleep(EVERY_S * (1 + (self.number % TRAINEES) / TRAINEES))
        direction = -1.0
        while True:
            jog = {"operator.panel.op_jog_axis": "shuttle.travel", "operator.panel.op_jog_speed_frac": direction}
            until_s = time.monotonic() + HELD_S
            while (began_s := time.monotonic()) < until_s:
                if not await self._ask(page, jog):
                    break
                await asyncio.sleep(max(0.0, began_s + RENEW_S - time.monotonic()))
            await self._ask(page, {"operator.panel.op_jog_axis": "none", "operator.panel.op_jog_speed_frac": 0.0})
            await asyncio.sleep(EVERY_S - HELD_S)
            direction = -direction

    async def _ask(self, page: Client, request: dict[str, Any]) -> bool:
        """Ask; false where what is held was renewed too late and must be released first."""
        began_s = time.perf_counter()
        answer = await page.call("swaptwin.operate", self.log, request)
        if "renewed too late" in (error := answer.get("error", "")):
            return False
        if error:
            raise RuntimeError(f"trainee {self.number}: {request} was answered by {answer}")
        self.took_ms.append((time.perf_counter() - began_s) * 1e3)
        return True


def _words(data: Any) -> Iterator[str]:
    """Every string in what a manifest says."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        yield from data
        yield from _words(list(data.values()))
    elif isinstance(data, list):
        for one in data:
            yield from _words(one)


async def begun(who: Person, lesson: str) -> str:
    """The address of somebody's page once his lesson has begun."""
    status, told = await who.post("/desk/begin", lesson=lesson, mode="practice")
    if status != 200:
        raise RuntimeError(f"{lesson} did not begin: {told}")
    return str((await who.get("/desk/view"))[1])


@dataclass
class Load:
    """What was measured: the time of each session beside wall time, s, and processor time, s, by whom."""

    standing: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    seconds: float = 0.0
    server_s: float = 0.0
    sessions_s: list[float] = field(default_factory=list)
    machine_s: float = 0.0
    #: To each scripted page: bytes; and its calls.
    pages: list[tuple[int, int]] = field(default_factory=list)

    def paces(self) -> dict[str, tuple[float, float]]:
        """Simulated seconds per second of each session: all in all, and in its slowest 10 s."""
        wall = np.array([at for at, _ in self.standing])
        return {
            number: _pace(wall, np.array([times[number] for _, times in self.standing]))
            for number in self.standing[0][1]
        }


def _pace(wall: np.ndarray, simulated: np.ndarray) -> tuple[float, float]:
    whole = (simulated[-1] - simulated[0]) / (wall[-1] - wall[0])
    ends = np.searchsorted(wall, wall + WINDOW_S)
    slowest = [
        (simulated[end] - simulated[start]) / (wall[end] - wall[start])
        for start, end in enumerate(ends)
        if end < len(wall)
    ]
    return float(whole), float(min(slowest, default=whole))


async def _observe(teacher: Person, server: ServerProcess, load: Load, seconds: float) -> None:
    """The instructor's page, which is open; who took what meanwhile."""
    sessions = server.children()

    def used() -> tuple[float, list[float], float]:
        return server.processor_s(), [processor_s(pid) for pid in sessions], _machine_s()

    before, began_s = used(), time.perf_counter()
    while (now_s := time.perf_counter() - began_s) < seconds:
        _, told = await teacher.get("/class/standing")
        times = {one["number"]: one["session"]["t_s"] for one in told["people"] if one["session"]}
        load.standing.append((time.perf_counter(), times))
        await asyncio.sleep(min(STANDING_S, max(0.0, seconds - now_s)))
    after = used()
    load.seconds = time.perf_counter() - began_s
    load.server_s, load.machine_s = after[0] - before[0], after[2] - before[2]
    load.sessions_s = [there - here for here, there in zip(before[1], after[1], strict=True)]


async def _class(
    server: ServerProcess, codes: dict[str, str], trainees: list[Trainee], load: Load, seconds: float
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        teacher = await stack.enter_async_context(person(server.url, "9", codes["9"]))
        pages = []
        for one in trainees:
            who = await stack.enter_async_context(person(server.url, str(one.number), codes[str(one.number)]))
            pages.append(await stack.enter_async_context(who.page(await begun(who, one.lesson))))
        at_pages = list(zip(trainees, pages, strict=True))
        await asyncio.gather(*(one.open(page) for one, page in at_pages))
        work = [asyncio.ensure_future(one.work(page, seconds + 2)) for one, page in at_pages]
        await asyncio.sleep(1.0)
        before = [(page.bytes_in, page.calls) for page in pages]
        await asyncio.gather(_observe(teacher, server, load, seconds), *work)
        load.pages = [(page.bytes_in - b, page.calls - c) for page, (b, c) in zip(pages, before, strict=True)]


def measure(count: int, seconds: float, folder: Path) -> tuple[Load, list[Trainee], dict[str, Any]]:
    """Let a class work; what the browser measured comes last."""
    roster = folder / "class.yaml"
    codes = {"9": enrol(roster, "9", "Instructor", "instructor")}
    codes |= {str(n): enrol(roster, str(n), f"Trainee {n}") for n in range(11, 11 + count)}
    trainees = [Trainee(n, (SWAP, BY_HAND)[n % 2]) for n in range(12, 11 + count)]
    command = [
        sys.executable, "-m", "twin.cli", "train", "--roster", str(roster), "--sessions", str(folder / "sessions"),
        "--lesson", SWAP, "--lesson", BY_HAND, "--at-once", str(count),
    ]  # fmt: skip
    load = Load()
    with announced(command) as server, open_browser() as browser:
        context = new_context(browser)
        for path, given in (
            ("enter", {"number": "11", "code": codes["11"]}),
            ("desk/begin", {"lesson": SWAP, "mode": "practice"}),
        ):
            answer = context.request.post(server.url + path, data=given)
            assert answer.ok, answer.text()
        page = context.new_page()
        said = {"bytes": 0, "calls": 0}

        def listen(socket: Any) -> None:
            socket.on("framereceived", lambda data: said.update(bytes=said["bytes"] + len(data)))
            socket.on("framesent", lambda _: said.update(calls=said["calls"] + 1))

        page.on("websocket", listen)
        page.goto(server.url + "desk/view")
        page.wait_for_function(READY, timeout=120_000)
        page.evaluate(WITHOUT_GL)
        page.get_by_role("button", name="Operator", exact=True).click()
        # Playwright has a loop in this thread.
        with ThreadPoolExecutor(1) as pool:
            at_work = pool.submit(asyncio.run, _class(server, codes, trainees, load, seconds))
            page.evaluate("swaptwin_player.pace(1)")
            page.evaluate(_OPERATE, EVERY_S)
            while not load.standing and not at_work.done():
                page.wait_for_timeout(100)
            before = {**said, "frames": page.evaluate("window.frames")}
            while not at_work.done():
                page.wait_for_timeout(100)
            frames = page.evaluate("window.frames")
            after = {**said, "frames": frames}
            at_work.result()
        found = {key: (after[key] - before[key]) / load.seconds for key in after}
        found["took_ms"] = page.evaluate("window.took")
        server.process.send_signal(signal.SIGINT)
        server.process.wait(300)
    return load, trainees, found


def late(folder: Path) -> tuple[int, int]:
    """Over all sessions: how often a button was held, and how often it was let go because nobody renewed it in time."""
    held = lost = 0
    for path in folder.rglob("*.mcap"):
        for event in Record.open(path).events():
            jog = event.data.get("set", {}).get("op_jog_speed_frac") if event.kind == "operator" else None
            held += jog not in (None, 0.0)
            lost += event.kind == "operator" and event.message == "not renewed"
    return held, lost


def _machine_s() -> float:
    """Processor time that all of the machine has used."""
    fields = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def _percentiles(values: list[float]) -> str:
    if not values:
        return "    none"
    p50, p95 = np.percentile(values, [50, 95])
    return f"{p50:8.0f} ms p50, {p95:.0f} ms p95, {len(values)} times"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TRAINEES
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        load, trainees, browser = measure(count, seconds, Path(folder))
        held, lost = late(Path(folder))
    asked = [ms for one in trainees for ms in one.took_ms]
    scripted_kb, calls = np.array(load.pages).mean(0) / load.seconds / (1e3, 1)
    used = np.array(load.sessions_s)
    print(f"{count} trainees, one a browser, {load.seconds:.0f} s, {os.cpu_count()} cores, load {before:.1f} before")
    print("  simulated s per s of each session: all in all, and its slowest 10 s")
    for number, (whole, slowest) in load.paces().items():
        kind = next((one.lesson for one in trainees if str(one.number) == number), "browser")
        print(f"    {number:<30}{whole:10.3f}{slowest:10.3f}  {kind}")
    print(f"  request to its answer, scripted   {_percentiles(asked)}")
    print(f"  the same, browser                 {_percentiles(browser['took_ms'])}")
    print(f"  held buttons lost                 {lost:8d} of {held}")
    print(f"  to a page                         {scripted_kb:8.1f} kB/s scripted, {browser['bytes'] / 1e3:.1f} browser")
    print(f"  calls of a page                   {calls:8.1f} /s scripted, {browser['calls']:.1f} browser")
    print(f"  frames of the browser             {browser['frames']:8.1f} /s")
    percent = 100 / load.seconds
    print(f"  server, of one core               {load.server_s * percent:8.1f} %")
    print(f"  a session, of one core            {used.mean() * percent:8.1f} %, the most {used.max() * percent:.1f} %")
    print(f"  everything on the machine         {load.machine_s * percent:8.1f} % of one core")


if __name__ == "__main__":
    main()
