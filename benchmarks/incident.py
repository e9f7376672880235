"""A page of one file: how large, how long to make, and how long until its first picture on something like a phone.

    python -m benchmarks.incident [LOG.mcap]

The record is the shipped swap. *Made in* is processor time. The phone is Chromium, 390 × 844. *First picture* is from
the file's address to the first picture, drawn in software, also with the processor slowed; *script* is the processor
time of all script until then, not slowed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.browser import READY, TOURED, open_browser
from twin.playback import embed
from twin.record import Record
from twin.report import offline_page
from twin.shipped import player_file, shipped

SECOND = 1_000_000_000
SLOWED = 4
_DRAWN = f"{READY} && swaptwin_player.drawnT !== null"


def first_picture_s(browser: Any, page_path: Path, *, slowed: int = 1) -> tuple[float, float]:
    """Wall time until a page shows its picture, and script time until then, s."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, offline=True)
    context.add_init_script(TOURED)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    page.goto(page_path.as_uri(), wait_until="commit")
    # The page forbids words as script, with which playwright would wait.
    while not page.evaluate(_DRAWN):
        time.sleep(0.02)
    wall_s = float(page.evaluate("performance.now()")) / 1e3
    metrics = session.send("Performance.getMetrics")["metrics"]
    context.close()
    return wall_s, float(next(metric["value"] for metric in metrics if metric["name"] == "ScriptDuration"))


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped("assets") / "recordings" / "nominal_swap.mcap"
    record = Record.open(path)
    middle_ns, whole_ns = (record.start_ns + record.end_ns) // 2, record.end_ns - record.start_ns
    spans = [min(span, whole_ns) for span in (10 * SECOND, 40 * SECOND, whole_ns)]
    player_mb = sum(player_file(name).stat().st_size for name in ("player.js", "player.css")) / 1e6
    print(f"{path.name}; of each page the player is {player_mb:.1f} MB")
    print(f"{'stretch':>10}{'page':>10}{'made in':>10}{'first picture':>16}{f'slowed by {SLOWED}':>14}{'script':>10}")
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        for span_ns in spans:
            began = time.process_time()
            t0_ns = middle_ns - span_ns // 2
            page = offline_page(embed(record, t0_ns, t0_ns + span_ns))
            made_s = time.process_time() - began
            out = Path(folder) / "page.html"
            out.write_text(page, encoding="utf-8")
            wall_s, script_s = min(first_picture_s(browser, out) for _ in range(3))
            slowed_s, _ = min(first_picture_s(browser, out, slowed=SLOWED) for _ in range(3))
            print(
                f"{span_ns / 1e9:>8.0f} s{out.stat().st_size / 1e6:>7.1f} MB{made_s:>8.1f} s"
                f"{wall_s:>14.1f} s{slowed_s:>12.1f} s{script_s:>8.1f} s"
            )


if __name__ == "__main__":
    main()
