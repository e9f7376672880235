"""Does the score say what an instructor says? Generated sessions, good and bad in known ways, against docs/rubric.md.

``python -m benchmarks.rubric``; the seed that is published was looked at once, the other is for development.
"""
