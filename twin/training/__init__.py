"""Lessons played by scripts: whether each can be passed and failed, whether a session is what it says, and lessons cut
from logs."""

from twin.training.check import Checked, Played, check_lesson, check_signals
from twin.training.cut import Cut, cut, cut_of_page, doubts, fault_of
from twin.training.verify import Verified, verify

__all__ = [
    "Checked", "Cut", "Played", "Verified", "check_lesson", "check_signals", "cut", "cut_of_page", "doubts",
    "fault_of", "verify",
]  # fmt: skip
