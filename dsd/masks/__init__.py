"""Masks as tensors: bits, counts and hashes."""
