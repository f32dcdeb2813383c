"""Classify images with a net, as `classification.bin` and `classify.py` do."""
