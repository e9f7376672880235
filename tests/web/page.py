"""What tests do with the page in a browser."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np

from web.app import ViewerServer

Start = Callable[..., ViewerServer]
Open = Callable[..., Any]

READY = "window.swaptwin_player?.store.stage.value === 'ready'"
#: Somebody who has seen the tour.
TOURED = "localStorage['swaptwin.choices'] ??= JSON.stringify({ toured: true })"
SIZE = {"width": 1280, "height": 800}
#: What Chromium warns of while it draws in software: no fault of the page.
DRAWN_IN_SOFTWARE = ("GPU stall", "GL Driver Message")


def seek(page: Any, seconds: float) -> None:
    """Go to a time and wait until it is drawn."""
    t_ns = round(seconds * 1e9)
    page.evaluate(f"swaptwin_player.seek({t_ns})")
    page.wait_for_function(f"swaptwin_player.drawnT === {t_ns}", timeout=10_000)
    page.wait_for_timeout(100)


def origin(page: Any, frame: str) -> list[float]:
    """Where a frame's origin is in the world, m."""
    return [float(x) for x in page.evaluate(f"swaptwin_player.matrix({frame!r}).slice(12, 15)")]


def actor_height(page: Any, frame: str) -> float:
    """How high the first actor of a frame's part is drawn, m."""
    script = "(frame) => swaptwin_player.stage.parts.find((p) => p.frame === frame).actors[0].getUserMatrix()[14]"
    return float(page.evaluate(script, frame))


def picture(page: Any) -> np.ndarray:
    """The picture as drawn, RGB."""
    from PIL import Image

    png = page.locator("main.picture").screenshot()
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=float)


def differing(a: np.ndarray, b: np.ndarray) -> int:
    """How many pixels of two pictures clearly differ."""
    return int((np.abs(a - b).max(axis=2) > 24).sum())
