"""Poses of people for OpenPose's data layer."""
