"""What logs and runs exercised of a controller, and first of all what none of them did (docs/coverage.md)."""

from twin.coverage.coverage import KINDS, Coverage, Kind, Never, rules_exercised
from twin.coverage.measure import coverage, tables_of
from twin.coverage.way import known_ways

__all__ = ["KINDS", "Coverage", "Kind", "Never", "coverage", "known_ways", "rules_exercised", "tables_of"]
