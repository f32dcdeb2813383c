"""Measure time and memory by layer."""
