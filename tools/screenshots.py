"""Draws the README's pictures: the page in a headless Chromium, showing a recorded swap, one that runs, and other logs.

``python tools/screenshots.py [NAME ...] [--record RECORD]`` writes docs/images/NAME.png, or all of them; without a
record it takes the shipped one. Needs the ``sim`` and ``dev`` extras and a Chromium (``SWAPTWIN_CHROMIUM`` or on the
path). The real logs are looked for in ``../shared/logs`` or ``SWAPTWIN_LOGS``; pictures of logs that are not there are
left out.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from twin.lesson import load_lesson
from twin.record import Record
from twin.teaching.play import play

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from benchmarks import hoist_log  # noqa: E402

LOGS = Path(os.environ.get("SWAPTWIN_LOGS") or ROOT.parent / "shared" / "logs")
IMAGES = ROOT / "docs" / "images"
RECORDING = ROOT / "assets" / "recordings" / "nominal_swap.mcap"
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
SIZE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
LARGEST_BYTES = 250_000
READY = "window.swaptwin_player?.store.stage.value === 'ready'"
#: Drawing in software: the page draws all pixels only some time after it stands still.
SETTLE_MS = 2500


#: What is done on the phone before each picture of an incident.
INCIDENT_STEPS = (
    "0",
    "swaptwin_player.store.plotted.value = ['station.unit.seq_phase', 'shuttle.lift.pv_position_m'];"
    "swaptwin_player.dock.open('plots'); swaptwin_player.store.theme.value = 'dark'",
    "swaptwin_player.dock.reset(); swaptwin_player.dock.open('about'); swaptwin_player.store.theme.value = 'light';"
    "swaptwin_player.store.language.value = 'zh'",
)


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


@dataclass(frozen=True)
class LogShot:
    """One picture of another program's log: at what time, what stretch the timeline shows (s), and what is done first.

    ``source`` is a path below the real logs; none is the synthetic log of the overhead hoist.
    """

    name: str
    source: str
    t_s: float
    stretch_s: tuple[float, float]
    script: str
    locale: str = "en-US"


#: The camera looks from one point of the station at another.
LOOK = (
    "(([from, to]) => {{ const {{ camera }} = swaptwin_player.stage; camera.setPosition(...from);"
    " camera.setFocalPoint(...to); }})({})"
)
INSPECT = (
    "(() => { const part = swaptwin_player.stage.parts.find(({ frame }) => frame === 'cell.tool');"
    " swaptwin_player.select({ id: part.id, frame: part.frame }); swaptwin_player.dock.open('inspector') })();"
)
LOG_SHOTS = (
    LogShot(
        "demo_cell", "demo_cell", 1200.0, (1100.0, 1280.0),
        INSPECT + LOOK.format("[[2.0, -3.1, 2.3], [-0.05, -0.05, 1.0]]"),
    ),
    LogShot(
        "lathe", "okuma_lathe/okuma.txt", 254.0, (0.0, 600.0), LOOK.format("[[-0.4, -4.9, 2.9], [0.45, 0.3, 1.15]]")
    ),
    LogShot("hoist", "", 78.0, (0.0, 240.0), LOOK.format("[[15.0, -16.5, 9.5], [0.6, 2.2, 2.4]]"), locale="zh-CN"),
)  # fmt: skip


@dataclass(frozen=True)
class ReportShot:
    """A picture of a validation's report; what is approved first is (key, reason, by).

    ``verdict``: the title that the picture begins with, its top if left out.
    ``opens``: the name of a second picture, of what the link ``finding`` leads to.
    """

    name: str
    words: tuple[str, ...]
    scenarios: tuple[str, ...]
    verdict: str = ""
    approved: tuple[str, str, str] | None = None
    opens: str = ""
    finding: str = ""
    locale: str = "en-US"
    colours: Literal["light", "dark"] = "light"


#: The lesson that is shown.
LESSON = "lock_does_not_release"
REPORT = {"width": 1000, "height": 1150}
CHANGES = "assets.controllers.changes"
REPORTS = (
    ReportShot(
        "validate_tidied", ("--controller", f"{CHANGES}.tidied:Tidied"), ("nominal_swap", "jog_by_hand", "lock_stuck")
    ),
    ReportShot(
        "validate_faster", ("--set", "controller.shuttle.travel.loaded_m_s=0.5"), ("nominal_swap", "pack_not_seated"),
        approved=("open:shuttle.travel.sp_speed_m_s:value", "Full packs may be carried at 0.5 m/s", "Li Wei"),
        locale="zh-CN", verdict="结论",
    ),
    ReportShot(
        "validate_three_of_four", ("--controller", f"{CHANGES}.three_of_four:ThreeOfFour"),
        ("nominal_swap", "lock_stuck"), opens="validate_opened", colours="dark", verdict="Verdict",
        finding="article:has(code:text('worse:peak:lock_force')) a.open",
    ),
)  # fmt: skip


@contextlib.contextmanager
def viewer(*arguments: str | Path, command: Sequence[str] = ("view",)) -> Iterator[str]:
    """The address of a ``swaptwin view``, or another command that serves the page, that ends with the block."""
    command = [sys.executable, "-u", "-m", "twin.cli", *command, *map(str, arguments)]
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


def shown(page: Page) -> Image.Image:
    """What the page shows."""
    return Image.open(io.BytesIO(page.screenshot(timeout=120_000))).convert("RGB")


def keep(picture: Image.Image, name: str) -> None:
    """Save a picture with as many colours as the size allows."""
    path = IMAGES / f"{name}.png"
    for colours in (256, 128, 64):
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST_BYTES:
            break
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB, {colours} colours")


def draw_record(browser: Browser, path: Path, wanted: Container[str]) -> None:
    record = Record.open(path)
    with viewer(path) as address:
        for shot in SHOTS:
            if shot.name not in wanted:
                continue
            start_s, end_s = phase_span_s(record, shot.phase)
            t_ns = round((start_s + shot.frac * (end_s - start_s)) * 1e9)
            page = open_page(browser, address, shot.locale)
            page.evaluate(f"swaptwin_player.seek({t_ns})")
            page.wait_for_function(f"swaptwin_player.drawnT === {t_ns}", timeout=60_000)
            look(page, shot.view, shot.nearer)
            page.wait_for_timeout(SETTLE_MS)
            keep(shown(page), shot.name)
            page.context.close()


def draw_log(browser: Browser, shot: LogShot, folder: Path) -> None:
    """A log as it is opened in one step; one that is not there is said to be missing."""
    source = LOGS / shot.source if shot.source else folder / "hoist.csv"
    if not shot.source:
        hoist_log.write(source)
    if not source.exists():
        print(f"{shot.name}: left out, {source} is not there")
        return
    with viewer(source) as address:
        page = open_page(browser, address, shot.locale)
        t_ns = round(shot.t_s * 1e9)
        start_ns, end_ns = (round(t_s * 1e9) for t_s in shot.stretch_s)
        page.evaluate(f"swaptwin_player.range.part.value = {{ from: {start_ns}, to: {end_ns} }}")
        page.evaluate(f"swaptwin_player.seek({t_ns})")
        page.wait_for_function(f"swaptwin_player.drawnT === {t_ns}", timeout=60_000)
        page.evaluate(shot.script)
        page.locator(".messages-close").evaluate_all("(buttons) => buttons.forEach((button) => button.click())")
        page.evaluate("swaptwin_player.dirty = true")
        page.wait_for_timeout(SETTLE_MS)
        keep(shown(page), shot.name)
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
        keep(shown(page), "live")
        page.context.close()


def draw_lesson(browser: Browser, folder: Path) -> None:
    """A lesson where its trainee must act: the station holds, the alarm stands on the operator's panel."""
    out = folder / "session.mcap"
    with viewer(LESSON, "--mode", "guided", "--out", out, command=("lesson", "play")) as address:
        page = open_page(browser, address, "en-US")
        page.locator(".lesson-freeze").click(timeout=120_000)
        page.locator(".pace select").select_option("5")
        page.wait_for_function("swaptwin_player.store.shown.value['station.unit.seq_state'] === 15", timeout=300_000)
        page.locator(".lesson-freeze").click()
        page.locator(".bar-button").filter(has_text="Operator").click()
        page.locator("#operator-tab-alarms").click()
        page.locator(".operator-alarm button").first.click()
        look(page, "underbody", 1.0)
        page.wait_for_timeout(2 * SETTLE_MS)
        keep(shown(page), "lesson")
        page.context.close()


