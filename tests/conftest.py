"""What all tests share: quick ones first, and those that lack the engine skipped by name."""

from __future__ import annotations

import importlib.util
import os

import pytest
from hypothesis import settings

# How fast a machine is says nothing about what is tested. A check says the same of the same tree; by hand every run
# draws other examples, and may find more.
settings.register_profile("swaptwin", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("swaptwin")

#: Fixtures that start a browser (tests/web/conftest.py, which says when one is missing).
BROWSER_FIXTURES = {"chromium", "browser", "page", "open_page", "context"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    no_engine = importlib.util.find_spec("pybullet") is None
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
        if no_engine and item.get_closest_marker("sim"):
            item.add_marker(pytest.mark.skip(reason="needs PyBullet"))
    # A mistake shows early: what takes long comes last, and keeps its order.
    items.sort(key=lambda item: 2 * bool(item.get_closest_marker("slow")) + bool(item.get_closest_marker("browser")))
