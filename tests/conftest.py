"""What all tests share: quick ones first, and those that lack their browser or engine skipped by name."""

from __future__ import annotations

import importlib.util
import os
import shutil

import pytest

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The Chromium that browser tests use."""
    return os.environ.get("SWAPTWIN_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    lacking = {}
    if importlib.util.find_spec("pybullet") is None:
        lacking["sim"] = "needs PyBullet"
    if chromium() is None and os.environ.get("SWAPTWIN_REQUIRE_BROWSER") != "1":
        lacking["browser"] = "needs a Chromium"
    for item in items:
        for name, reason in lacking.items():
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))
    # A mistake shows early: what takes long comes last, and keeps its order.
    items.sort(key=lambda item: 2 * bool(item.get_closest_marker("slow")) + bool(item.get_closest_marker("browser")))
