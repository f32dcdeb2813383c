"""YOLO of all versions."""
