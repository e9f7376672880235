"""Memory of server and page over an hour of replay in a loop, accelerated: ``python -m benchmarks.memory [LOG.mcap]``.

The page's clock is led by this program: all frames of an hour at 30 Hz, one after another, over and over the record,
with everything they ask the server for; nothing is drawn. The page's figure is its heap after collecting garbage.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.browser import open_browser, open_page
from benchmarks.client import server_process
from twin.shipped import shipped

MINUTES, RATE_HZ, STEPS = 60, 30, 6

_REPLAY = """async ([seconds, hz]) => {
  const player = swaptwin_player;
  window.led ??= player.now();
  player.now = () => window.led;
  for (let i = 0; i < seconds * hz; i++) {
    window.led += 1 / hz;
    if (!player.clock.playing) {
      // Each turn asks the server for everything anew, as a record longer than what a page keeps would.
      player.cache.tiles.clear();
      player.cache.bytes = 0;
      player.seek(player.clock.start);
      player.play();
    }
    player.frame();
    // What was asked for must come: an hour of requests, not one that overtakes its answers.
    while (player.cache.pending.size > 2) await new Promise((done) => setTimeout(done));
    if (i % 30 === 0) await new Promise((done) => setTimeout(done));
  }
  return player.cache.bytes;
}"""


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped("assets") / "recordings" / "nominal_swap.mcap"
    print(f"{path.name}: {MINUTES} minutes of replay in a loop at {RATE_HZ} Hz")
    print(f"{'minutes':>10}{'server MB':>12}{'page MB':>12}{'of it poses MB':>16}")
    with server_process(path) as server, open_browser() as browser:
        page = open_page(browser, server.url)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        for step in range(STEPS + 1):
            held = page.evaluate(_REPLAY, [MINUTES * 60 / STEPS if step else 180, RATE_HZ])
            session.send("HeapProfiler.collectGarbage")
            metrics = session.send("Performance.getMetrics")["metrics"]
            heap = next(metric["value"] for metric in metrics if metric["name"] == "JSHeapUsedSize")
            minutes = "warm" if step == 0 else f"{MINUTES * step // STEPS}"
            print(f"{minutes:>10}{server.memory_mb():>12.1f}{heap / 1e6:>12.1f}{held / 1e6:>16.1f}", flush=True)


if __name__ == "__main__":
    main()
