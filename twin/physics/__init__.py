"""The only importer of pybullet: one world of articulated machines, free packs, static structure and locks."""

from twin.physics.engine import Articulated, Engine, FreeBody, Group, Joint, Lock, Obstacle, engine_version

__all__ = ["Articulated", "Engine", "FreeBody", "Group", "Joint", "Lock", "Obstacle", "engine_version"]
