"""Where the real plant logs are: beside this checkout, or where SWAPTWIN_LOGS says. They are no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

LOGS = Path(os.environ.get("SWAPTWIN_LOGS") or Path(__file__).resolve().parents[2] / "shared" / "logs")

#: Marks a test that reads them.
needs_logs = pytest.mark.skipif(not LOGS.is_dir(), reason="the real logs are not beside this checkout")
