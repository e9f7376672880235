"""Open loop: what a controller writes when it is given a log's inputs, scan by scan, without physics."""

from twin.replay.drive import Replay, replay
from twin.replay.rule import InputRule

__all__ = ["InputRule", "Replay", "replay"]
