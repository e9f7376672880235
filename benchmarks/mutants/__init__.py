"""Does the net catch fish? Seeded changes of the reference controller, judged by what users are given.

``python -m benchmarks.mutants``; docs/benchmarks.md says what counts as caught, and what nobody looks at while rules
are written.
"""
