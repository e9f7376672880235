"""What a player is given of a Record: what is in it, the scene, windows of poses and of signals, packed as chunks."""

from twin.playback.chunk import QUATERNION_STEPS, pack, unpack
from twin.playback.embed import check_stretch, embed
from twin.playback.playback import MAX_SAMPLES, Playback

__all__ = ["MAX_SAMPLES", "QUATERNION_STEPS", "Playback", "check_stretch", "embed", "pack", "unpack"]
