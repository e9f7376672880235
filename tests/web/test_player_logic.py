"""The player's own unit tests, run by node."""

from __future__ import annotations

import subprocess
from pathlib import Path

PLAYER = Path(__file__).parent / "player"


def test_player_logic(node: str) -> None:
    files = sorted(str(path) for path in PLAYER.glob("*.test.mjs"))
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
