"""Masks as bits: how files store them, one bit a weight."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor


def pack_mask(kept: Tensor) -> bytes:
    """A bool tensor as bits, row by row, the lowest bit of a byte first."""
    return np.packbits(kept.detach().cpu().contiguous().numpy().ravel(), bitorder="little").tobytes()


def unpack_mask(shape: Sequence[int], bits: bytes) -> Tensor:
    """The bool tensor that `pack_mask` packed. Raises ValueError for too many or too few bits."""
    count = int(np.prod(shape, dtype=object))
    if min(shape, default=0) < 0 or len(bits) != -(-count // 8):
        raise ValueError(f"a mask of shape {tuple(shape)} takes {-(-count // 8)} bytes; {len(bits)} are there")
    unpacked = np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little")
    if unpacked[count:].any():
        raise ValueError(f"a mask of shape {tuple(shape)} has bits beyond its {count} weights")
    return torch.from_numpy(unpacked[:count].view(bool)).reshape(tuple(shape))
