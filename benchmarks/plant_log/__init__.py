"""Synthetic logs as plants export them, made of simulated runs: ``python -m benchmarks.plant_log OUT --seed N``.

A run is simulated once, in a station with other masses, frictions, stiffnesses and speeds than the shipped one has
(:mod:`varied`) and with sensors that are off and late (:mod:`sensing`). Any number of logs is made of its Record
(:mod:`logged`: dead-bands, drifting clocks, PLC names, a start in mid-swap) and written in one of several shapes with
the map that reads it (:mod:`export`). The same arguments give the same bytes.
Nobody publishes logs of swap stations; these are called synthetic wherever they appear.
"""

from __future__ import annotations

from benchmarks.plant_log.export import SHAPES, export
from benchmarks.plant_log.logged import PlantLog, Run, plant_log
from benchmarks.plant_log.varied import simulate

__all__ = ["SHAPES", "PlantLog", "Run", "export", "plant_log", "simulate"]
