"""Faults put into a world that runs: which stand, what each does to it, and how it heals."""

from twin.injection.injection import Injection
from twin.injection.table import EFFECTS

__all__ = ["EFFECTS", "Injection"]
