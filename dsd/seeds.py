"""Randomness as a function of what is being done, so that a resumed run draws what the first one would have drawn."""

from __future__ import annotations

import hashlib


def seed_of(*key: int | str) -> int:
    """A 63-bit seed from numbers and words, the same on every machine and Python."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1
