"""Open loop: what a controller writes when it is given a log's inputs, scan by scan, without physics."""

from twin.replay.difference import Difference
from twin.replay.drive import replay
from twin.replay.horizon import Horizon
from twin.replay.model import Replay
from twin.replay.open_loop import OpenLoop, open_loop
from twin.replay.rule import InputRule
from twin.replay.samples import replay_samples

__all__ = ["Difference", "Horizon", "InputRule", "OpenLoop", "Replay", "open_loop", "replay", "replay_samples"]
