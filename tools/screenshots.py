"""Draws the README's pictures: the page in a headless Chromium, showing a recorded swap and one that runs.

``python tools/screenshots.py [RECORD]`` writes docs/images/*.png; without a record it takes the shipped one.
Needs the ``sim`` and ``dev`` extras and a Chromium (``SWAPTWIN_CHROMIUM`` or on the path).
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from twin.record import Record

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
RECORDING = ROOT / "assets" / "recordings" / "nominal_swap.mcap"
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
SIZE = {"width": 1280, "height": 800}
LARGEST_BYTES = 250_000
READY = "window.swaptwin_player?.store.stage.value === 'ready'"
#: Drawing in software: the page draws all pixels only some time after it stands still.
SETTLE_MS = 2500


@dataclass(frozen=True)
class Shot:
    """One picture of the finished record: when (a phase, and how far into it), and from which of the page's views."""

    name: str
    phase: str
    frac: float
    view: str
    locale: str = "en-US"
    nearer: float = 1.0


SHOTS = (
    Shot("overview", "deliver", 0.25, "overview"),
    Shot("underbody", "seat", 0.7, "underbody"),
    Shot("swap", "raise", 0.6, "robot", nearer=1.3),
    Shot("zh", "fetch", 0.25, "rack", locale="zh-CN"),
)


@contextlib.contextmanager
def viewer(*arguments: str | Path) -> Iterator[str]:
    """The address of a ``swaptwin view`` that ends with the block."""
    command = [sys.executable, "-u", "-m", "twin.cli", "view", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield next(line.split()[-1] for line in process.stdout if line.startswith("SwapTwin is at"))
    finally:
        process.terminate()
        process.wait()


def phase_span_s(record: Record, name: str) -> tuple[float, float]:
    """Start and end of a phase, in s."""
    times = [event.t_ns / 1e9 for event in record.events() if event.kind == "phase" and event.name == name]
    return times[0], times[1]


def open_page(browser: Browser, address: str, locale: str) -> Page:
    context = browser.new_context(viewport=SIZE, locale=locale)
    context.add_init_script("localStorage['swaptwin.choices'] ??= JSON.stringify({ toured: true })")
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(READY, timeout=120_000)
    return page


def look(page: Page, view: str, nearer: float) -> None:
    page.evaluate(f"swaptwin_player.look('{view}')")
    page.evaluate(f"swaptwin_player.stage.renderer.getActiveCamera().dolly({nearer})")


def keep(page: Page, name: str) -> None:
    """Save what the page shows with as many colours as the size allows."""
    picture = Image.open(io.BytesIO(page.screenshot(timeout=120_000))).convert("RGB")
    path = IMAGES / f"{name}.png"
    for colours in (256, 128, 64):
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST_BYTES:
            break
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB, {colours} colours")


def draw_record(browser: Browser, path: Path) -> None:
    record = Record.open(path)
    with viewer(path) as address:
        for shot in SHOTS:
            start_s, end_s = phase_span_s(record, shot.phase)
            t_ns = round((start_s + shot.frac * (end_s - start_s)) * 1e9)
            page = open_page(browser, address, shot.locale)
            page.evaluate(f"swaptwin_player.seek({t_ns})")
            page.wait_for_function(f"swaptwin_player.drawnT === {t_ns}", timeout=60_000)
            look(page, shot.view, shot.nearer)
            page.wait_for_timeout(SETTLE_MS)
            keep(page, shot.name)
            page.context.close()


def draw_live(browser: Browser, folder: Path) -> None:
    """A run while it runs: the truck in its bay and the shuttle on its way, the page in its dark colours."""
    with viewer("nominal_swap", "--speed", "2", "--out", folder / "nominal_swap.mcap") as address:
        page = open_page(browser, address, "en-US")
        page.get_by_role("button", name="Light or dark").click()
        look(page, "robot", 1.15)
        page.wait_for_function("swaptwin_player.clock.t > 30.5e9", timeout=300_000)
        # All pixels while it moves, as a machine with a graphics card draws them.
        page.evaluate("swaptwin_player.stage.quality.frame = () => 1")
        page.wait_for_timeout(1000)
        keep(page, "live")
        page.context.close()


def main() -> None:
    chromium = os.environ.get("SWAPTWIN_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("needs a Chromium on the path")
    record = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else RECORDING
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        draw_record(browser, record)
        draw_live(browser, Path(name))
        browser.close()


if __name__ == "__main__":
    main()
