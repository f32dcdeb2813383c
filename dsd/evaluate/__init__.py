"""Scores of a net over a test set."""
