"""Lessons played by scripts: whether each can be passed and failed, and whether a session is what it says."""

from twin.training.check import Checked, Played, check_lesson, check_signals
from twin.training.verify import Verified, verify

__all__ = ["Checked", "Played", "Verified", "check_lesson", "check_signals", "verify"]
