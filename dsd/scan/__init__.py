"""Measure how a net's scores fall as each layer is pruned."""
