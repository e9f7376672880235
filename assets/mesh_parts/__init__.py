"""The shipped meshes, a module for each asset; ``assets/generate_meshes.py`` writes them."""
