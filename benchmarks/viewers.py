"""Ten viewers of one server at once, each with its own cursor at 30 Hz: ``python -m benchmarks.viewers [LOG.mcap]``.

Nine are scripted, one is a browser that plays with nothing drawn. A scripted viewer does what the page does: it plays,
jumps somewhere else every few seconds, asks for the tile of 4 s under its cursor and the next one, follows ten signals,
and finds the poses of every frame in what it has. All of it runs on this machine.
"""

from __future__ import annotations

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.browser import open_browser, open_page
from benchmarks.client import Client, server_process
from twin.playback import QUATERNION_STEPS, unpack
from twin.record import Record
from twin.shipped import shipped

SCRIPTED, SECONDS, RATE_HZ, JUMP_S = 9, 20, 30, 5
TILE_NS = 4_000_000_000

_FRAMES = """(ms) => new Promise((done) => {
  swaptwin_player.play();
  let frames = 0;
  const began = performance.now();
  const frame = () => {
    frames += 1;
    if (performance.now() - began < ms) requestAnimationFrame(frame);
    else done((frames * 1000) / (performance.now() - began));
  };
  requestAnimationFrame(frame);
})"""


class Viewer:
    """One scripted person.

    Args:
        number: whose jumps these are.
        url: of the server.
        record: for its length and the names of its signals.
    """

    def __init__(self, number: int, url: str, record: Record) -> None:
        self._rng = np.random.default_rng(number)
        self._url, self._end_ns = url, record.end_ns
        self._names = record.signals.names[number :: len(record.signals) // 10][:10]
        self._tiles: dict[int, dict[str, Any]] = {}
        self._ahead: asyncio.Future[None] | None = None
        self.answers_ms: list[float] = []
        self.shown = self.due = 0

    async def watch(self) -> None:
        """Look for :data:`SECONDS`."""
        async with Client(self._url) as client:
            begun = time.perf_counter()
            t_ns, jump_s = self._anywhere(), float(JUMP_S)
            while (now := time.perf_counter() - begun) < SECONDS:
                if now > jump_s:
                    t_ns, jump_s = self._anywhere(), jump_s + JUMP_S
                await self._have(client, t_ns)
                self._frame(t_ns)
                # Frames whose time has passed while this one waited for its poses were not shown.
                due = int((time.perf_counter() - begun) * RATE_HZ) + 1
                t_ns = (t_ns + (due - self.due) * 10**9 // RATE_HZ) % self._end_ns
                self.due = due
                await asyncio.sleep(max(0.0, begun + due / RATE_HZ - time.perf_counter()))
            if self._ahead is not None:
                await self._ahead

    def _anywhere(self) -> int:
        return int(self._rng.integers(0, self._end_ns - 2 * TILE_NS))

    async def _have(self, client: Client, t_ns: int) -> None:
        """Wait for what is under the cursor; what comes next is fetched meanwhile."""
        tile = t_ns // TILE_NS
        if tile not in self._tiles:
            if self._ahead is not None:
                await self._ahead
            await self._fetch(client, tile)
        if tile + 1 not in self._tiles and (self._ahead is None or self._ahead.done()):
            self._ahead = asyncio.ensure_future(self._fetch(client, tile + 1))

    async def _fetch(self, client: Client, tile: int) -> None:
        if tile in self._tiles:
            return
        begun = time.perf_counter()
        t0_ns = tile * TILE_NS
        chunk = await client.call("swaptwin.window", "r0", t0_ns, t0_ns + TILE_NS, 0)
        await client.call("swaptwin.signals", "r0", t0_ns, t0_ns + TILE_NS, 400, self._names)
        self.answers_ms.append((time.perf_counter() - begun) * 1e3)
        header, arrays = unpack(chunk)
        self._tiles = {**dict(list(self._tiles.items())[-8:]), tile: {"t0": header["t0_ns"], **arrays}}

    def _frame(self, t_ns: int) -> None:
        tile = self._tiles[t_ns // TILE_NS]
        i = max(int(np.searchsorted(tile["pose_t"], t_ns - tile["t0"], "right")) - 1, 0)
        p = tile["p"].reshape(len(tile["pose_t"]), -1, 3)[i]
        q = tile["q"].reshape(len(tile["pose_t"]), -1, 4)[i] / QUATERNION_STEPS
        self.shown += bool(np.isfinite(p).all() and np.isfinite(q).all())


async def _watch(viewers: list[Viewer]) -> None:
    await asyncio.gather(*(viewer.watch() for viewer in viewers))


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped("assets") / "recordings" / "nominal_swap.mcap"
    record = Record.open(path)
    with server_process(path) as server, open_browser() as browser:
        page = open_page(browser, server.url)
        viewers = [Viewer(number, server.url, record) for number in range(SCRIPTED)]
        before = server.processor_s()
        script = f"window.measured = ({_FRAMES})({SECONDS * 1000})"
        page.evaluate(f"{script}, null")
        # Playwright has a loop in this thread.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, _watch(viewers)).result()
        used = server.processor_s() - before
        browser_hz = float(page.evaluate("window.measured"))
    due, shown = sum(viewer.due for viewer in viewers), sum(viewer.shown for viewer in viewers)
    answers = np.concatenate([viewer.answers_ms for viewer in viewers])
    p50, p95 = np.percentile(answers, [50, 95])
    print(f"{path.name}: {SCRIPTED} scripted viewers at {RATE_HZ} Hz and a browser, {SECONDS} s")
    print(f"  frames shown in time              {100 * shown / due:8.1f} %  ({shown} of {due})")
    print(f"  frames of the browser             {browser_hz:8.1f} /s")
    print(f"  4 s of poses and 10 signals       {p50:8.1f} ms p50, {p95:.1f} ms p95, {len(answers)} times")
    print(f"  server, of one core               {100 * used / SECONDS:8.1f} %")


if __name__ == "__main__":
    main()
