"""``python -m benchmarks.mutants [--limit N] [--jobs N] FOLDER``: what was done is kept in the folder and not done again."""
