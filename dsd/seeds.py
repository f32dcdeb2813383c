"""Seeds from names and numbers, so that a resumed run draws the same random numbers."""

from __future__ import annotations

import hashlib
import os

import torch


def seed_of(*key: int | str) -> int:
    """A 63-bit seed from numbers and words, the same on every machine and Python."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def new_seed() -> int:
    """A 32-bit seed from the operating system, for a run that was given none."""
    return int.from_bytes(os.urandom(4), "little")


def seed_generators(seed: int, device: torch.device) -> None:
    """Seed torch's default generators of the CPU and of the device's kind.

    `torch.manual_seed` also seeds device kinds that are absent and formats a stack trace for each: 0.1 ms, which slows
    down small nets.
    """
    torch.default_generator.manual_seed(seed)
    if device.type != "cpu":
        kind = torch.get_device_module(device)
        getattr(kind, "manual_seed_all", kind.manual_seed)(seed)
