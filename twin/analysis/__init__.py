"""What can be told from signals alone."""
