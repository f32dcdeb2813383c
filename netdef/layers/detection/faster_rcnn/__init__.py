"""Faster R-CNN: regions proposed, targets and losses."""
