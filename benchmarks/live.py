"""How far the picture is behind a running simulation, and how long a click takes to its input image.

    python -m benchmarks.live [SPEED]

A real run at its real pace in its own process, a real server, a real page; only drawing is left out. The controller
notes wall time at each scan (``benchmarks.live_probe``), the page notes wall time and the instant it shows at each
animation frame, and when a button of the operator's panel is clicked.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.browser import open_browser, open_page
from benchmarks.live_probe import FILE, LINE
from benchmarks.serving import serving
from twin.process import Job, RunProcess
from twin.viewing import live_run
from web.app import ViewerServer

WATCH_S, CLICKS, BETWEEN_MS = 20, 40, 350
REACH_BEHIND_MS, REACH_CLICK_MS = 300, 100

_NOTE_FRAMES = """() => {
  const notes = (window.notes = []);
  const note = () => {
    notes.push([Date.now(), swaptwin_player.drawnT]);
    window.noting = requestAnimationFrame(note);
  };
  note();
}"""
_CLICK = """async () => {
  const button = document.querySelector('[data-signal="operator.panel.op_confirm"]');
  const clicked = Date.now();
  button.click();
  return clicked;
}"""
_LET_GO = ".operator-request.recorded:first-child"

Floats = npt.NDArray[np.float64]


def percentiles(values: Floats) -> str:
    """p50, p95 and the largest, as columns."""
    return "".join(f"{value:>9.0f}" for value in (*np.percentile(values, [50, 95]), values.max()))


def measure(folder: Path, speed: float) -> dict[str, Any]:
    """Watch one run; times in ms."""
    os.environ[FILE] = str(folder / "probe.bin")
    job = Job("nominal_swap", folder / "live.mcap", watched=True, speed=speed, controller="benchmarks.live_probe:Probe")
    process = RunProcess(job)
    with serving(ViewerServer([], live=live_run(process))) as viewer, open_browser() as browser:
        process.start()
        try:
            page = open_page(browser, viewer.url)
            page.get_by_role("button", name="Operator", exact=True).click()
            page.wait_for_timeout(2000)
            page.evaluate(_NOTE_FRAMES)
            page.wait_for_timeout(WATCH_S * 1000)
            notes = np.array(page.evaluate("(cancelAnimationFrame(window.noting), window.notes)"), dtype=float)
            script = page.evaluate("swaptwin_player.scriptMs")
            clicks = []
            for _ in range(CLICKS):
                clicks.append(float(page.evaluate(_CLICK)))
                page.wait_for_selector(_LET_GO)
                page.wait_for_timeout(BETWEEN_MS)
        finally:
            process.stop()
            process.wait()
    scans = np.array(list(LINE.iter_unpack((folder / "probe.bin").read_bytes())), dtype=np.int64)
    simulated, wall_ms, pressed = scans[:, 0], scans[:, 1] / 1e6, scans[:, 2]
    behind = notes[:, 0] - np.interp(notes[:, 1], simulated, wall_ms)
    rises = wall_ms[np.flatnonzero(np.diff(pressed, prepend=0) > 0)]
    came = rises[np.searchsorted(rises, np.array(clicks) - 1.0)]
    span = wall_ms[-1] - wall_ms[0]
    return {
        "behind": behind,
        "click": came - np.array(clicks),
        "pace": (simulated[-1] - simulated[0]) / 1e6 / span,
        "frames_hz": len(notes) / WATCH_S,
        "script": script,
    }


def main() -> None:
    speed = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), speed)
    print(f"nominal_swap at {found['pace']:.2f} of real time, the page at {found['frames_hz']:.0f} frames/s, not drawn")
    print(f"{'ms':<44}{'p50':>9}{'p95':>9}{'max':>9}{'reach p95':>12}")
    print(f"{'picture behind the simulation':<44}{percentiles(found['behind'])}{REACH_BEHIND_MS:>12}")
    print(f"{'click to input image':<44}{percentiles(found['click'])}{REACH_CLICK_MS:>12}")


if __name__ == "__main__":
    main()
