"""``python -m benchmarks.mutants``: see docs/benchmarks.md."""