def draw_debrief(browser: Browser, folder: Path) -> None:
    """What somebody did who lowers the pack with a lock still holding it, beside the best path."""
    session, out = folder / "pulls.mcap", folder / "debrief"
    play(load_lesson(LESSON), "pulls", session)
    debrief = [sys.executable, "-m", "twin.cli", "lesson", "debrief", str(session), "--out", str(out)]
    subprocess.run(debrief, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    context = browser.new_context(viewport=REPORT, locale="en-US", color_scheme="light", offline=True, bypass_csp=True)
    page = context.new_page()
    page.goto((out / "debrief.html").as_uri())
    keep(shown(page), "debrief")
    context.close()


def draw_incident(browser: Browser, folder: Path) -> None:
    """A swap that stops, as a page of one file on a phone: the picture, plots in dark colours, where it is from."""
    log, out = folder / "pack_not_seated.mcap", folder / "incident.html"
    swaptwin = [sys.executable, "-m", "twin.cli"]
    # The swap is not completed, which is what is to be seen.
    subprocess.run([*swaptwin, "run", "pack_not_seated", "--out", str(log)], cwd=ROOT, capture_output=True)
    cut = ["--from", "120s", "--to", "146s", "--title", "Pack 2 not seated", "--out", str(out)]
    subprocess.run([*swaptwin, "incident", str(log), *cut], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    # The page's own policy forbids words as script, with which playwright waits.
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, offline=True, bypass_csp=True)
    context.add_init_script("localStorage['swaptwin.choices'] ??= JSON.stringify({ toured: true })")
    page = context.new_page()
    page.goto(out.as_uri())
    page.wait_for_function(READY, timeout=120_000)
    page.evaluate("swaptwin_player.seek(137.5e9)")
    look(page, "underbody", 1.1)
    pictures = []
    for step in INCIDENT_STEPS:
        page.evaluate(step)
        page.wait_for_timeout(SETTLE_MS)
        pictures.append(shown(page))
    width, height = PHONE["width"], PHONE["height"]
    side_by_side = Image.new("RGB", (len(pictures) * (width + 16) - 16, height), "white")
    for number, picture in enumerate(pictures):
        side_by_side.paste(picture, (number * (width + 16), 0))
    keep(side_by_side, "incident")
    context.close()


def draw_comparison(browser: Browser, folder: Path) -> None:
    """A swap beside the one that a stuck lock stopped: its ghost, and where the two first part."""
    stuck = folder / "lock_stuck.mcap"
    run = [sys.executable, "-m", "twin.cli", "run", "lock_stuck", "--out", str(stuck)]
    # It is not completed, which is what is to be seen.
    subprocess.run(run, cwd=ROOT, capture_output=True)
    with viewer(RECORDING, stuck) as address:
        page = open_page(browser, address, "en-US")
        page.keyboard.press("k")
        page.get_by_label("Compare with…").select_option("r1")
        page.wait_for_function("swaptwin_player.store.compared.value?.state === 'ready'", timeout=120_000)
        t_ns = page.evaluate("swaptwin_player.store.compared.value.found.first.a_ns + 14e9")
        page.evaluate(f"swaptwin_player.seek({t_ns})")
        page.wait_for_function(f"swaptwin_player.other.pose({t_ns})", timeout=60_000)
        look(page, "robot", 1.0)
        page.wait_for_timeout(2 * SETTLE_MS)
        keep(shown(page), "compare")
        page.context.close()


def draw_validations(browser: Browser, folder: Path, wanted: Container[str]) -> None:
    """Reports of three changes, and what the worst finding of the last one opens."""
    for shot in REPORTS:
        if shot.name not in wanted and not (shot.opens and shot.opens in wanted):
            continue
        out = folder / shot.name
        validate = [sys.executable, "-m", "twin.cli", "validate", *shot.words, "--scenarios", *shot.scenarios]
        # An objection is what is to be seen.
        subprocess.run([*validate, "--json", str(out) + ".json"], cwd=ROOT, capture_output=True)
        if shot.approved:
            key, reason, by = shot.approved
            words = [str(out) + ".json", key, "--reason", reason, "--by", by, "--into", str(out) + ".yaml"]
            subprocess.run([sys.executable, "-m", "twin.cli", "approve", *words], cwd=ROOT, check=True)
            validate += ["--approve", str(out) + ".yaml"]
        subprocess.run([*validate, "--report", str(out)], cwd=ROOT, capture_output=True)
        context = browser.new_context(
            viewport=REPORT, locale=shot.locale, color_scheme=shot.colours, offline=True, bypass_csp=True
        )
        context.add_init_script("localStorage['swaptwin.choices'] ??= JSON.stringify({ toured: true })")
        page = context.new_page()
        page.goto((out / "index.html").as_uri())
        if shot.verdict:
            page.locator("h2", has_text=shot.verdict).evaluate("(title) => title.scrollIntoView()")
        keep(shown(page), shot.name)
        if shot.opens:
            page.set_viewport_size(SIZE)
            page.goto(f"{out.as_uri()}/{page.locator(shot.finding).get_attribute('href')}")
            page.wait_for_function(READY, timeout=120_000)
            look(page, "underbody", 1.0)
            page.wait_for_timeout(2 * SETTLE_MS)
            page.locator(".judged-one.now").scroll_into_view_if_needed()
            keep(shown(page), shot.opens)
        context.close()


def main() -> None:
    chromium = os.environ.get("SWAPTWIN_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("needs a Chromium on the path")
    names = [
        *(shot.name for shot in SHOTS),
        *(shot.name for shot in LOG_SHOTS),
        "live",
        "incident",
        "compare",
        "lesson",
        "debrief",
    ]
    names += [name for shot in REPORTS for name in (shot.name, shot.opens) if name]
    parser = argparse.ArgumentParser(description="Draws the README's pictures.")
    parser.add_argument("names", metavar="NAME", nargs="*", help=", ".join(names))
    parser.add_argument("--record", type=Path, default=RECORDING)
    arguments = parser.parse_args()
    wanted = arguments.names or names
    if set(wanted) - set(names):
        parser.error(f"expected names of {', '.join(names)}")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        os.environ["SWAPTWIN_CACHE"] = str(Path(name, "cache"))
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        if any(shot.name in wanted for shot in SHOTS):
            draw_record(browser, arguments.record.absolute(), wanted)
        for log_shot in LOG_SHOTS:
            if log_shot.name in wanted:
                draw_log(browser, log_shot, Path(name))
        if "live" in wanted:
            draw_live(browser, Path(name))
        if "compare" in wanted:
            draw_comparison(browser, Path(name))
        draw_validations(browser, Path(name), wanted)
        if "lesson" in wanted:
            draw_lesson(browser, Path(name))
        if "debrief" in wanted:
            draw_debrief(browser, Path(name))
        if "incident" in wanted:
            draw_incident(browser, Path(name))
        browser.close()


if __name__ == "__main__":
    main()
