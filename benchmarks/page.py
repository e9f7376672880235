"""The page in a browser, drawing left out: first picture, script time a frame, and how long a scrub takes.

    python -m benchmarks.page [LOG.mcap]

The record is the shipped swap. *First picture* is from the address to poses handed to the renderer, in a browser that
has never seen the page. *Script* is processor time of all script of the page while it plays, panels included, over its
frames. A scrub is from the cursor's jump to its poses placed in the scene, waiting for the next frame included.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.browser import open_browser, open_page
from benchmarks.serving import serving
from twin.shipped import shipped
from web.app import ViewerServer

OPENINGS, JUMPS, PLAY_MS = 5, 60, 8000

_WATCH_FIRST = """(() => {
  const look = () => {
    const player = window.swaptwin_player;
    if (player?.store.stage.value === "ready" && player.drawnT !== null) window.first_picture = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
_PLAY = """(ms) => new Promise((done) => {
  swaptwin_player.seek(swaptwin_player.clock.start);
  swaptwin_player.setSpeed(1);
  swaptwin_player.play();
  const own = [];
  const began = performance.now();
  const frame = () => {
    own.push(swaptwin_player.scriptMs);
    if (performance.now() - began < ms) return requestAnimationFrame(frame);
    swaptwin_player.pause();
    done(own);
  };
  requestAnimationFrame(frame);
})"""
_JUMP = """([t, fresh]) => new Promise((done) => {
  if (fresh) swaptwin_player.cache.tiles.clear();
  const began = performance.now();
  swaptwin_player.seek(t);
  const look = () => (swaptwin_player.drawnT === t ? done(performance.now() - began) : requestAnimationFrame(look));
  requestAnimationFrame(look);
})"""


def first_pictures(browser: Any, url: str) -> list[float]:
    """Time to the first picture in browsers of new people, ms."""
    times = []
    for _ in range(OPENINGS):
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.add_init_script(_WATCH_FIRST)
        page.goto(url)
        page.wait_for_function("window.first_picture", timeout=60_000)
        times.append(float(page.evaluate("window.first_picture")))
        page.context.close()
    return times


def script_times(page: Any) -> tuple[float, list[float]]:
    """All script a frame while it plays, and the player's own part of each frame, ms."""
    session = page.context.new_cdp_session(page)
    # Time of the page's own thread: what other programs take of the processor does not count.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def script_s() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(metric["value"] for metric in metrics if metric["name"] == "ScriptDuration"))

    before = script_s()
    own = page.evaluate(_PLAY, PLAY_MS)
    return (script_s() - before) * 1e3 / len(own), own


def jumps(page: Any, *, fresh: bool) -> list[float]:
    """Times of jumps, ms: to anywhere with nothing at hand, or to near the cursor where all is."""
    rng = np.random.default_rng(1)
    start, end = page.evaluate("[swaptwin_player.clock.start, swaptwin_player.clock.end]")
    middle = (start + end) / 2
    page.evaluate(_JUMP, [middle, False])
    page.wait_for_timeout(1000)
    times = []
    for _ in range(JUMPS):
        t = float(rng.integers(start, end)) if fresh else middle + float(rng.integers(-3e9, 3e9))
        times.append(float(page.evaluate(_JUMP, [t, fresh])))
        page.wait_for_timeout(100)
    return times


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped("assets") / "recordings" / "nominal_swap.mcap"
    with serving(ViewerServer([path])) as viewer, open_browser() as browser:
        first = first_pictures(browser, viewer.url)
        page = open_page(browser, viewer.url)
        script, own = script_times(page)
        near, far = jumps(page, fresh=False), jumps(page, fresh=True)
    print(f"{path.name}, nothing drawn")
    print(f"{'ms':<44}{'p50':>9}{'p95':>9}{'reach':>9}")

    def line(name: str, values: list[float], reach: float) -> None:
        p50, p95 = np.percentile(values, [50, 95])
        print(f"{name:<44}{p50:>9.1f}{p95:>9.1f}{reach:>9}")

    line("first picture after the address is opened", first, 2000)
    print(f"{'script a frame, all of the page (mean)':<44}{script:>9.1f}{'':>9}{4:>9}")
    line("script a frame, the picture's part", own, 4)
    line("scrub, prefetched", near, 20)
    line("scrub, not prefetched", far, 150)


if __name__ == "__main__":
    main()
